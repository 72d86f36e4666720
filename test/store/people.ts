/** Invented patients for the statements over records: their events, and the record that these must lead to. */
import type { GeneCall } from '../../src/genotypes/call.ts';
import type { PatientEvent } from '../../src/patients/events.ts';
import type { MolecularReport } from '../../src/patients/molecularProfile.ts';
import type { PatientRecord, Race, Sex } from '../../src/patients/record.ts';

export interface Person {
  readonly id: string;
  readonly identifier: string;
  readonly birthDate: string;
  readonly sexAtBirth: Sex;
  readonly race: Race;
  readonly takesWarfarin: boolean;
  readonly cyp2c9: string | null;
  /** What the record must be; only of the first one, whose history is the longest. */
  readonly record: PatientRecord | null;
}

export const RECORDED_AT = '2026-05-01T10:00:00.000Z';
const SEXES: readonly Sex[] = ['FEMALE', 'MALE', 'UNKNOWN'];
const RACES: readonly Race[] = ['ASIAN', 'BLACK', 'WHITE'];

const observation = (id: string, code: string, value: number | null, text: string | null, observedAt: string) => ({
  id,
  code,
  system: 'LOINC',
  label: `label of ${code}`,
  value,
  text,
  unit: value === null ? null : 'kg',
  device: null,
  flag: null,
  observedAt,
});

/** 30 measurements of three codes, several at one instant, not in the order of time. */
const MEASURED = Array.from({ length: 30 }, (_, index) =>
  observation(
    `obs-${String((index * 7) % 30).padStart(2, '0')}`,
    ['6301-6', '29463-7', '8867-4'][index % 3] as string,
    index + 0.5,
    null,
    `2026-04-${String(1 + ((index * 11) % 13)).padStart(2, '0')}T08:00:00.000Z`,
  ),
);
const WORDS = observation('obs-words', '72166-2', null, 'never smoker', '2026-04-01T00:00:00.000Z');

const call: GeneCall = {
  gene: 'CYP2C9',
  status: 'CALLED',
  source: 'VCF',
  phased: true,
  diplotypes: [{ alleles: ['*3', '*3'], phenotype: 'Poor Metabolizer', activityScore: '0.0', lookupKey: '0.0' }],
  variants: [],
  lookup: [{ alleles: ['*3', '*3'], phenotype: 'Poor Metabolizer', activityScore: '0.0', lookupKey: '0.0' }],
  alsoFit: [],
  evidence: [],
  missing: [],
  warnings: [{ code: 'POSITION_MISSING', message: 'Only two positions were looked up.' }],
};
const notCalled: GeneCall = { ...call, status: 'NO_CALL', diplotypes: [], lookup: [], missing: ['chr10:94981296'] };
const imported = (calls: readonly GeneCall[]): PatientEvent => ({
  type: 'genotype.imported',
  payload: { sample: 'S1', fileDigest: null, release: 'release-1', calls },
});

const WARFARIN = { id: 'med-warfarin', name: 'warfarin', rxcui: '11289', doseText: '5 mg daily', startedAt: '2026-01-01T08:00:00.000Z' };
const UNKNOWN_DRUG = { id: 'med-unknown', name: 'some herb', rxcui: null, doseText: null, startedAt: '2026-02-01T08:00:00.000Z' };
const CONDITION = {
  id: 'con-1',
  code: 'I48.91',
  system: 'ICD-10-CM',
  label: 'Atrial fibrillation',
  onsetAt: '2020-01-01T00:00:00.000Z',
  abatedAt: null,
};
const ALLERGY = { id: 'all-1', substance: 'penicillin', reaction: null, severity: 'MILD' } as const;
const OUTCOME = {
  id: 'out-1',
  kind: 'STABLE_DOSE',
  value: 17.5,
  unit: 'mg/wk',
  text: null,
  model: null,
  observedAt: '2026-04-20T00:00:00.000Z',
} as const;
const FINDINGS = Array.from({ length: 12 }, (_, index) => ({ name: `finding ${index}`, value: index / 2, unit: '%', text: null }));
const IMAGING = { id: 'img-1', modality: 'ECHO', bodySite: 'heart', studiedAt: '2026-01-20T11:00:00.000Z' };
const CONSENT = {
  id: 'consent-1',
  purpose: 'TREATMENT',
  category: 'ALL',
  granted: true,
  from: '2025-01-01T00:00:00.000Z',
  until: null,
} as const;

function latestOf(code: string) {
  const newest = MEASURED.filter((one) => one.code === code).reduce((known, one) => (known.observedAt <= one.observedAt ? one : known));
  return { ...newest, recordedAt: RECORDED_AT };
}

const REPORT: MolecularReport = {
  id: 'report-1',
  assay: 'panel',
  specimen: null,
  tumour: 'DOID:3908',
  replaces: null,
  reportedAt: '2026-01-25T00:00:00.000Z',
  genesTested: ['BRAF', 'TP53'],
  fusionsTested: null,
  copiesTested: [],
  variants: [
    {
      id: 'report-1|v0',
      gene: 'BRAF',
      proteinChange: 'V600E',
      codingChange: null,
      consequence: 'MISSENSE',
      exon: 15,
      origin: 'SOMATIC',
      classification: 'PATHOGENIC',
      alleleFraction: 0.31,
    },
  ],
  fusions: [{ id: 'report-1|f0', fivePrime: null, threePrime: 'ALK' }],
  copyNumbers: [{ id: 'report-1|c0', gene: 'ERBB2', call: 'AMPLIFICATION', copies: 12 }],
  signatures: [{ id: 'report-1|s0', name: 'TMB', result: 'HIGH', value: 21.5 }],
};

type Head = Pick<PatientRecord, 'id' | 'identifier' | 'birthDate' | 'sexAtBirth' | 'race'>;

export function fullRecord(head: Head): PatientRecord {
  return {
    ...head,
    ancestry: null,
    site: 'North',
    synthetic: true,
    story: 'invented',
    calls: [{ call, importedAt: RECORDED_AT, fileDigest: null, release: 'release-1' }],
    molecular: [REPORT],
    medications: [
      { ...UNKNOWN_DRUG, stoppedAt: '2026-03-01T00:00:00.000Z' },
      { ...WARFARIN, stoppedAt: null },
    ],
    conditions: [CONDITION],
    allergies: [{ ...ALLERGY, recordedAt: RECORDED_AT }],
    imaging: [{ ...IMAGING, findings: FINDINGS.map((finding, place) => ({ ...finding, place })) }] as PatientRecord['imaging'],
    outcomes: [OUTCOME],
    consents: [{ ...CONSENT, recordedAt: '', recordedBy: null, openedBy: null, reason: null }],
    withheld: [],
    latest: [latestOf('29463-7'), latestOf('6301-6'), { ...WORDS, recordedAt: RECORDED_AT }, latestOf('8867-4')],
    stay: null,
    setAside: 0,
  };
}

/** 37 patients; birth dates repeat, and identifiers run against the ids. */
export const PATIENTS: readonly Person[] = Array.from({ length: 37 }, (_, index) => {
  const head: Head = {
    id: `patient-${String(36 - index).padStart(2, '0')}`,
    identifier: `T-${String(index).padStart(3, '0')}`,
    birthDate: `19${50 + 10 * (index % 2)}-01-${String(1 + (index % 11)).padStart(2, '0')}`,
    sexAtBirth: SEXES[index % 3] as Sex,
    race: RACES[index % 2] as Race,
  };
  return {
    ...head,
    takesWarfarin: index % 4 === 0,
    cyp2c9: index % 5 === 0 ? 'Poor Metabolizer' : null,
    record: index === 0 ? fullRecord(head) : null,
  };
});

const indexed = (observations: typeof MEASURED) => observations.map((one, index) => ({ ...one, index }));

function longHistory(): PatientEvent[] {
  return [
    { type: 'observations.recorded', payload: { observations: indexed([...MEASURED.slice(0, 10), WORDS]), refused: [] } },
    { type: 'observations.recorded', payload: { observations: indexed(MEASURED.slice(10)), refused: [] } },
    imported([notCalled]),
    { type: 'medication.started', payload: UNKNOWN_DRUG },
    { type: 'medication.stopped', payload: { medicationId: UNKNOWN_DRUG.id, stoppedAt: '2026-03-01T00:00:00.000Z', reason: 'no effect' } },
    { type: 'condition.recorded', payload: CONDITION },
    { type: 'allergy.recorded', payload: ALLERGY },
    { type: 'imaging.recorded', payload: { ...IMAGING, findings: FINDINGS } },
    { type: 'outcome.recorded', payload: OUTCOME },
    { type: 'molecularProfile.imported', payload: REPORT },
  ];
}

/** What happened to the patient, in the order of the log. */
export function historyOf({ id, identifier, birthDate, sexAtBirth, race, takesWarfarin, cyp2c9, record }: Person): PatientEvent[] {
  const own = (key: string) => (record ? key : `${key} of ${id}`);
  return [
    {
      type: 'patient.registered',
      payload: {
        identifier,
        birthDate,
        sexAtBirth,
        race,
        ancestry: null,
        site: 'North',
        synthetic: true,
        story: 'invented',
        consents: [{ ...CONSENT, id: own(CONSENT.id) }],
      },
    },
    ...(record ? longHistory() : []),
    ...(takesWarfarin ? [{ type: 'medication.started' as const, payload: { ...WARFARIN, id: own(WARFARIN.id) } }] : []),
    ...(cyp2c9 ? [imported([call])] : []),
    // A file that could not call the gene comes last and must not erase the call; it makes no call where there was none.
    ...(cyp2c9 ? [imported([notCalled])] : []),
  ];
}
