import { isLoincCode, type ObservationCode, observationCode } from '../observationCodes.ts';
import type { Observation, ObservationFlag } from '../record.ts';
import { convertUnit, isUnit } from '../units.ts';
import { type Decision, InputCheck, type PatientContext } from './decision.ts';

export interface ObservationInput {
  readonly code: string;
  readonly value?: number | null | undefined;
  readonly text?: string | null | undefined;
  readonly unit?: string | null | undefined;
  readonly label?: string | null | undefined;
  readonly device?: string | null | undefined;
  readonly observedAt: string;
}

interface Kept {
  readonly value: number | null;
  readonly text: string | null;
  readonly unit: string | null;
  readonly label: string;
  readonly system: string;
  readonly flag: ObservationFlag | null;
}

const MAX_BATCH = 1000;

/**
 * A number in the unit that the code is kept in; a bare number is never guessed at. One that no living person has is an
 * error of entry or of a device: it is kept, so that the error can be found, and flagged, so that no model is given it.
 */
async function keepQuantity(input: ObservationInput, entry: ObservationCode, check: InputCheck, index: number): Promise<Kept> {
  const kept = { value: null, text: null, unit: entry.unit, label: entry.label, system: entry.system, flag: null };
  const value = check.finite(input.value, 'observations.value', index);
  if (value === null) {
    check.add('REQUIRED', 'observations.value', `${entry.label} needs a number.`, index);
    return kept;
  }
  if (!input.unit) {
    check.add('REQUIRED', 'observations.unit', `${entry.label} needs its unit (UCUM), for example ${entry.unit}.`, index);
    return kept;
  }
  const converted = await convertUnit(value, input.unit, entry.unit ?? '1', entry.molarMass);
  if (converted === null) {
    check.add(
      'UNIT_NOT_CONVERTIBLE',
      'observations.unit',
      `The unit does not convert to ${entry.unit} (UCUM), in which ${entry.label} is kept.`,
      index,
    );
    return kept;
  }
  return { ...kept, value: converted, flag: converted < entry.min || converted > entry.max ? 'OUT_OF_RANGE' : null };
}

function keepText(input: ObservationInput, entry: ObservationCode, check: InputCheck, index: number): Kept {
  const given = check.text(input.text, 'observations.text', index).toLowerCase();
  if (given !== '' && !entry.texts?.includes(given)) {
    check.add('INVALID', 'observations.text', `${entry.label}: expected one of ${entry.texts?.join(', ')}.`, index);
  }
  return { value: null, text: given, unit: null, label: entry.label, system: entry.system, flag: null };
}

/** A code that no table here knows is kept as it was sent, with a unit that must at least be UCUM. */
async function keepUnknown(input: ObservationInput, check: InputCheck, index: number): Promise<Kept> {
  const value = check.finite(input.value, 'observations.value', index);
  const text = check.optionalText(input.text, 'observations.text', index);
  if (value === null && text === null) check.add('REQUIRED', 'observations.value', 'An observation needs a value or a text.', index);
  if (value !== null && !input.unit)
    check.add('REQUIRED', 'observations.unit', "A number needs its unit (UCUM); '1' where it has none.", index);
  if (input.unit && !(await isUnit(input.unit))) check.add('INVALID', 'observations.unit', 'The unit is not UCUM.', index);
  return {
    value,
    text,
    unit: input.unit ?? null,
    label: check.optionalText(input.label, 'observations.label', index) ?? input.code,
    system: 'LOINC',
    flag: null,
  };
}

function keep(input: ObservationInput, check: InputCheck, index: number): Promise<Kept> | Kept {
  const entry = observationCode(input.code);
  if (entry) return entry.unit === null ? keepText(input, entry, check, index) : keepQuantity(input, entry, check, index);
  if (!isLoincCode(input.code))
    check.add('INVALID', 'observations.code', 'The code is no LOINC code, as in 29463-7 with its check digit, nor one of ours.', index);
  return keepUnknown(input, check, index);
}

type Taken = Omit<Observation, 'recordedAt'> & { readonly index: number };

/** One observation of the batch. The same measurement sent twice, in whatever batches, has one id and is one in the record. */
async function take(
  input: ObservationInput,
  check: InputCheck,
  index: number,
  { contentId, record, now }: Pick<PatientContext, 'contentId' | 'record' | 'now'>,
): Promise<Taken> {
  const sentAt = check.instant(input.observedAt, 'observations.observedAt', index);
  // The clock of a device may be ahead: nothing was measured after it came.
  const observedAt = sentAt > now ? now : sentAt;
  const device = check.optionalText(input.device, 'observations.device', index, 100);
  const kept = await keep(input, check, index);
  const { code } = input;
  const content = kept.value === null ? `text ${kept.text}` : `${kept.value} ${kept.unit}`;
  return { id: contentId('observation', record.id, code, sentAt, device ?? '', content), index, code, ...kept, device, observedAt };
}

/** Item by item: what is wrong with one observation of the batch is told with its index, and the others are taken. */
export async function decideRecordObservations(inputs: readonly ObservationInput[], context: PatientContext): Promise<Decision> {
  const check = new InputCheck(context.now);
  if (inputs.length === 0) check.add('REQUIRED', 'observations', 'At least one observation is needed.');
  if (inputs.length > MAX_BATCH) check.add('TOO_LARGE', 'observations', `At most ${MAX_BATCH} observations in one call.`);
  if (check.errors.length > 0) return { userErrors: check.errors };
  const observations: Taken[] = [];
  for (const [index, input] of inputs.entries()) {
    const wrong = check.errors.length;
    const taken = await take(input, check, index, context);
    if (check.errors.length === wrong && !observations.some(({ id }) => id === taken.id)) observations.push(taken);
  }
  if (observations.length === 0) return { userErrors: check.errors };
  const latest = observations.map(({ observedAt }) => observedAt).sort();
  return {
    event: { type: 'observations.recorded', payload: { observations, refused: check.errors } },
    observedAt: latest.at(-1) ?? context.now,
    refused: check.errors,
  };
}
