/** Conditions, allergies, imaging studies and outcomes: facts that stand by themselves. */
import { type AllergySeverity, OUTCOME_KINDS, type OutcomeKind } from '../record.ts';
import { isUnit } from '../units.ts';
import { type Decision, type DecisionContext, InputCheck } from './decision.ts';

export interface RecordCondition {
  readonly code: string;
  readonly system: string;
  readonly label: string;
  readonly onsetAt: string;
  readonly abatedAt?: string | null | undefined;
}

/** ICD-10-CM codes have a letter, two characters and up to four more after a point. Source: ICD-10-CM Official Guidelines I.A. */
const ICD_10_CM = /^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/;

export function decideRecordCondition(input: RecordCondition, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  const onsetAt = check.instant(input.onsetAt, 'onsetAt');
  const abatedAt = input.abatedAt ? check.instant(input.abatedAt, 'abatedAt') : null;
  if (abatedAt !== null && abatedAt < onsetAt) check.add('OUT_OF_RANGE', 'abatedAt', "'abatedAt' lies before 'onsetAt'.");
  const code = check.text(input.code, 'code').toUpperCase();
  if (input.system === 'ICD-10-CM' && code !== '' && !ICD_10_CM.test(code))
    check.add('INVALID', 'code', 'The code is not an ICD-10-CM code, as in I48.91.');
  const payload = {
    id: context.newId(1),
    code,
    system: check.text(input.system, 'system'),
    label: check.text(input.label, 'label'),
    onsetAt,
    abatedAt,
  };
  return check.decide({ type: 'condition.recorded', payload }, onsetAt);
}

export interface RecordAllergy {
  readonly substance: string;
  readonly reaction?: string | null | undefined;
  readonly severity: AllergySeverity;
}

export function decideRecordAllergy(input: RecordAllergy, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  const payload = {
    id: context.newId(1),
    substance: check.text(input.substance, 'substance'),
    reaction: check.optionalText(input.reaction, 'reaction'),
    severity: input.severity,
  };
  return check.decide({ type: 'allergy.recorded', payload }, context.now);
}

export interface RecordImaging {
  readonly modality: string;
  readonly bodySite: string;
  readonly studiedAt: string;
  readonly findings: readonly {
    readonly name: string;
    readonly value?: number | null | undefined;
    readonly unit?: string | null | undefined;
    readonly text?: string | null | undefined;
  }[];
}

export async function decideRecordImaging(input: RecordImaging, context: DecisionContext): Promise<Decision> {
  const check = new InputCheck(context.now);
  const findings = [];
  for (const [index, finding] of input.findings.entries()) {
    const value = check.finite(finding.value, 'findings.value', index);
    const text = check.optionalText(finding.text, 'findings.text', index);
    if (value === null && text === null) check.add('REQUIRED', 'findings.value', 'A finding needs a value or a text.', index);
    if (value !== null && !finding.unit)
      check.add('REQUIRED', 'findings.unit', "A number needs its unit (UCUM); '1' where it has none.", index);
    if (finding.unit && !(await isUnit(finding.unit))) check.add('INVALID', 'findings.unit', 'The unit is not UCUM.', index);
    findings.push({ name: check.text(finding.name, 'findings.name', index), value, unit: finding.unit ?? null, text });
  }
  const studiedAt = check.instant(input.studiedAt, 'studiedAt');
  const payload = {
    id: context.newId(1),
    modality: check.text(input.modality, 'modality'),
    bodySite: check.text(input.bodySite, 'bodySite'),
    studiedAt,
    findings,
  };
  return check.decide({ type: 'imaging.recorded', payload }, studiedAt);
}

export interface RecordOutcome {
  readonly kind: OutcomeKind;
  readonly value?: number | null | undefined;
  readonly unit?: string | null | undefined;
  readonly text?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly observedAt: string;
}

export function decideRecordOutcome(input: RecordOutcome, context: DecisionContext): Decision {
  const check = new InputCheck(context.now);
  if (!OUTCOME_KINDS.includes(input.kind)) check.add('INVALID', 'kind', `Expected one of ${OUTCOME_KINDS.join(', ')}.`);
  const value = check.finite(input.value, 'value');
  if (input.kind === 'STABLE_DOSE' && value === null) check.add('REQUIRED', 'value', 'A stable dose needs its value.');
  if (value !== null && !input.unit) check.add('REQUIRED', 'unit', "A number needs its unit (UCUM); '1' where it has none.");
  const observedAt = check.instant(input.observedAt, 'observedAt');
  const payload = {
    id: context.newId(1),
    kind: input.kind,
    value,
    unit: input.unit ?? null,
    text: check.optionalText(input.text, 'text'),
    model: input.model ?? null,
    observedAt,
  };
  return check.decide({ type: 'outcome.recorded', payload }, observedAt);
}
