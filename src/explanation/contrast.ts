import type { FeatureValue } from '../prediction/features.ts';
import { type CheckedRow, encodeRow, type RawRow } from '../prediction/inputs.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { cardGames } from './cardGames.ts';
import { type Attribution, attributionsOf, residualOf } from './explain.ts';

/** What was answered before: the inputs, the answer in its unit, and the file that gave it. */
export interface EarlierAnswer {
  readonly raw: RawRow;
  /** What the file was given, where the inputs alone do not say it; NaN of what was missing. */
  readonly columns?: Float64Array | null;
  readonly value: number;
  readonly modelDigest: string;
}

export interface Change extends Contrast {
  /** What the model of today says of the inputs of then, less what was answered then; null where it is the same file. */
  readonly byModel: number | null;
}

export interface Contrast {
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  /** Only what changed; the contributions sum to `delta` in the unit of the answer. */
  readonly because: readonly Attribution[];
}

/** A row as a model was given it. */
type Moment = Pick<CheckedRow, 'raw' | 'columns'>;

/** The earlier row; null where this file cannot be given it: another file's history. */
function earlierRow({ card }: LoadedModel, { raw, columns }: EarlierAnswer): Moment | null {
  if (columns) return columns.length === card.columns.length ? { raw, columns } : null;
  return card.history ? null : { raw, columns: encodeRow(card, raw) };
}

/**
 * What changed between two moments of one patient: the same game with the earlier row as the only background row.
 * Inputs that are equal at both moments contribute exactly 0 and are left out.
 */
export async function contrast(model: LoadedModel, before: Moment, after: Moment, inputs: readonly FeatureValue[]): Promise<Contrast> {
  const { card, scorer } = model;
  const { value: game } = await cardGames(card, scorer, after.columns, [before.columns]);
  residualOf(game);
  const because = attributionsOf(card, game, inputs).filter(
    ({ player, contribution }) => contribution !== 0 || player.inputs.some((name) => before.raw[name] !== after.raw[name]),
  );
  return { before: game.base, after: game.full, delta: game.full - game.base, because };
}

/**
 * What changed since an earlier answer. Where another model file gave it, the difference between the two files is a part of
 * its own; it and the contributions of `because` sum to `delta`.
 */
export async function changeSince(
  model: LoadedModel,
  earlier: EarlierAnswer,
  now: Moment,
  inputs: readonly FeatureValue[],
): Promise<Change> {
  // Of a history that this file cannot be given all is ascribed to the file.
  const own = await contrast(model, earlierRow(model, earlier) ?? now, now, inputs);
  const byModel = earlier.modelDigest === model.digest ? null : own.before - earlier.value;
  return { ...own, before: earlier.value, delta: own.after - earlier.value, byModel };
}

/** The part of a new model version as an attribution beside the others. */
export function modelAttribution({ card }: LoadedModel, contribution: number): Omit<Attribution, 'player'> {
  return {
    feature: 'model',
    label: 'Model version',
    value: card.version,
    unit: null,
    observedAt: null,
    missing: false,
    contribution,
    modifiable: false,
  };
}
