/**
 * The inputs of the warfarin dose model from a patient record. A measurement or genotype that is not recorded is
 * missing. The medication and problem lists are taken as complete: a drug or condition that is not in them counts as
 * absent, and the input's note says so. (Treating an empty list as missing would move three inputs at once when the
 * first drug is entered; see docs/adr/0006-complete-lists.md.) The interacting drugs and indications are those of the training data (IWPC 2009, N Engl J Med 360:753).
 */
import { diplotypeName } from '../genotypes/call.ts';
import { BODY_HEIGHT, BODY_WEIGHT, TARGET_INR } from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { Feature } from './features.ts';
import { age, condition, DIABETES, measured, missing, sexAtBirth, smoker, taken } from './recordFeatures.ts';

/** Input name -> generic names of the drugs that set it. */
export const WARFARIN_INPUT_DRUGS = {
  amiodarone: ['amiodarone'],
  enzymeInducer: ['carbamazepine', 'phenytoin', 'rifampin'],
  aspirin: ['aspirin'],
  statin: ['atorvastatin', 'cerivastatin', 'fluvastatin', 'lovastatin', 'pravastatin', 'rosuvastatin', 'simvastatin'],
} as const;

/** ICD-10-CM code prefixes by IWPC indication code, in IWPC's numbering; 8 is "other". */
const INDICATIONS: readonly (readonly [string, RegExp])[] = [
  ['1', /^(I80|I82)/],
  ['2', /^I26/],
  ['3', /^I48/],
  ['4', /^(Z95\.[234]|I05|I06|I08|I34|I35)/],
  ['5', /^(I42|I25\.5)/],
  ['6', /^(I63|G45)/],
  ['7', /^(Z96\.6|Z47\.1)/],
];

const HEART_FAILURE = /^(I50|I42)/;
const VALVE_REPLACEMENT = /^Z95\.[234]/;

function indication(record: PatientRecord): Feature {
  const found = INDICATIONS.flatMap(([code, pattern]) => {
    const match = record.conditions.find(({ code: icd }) => pattern.test(icd));
    return match ? [{ code, match }] : [];
  });
  if (found.length === 0) return missing('no known indication for warfarin in the problem list');
  return {
    value: found.map(({ code }) => code).join(';'),
    observedAt:
      found
        .map(({ match }) => match.onsetAt)
        .sort()
        .at(-1) ?? null,
    note: found.map(({ match }) => match.label).join(', '),
  };
}

/** The variants that the training data were genotyped for, GRCh38: *2 and *3. Where one was not read it cannot be ruled out. */
const CYP2C9_TESTED = ['chr10:94942290', 'chr10:94981296'];

function diplotype(record: PatientRecord, gene: string, needed: readonly string[] = []): Feature {
  const recorded = record.calls.find(({ call }) => call.gene === gene);
  if (!recorded) return missing('not genotyped');
  const { call, importedAt } = recorded;
  const [only, ...more] = call.diplotypes;
  const unread = call.missing.filter((location) => needed.includes(location));
  if (unread.length > 0)
    return { value: null, observedAt: importedAt, note: `${unread.join(', ')} not read: no diplotype can be relied on` };
  if (call.status !== 'CALLED' || !only)
    return { value: null, observedAt: importedAt, note: `no call: ${call.missing.join(', ') || 'unreadable'} not read` };
  if (more.length > 0)
    return { value: null, observedAt: importedAt, note: `several diplotypes fit: ${call.diplotypes.map(diplotypeName).join(' or ')}` };
  return { value: diplotypeName(only), observedAt: importedAt, note: call.source === 'OUTSIDE' ? 'as stated by a laboratory' : null };
}

/** -1639 G>A is named on the gene's strand; the file's C and T on the forward strand are its G and A. */
function vkorc1(record: PatientRecord): Feature {
  const called = diplotype(record, 'VKORC1');
  const recorded = record.calls.find(({ call }) => call.gene === 'VKORC1');
  const key = recorded?.call.diplotypes[0]?.lookupKey;
  if (called.value === null || !key) return called;
  return { ...called, value: key.replace('-1639 ', '').split('').join('/').replace('G/A', 'A/G') };
}

/** Input name of the card -> feature, as of `at`. */
export function warfarinFeatures(record: PatientRecord, at: string): Readonly<Record<string, Feature>> {
  return {
    age: age(record, at),
    heightCm: measured(record, BODY_HEIGHT),
    weightKg: measured(record, BODY_WEIGHT),
    sex: sexAtBirth(record),
    race: { value: record.race, observedAt: null, note: 'as recorded' },
    cyp2c9: diplotype(record, 'CYP2C9', CYP2C9_TESTED),
    vkorc1: vkorc1(record),
    amiodarone: taken(record, WARFARIN_INPUT_DRUGS.amiodarone, at),
    enzymeInducer: taken(record, WARFARIN_INPUT_DRUGS.enzymeInducer, at),
    smoker: smoker(record),
    aspirin: taken(record, WARFARIN_INPUT_DRUGS.aspirin, at),
    statin: taken(record, WARFARIN_INPUT_DRUGS.statin, at),
    diabetes: condition(record, DIABETES, at),
    heartFailure: condition(record, HEART_FAILURE, at),
    valveReplacement: condition(record, VALVE_REPLACEMENT, at),
    indication: indication(record),
    targetInr: measured(record, TARGET_INR),
  };
}
