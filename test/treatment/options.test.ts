/** Which therapies are listed for a tumour, where each stands, and why. */
import { describe, expect, it } from '@jest/globals';
import type { PatientRecord } from '../../src/patients/record.ts';
import { pathsOfOption } from '../../src/treatment/evidencePath.ts';
import { type TreatmentOption, treatmentOptions } from '../../src/treatment/options.ts';
import { STANDINGS } from '../../src/treatment/standing.ts';
import { AT, book, called, condition, knowledge, observed, record, report, takes, variant } from './tumourRecords.ts';

const LUNG = 'DOID:3910';
const COLON = 'DOID:219';
const found = (...names: string[]) => ({
  molecular: [report({ genesTested: ['EGFR', 'KRAS'], variants: names.map((name) => variant(name)) })],
});

const asked = (given: Partial<PatientRecord>, tumour = LUNG) =>
  treatmentOptions({ knowledge, book, record: record(given), at: AT }, tumour);

function option(given: Partial<PatientRecord>, therapies: string, tumour = LUNG): TreatmentOption {
  const one = asked(given, tumour).options.find((candidate) => candidate.therapies.join(' + ') === therapies);
  if (!one) throw new Error(`${therapies} is not listed`);
  return one;
}

const cautions = (one: TreatmentOption) => one.cautions.map(({ drug, basis, severity }) => `${drug} ${basis} ${severity}`);

describe('the evidence', () => {
  it('for a drug that the tumour has outgrown speaks against it, and for the one that was made for it', () => {
    const tumour = found('EGFR L858R', 'EGFR T790M');
    expect(option(tumour, 'Osimertinib').standing).toBe('FITS');
    const { standing, reasons } = option(tumour, 'Erlotinib');
    expect(standing).toBe('AGAINST');
    expect(reasons[0]).toMatch(/^Level A for resistance with EGFR T790M/);
    // Sensitivity stands beside it.
    expect(reasons[1]).toMatch(/^Level A for sensitivity with EGFR L858R/);
    expect(option(found('EGFR L858R'), 'Erlotinib').standing).toBe('FITS');
  });

  it('against one drug of a combination counts, unless the combination was studied in that very alteration', () => {
    const { standing, reasons } = option(found('EGFR L858R', 'EGFR T790M'), 'Ramucirumab + Erlotinib');
    expect([standing, reasons[0]]).toEqual([
      'AGAINST',
      expect.stringMatching(/^Of Erlotinib alone: Level A for resistance with EGFR T790M/),
    ]);
    // Cetuximab alone is resisted with BRAF V600E; with encorafenib it was studied there.
    expect(option(found('BRAF V600E'), 'Cetuximab + Encorafenib', COLON).standing).toBe('FITS');
  });

  it('of another tumour is told apart', () => {
    const { standing, evidence } = option(found('BRAF V600E'), 'Vemurafenib + Cobimetinib', COLON);
    expect([standing, evidence[0]?.diseaseMatch]).toEqual(['OTHER_TUMOUR', 'OTHER']);
  });

  it('keeps combinations together and substitutes apart', () => {
    const listed = asked(found('KRAS G12D')).options;
    expect(listed.find(({ therapies }) => therapies.includes('Erlotinib'))?.therapies).toEqual(['Erlotinib']);
    expect(listed.find(({ therapies }) => therapies.includes('Gefitinib'))?.therapies).toEqual(['Gefitinib']);
    expect(option(found('BRAF V600E'), 'Cetuximab + Encorafenib', COLON).together).toBe('COMBINATION');
  });

  it('that nobody tested for is a question, with the test that settles it', () => {
    const { standing, open } = option({}, 'Osimertinib');
    expect(standing).toBe('UNKNOWN');
    expect(open.map(({ settledBy }) => settledBy)).toContain('A test of EGFR for variants');
    // Tested and not found: no option at all.
    const tested = asked(found()).options.map(({ therapies }) => therapies.join());
    expect(tested).not.toContain('Osimertinib');
  });

  it('on what patients are born with is no answer for what the tumour has acquired', () => {
    const germline = book.evidence.find(({ item }) => item.origin === 'GERMLINE' && /^BRCA[12] Mutation$/.test(item.profile));
    if (!germline) throw new Error('no such evidence');
    const gene = germline.item.profile.split(' ')[0] ?? '';
    const evidence = (origin: 'SOMATIC' | 'GERMLINE') =>
      asked({ molecular: [report({ variants: [variant(`${gene} Q94*`, { origin })] })] }, germline.item.disease).options.flatMap((one) =>
        one.evidence.map(({ item }) => item.id),
      );
    expect(evidence('GERMLINE')).toContain(germline.item.id);
    expect(evidence('SOMATIC')).not.toContain(germline.item.id);
  });

  it('leads from the finding to the drug', () => {
    const [path] = pathsOfOption(option(found('EGFR T790M'), 'Osimertinib'), 'release');
    expect(path?.nodes.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
      'ALTERATION EGFR T790M',
      'PROFILE EGFR T790M',
      'EVIDENCE EID1592, level A',
      'DRUG Osimertinib',
      'DISEASE Lung Non-small Cell Carcinoma',
    ]);
    expect([path?.relations.length, path?.url]).toEqual([4, expect.stringMatching(/^https:\/\/pubmed/)]);
  });
});

describe('the order', () => {
  it('is by standing, and the answer says so', () => {
    const { options, order } = asked(found('EGFR L858R', 'EGFR T790M'));
    const places = options.map(({ standing }) => STANDINGS.indexOf(standing));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBeGreaterThan(3);
    expect(order).toContain('There is no score.');
    const levels = options.filter(({ standing }) => standing === 'FITS').map(({ evidence }) => evidence[0]?.item.level ?? '');
    expect(levels).toEqual([...levels].sort());
  });
});

describe('what speaks against a drug', () => {
  const FLUORO = 'Oxaliplatin + Bevacizumab + Capecitabine';
  const alterations = found('BRAF V600E');

  it('is the genotype: no fluoropyrimidine for one without DPD', () => {
    const poor = option({ ...alterations, calls: [called('DPYD', 'c.1905+1G>A (*2A)/c.1905+1G>A (*2A)')] }, FLUORO, COLON);
    expect(cautions(poor)).toContain('capecitabine GENOTYPE AVOID');
    expect(poor.standing).toBe('AGAINST');
    const untested = option(alterations, FLUORO, COLON);
    expect(untested.open.map(({ settledBy }) => settledBy)).toContain('A genotype of DPYD');
    const hidden = option({ ...alterations, withheld: [{ category: 'GENOMIC', reason: 'CONSENT' }] }, FLUORO, COLON);
    expect(hidden.open.map(({ settledBy }) => settledBy)).toContain('The genotype, which is withheld from you');
  });

  it('is not known of a drug that the release does not know, and that is said', () => {
    const said = asked(found('EGFR T790M')).open.map(({ question }) => question);
    expect(said.some((text) => /speaks against .*osimertinib.*: the release knows no more/.test(text))).toBe(true);
  });

  it('is a regimen by the drugs in it', () => {
    const poor = { ...alterations, calls: [called('DPYD', 'c.1905+1G>A (*2A)/c.1905+1G>A (*2A)')] };
    expect(cautions(option(poor, 'FOLFOX-4 Regimen + Cetuximab', COLON))).toContain('fluorouracil GENOTYPE AVOID');
  });

  it('is a drug taken now', () => {
    const taking = option({ ...alterations, medications: [takes('warfarin')] }, FLUORO, COLON);
    expect(taking.cautions.some(({ basis, because }) => basis === 'INTERACTION' && because === 'takes warfarin')).toBe(true);
    const { open } = asked({ ...alterations, medications: [takes('something of which nobody knows', null)] }, COLON);
    expect(open.some(({ question }) => question.includes('something of which nobody knows'))).toBe(true);
  });

  it.each([
    ['no clearance', {}, [], ['The creatinine clearance is asked for']],
    [
      'a clearance of 27',
      { latest: [observed('2160-0', 2.4), observed('29463-7', 65)] },
      ['capecitabine ORGAN_FUNCTION CONTRAINDICATED'],
      [],
    ],
    ['a clearance of 43', { latest: [observed('2160-0', 1.5), observed('29463-7', 65)] }, ['capecitabine ORGAN_FUNCTION ADJUST'], []],
    ['a clearance of 81', { latest: [observed('2160-0', 0.8), observed('29463-7', 65)] }, [], []],
    [
      'a creatinine of last year',
      { latest: [observed('2160-0', 2.4, '2025-05-20T08:00:00.000Z'), observed('29463-7', 65)] },
      [],
      ['The creatinine clearance is asked for'],
    ],
  ] as const)('is the kidney: %s', (_what, given, expected, questions) => {
    const one = option({ ...alterations, ...given }, FLUORO, COLON);
    const ofKidney = cautions(one).filter((text) => text.startsWith('capecitabine ORGAN_FUNCTION'));
    expect(ofKidney).toEqual(expected);
    expect(one.open.filter(({ question }) => question.includes('creatinine clearance allows capecitabine'))).toHaveLength(questions.length);
  });

  it.each([
    ['FEMALE', '1996-01-30', [condition('Z3A.12')], 'AVOID', 0],
    ['FEMALE', '1996-01-30', [], null, 1],
    ['FEMALE', '1946-01-30', [], null, 0],
    ['MALE', '1996-01-30', [], null, 0],
  ] as const)('is pregnancy: %s born %s', (sexAtBirth, birthDate, conditions, severity, questions) => {
    const one = option({ ...found('EGFR T790M'), sexAtBirth, birthDate, conditions: [...conditions] }, 'Osimertinib');
    expect(one.cautions.find(({ basis }) => basis === 'PREGNANCY')?.severity ?? null).toBe(severity);
    expect(one.open.filter(({ settledBy }) => settledBy === 'A pregnancy test')).toHaveLength(questions);
    expect(one.standing).toBe(severity === null ? 'FITS' : 'AGAINST');
  });

  it('is an allergy, a condition, an age and an ejection fraction', () => {
    const allergy = { id: 'a', substance: 'Osimertinib', reaction: null, severity: 'SEVERE', recordedAt: AT } as const;
    expect(cautions(option({ ...found('EGFR T790M'), allergies: [allergy] }, 'Osimertinib'))).toContain(
      'osimertinib ALLERGY CONTRAINDICATED',
    );
    // A brand name means the drug, and its own rules.
    const brand = { ...allergy, substance: 'XELODA' };
    expect(cautions(option({ ...found('BRAF V600E'), allergies: [brand] }, 'FOLFOX-4 Regimen + Cetuximab', COLON))).toContain(
      'fluorouracil ALLERGY CONTRAINDICATED',
    );
    expect(cautions(option({ ...found('EGFR T790M'), birthDate: '2012-01-30', sexAtBirth: 'MALE' }, 'Osimertinib'))).toEqual([
      'osimertinib AGE MONITOR',
    ]);
    const amplified = {
      conditions: [condition('C50.9')],
      molecular: [report({ copyNumbers: [{ id: 'c', gene: 'ERBB2', call: 'AMPLIFICATION', copies: 14 }] })],
      imaging: [
        {
          id: 'i',
          modality: 'ECHO',
          bodySite: 'heart',
          studiedAt: '2026-05-20T08:00:00.000Z',
          findings: [{ name: 'LVEF', value: 41, unit: '%', text: null }],
        },
      ],
    };
    expect(cautions(option(amplified, 'Trastuzumab', 'C50.9'))).toContain('trastuzumab ORGAN_FUNCTION AVOID');
    const high = { ...found('EGFR T790M'), molecular: [report({ signatures: [{ id: 's', name: 'TMB', result: 'HIGH', value: 22 }] })] };
    expect(cautions(option({ ...high, conditions: [condition('Z94.0')] }, 'Pembrolizumab'))).toContain('pembrolizumab CONDITION AVOID');
  });
});

describe('the tumour', () => {
  it('may be asked by a condition of the patient; its kind is asked back where the evidence turns on it', () => {
    const { tumour, open } = asked({ conditions: [condition('C34.11')], ...found('EGFR T790M') }, 'C34.11');
    expect([tumour.id, tumour.recorded]).toEqual(['DOID:1324', true]);
    expect(open[0]?.question).toMatch(/^Which kind of lung cancer it is/);
  });

  it('that is not recorded of the patient is a question', () =>
    expect(asked(found('EGFR T790M')).open.map(({ question }) => question)[0]).toMatch(/^Whether the patient has lung adenocarcinoma/));

  it('of the breast is of the kind that the receptors say', () => {
    const match = (her2: string) =>
      option(
        { conditions: [condition('C50.9')], latest: [observed('48676-1', her2)], ...found('PIK3CA H1047R') },
        'Everolimus',
        'C50.9',
      ).evidence.find(({ item }) => item.disease === 'DOID:0060079')?.diseaseMatch;
    expect([match('positive'), match('negative'), match('equivocal')]).toEqual(['EXACT', 'OTHER', 'NARROWER']);
  });

  it.each(['DOID:99999999', 'C34.11', 'lung', ''])('%j is refused with its place', (tumour) =>
    expect(() => asked({}, tumour)).toThrow(expect.objectContaining({ code: 'NOT_FOUND', at: 'condition' })),
  );
});
