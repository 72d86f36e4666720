/** Why somebody would be shown what of a patient, in words, in the order in which it is decided. */
import type { ConsentCategory } from '../patients/record.ts';
import type { Actor } from './actor.ts';
import { agrees, hasOpened } from './consent.ts';
import { type AccessDecision, ceilingOf, type Denial, decide, type PatientFacts } from './decide.ts';

export interface ExplainedDecision extends AccessDecision {
  readonly because: readonly string[];
}

const listed = (items: Iterable<string>) => [...items].join(', ') || 'nothing';

const DENIED: Readonly<Record<Denial, string>> = {
  ROLE: 'Nobody in this role is shown a patient.',
  OTHER_PATIENT: 'The token is about another patient.',
  NOT_SYNTHETIC: 'The token is for made-up patients, and this one is not.',
  OTHER_SITE: 'The patient is of another unit than those of the token.',
  CONSENT: 'So nothing is shown.',
};

/** What the patient said of a use, and what holds where nothing was said. */
function consentInWords({ consents }: PatientFacts, purpose: 'TREATMENT' | 'RESEARCH' | 'EMERGENCY', now: string): string[] {
  const rule = purpose === 'RESEARCH' ? 'it must have been granted' : 'it is agreed to unless it was refused';
  const said = (category: ConsentCategory) => (agrees(consents, purpose, category, now) ? 'yes' : 'no');
  return [
    `For ${purpose} ${rule}: of all data ${said('ALL')}, of genotypes ${said('GENOMIC')}, of sensitive conditions ${said('SENSITIVE')}.`,
  ];
}

function purposesOf(actor: Actor, emergency: boolean): ('TREATMENT' | 'RESEARCH' | 'EMERGENCY')[] {
  if (actor.role === 'PATIENT' || actor.role === 'SYSTEM') return [];
  if (emergency) return ['EMERGENCY'];
  return [actor.purpose === 'RESEARCH' ? 'RESEARCH' : 'TREATMENT'];
}

export function explainDecision(actor: Actor, patient: PatientFacts, now: string): ExplainedDecision {
  const decision = decide(actor, patient, now);
  const { denial, emergency, withheld, sees, until } = decision;
  const isConsent = denial === null || denial === 'CONSENT';
  const opened = hasOpened(patient.consents, actor.id, now);
  const because = [
    `A ${actor.role} is shown ${listed(ceilingOf(actor))} at most.`,
    ...(opened
      ? [emergency ? 'The record is open to this person in an emergency.' : 'It was opened in an emergency, which the patient refuses.']
      : []),
    ...(isConsent ? purposesOf(actor, emergency).flatMap((purpose) => consentInWords(patient, purpose, now)) : []),
    ...(denial === null ? [`Shown: ${listed(sees)}.`] : [DENIED[denial]]),
    ...withheld.filter(({ reason }) => reason === 'CONSENT').map(({ category }) => `${category} is held back: the patient does not agree.`),
    ...(until === null ? [] : [`By the clock alone this holds until ${until}.`]),
  ];
  return { ...decision, because };
}
