import type { Consent, Race, Sex } from '../record.ts';
import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface RegisterPatient {
  readonly identifier: string;
  readonly birthDate: string;
  readonly sexAtBirth: Sex;
  readonly race: Race;
  readonly ancestry?: string | null | undefined;
  readonly site?: string | null | undefined;
  readonly consents?: readonly Pick<Consent, 'purpose' | 'category' | 'granted' | 'from' | 'until'>[] | undefined;
  readonly synthetic?: boolean;
  readonly story?: string | null;
}

/** Opens a record. That the identifier is new is made sure by the log: one registration per identifier. */
export function decideRegisterPatient(input: RegisterPatient, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  const identifier = check.text(input.identifier, 'identifier', null, 64);
  if (identifier !== '' && !/^[\w.:\-/]+$/.test(identifier)) {
    check.add('INVALID', 'identifier', "'identifier' may have letters, digits and . : - / _ only.");
  }
  const consents = (input.consents ?? []).map((consent, index) => {
    const from = check.instant(consent.from, 'consents.from', index);
    const until = consent.until === null ? null : new Date(consent.until).toISOString();
    if (until !== null && until <= from) check.add('OUT_OF_RANGE', 'consents.until', "'until' must be after 'from'.", index);
    return { ...consent, id: context.newId(index + 1), from, until };
  });
  const payload = {
    identifier,
    birthDate: check.birthDate(input.birthDate, 'birthDate'),
    sexAtBirth: input.sexAtBirth,
    race: input.race,
    ancestry: check.optionalText(input.ancestry, 'ancestry'),
    site: check.optionalText(input.site, 'site', null, 100),
    synthetic: input.synthetic ?? false,
    story: input.story ?? null,
    consents,
  };
  return check.decide({ type: 'patient.registered', payload }, context.now);
}
