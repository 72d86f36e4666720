/** What the labels of drugs say against them for one patient: by conditions, allergies, age, pregnancy and organ function. */

import { drugsNamed } from '../knowledge/names.ts';
import type { DrugCaution, OrganMeasure } from '../knowledge/oncology/drugCautions.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { ICD_10_CM, isPresent, type PatientRecord, type Sex } from '../patients/record.ts';
import { pregnancy, yearsOld } from '../prediction/recordFeatures.ts';
import type { OpenQuestion } from './openQuestion.ts';
import { organFunction } from './organFunction.ts';

/** Why a rule speaks of this patient; what is open where it cannot be told; null where it does not. */
export type Judged = { readonly because: string } | { readonly open: OpenQuestion } | null;

interface Circumstances {
  readonly drug: string;
  readonly knowledge: KnowledgeSnapshot;
  readonly record: PatientRecord;
  readonly at: string;
}

function byCondition({ terms }: DrugCaution, { drug, record, at }: Circumstances): Judged {
  const first = record.conditions.find(
    (one) => one.system === ICD_10_CM && isPresent(one, at) && terms.some((term) => one.code.startsWith(term)),
  );
  if (first) return { because: `${first.label} (${first.code})` };
  // What is withheld may be the very condition.
  if (record.withheld.some(({ category }) => category === 'SENSITIVE'))
    return { open: { question: `Whether a condition that is withheld speaks against ${drug}`, settledBy: 'The whole problem list' } };
  return null;
}

/** A substance as it was written, and the drugs that it names by brand. */
function byAllergy({ terms }: DrugCaution, { record, knowledge }: Circumstances): Judged {
  const named = (substance: string) => [substance.trim().toLowerCase(), ...drugsNamed(knowledge, substance).map(({ name }) => name)];
  const found = record.allergies.find(({ substance }) => named(substance).some((name) => terms.includes(name)));
  return found ? { because: `allergy to ${found.substance} (${found.severity.toLowerCase()})` } : null;
}

const passes = ({ below, limit }: DrugCaution, value: number) => limit !== null && (below ? value < limit : value > limit);

function byAge(caution: DrugCaution, { record, at }: Circumstances): Judged {
  const years = yearsOld(record.birthDate, at);
  return passes(caution, years) ? { because: `${years} years old` } : null;
}

/** WHO counts 15 to 49 years as childbearing; some years about it are asked too. */
const CHILDBEARING = { from: 12, to: 55 };
const MAY_BE_PREGNANT: ReadonlySet<Sex> = new Set(['FEMALE', 'UNKNOWN']);

function byPregnancy(_caution: DrugCaution, { drug, record, at }: Circumstances): Judged {
  const found = pregnancy(record, at);
  if (found.value === '1') return { because: `pregnancy (${found.note})` };
  const years = yearsOld(record.birthDate, at);
  if (!MAY_BE_PREGNANT.has(record.sexAtBirth) || years < CHILDBEARING.from || years > CHILDBEARING.to) return null;
  return { open: { question: `Whether the patient is pregnant: ${drug} can harm the child`, settledBy: 'A pregnancy test' } };
}

const NAMES: Readonly<Record<OrganMeasure, string>> = {
  CREATININE_CLEARANCE: 'creatinine clearance',
  BILIRUBIN: 'bilirubin',
  LVEF: 'ejection fraction of the heart',
};

function byOrgan(caution: DrugCaution, { drug, record, at }: Circumstances): Judged {
  const { measure } = caution;
  if (measure === null) return null;
  const found = organFunction(measure, record, at);
  if (found.value === null)
    return { open: { question: `Whether the ${NAMES[measure]} allows ${drug} at its usual dose`, settledBy: found.settledBy } };
  return passes(caution, found.value) ? { because: `${Math.round(found.value * 10) / 10} ${found.unit}: ${found.from}` } : null;
}

const KINDS: Readonly<Record<DrugCaution['kind'], (caution: DrugCaution, circumstances: Circumstances) => Judged>> = {
  CONDITION: byCondition,
  ALLERGY: byAllergy,
  AGE: byAge,
  PREGNANCY: byPregnancy,
  ORGAN_FUNCTION: byOrgan,
};

export const judgeCaution = (caution: DrugCaution, circumstances: Circumstances): Judged => KINDS[caution.kind](caution, circumstances);
