/**
 * The game of one raw score: a constant, functions of single columns, and trees. Shapley values of a sum are the sums of
 * the parts' values, so each part is played in its own closed form and nothing is sampled.
 */
import { type Ensemble, ensembleScores } from '../onnx/ensemble.ts';
import type { ScoreForm } from '../onnx/forms.ts';
import { type Covers, expectedScore } from './covers.ts';
import { fillDiagonal, type Game } from './enumeration.ts';
import { type ForestGame, pathDependentForest } from './forestGame.ts';
import { interventionalForest } from './interventionalForest.ts';
import { forestRow, fullRoom, unfold } from './unfold.ts';

export type GameName = 'interventional' | 'path-dependent';

export interface ScoreGame {
  /** v of nobody: the mean score over the background, or by the covers. */
  readonly base: number;
  /** Trees that are explained without tables, because the tables would not fit into the limit; and all trees. */
  readonly withoutTables: number;
  readonly trees: number;
  /** The games of some rows, with their interactions where they are asked for. */
  play(rows: readonly Float64Array[], interactions: boolean): Game[];
}

export interface ScoreSetting {
  readonly game: GameName;
  /** Rows of the input, rounded as the model takes them. */
  readonly background: readonly Float64Array[];
  readonly players: number;
  /** Player of each column of the input. */
  readonly playerOf: (column: number) => number;
  /** Bytes that the tables of the interventional game may take. */
  readonly tableLimit: number;
  /** Of the path-dependent game: how rows go through each ensemble; counted on the background where left out. */
  readonly covers?: ReadonlyMap<Ensemble, Covers> | undefined;
}

/** The score of a row of the input, in double precision. */
export function scoreOf(score: ScoreForm, row: Float64Array): number {
  let total = score.constant;
  for (const { column, weight } of score.terms) total += weight * column.exact(row[column.source] as number);
  for (const { forest, output, weight } of score.forests)
    total += weight * (ensembleScores(forest.ensemble, forestRow(forest, row))[output] as number);
  return total;
}

/** What the functions of single columns give: f(x) minus its mean over the background, exactly; returns the sum of f(x). */
function separable(score: ScoreForm, { background, playerOf }: ScoreSetting): (row: Float64Array, into: Float64Array) => number {
  const terms = score.terms.map(({ column, weight }) => {
    const mean = background.reduce((sum, row) => sum + column.exact(row[column.source] as number), 0) / background.length;
    return { column, weight, mean, player: playerOf(column.source) };
  });
  return (row, into) => {
    let answer = 0;
    for (const { column, weight, mean, player } of terms) {
      const value = column.exact(row[column.source] as number);
      into[player] = (into[player] as number) + weight * (value - mean);
      answer += weight * value;
    }
    return answer;
  };
}

/** v of nobody: by the covers where trees are explained by their own, else the mean over the background. */
function baseOf(score: ScoreForm, { background, covers }: ScoreSetting): number {
  if (!covers) return background.reduce((sum, row) => sum + scoreOf(score, row), 0) / background.length;
  const ofForests = score.forests.map(({ forest: { ensemble }, output, weight }) => {
    const own = covers.get(ensemble);
    return own ? weight * expectedScore(ensemble, own, output) : Number.NaN;
  });
  return ofForests.reduce((sum, one) => sum + one, score.constant);
}

/** The game, prepared once for a model and a background. */
export function scoreGame(score: ScoreForm, setting: ScoreSetting): ScoreGame {
  const { background, players, playerOf, covers } = setting;
  const base = baseOf(score, setting);
  const prepare = setting.game === 'interventional' ? interventionalForest : pathDependentForest;
  const room = { bytes: setting.tableLimit };
  const branches = fullRoom();
  const unfolded = score.forests.map(({ forest, output, weight }) => unfold(forest, output, weight, playerOf, branches));
  const forests: ForestGame[] = unfolded.map((forest) =>
    prepare(forest, { background, players, room, covers: covers?.get(forest.forest.ensemble) ?? null }),
  );
  const constant = unfolded.reduce((sum, forest) => sum + forest.constant, score.constant);
  const addTerms = separable(score, setting);
  const play = (rows: readonly Float64Array[], interactions: boolean): Game[] => {
    const values = rows.map(() => new Float64Array(players));
    const pairs = interactions ? rows.map(() => new Float64Array(players * players)) : null;
    const answers = Float64Array.from(rows, (row, index) => constant + addTerms(row, values[index] as Float64Array));
    for (const forest of forests) {
      forest.addValues(rows, values, answers);
      if (pairs) forest.addInteractions(rows, pairs);
    }
    return values.map((own, index) => {
      const matrix = pairs?.[index] ?? null;
      if (matrix) fillDiagonal(own, matrix);
      return { base, full: answers[index] as number, values: own, interactions: matrix };
    });
  };
  const sum = (count: (forest: ForestGame) => number) => forests.reduce((total, forest) => total + count(forest), 0);
  return { base, withoutTables: sum((one) => one.withoutTables), trees: sum((one) => one.trees), play };
}
