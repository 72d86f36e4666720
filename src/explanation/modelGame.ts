/** The game of one row of a model with a card: by the tables of its trees where it has trees, else by enumeration. */
import { AvicennaError } from '../errors.ts';
import { playerColumns } from '../prediction/card.ts';
import { readVerified } from '../prediction/modelFolder.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { cardGames } from './cardGames.ts';
import type { Game } from './games/enumeration.ts';
import { type ScoreGame, scoreGame } from './games/scoreGame.ts';
import { readModel } from './onnx/readModel.ts';

/** VALUE: the unit of the answer. MARGIN: the model's scale before its link. */
export type OutputSpace = 'VALUE' | 'MARGIN';

/** Bytes that the tables of a served model's trees may take. */
const TABLE_LIMIT = 256 * 2 ** 20;

interface TreeGame {
  readonly game: ScoreGame;
  readonly rounded: (row: Float64Array) => Float64Array;
}

const prepared = new WeakMap<LoadedModel, Promise<TreeGame | null>>();

/** The margin of a file of trees as a game of the card's players; null where the file holds no trees. */
async function prepare(model: LoadedModel): Promise<TreeGame | null> {
  if (model.file === null) return null;
  const { raw, rounded } = readModel(await readVerified(model.file, model.digest), model.file);
  const [score] = raw ?? [];
  if (!score || score.forests.length === 0) return null;
  const owners = new Int32Array(model.card.columns.length);
  for (const [player, columns] of playerColumns(model.card).entries()) for (const column of columns) owners[column] = player;
  const asTaken = (row: Float64Array) => row.map(rounded);
  const game = scoreGame(score, {
    game: 'interventional',
    background: (await model.background()).map(({ columns }) => asTaken(columns)),
    players: model.card.players.length,
    playerOf: (column) => owners[column] as number,
    tableLimit: TABLE_LIMIT,
  });
  return { game, rounded: asTaken };
}

function withoutFile(error: unknown): null {
  if (error instanceof AvicennaError && error.code === 'MODEL_DIGEST_MISMATCH') return null;
  throw error;
}

/** Prepared once a model; a failure is not kept. Null too where the file is another by now: enumeration is as exact, by what is loaded. */
function treeGame(model: LoadedModel): Promise<TreeGame | null> {
  const known = prepared.get(model) ?? prepare(model).catch(withoutFile);
  prepared.set(model, known);
  known.catch(() => prepared.delete(model));
  return known;
}

/** The players' shares of one row's answer against the model's background, exactly. */
export async function modelGame(model: LoadedModel, row: Float64Array, space: OutputSpace, interactions = false): Promise<Game> {
  const trees = space === 'MARGIN' ? await treeGame(model) : null;
  const [ofTrees] = trees?.game.play([trees.rounded(row)], interactions) ?? [];
  if (ofTrees) return ofTrees;
  const { card, scorer } = model;
  const background = (await model.background()).map(({ columns }) => columns);
  const games = await cardGames(card, scorer, row, background, interactions);
  return space === 'VALUE' ? games.value : games.margin;
}
