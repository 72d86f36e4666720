/** The games of a model with a card: its players, on the margin and in the unit of the answer. */
import { type ModelCard, playerColumns } from '../prediction/card.ts';
import { joinColumns } from '../prediction/inputs.ts';
import type { Scorer } from '../prediction/scorer.ts';
import { enumerateGames, type Game } from './games/enumeration.ts';

export interface CardGames {
  readonly margin: Game;
  readonly value: Game;
}

/**
 * Both games from one pass over the model.
 * @param row the columns to explain
 * @param background the columns of the reference rows; for a contrast in time, of the one row before
 */
export async function cardGames(
  card: ModelCard,
  scorer: Scorer,
  row: Float64Array,
  background: readonly Float64Array[],
  interactions = false,
): Promise<CardGames> {
  const [margin, value] = await enumerateGames({
    players: playerColumns(card),
    row,
    background: joinColumns(background),
    allocate: (length) => new Float64Array(length),
    score: async (columns, rows) => {
      const scores = await scorer.score(columns, rows);
      return [scores.margin, scores.value];
    },
    interactions,
  });
  if (!margin || !value) throw new Error('a game needs one background row at least');
  return { margin, value };
}
