/** Which therapies are listed for a tumour, where each stands, and why. */
import { describe, expect, it } from '@jest/globals';
import { oncologyBook } from '../../src/knowledge/oncology/oncologyBook.ts';
import type { PredictiveEvidence } from '../../src/knowledge/oncology/predictiveEvidence.ts';
import type { MolecularReport } from '../../src/patients/molecularProfile.ts';
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

  it.each([
    ['CML with T315I', 'Nilotinib', 'DOID:8552', ['ABL1 T315I'], [{ id: 'f', fivePrime: 'BCR', threePrime: 'ABL1' }]],
    ['ALK with G1202R', 'Crizotinib', LUNG, ['ALK G1202R'], [{ id: 'f', fivePrime: 'EML4', threePrime: 'ALK' }]],
    ['ROS1 with G2032R', 'Crizotinib', LUNG, ['ROS1 G2032R'], [{ id: 'f', fivePrime: 'CD74', threePrime: 'ROS1' }]],
    ['GIST with V654A', 'Imatinib', 'DOID:9253', ['KIT V559D', 'KIT V654A'], []],
    ['an insertion in exon 20', 'Erlotinib', LUNG, ['EGFR D770_N771insSVD'], []],
  ] as const)('of resistance by the very mutation keeps a drug from fitting: %s', (_of, therapy, tumour, names, fusions) => {
    const genesTested = names.map((name) => name.split(' ')[0] ?? '');
    const variants = names.map((name) => variant(name));
    const molecular = [report({ genesTested, variants, fusions: [...fusions], fusionsTested: ['ABL1', 'ALK', 'ROS1'] })];
    const { standing, evidence } = option({ molecular }, therapy, tumour);
    expect(['CONFLICTING', 'AGAINST']).toContain(standing);
    expect(evidence.some(({ speaks }) => speaks === 'AGAINST')).toBe(true);
  });

  it('on a salt of a drug is on the drug', () => {
    const of = { disease: LUNG, profile: 'EGFR L858R', together: null, direction: 'SUPPORTS', level: 'B' } as const;
    const item = { ...(book.evidence[0]?.item as PredictiveEvidence), ...of };
    const evidence: PredictiveEvidence[] = [
      { ...item, id: 'EID1', therapies: ['Imatinib'], significance: 'SENSITIVITY' },
      { ...item, id: 'EID2', therapies: ['Imatinib Mesylate'], significance: 'RESISTANCE' },
    ];
    const own = oncologyBook(knowledge, { release: 'made up', evidence, kinds: [], diseaseNames: new Map() });
    const { options } = treatmentOptions({ knowledge, book: own, record: record(found('EGFR L858R')), at: AT }, LUNG);
    expect(options.map(({ therapies, standing }) => [therapies, standing])).toEqual([[['Imatinib'], 'AGAINST']]);
  });

  it('of any mutation is not met by one that may be inherited and harmless', () => {
    const listed = (origin: 'SOMATIC' | 'GERMLINE' | 'UNKNOWN', name: string) => {
      const molecular = [report({ genesTested: ['EGFR', 'BRCA1'], variants: [variant(name, { origin })] })];
      return asked({ molecular }).options.filter(({ standing }) => standing === 'FITS' || standing === 'CAUTION');
    };
    expect(listed('GERMLINE', 'EGFR R521K')).toEqual([]);
    expect(listed('UNKNOWN', 'EGFR R521K')).toEqual([]);
    expect(listed('GERMLINE', 'BRCA1 Q356R')).toEqual([]);
    expect(listed('SOMATIC', 'EGFR G719S').length).toBeGreaterThan(0);
  });

  it('of reports that contradict each other, or that may be of another tumour, makes nothing fit', () => {
    const msi = (result: 'HIGH' | 'STABLE') => report({ id: result, signatures: [{ id: result, name: 'MSI', result, value: null }] });
    const fits = (given: Partial<PatientRecord>, tumour: string) =>
      asked(given, tumour).options.filter(({ standing }) => standing === 'FITS');
    const applied = (given: Partial<PatientRecord>) => asked(given, COLON).options.flatMap(({ evidence }) => evidence);
    const colon = { conditions: [condition('C18.7')] };
    expect(applied({ ...colon, molecular: [msi('HIGH')] }).length).toBeGreaterThan(0);
    expect(applied({ ...colon, molecular: [msi('HIGH'), msi('STABLE')] })).toEqual([]);
    expect(fits({ ...colon, ...found('BRAF V600E') }, COLON).length).toBeGreaterThan(0);
    const both = { conditions: [condition('C18.7'), condition('C34.11')], ...found('BRAF V600E') };
    expect(fits(both, COLON)).toEqual([]);
    expect(option(both, 'Cetuximab + Encorafenib', COLON).reasons.at(-1)).toMatch(/several tumours \(colon cancer, lung cancer\)/);
  });

  it('comes from reports that stand, and of those that say their tumour from this one', () => {
    const told = (given: Partial<MolecularReport>, ...names: string[]) =>
      report({ genesTested: ['EGFR', 'BRAF', 'BRCA1'], variants: names.map((name) => variant(name)), ...given });
    const both = [condition('C18.7'), condition('C34.11')];
    const alterations = (molecular: MolecularReport[], tumour: string) => {
      const { options, open } = asked({ molecular, conditions: both }, tumour);
      const labels = options.flatMap(({ evidence }) => evidence).flatMap(({ findings }) => findings.map(({ label }) => label));
      return {
        labels: [...new Set(labels)].sort(),
        fits: options.some(({ standing }) => standing === 'FITS'),
        open: open.map(({ question }) => question),
      };
    };
    // Two tumours on record: a report that says which it is of settles it, for that tumour and for the other.
    const colon = told({ tumour: COLON }, 'BRAF V600E');
    expect(alterations([colon], COLON)).toMatchObject({ labels: ['BRAF V600E'], fits: true });
    const lung = alterations([colon], LUNG);
    expect(lung).toMatchObject({ labels: [], fits: false });
    expect(lung.open).toContainEqual(
      expect.stringMatching(/^What is in lung adenocarcinoma: The report of panel of 2026-05-20 is of colon cancer/),
    );
    // What was tested in the colon was not tested in the lung.
    expect(asked({ molecular: [colon] }).options.flatMap(({ open }) => open.map(({ settledBy }) => settledBy))).toContain(
      'A test of EGFR for variants',
    );
    // What is inherited is in every tumour.
    const inherited = report({ tumour: COLON, variants: [variant('BRCA1 Q94*', { origin: 'GERMLINE' }), variant('BRAF V600E')] });
    expect(alterations([inherited], 'DOID:2394').labels).toEqual(['BRCA1 Q94*']);
    // A kind of the tumour, or what it is a kind of, is the tumour.
    expect(alterations([told({ tumour: 'DOID:1324' }, 'EGFR L858R')], LUNG)).toMatchObject({ labels: ['EGFR L858R'], fits: true });
    const unknown = alterations([told({ tumour: 'DOID:9999999' }, 'EGFR L858R')], LUNG);
    expect(unknown.fits).toBe(false);
    expect(unknown.open).toContainEqual(expect.stringMatching(/the release has no tumour DOID:9999999$/));
    // A group that both tumours are of says no more than nothing.
    const group = told({ tumour: 'DOID:162' }, 'EGFR L858R');
    expect(alterations([group], LUNG)).toMatchObject({ labels: ['EGFR L858R'], fits: false });
    // A corrected report counts no more.
    const first = told({ id: 'first', tumour: LUNG }, 'EGFR L858R');
    const second = told({ id: 'second', tumour: LUNG, replaces: 'first' });
    expect(alterations([second, first], LUNG)).toMatchObject({ labels: [], fits: false });
    expect(asked({ molecular: [second, first] }).reports).toBe(1);
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
    expect(said.some((text) => /speaks against .*osimertinib.*: the release knows no interaction/.test(text))).toBe(true);
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

  it('is pregnancy also where no label of the drug was read, and a drug without a rule never simply fits', () => {
    const kras = { ...found('KRAS G12C'), sexAtBirth: 'FEMALE', birthDate: '1996-01-30' } as const;
    expect(cautions(option({ ...kras, conditions: [condition('O09.90')] }, 'Divarasib'))).toContain('divarasib PREGNANCY AVOID');
    const { standing, reasons } = option({ ...kras, sexAtBirth: 'MALE' }, 'Divarasib');
    expect([standing, reasons.at(-1)]).toEqual(['CAUTION', 'No rule of the label of divarasib is known here']);
  });

  it('may be in words that no rule reads: then it is a question', () => {
    const allergy = { id: 'a', substance: 'Tagrisso', reaction: null, severity: 'SEVERE', recordedAt: AT } as const;
    const snomed = { ...condition('737295003', 'transplanted kidney'), system: 'SNOMED' };
    const said = asked({ ...found('EGFR T790M'), allergies: [allergy], conditions: [snomed] }).open.map(({ question }) => question);
    expect(said.some((text) => text.includes('Tagrisso'))).toBe(true);
    expect(said.some((text) => text.includes('transplanted kidney'))).toBe(true);
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
    const measured = { ...amplified, imaging: [], latest: [observed('10230-1', 25)] };
    expect(cautions(option(measured, 'Trastuzumab', 'C50.9'))).toContain('trastuzumab ORGAN_FUNCTION AVOID');
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
