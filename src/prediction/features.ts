import { AvicennaError } from '../errors.ts';
import { oncePer } from '../oncePer.ts';
import { DATA_CATEGORIES, type DataCategory } from '../patients/dataCategories.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { CardInput, ModelCard } from './card.ts';
import { encoderOf } from './histories/catalogue.ts';
import { type CheckedRow, checkRow, type RawRow } from './inputs.ts';
import { news2Features } from './news2Features.ts';
import { PREVENT_INPUT_DRUGS, preventFeatures, preventUnfit } from './preventFeatures.ts';
import { ckdEpiFeatures } from './recordFeatures.ts';
import { sepsisFeatures, sepsisHours, sepsisUnfit } from './sepsisFeatures.ts';
import { WARFARIN_INPUT_DRUGS, warfarinFeatures } from './warfarinFeatures.ts';

/** One input as found in a record. */
export interface Feature {
  readonly value: number | string | null;
  /** When it was measured, started or called; null for what has no time of its own (age, sex, race). */
  readonly observedAt: string | null;
  /** Where the value comes from, or why it is missing. */
  readonly note: string | null;
  /** Id of the observation that it is; left out where it is none. */
  readonly observation?: string;
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
  /** What is usual in health, as `12 to 20`; null where the card does not say it. */
  readonly reference: string | null;
  /** Id of the observation that it is; null where it is none. */
  readonly observation: string | null;
}

export interface FeatureVector extends CheckedRow {
  readonly inputs: readonly FeatureValue[];
  /** Whether `columns` say more than the inputs do: what was measured before, too. */
  readonly hasHistory: boolean;
  /** Whether inputs were set otherwise than the record has them. */
  readonly hypothetical: boolean;
}

/** An input as it would be. */
export interface Supposed {
  readonly feature: string;
  /** As in a table: a number, a category, 1 or 0 of a flag. */
  readonly value: string;
}

/** What ties a model to the record and to the knowledge. */
export interface ModelBinding {
  readonly extract: (record: PatientRecord, at: string) => Readonly<Record<string, Feature>>;
  /** Why the model is not for somebody at all, beside what its inputs say; left out where nothing more is known. */
  readonly unfit?: (record: PatientRecord, at: string) => string | null;
  /** Of a model that reads a history: its rows, the present one last; asked of a record with its stay. */
  readonly rows?: (record: PatientRecord, at: string) => readonly RawRow[];
  /** What its answer tells of a patient besides clinical data. */
  readonly reads?: readonly DataCategory[];
  /** The drug whose dose it predicts, where it predicts one. */
  readonly drug: string | null;
  /** Input name -> the drugs that set it, for the inputs that speak of co-medication. */
  readonly inputDrugs: Readonly<Record<string, readonly string[]>>;
}

const SEPSIS: ModelBinding = { extract: sepsisFeatures, rows: sepsisHours, unfit: sepsisUnfit, drug: null, inputDrugs: {} };

const BINDINGS: Readonly<Record<string, ModelBinding>> = {
  'warfarin-dose': { extract: warfarinFeatures, reads: ['GENOMIC'], drug: 'warfarin', inputDrugs: WARFARIN_INPUT_DRUGS },
  news2: { extract: news2Features, drug: null, inputDrugs: {} },
  'ckd-epi-2021': { extract: ckdEpiFeatures, drug: null, inputDrugs: {} },
  'sepsis-early-warning': SEPSIS,
  'sepsis-early-warning-vitals': SEPSIS,
  prevent: { extract: preventFeatures, unfit: preventUnfit, drug: null, inputDrugs: PREVENT_INPUT_DRUGS },
};

/** Whether a model's inputs can be found in a patient record; the others are asked with rows. */
export function isBound(model: string): boolean {
  return Object.hasOwn(BINDINGS, model);
}

/** Which data, besides clinical ones, an answer of the model tells of. Of a model that is not known here: all. */
export function readBy(model: string): readonly DataCategory[] {
  const binding = BINDINGS[model];
  return binding ? (binding.reads ?? []) : DATA_CATEGORIES;
}

/** Whether it reads the stay of a record. */
export function readsStay(model: string): boolean {
  return BINDINGS[model]?.rows !== undefined;
}

export function bindingOf(model: string): ModelBinding {
  const binding = BINDINGS[model];
  if (!binding)
    throw new AvicennaError(
      'BAD_USER_INPUT',
      `'${model}' takes rows (avicenna predict): its inputs are not in a patient record. Of a record can be asked: ${Object.keys(BINDINGS).join(', ')}.`,
      'model',
    );
  return binding;
}

/** A value as a person reads it. */
export function display(input: CardInput, value: number | string): string {
  if (input.type === 'flag') return value === '1' ? 'yes' : 'no';
  if (input.type === 'codes')
    return String(value)
      .split(';')
      .map((code) => input.labels?.[code] ?? code)
      .join(', ');
  return input.labels?.[String(value)] ?? String(value);
}

/** `12 to 20`, `at least 96`, `at most 120`; null where the card does not say it. */
export function referenceText({ reference }: CardInput): string | null {
  const { low = null, high = null } = reference ?? {};
  if (low === null) return high === null ? null : `at most ${high}`;
  return high === null ? `at least ${low}` : `${low} to ${high}`;
}

/** What a person reads of a row's inputs. `features` adds the times and notes where the row comes from a record. */
export function describeInputs(card: ModelCard, raw: RawRow, features: Readonly<Record<string, Feature>> = {}): FeatureValue[] {
  return card.inputs.map((input) => {
    const value = raw[input.name] ?? null;
    const feature = features[input.name];
    return {
      feature: input.name,
      label: input.label,
      value: value === null ? null : display(input, value),
      unit: input.unit ?? null,
      observedAt: feature?.observedAt ?? null,
      missing: value === null,
      reference: referenceText(input),
      observation: feature?.observation ?? null,
      note: value === null ? [feature?.note, input.whenMissing].filter(Boolean).join('; ') : (feature?.note ?? null),
    };
  });
}

/** Features with some of them as they would be; only what can be changed may be. Throws BAD_USER_INPUT with the place. */
function supposing(card: ModelCard, features: Readonly<Record<string, Feature>>, supposed: readonly Supposed[]): Record<string, Feature> {
  const changed: Record<string, Feature> = { ...features };
  for (const [index, { feature, value }] of supposed.entries()) {
    const input = card.inputs.find(({ name }) => name === feature);
    if (!input?.modifiable) {
      const levers = card.inputs.filter(({ modifiable }) => modifiable).map(({ name }) => name);
      const known = levers.length === 0 ? 'it has none' : `there are: ${levers.join(', ')}`;
      throw new AvicennaError(
        'BAD_USER_INPUT',
        `'${card.name}' has no such input that can be changed; ${known}.`,
        `with[${index}].feature`,
      );
    }
    const before = supposed.findIndex((one) => one.feature === feature);
    if (before < index)
      throw new AvicennaError('BAD_USER_INPUT', `'${feature}' is supposed twice, in with[${before}] too.`, `with[${index}].feature`);
    changed[feature] = { value, observedAt: null, note: 'supposed, not recorded' };
  }
  return changed;
}

const setAsideText = (events: number) =>
  `The record is not complete: ${events === 1 ? 'an event about this patient' : `${events} events about this patient`} could not be read.`;

const encoderFor = oncePer(encoderOf);

/** What the model is given of its inputs by themselves, or of the history that they are the end of. */
function withHistory(card: ModelCard, own: CheckedRow, rows: readonly RawRow[]): CheckedRow {
  const last = encoderFor(card)
    ?.encode(rows.map((row) => checkRow(card, row)))
    .at(-1);
  return last ? { ...last, raw: own.raw } : own;
}

/**
 * The model's inputs for one patient as of `at`, checked against the card.
 * @param supposed inputs that are set otherwise, for a what-if
 * @throws AvicennaError BAD_USER_INPUT where an input may not be supposed
 */
export function featuresOf(card: ModelCard, record: PatientRecord, at: string, supposed: readonly Supposed[] = []): FeatureVector {
  const { extract, unfit, rows } = bindingOf(card.name);
  const features = supposing(card, extract(record, at), supposed);
  const reason = unfit?.(record, at) ?? null;
  const own = checkRow(card, Object.fromEntries(Object.entries(features).map(([name, { value }]) => [name, value])));
  const row = rows ? withHistory(card, own, rows(record, at)) : own;
  const problems = reason === null ? row.problems : rows ? [reason] : [reason, ...row.problems];
  const warnings = record.setAside === 0 ? row.warnings : [setAsideText(record.setAside), ...row.warnings];
  const inputs = describeInputs(card, row.raw, features).filter(({ feature }) => feature !== card.history?.subject);
  return { ...row, problems, warnings, inputs, hasHistory: rows !== undefined, hypothetical: supposed.length > 0 };
}
