/**
 * Explains the rows of a table by an ONNX file itself: the number asked for, the game asked for, by the fastest exact way
 * that the model allows. Nothing is estimated unless `permutation` is asked for.
 */
import { AvicennaError } from '../errors.ts';
import { residualOf } from './explain.ts';
import { enumerateGames, type Game } from './games/enumeration.ts';
import { type Link, linkedLinearGames } from './games/linkedLinear.ts';
import { sampleGame } from './games/permutation.ts';
import { type GameName, type ScoreGame, scoreGame, scoreOf } from './games/scoreGame.ts';
import type { ScoreForm } from './onnx/forms.ts';
import type { GraphModel } from './onnx/readModel.ts';

export type Method = 'auto' | 'path-dependent' | 'interventional' | 'linear' | 'exact' | 'permutation';
export type Output = 'raw' | 'probability' | 'value';

export interface GraphQuestion {
  readonly model: GraphModel;
  /** Rows rounded as the model takes them. */
  readonly rows: readonly Float64Array[];
  readonly background: readonly Float64Array[];
  /** Where each row stands, for errors. */
  readonly places: { readonly rows: readonly string[]; readonly background: readonly string[] };
  readonly method: Method;
  /** raw: before the link. probability and value: what the model serves. */
  readonly output: Output;
  /** Class or target; null: the only one, or the second of two. */
  readonly classIndex: number | null;
  readonly interactions: boolean;
  /** Bytes that the tables of trees may take. */
  readonly tableLimit: number;
}

export interface GraphAnswer {
  readonly games: readonly Game[];
  /** What is left of the largest sum. */
  readonly residual: number;
  /** Standard errors, rows x players; null where nothing was sampled. */
  readonly standardErrors: readonly Float64Array[] | null;
  /** What a reader should know of the way: a table limit that was reached, sampling. */
  readonly notes: readonly string[];
}

/** The number that is explained: a sum in closed form, or any function. */
interface Target {
  readonly score: ScoreForm | null;
  /** A linear score whose link it is; null where it is none. */
  readonly linked: { readonly score: ScoreForm; readonly link: Link } | null;
  readonly evaluate: (row: Float64Array) => number;
  /** Largest weight that adds to it: the scale of rounding. */
  readonly scale: number;
}

function refuse(message: string, at: string): AvicennaError {
  return new AvicennaError('METHOD_NOT_AVAILABLE', message, at);
}

/** The class or target asked for, as an index into the model's numbers. */
function indexOf({ classIndex, model }: GraphQuestion, count: number): number {
  const what = model.classifier ? 'class' : 'output';
  if (classIndex !== null) {
    if (classIndex < count) return classIndex;
    throw new AvicennaError('BAD_USER_INPUT', `There is no ${what} ${classIndex}: the model has 0 to ${count - 1}.`, '--class');
  }
  if (count === 1) return 0;
  if (count === 2 && model.classifier) return 1;
  throw new AvicennaError(
    'BAD_USER_INPUT',
    `The model has ${count} ${model.classifier ? 'classes' : 'outputs'}: name one, 0 to ${count - 1}.`,
    '--class',
  );
}

function largestWeight({ constant, forests }: ScoreForm): number {
  let largest = Math.abs(constant);
  for (const { forest, weight } of forests)
    for (const leaf of forest.ensemble.leafWeight) largest = Math.max(largest, Math.abs(leaf * weight));
  return largest;
}

function linkedOf({ raw, link }: GraphModel, index: number): Target['linked'] {
  const score = raw?.[index];
  return link && score && score.forests.length === 0 ? { score, link } : null;
}

function targetOf(question: GraphQuestion): Target {
  const { model, output } = question;
  const asScore = (scores: readonly ScoreForm[]): Target => {
    const score = scores[indexOf(question, scores.length)] as ScoreForm;
    return { score, linked: null, evaluate: (row) => scoreOf(score, row), scale: largestWeight(score) };
  };
  // A classifier's raw is its margin, as is a model's before its post_transform; what operators make of a sum is the output itself.
  if (output === 'raw' && model.raw && (model.classifier || model.rawIsServed || model.transformed)) return asScore(model.raw);
  if (output === 'raw' && model.classifier)
    throw refuse('A network that classifies answers probabilities and has no raw score: ask for --output probability.', '--output');
  if (output === 'probability' && !model.classifier && !model.probability)
    throw refuse('The model is no classifier: it answers a number, not a probability.', '--output');
  if (model.raw && model.rawIsServed) return asScore(model.raw);
  const index = indexOf(question, model.outputs);
  return { score: null, linked: linkedOf(model, index), evaluate: (row) => model.evaluate(row)[index] as number, scale: 1 };
}

/** The way that answers a method; throws where none does. */
function wayOf({ method, interactions, model }: GraphQuestion, target: Target): GameName | 'linked' | 'exact' | 'permutation' {
  const { score, linked } = target;
  if (method === 'path-dependent') {
    if (score && score.terms.length === 0 && score.forests.length > 0) return 'path-dependent';
    throw refuse("'path-dependent' is a game of trees on their raw score: the number asked for is not a sum of trees.", '--method');
  }
  if (method === 'linear') {
    if (score && score.forests.length === 0) return 'interventional';
    throw refuse("'linear' explains sums of functions of single columns: the number asked for is not one.", '--method');
  }
  if (method === 'exact' || method === 'permutation') return method;
  if (score) return 'interventional';
  if (linked && !interactions) return 'linked';
  return method === 'auto' && model.width > 12 ? 'permutation' : 'exact';
}

/** The model's answers, read node by node. Refuses a row that it answers no number for: nothing can be said of it. */
function answersFor(rows: readonly Float64Array[], places: readonly string[], { evaluate }: Target): Float64Array {
  const answers = Float64Array.from(rows, evaluate);
  const wrong = answers.findIndex((answer) => !Number.isFinite(answer));
  if (wrong < 0) return answers;
  const missing = rows[wrong]?.some(Number.isNaN) ? ': it has missing values that the model makes nothing of' : '';
  throw new AvicennaError('ROWS_INVALID', `The model answers no number for this row${missing}.`, places[wrong]);
}

const PAIRS = 16;
const SEED = 20_250_601;

/** Every column is a player of its own. */
const columnPlayers = ({ width }: GraphModel) => Array.from({ length: width }, (_, column) => [column]);

async function enumerated(question: GraphQuestion, target: Target): Promise<Game[]> {
  const { model, rows, background, interactions } = question;
  const players = columnPlayers(model);
  const flat = new Float64Array(background.length * model.width);
  for (const [index, row] of background.entries()) flat.set(row, index * model.width);
  const games: Game[] = [];
  for (const row of rows) {
    const [game] = await enumerateGames({
      players,
      row,
      background: flat,
      allocate: (length) => new Float64Array(length),
      score: (columns, count) => [
        Float64Array.from({ length: count }, (_, at) => target.evaluate(columns.subarray(at * model.width, (at + 1) * model.width))),
      ],
      interactions,
    });
    if (game) games.push(game);
  }
  return games;
}

function tableNote({ trees, withoutTables }: ScoreGame, limit: number): string[] {
  if (withoutTables === 0) return [];
  return [
    `${withoutTables} of ${trees} trees were explained without tables, as exactly and more slowly: they are deeper than tables go, or theirs would not fit into ${Math.round(limit / 2 ** 20)} MB.`,
  ];
}

async function play(question: GraphQuestion, target: Target): Promise<Omit<GraphAnswer, 'residual'>> {
  const { model, rows, background, interactions, tableLimit } = question;
  const way = wayOf(question, target);
  if (way === 'permutation') {
    if (interactions) throw refuse('Interactions are not estimated by sampling.', '--interactions');
    const games = rows.map((row) =>
      sampleGame({ players: columnPlayers(model), row, background, score: target.evaluate, pairs: PAIRS, seed: SEED }),
    );
    const notes = [`Values are estimated from ${2 * PAIRS} orders of the columns for each background row (seed ${SEED}).`];
    return { games, standardErrors: games.map(({ standardErrors }) => standardErrors), notes };
  }
  const players = { background, players: model.width, playerOf: (column: number) => column };
  if (way === 'linked' && target.linked) {
    const { score, link } = target.linked;
    return { games: linkedLinearGames(score, link, players, rows), standardErrors: null, notes: [] };
  }
  if (way === 'exact' || way === 'linked' || target.score === null)
    return { games: await enumerated(question, target), standardErrors: null, notes: [] };
  const game = scoreGame(target.score, { game: way, ...players, tableLimit });
  return { games: game.play(rows, interactions), standardErrors: null, notes: tableNote(game, tableLimit) };
}

/**
 * One game per row.
 * @throws AvicennaError METHOD_NOT_AVAILABLE where the method cannot explain the number asked for, BAD_USER_INPUT where
 *   there is no such class, ROWS_INVALID where the model answers no number for a row, MODEL_INVALID where values do not add up
 */
export async function explainGraph(question: GraphQuestion): Promise<GraphAnswer> {
  const target = targetOf(question);
  const { rows, background, places } = question;
  answersFor(background, places.background, target);
  const answers = answersFor(rows, places.rows, target);
  const played = await play(question, target);
  // The games add up to the answer that they found on their own way; what counts is the answer read from the file.
  const answer = { ...played, games: played.games.map((game, row) => ({ ...game, full: answers[row] as number })) };
  const residuals = answer.games.map((game) => Math.abs(residualOf(game, target.scale)));
  return { ...answer, residual: residuals.reduce((a, b) => Math.max(a, b), 0) };
}
