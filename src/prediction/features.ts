import { AvicennaError } from '../errors.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { CardInput, ModelCard } from './card.ts';
import { type CheckedRow, checkRow, type RawRow } from './inputs.ts';
import { PREVENT_INPUT_DRUGS, preventFeatures, preventUnfit } from './preventFeatures.ts';
import { WARFARIN_INPUT_DRUGS, warfarinFeatures } from './warfarinFeatures.ts';

/** One input as found in a record. */
export interface Feature {
  readonly value: number | string | null;
  /** When it was measured, started or called; null for what has no time of its own (age, sex, race). */
  readonly observedAt: string | null;
  /** Where the value comes from, or why it is missing. */
  readonly note: string | null;
}

/** One input as the model used it, for a person to read. */
export interface FeatureValue {
  readonly feature: string;
  readonly label: string;
  readonly value: string | null;
  readonly unit: string | null;
  readonly observedAt: string | null;
  readonly missing: boolean;
  readonly note: string | null;
}

export interface FeatureVector extends CheckedRow {
  readonly inputs: readonly FeatureValue[];
}

/** What ties a model to the record and to the knowledge. */
export interface ModelBinding {
  readonly extract: (record: PatientRecord, at: string) => Readonly<Record<string, Feature>>;
  /** Why the model is not for somebody at all, beside what its inputs say; left out where nothing more is known. */
  readonly unfit?: (record: PatientRecord, at: string) => string | null;
  /** The drug whose dose it predicts, where it predicts one. */
  readonly drug: string | null;
  /** Input name -> the drugs that set it, for the inputs that speak of co-medication. */
  readonly inputDrugs: Readonly<Record<string, readonly string[]>>;
}

const BINDINGS: Readonly<Record<string, ModelBinding>> = {
  'warfarin-dose': { extract: warfarinFeatures, drug: 'warfarin', inputDrugs: WARFARIN_INPUT_DRUGS },
  prevent: { extract: preventFeatures, unfit: preventUnfit, drug: null, inputDrugs: PREVENT_INPUT_DRUGS },
};

/** Whether a model's inputs can be found in a patient record; the others are asked with rows. */
export function isBound(model: string): boolean {
  return Object.hasOwn(BINDINGS, model);
}

export function bindingOf(model: string): ModelBinding {
  const binding = BINDINGS[model];
  if (!binding) throw new AvicennaError('MODEL_INVALID', `The inputs of '${model}' cannot be found in a patient record yet.`);
  return binding;
}

function display(input: CardInput, value: number | string | null): string | null {
  if (value === null) return null;
  if (input.type === 'flag') return value === '1' ? 'yes' : 'no';
  if (input.type === 'codes')
    return String(value)
      .split(';')
      .map((code) => input.labels?.[code] ?? code)
      .join(', ');
  return input.labels?.[String(value)] ?? String(value);
}

/** What a person reads of a row's inputs. `features` adds the times and notes where the row comes from a record. */
export function describeInputs(card: ModelCard, raw: RawRow, features: Readonly<Record<string, Feature>> = {}): FeatureValue[] {
  return card.inputs.map((input) => {
    const value = raw[input.name] ?? null;
    const feature = features[input.name];
    return {
      feature: input.name,
      label: input.label,
      value: display(input, value),
      unit: input.unit ?? null,
      observedAt: feature?.observedAt ?? null,
      missing: value === null,
      note: value === null ? [feature?.note, input.whenMissing].filter(Boolean).join('; ') : (feature?.note ?? null),
    };
  });
}

/** The model's inputs for one patient as of `at`, checked against the card. */
export function featuresOf(card: ModelCard, record: PatientRecord, at: string): FeatureVector {
  const { extract, unfit } = bindingOf(card.name);
  const features = extract(record, at);
  const reason = unfit?.(record, at) ?? null;
  const row = checkRow(card, Object.fromEntries(Object.entries(features).map(([name, { value }]) => [name, value])));
  const problems = reason === null ? row.problems : [reason, ...row.problems];
  return { ...row, problems, inputs: describeInputs(card, row.raw, features) };
}
