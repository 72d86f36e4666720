import type { FeatureValue } from '../prediction/features.ts';
import type { RawRow } from '../prediction/inputs.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { cardGames } from './cardGames.ts';
import { type Attribution, attributionsOf, residualOf } from './explain.ts';

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
  const { value: game } = await cardGames(model.card, model.scorer, after, [before]);
  residualOf(game);
  const because = attributionsOf(model.card, game, inputs).filter(
    ({ player, contribution }) => contribution !== 0 || player.inputs.some((name) => before[name] !== after[name]),
  );
  return { before: game.base, after: game.full, delta: game.full - game.base, because };
}
