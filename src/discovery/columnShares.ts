/**
 * What each column of a model of discovery adds to its log-odds for a pair, against a pair that nothing is known of: the exact
 * interventional game of its trees, the one that `explain` plays, with a player a column in place of the card's groups.
 */
import { AvicennaError } from '../errors.ts';
import { scoreGame } from '../explanation/games/scoreGame.ts';
import { readModel } from '../explanation/onnx/readModel.ts';
import { readVerified } from '../prediction/modelFolder.ts';
import type { LoadedModel } from '../prediction/registry.ts';

/** Bytes that the tables of the trees may take. */
const TABLE_LIMIT = 256 * 2 ** 20;

export type ColumnShares = (row: Float64Array) => Float64Array;

/** Throws MODEL_INVALID where the model's file holds no trees. */
export async function columnSharesOf(model: LoadedModel): Promise<ColumnShares> {
  const { file, digest, card } = model;
  const { raw, rounded } = readModel(file === null ? new Uint8Array() : await readVerified(file, digest), file ?? card.name);
  const [score] = raw ?? [];
  if (!score || score.forests.length === 0) throw new AvicennaError('MODEL_INVALID', 'A model of discovery is a sum of trees.', card.name);
  const asTaken = (row: Float64Array) => row.map(rounded);
  const game = scoreGame(score, {
    game: 'interventional',
    background: (await model.background()).map(({ columns }) => asTaken(columns)),
    players: card.columns.length,
    playerOf: (column) => column,
    tableLimit: TABLE_LIMIT,
  });
  return (row) => (game.play([asTaken(row)], false)[0] as { readonly values: Float64Array }).values;
}
