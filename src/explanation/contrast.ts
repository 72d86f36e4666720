import type { FeatureValue } from '../prediction/features.ts';
import { encodeRow, type RawRow } from '../prediction/inputs.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { cardGames } from './cardGames.ts';
import { type Attribution, attributionsOf, residualOf } from './explain.ts';

/** What was answered before: the inputs, the answer in its unit, and the file that gave it. */
export interface EarlierAnswer {
  readonly raw: RawRow;
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

/**
 * What changed between two moments of one patient: the same game with the earlier row as the only background row.
 * Inputs that are equal at both moments contribute exactly 0 and are left out.
 */
export async function contrast(model: LoadedModel, before: RawRow, after: RawRow, inputs: readonly FeatureValue[]): Promise<Contrast> {
  const { card, scorer } = model;
  const { value: game } = await cardGames(card, scorer, encodeRow(card, after), [encodeRow(card, before)]);
  residualOf(game);
  const because = attributionsOf(card, game, inputs).filter(
    ({ player, contribution }) => contribution !== 0 || player.inputs.some((name) => before[name] !== after[name]),
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
  now: RawRow,
  inputs: readonly FeatureValue[],
): Promise<Change> {
  const own = await contrast(model, earlier.raw, now, inputs);
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
