/** The game of one row of a model with a card: by the tables of its trees where it has trees, else by enumeration. */
import { join } from 'node:path';
import { AvicennaError } from '../errors.ts';
import { playerColumns } from '../prediction/card.ts';
import { readVerified } from '../prediction/modelFolder.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { cardGames } from './cardGames.ts';
import { readCovers } from './games/covers.ts';
import type { Game } from './games/enumeration.ts';
import { type GameName, type ScoreGame, scoreGame } from './games/scoreGame.ts';
import type { ScoreForm } from './onnx/forms.ts';
import { readModel } from './onnx/readModel.ts';

/** VALUE: the unit of the answer. MARGIN: the model's scale before its link. */
export type OutputSpace = 'VALUE' | 'MARGIN';

/** Plays the game of one row of a model; with a signal, not once that is aborted: then it throws its reason. */
export type Play = (
  model: LoadedModel,
  row: Float64Array,
  space: OutputSpace,
  interactions?: boolean,
  signal?: AbortSignal,
) => Promise<Game>;

/** Bytes that the tables of a served model's trees may take. */
const TABLE_LIMIT = 256 * 2 ** 20;

interface TreeGame {
  readonly game: ScoreGame;
  readonly rounded: (row: Float64Array) => Float64Array;
}

/** By model, its game of either kind. */
const prepared: Readonly<Record<GameName, WeakMap<LoadedModel, Promise<TreeGame | null>>>> = {
  interventional: new WeakMap(),
  'path-dependent': new WeakMap(),
};

/** The covers that the card names; undefined where it names none, and the background is routed. */
async function coversOf({ card, folder }: LoadedModel, { forests }: ScoreForm) {
  if (!card.covers) return undefined;
  const file = join(folder, card.covers.file);
  const text = Buffer.from(await readVerified(file, card.covers.sha256)).toString('utf8');
  return readCovers(text, [...new Set(forests.map(({ forest }) => forest.ensemble))], file);
}

/** The margin of a file of trees as a game of the card's players; null where the file holds no trees. */
async function prepare(model: LoadedModel, game: GameName): Promise<TreeGame | null> {
  if (model.file === null) return null;
  const { raw, rounded } = readModel(await readVerified(model.file, model.digest), model.file);
  const [score] = raw ?? [];
  if (!score || score.forests.length === 0) return null;
  if (game === 'path-dependent' && score.terms.length > 0) return null;
  const owners = new Int32Array(model.card.columns.length);
  for (const [player, columns] of playerColumns(model.card).entries()) for (const column of columns) owners[column] = player;
  const asTaken = (row: Float64Array) => row.map(rounded);
  const ready = scoreGame(score, {
    game,
    covers: game === 'path-dependent' ? await coversOf(model, score) : undefined,
    background: (await model.background()).map(({ columns }) => asTaken(columns)),
    players: model.card.players.length,
    playerOf: (column) => owners[column] as number,
    tableLimit: TABLE_LIMIT,
  });
  return { game: ready, rounded: asTaken };
}

function withoutFile(error: unknown): null {
  if (error instanceof AvicennaError && error.code === 'MODEL_DIGEST_MISMATCH') return null;
  throw error;
}

/** Prepared once a model; a failure is not kept. Null too where the file is another by now: enumeration is as exact, by what is loaded. */
function treeGame(model: LoadedModel, game: GameName = 'interventional'): Promise<TreeGame | null> {
  const kept = prepared[game];
  const known = kept.get(model) ?? prepare(model, game).catch(withoutFile);
  kept.set(model, known);
  known.catch(() => kept.delete(model));
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

/**
 * The same by the path-dependent game: what is not known of a row goes down a tree as the covers say.
 * @throws AvicennaError METHOD_NOT_AVAILABLE where the model is no sum of trees, or its margin is not what is asked for
 */
export const pathDependentGame: Play = async (model, row, space, interactions = false) => {
  const trees = space === 'MARGIN' ? await treeGame(model, 'path-dependent') : null;
  const [game] = trees?.game.play([trees.rounded(row)], interactions) ?? [];
  if (game) return game;
  throw new AvicennaError(
    'METHOD_NOT_AVAILABLE',
    `'path-dependent' is a game of trees on their raw score: what is asked of '${model.card.name}' is not a sum of trees.`,
    space === 'MARGIN' ? '--method' : '--output',
  );
};
