/** The games of a model with a card: its players, on the margin and in the unit of the answer. */
import type { ModelCard } from '../prediction/card.ts';
import type { RawRow } from '../prediction/inputs.ts';
import { encodeRows } from '../prediction/registry.ts';
import type { Scorer } from '../prediction/scorer.ts';
import { enumerateGames, type Game } from './games/enumeration.ts';

export interface CardGames {
  readonly margin: Game;
  readonly value: Game;
}

/** Column indices of each player. */
function playerColumns(card: ModelCard): number[][] {
  return card.players.map((player) => card.columns.flatMap((column, index) => (player.inputs.includes(column.input) ? [index] : [])));
}

/**
 * Both games from one pass over the model.
 * @param x the row to explain
 * @param background the reference rows; for a contrast in time, the one row before
 */
export async function cardGames(card: ModelCard, scorer: Scorer, x: RawRow, background: readonly RawRow[]): Promise<CardGames> {
  const [margin, value] = await enumerateGames({
    players: playerColumns(card),
    row: encodeRows(card, [x]),
    background: encodeRows(card, background),
    allocate: (length) => new Float64Array(length),
    score: async (columns, rows) => {
      const scores = await scorer.score(columns, rows);
      return [scores.margin, scores.value];
    },
  });
  if (!margin || !value) throw new Error('a game needs one background row at least');
  return { margin, value };
}
