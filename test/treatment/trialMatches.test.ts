/** Trials held against one patient: what nobody tested is unknown, and not a no. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readTrial } from '../../src/knowledge/trials/ctml.ts';
import type { MolecularReport } from '../../src/patients/molecularProfile.ts';
import type { PatientRecord } from '../../src/patients/record.ts';
import { type KnownTrial, trialMatches } from '../../src/treatment/trialMatches.ts';
import { AT, book, condition, knowledge, observed, record, report, variant } from './tumourRecords.ts';

const DEMO = JSON.parse(readFileSync('graph-seed/trials/demo-trials.json', 'utf8')) as Record<string, object>;
const demo = Object.entries(DEMO).map(
  ([name, document]): KnownTrial => ({ trial: readTrial(name, document, 'demo'), title: null, synthetic: true }),
);

const asked = (given: Partial<PatientRecord>, tumour: string, trials = demo) =>
  trialMatches({ knowledge, book, record: record({ conditions: [condition('C34.11')], ...given }), at: AT }, trials, tumour).matches;

function one(match: unknown, given: Partial<PatientRecord>, tumour = 'DOID:3910', step: object = {}) {
  const trial = readTrial('T', { status: 'Open', treatment_list: { step: [{ step_code: '1', match: [match], ...step }] } }, 'T');
  const [found] = asked(given, tumour, [{ trial, title: null, synthetic: true }]);
  if (!found) throw new Error('no match');
  return found;
}

const LUNG = { genomic: { hugo_symbol: 'EGFR', variant_category: 'Mutation', protein_change: 'p.L858R' } };
/** Found by a test of the whole genes. */
const found = (...names: string[]) => ({
  molecular: [report({ variants: names.map((name) => variant(name)), genesTested: names.map((name) => name.split(' ')[0] ?? '') })],
});

describe('a criterion', () => {
  it.each([
    [LUNG, found('EGFR L858R'), 'MET', null],
    [LUNG, found('EGFR T790M'), 'NOT_MET', null],
    [LUNG, found('KRAS G12D'), 'UNKNOWN', 'A test of EGFR for variants'],
    [LUNG, {}, 'UNKNOWN', 'A test of EGFR for variants'],
    // A test for one variant says nothing of the others.
    [LUNG, { molecular: [report({ variants: [variant('EGFR T790M')] })] }, 'UNKNOWN', 'A test of EGFR for variants'],
    [
      LUNG,
      { molecular: [report({ variants: [variant('EGFR', { codingChange: 'c.2573T>G' })], genesTested: ['EGFR'] })] },
      'UNKNOWN',
      'The protein change of the variant in EGFR',
    ],
    // No KRAS mutation: of one who was not tested nobody knows.
    [{ genomic: { hugo_symbol: 'KRAS', variant_category: '!Mutation' } }, {}, 'UNKNOWN', 'A test of KRAS for variants'],
    [{ genomic: { hugo_symbol: 'KRAS', variant_category: '!Mutation' } }, { molecular: [report({ genesTested: ['KRAS'] })] }, 'MET', null],
    [
      { genomic: { hugo_symbol: 'ALK', variant_category: 'Structural Variation' } },
      { molecular: [report({ fusionsTested: ['ALK'] })] },
      'NOT_MET',
      null,
    ],
    [
      { genomic: { hugo_symbol: 'ALK', variant_category: 'Structural Variation', fusion_partner_hugo_symbol: 'any_gene' } },
      { molecular: [report({ fusions: [{ id: 'f', fivePrime: 'EML4', threePrime: 'ALK' }] })] },
      'MET',
      null,
    ],
    [
      { genomic: { hugo_symbol: 'MET', variant_category: 'CNV', cnv_call: 'High Amplification' } },
      {},
      'UNKNOWN',
      'A test of the copy number of MET',
    ],
    [
      { genomic: { hugo_symbol: 'MET', variant_category: 'CNV', cnv_call: 'High Amplification' } },
      { molecular: [report({ copyNumbers: [{ id: 'c', gene: 'MET', call: 'AMPLIFICATION', copies: 9 }] })] },
      'MET',
      null,
    ],
    [{ clinical: { her2_status: 'Positive' } }, {}, 'UNKNOWN', 'A test of HER2 (LOINC 48676-1)'],
    [{ clinical: { her2_status: 'Positive' } }, { latest: [observed('48676-1', 'negative')] }, 'NOT_MET', null],
    [
      { clinical: { tmb_numerical: '>=10' } },
      { molecular: [report({ signatures: [{ id: 's', name: 'TMB', result: 'HIGH', value: 12 }] })] },
      'MET',
      null,
    ],
    [{ clinical: { mmr_status: 'MMR-Deficient' } }, {}, 'UNKNOWN', 'A test of MSI'],
    [{ clinical: { oncotree_primary_diagnosis: 'Lung' } }, {}, 'MET', null],
    [{ clinical: { oncotree_primary_diagnosis: '_SOLID_' } }, {}, 'MET', null],
    [{ clinical: { oncotree_primary_diagnosis: '!_SOLID_' } }, {}, 'NOT_MET', null],
    [{ clinical: { oncotree_primary_diagnosis: 'Melanoma' } }, {}, 'NOT_MET', null],
    [{ clinical: { oncotree_primary_diagnosis: 'A tumour of which nobody knows' } }, {}, 'UNKNOWN', expect.stringContaining('histology')],
    [{ clinical: { disease_status: 'Metastatic' } }, {}, 'UNKNOWN', expect.stringContaining('stage')],
  ] as const)('%j of %j is %s', (match, given, verdict, settledBy) => {
    const [clause] = one(match, given as Partial<PatientRecord>).clauses;
    expect(clause?.criteria.map((criterion) => [criterion.verdict, criterion.settledBy])).toEqual([[verdict, settledBy]]);
  });

  it('that a code leaves open is asked back: colon cancer may be colorectal adenocarcinoma', () => {
    const match = { clinical: { oncotree_primary_diagnosis: 'Colorectal Adenocarcinoma' } };
    expect(one(match, { conditions: [condition('C18.7')] }, 'C18.7').verdict).toBe('UNKNOWN');
    expect(one(match, { conditions: [condition('C18.7')] }, 'DOID:234').verdict).toBe('MET');
    // Nobody recorded that tumour.
    expect(one(match, {}, 'DOID:234').verdict).toBe('UNKNOWN');
  });
});

describe('what a report leaves open', () => {
  const EGFR = { hugo_symbol: 'EGFR', variant_category: 'Mutation' };
  const only = (match: object, given: Partial<MolecularReport>) => one({ genomic: match }, { molecular: [report(given)] }).verdict;
  const egfr = (name: string) => ({ genesTested: ['EGFR'], variants: [variant(`EGFR ${name}`)] });

  it.each([
    // The exon follows from the residue.
    [{ ...EGFR, exon: '!20' }, egfr('V769_D770insASV'), 'NOT_MET'],
    [{ ...EGFR, exon: 19 }, egfr('E746_A750del'), 'MET'],
    // What kind of change it is cannot be told.
    [{ ...EGFR, variant_classification: '!In_Frame_Ins' }, egfr('D770delinsGY'), 'UNKNOWN'],
    [{ ...EGFR, variant_classification: 'In_Frame_Ins' }, egfr('D770delinsGY'), 'UNKNOWN'],
    // A change that changes nothing is none.
    [{ hugo_symbol: 'BRAF', variant_category: 'Mutation' }, { genesTested: ['BRAF'], variants: [variant('BRAF G469=')] }, 'NOT_MET'],
    [{ hugo_symbol: 'KRAS', wildtype: true }, { genesTested: ['KRAS'] }, 'MET'],
    [{ hugo_symbol: 'KRAS', wildtype: true }, { genesTested: ['KRAS'], variants: [variant('KRAS G12D')] }, 'NOT_MET'],
    [{ hugo_symbol: 'KRAS', wildtype: true }, {}, 'UNKNOWN'],
    // A variant that the laboratory calls benign is none; of an uncertain one nobody knows.
    [EGFR, { genesTested: ['EGFR'], variants: [variant('EGFR R521K', { classification: 'BENIGN' })] }, 'NOT_MET'],
    [
      { hugo_symbol: 'EGFR', wildtype: true },
      { genesTested: ['EGFR'], variants: [variant('EGFR R521K', { classification: 'BENIGN' })] },
      'MET',
    ],
    [EGFR, { genesTested: ['EGFR'], variants: [variant('EGFR R521K', { classification: 'UNCERTAIN_SIGNIFICANCE' })] }, 'UNKNOWN'],
    [
      { ...EGFR, protein_change: 'p.L858R' },
      { genesTested: ['EGFR'], variants: [variant('EGFR R521K', { classification: 'UNCERTAIN_SIGNIFICANCE' })] },
      'NOT_MET',
    ],
    [
      { ...EGFR, wildcard_protein_change: 'p.R521' },
      { genesTested: ['EGFR'], variants: [variant('EGFR R521K', { classification: 'UNCERTAIN_SIGNIFICANCE' })] },
      'UNKNOWN',
    ],
    [
      { hugo_symbol: 'ALK', fusion_partner_hugo_symbol: 'EML4', variant_category: '!Structural Variation' },
      { fusionsTested: ['ALK'], fusions: [{ id: 'f', fivePrime: null, threePrime: 'ALK' }] },
      'UNKNOWN',
    ],
  ])('%j of %j is %s', (match, given, verdict) => expect(only(match, given as Partial<MolecularReport>)).toBe(verdict));
});

describe('a trial', () => {
  const AND = { and: [{ clinical: { age_numerical: '>=18', gender: 'Male' } }, LUNG] };

  it('nearly matches where one criterion alone fails, but not where that is the diagnosis', () => {
    const nearly = one(AND, found('EGFR L858R'));
    expect([nearly.verdict, nearly.nearly, nearly.clauses[0]?.failing]).toEqual(['NOT_MET', true, 1]);
    expect(one(AND, found('EGFR T790M')).nearly).toBe(false);
    expect(one({ clinical: { oncotree_primary_diagnosis: 'Melanoma' } }, {}).nearly).toBe(false);
    // Of one that is known to fail and one that nobody knows: one would have to be otherwise, the other be tested.
    expect(one(AND, {}).clauses[0]?.failing).toBe(1);
  });

  it('asks of an arm what its step asks too', () => {
    const arm = [{ arm_code: 'A', match: [{ clinical: { gender: 'Female' } }] }];
    const [step, inside] = one(LUNG, found('EGFR T790M'), 'DOID:3910', { arm }).clauses;
    expect([step?.verdict, inside?.verdict, inside?.criteria[0]?.verdict]).toEqual(['NOT_MET', 'NOT_MET', 'MET']);
    const closed = [{ arm_code: 'A', arm_suspended: 'Y', match: [{ clinical: { gender: 'Female' } }] }];
    expect(one(LUNG, found('EGFR L858R'), 'DOID:3910', { arm: closed }).verdict).toBe('NOT_MET');
  });

  it('that is closed is not listed; those that fit come first', () => {
    const tumour = found('EGFR L858R', 'EGFR T790M');
    const listed = asked(tumour, 'DOID:3910').map(({ trial, verdict }) => `${trial} ${verdict}`);
    expect(listed[0]).toBe('DEMO-T1 MET');
    expect(listed.some((text) => text.startsWith('DEMO-T5'))).toBe(false);
  });
});
