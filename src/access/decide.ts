/** What an actor may see of one patient: pure, and a no unless a rule says yes. */
import { DATA_CATEGORIES, type DataCategory } from '../patients/dataCategories.ts';
import type { ConsentPurpose, PatientRecord, Withheld } from '../patients/record.ts';
import type { Actor, Role } from './actor.ts';
import { agrees, hasOpened, nextChange } from './consent.ts';
import { covers } from './scopes.ts';

/** What a decision rests on besides the actor. */
export type PatientFacts = Pick<PatientRecord, 'id' | 'identifier' | 'site' | 'synthetic' | 'consents'>;

/**
 * ROLE: sees no patient. OTHER_PATIENT: the token is about another one. NOT_SYNTHETIC: made-up patients only. OTHER_SITE: a patient of
 * another unit. CONSENT: the patient refused, or did not agree.
 */
export const DENIALS = ['ROLE', 'OTHER_PATIENT', 'NOT_SYNTHETIC', 'OTHER_SITE', 'CONSENT'] as const;
export type Denial = (typeof DENIALS)[number];

export interface AccessDecision {
  /** Empty where nothing may be seen. */
  readonly sees: ReadonlySet<DataCategory>;
  readonly denial: Denial | null;
  /** Why a category is held back. */
  readonly withheld: readonly Withheld[];
  /** An emergency, in which the patient's refusal does not count. */
  readonly emergency: boolean;
  /** Decide again from then on, ISO 8601; null where the clock changes nothing. */
  readonly until: string | null;
}

const EVERYTHING: ReadonlySet<DataCategory> = new Set(DATA_CATEGORIES);

/** The most that each role sees. */
const CEILING: Readonly<Record<Role, ReadonlySet<DataCategory>>> = {
  CLINICIAN: EVERYTHING,
  ANALYST: new Set<DataCategory>(['CLINICAL', 'GENOMIC']),
  PATIENT: EVERYTHING,
  DEVICE: new Set<DataCategory>(),
  OPERATOR: new Set<DataCategory>(),
  SYSTEM: EVERYTHING,
};

export const ceilingOf = ({ role }: Pick<Actor, 'role'>): ReadonlySet<DataCategory> => CEILING[role];

/** Why the patient is not there for the actor, whatever was agreed to and whatever happens; null where nothing stands in the way. */
export function barred(actor: Actor, patient: PatientFacts): Denial | null {
  if (actor.syntheticOnly && !patient.synthetic) return 'NOT_SYNTHETIC';
  if (actor.role === 'PATIENT' || actor.patient !== null) return actor.patient === patient.identifier ? null : 'OTHER_PATIENT';
  return null;
}

/** Care, whoever gives it: an emergency is none until the record was opened in one. */
const purposeOf = ({ purpose }: Actor): ConsentPurpose => (purpose === 'RESEARCH' ? 'RESEARCH' : 'TREATMENT');

const NOTHING: ReadonlySet<DataCategory> = new Set();

/**
 * Why a category is not shown of a patient who may be seen; null where it is.
 * @param purpose what the patient must agree to; null where nobody asks the patient
 */
function heldBack(
  actor: Actor,
  category: DataCategory,
  purpose: ConsentPurpose | null,
  { consents }: PatientFacts,
  now: string,
): Withheld['reason'] | null {
  if (!CEILING[actor.role].has(category)) return 'ROLE';
  // Genotypes are in more than the fields that are named after them: in answers of models, conditions, observations.
  if (category === 'GENOMIC' && !covers(actor.scopes, 'MolecularSequence', 'r')) return 'TOKEN';
  const isGuarded = category === 'GENOMIC' || category === 'SENSITIVE';
  return isGuarded && purpose !== null && !agrees(consents, purpose, category, now) ? 'CONSENT' : null;
}

export function decide(actor: Actor, patient: PatientFacts, now: string): AccessDecision {
  const until = nextChange(patient.consents, now);
  const no = (denial: Denial): AccessDecision => ({ sees: NOTHING, denial, withheld: [], emergency: false, until });
  const bar = CEILING[actor.role].size === 0 ? 'ROLE' : barred(actor, patient);
  if (bar) return no(bar);
  const emergency =
    actor.role === 'CLINICIAN' && hasOpened(patient.consents, actor.id, now) && agrees(patient.consents, 'EMERGENCY', 'ALL', now);
  if (!emergency && actor.sites !== null && !actor.sites.includes(patient.site ?? '')) return no('OTHER_SITE');
  const isAsked = actor.role !== 'PATIENT' && actor.role !== 'SYSTEM';
  const purpose = emergency ? 'EMERGENCY' : purposeOf(actor);
  if (isAsked && !agrees(patient.consents, purpose, 'ALL', now)) return no('CONSENT');
  const reasons = DATA_CATEGORIES.map((category) => ({
    category,
    reason: heldBack(actor, category, isAsked ? purpose : null, patient, now),
  }));
  const sees = new Set(reasons.flatMap(({ category, reason }) => (reason === null ? [category] : [])));
  const withheld = reasons.flatMap(({ category, reason }) => (reason === null ? [] : [{ category, reason }]));
  return { sees, denial: null, withheld, emergency, until };
}
