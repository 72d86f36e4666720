/**
 * Shapley values of a link of a linear score, g(c + sum of f_i), for any number of players: interventional, in closed form. With
 * d_i = f_i(x) - f_i(b) and m(b) the score of a background row b,
 * - square: (m(b) + sum of d_i over S)^2 gives player i d_i (m(b) + m(x));
 * - exp: e^m(b) times the product of e^d_i over S gives (e^d_i - 1) e^m(b) times the integral over t from 0 to 1 of the product of
 *   (1 - t + t e^d_j) over the others, a polynomial that Gauss-Legendre quadrature integrates exactly.
 */
import type { ScoreForm } from '../onnx/forms.ts';
import type { Game } from './enumeration.ts';
import { gaussLegendre } from './quadrature.ts';

export type Link = 'square' | 'exp';

const LINKS: Readonly<Record<Link, (score: number) => number>> = { square: (score) => score * score, exp: Math.exp };

/** A row's part of the score by player, and all of it. */
interface Parts {
  readonly own: Float64Array;
  readonly score: number;
}

/** Adds each player's share of one background row, `factor` times. */
type Shares = (differences: Float64Array, at: Parts, from: Parts, factor: number, into: Float64Array) => void;

const ofSquare: Shares = (differences, at, from, factor, into) => {
  for (const [player, difference] of differences.entries())
    into[player] = (into[player] as number) + factor * difference * (from.score + at.score);
};

const ofExp: Shares = (differences, _at, from, factor, into) => {
  const active = [...differences.keys()].filter((player) => differences[player] !== 0);
  const { point, weight } = gaussLegendre(Math.max(1, Math.ceil(active.length / 2)));
  const ratios = active.map((player) => Math.exp(differences[player] as number));
  const integrals = new Float64Array(active.length);
  for (const [node, t] of point.entries()) {
    const factors = ratios.map((ratio) => 1 - t + t * ratio);
    const product = factors.reduce((total, one) => total * one, weight[node] as number);
    for (const [index, one] of factors.entries()) integrals[index] = (integrals[index] as number) + product / one;
  }
  const scale = factor * Math.exp(from.score);
  for (const [index, player] of active.entries())
    into[player] = (into[player] as number) + scale * Math.expm1(differences[player] as number) * (integrals[index] as number);
};

const SHARES: Readonly<Record<Link, Shares>> = { square: ofSquare, exp: ofExp };

export interface LinkedSetting {
  readonly background: readonly Float64Array[];
  readonly players: number;
  readonly playerOf: (column: number) => number;
}

/** The games of some rows. `score` has no trees. */
export function linkedLinearGames(score: ScoreForm, link: Link, setting: LinkedSetting, rows: readonly Float64Array[]): Game[] {
  const { background, players, playerOf } = setting;
  const partsOf = (row: Float64Array): Parts => {
    const own = new Float64Array(players);
    for (const { column, weight } of score.terms) {
      const player = playerOf(column.source);
      own[player] = (own[player] as number) + weight * column.exact(row[column.source] as number);
    }
    return { own, score: own.reduce((sum, part) => sum + part, score.constant) };
  };
  const apply = LINKS[link];
  const reference = background.map(partsOf);
  const base = reference.reduce((sum, { score: one }) => sum + apply(one), 0) / reference.length;
  return rows.map((row) => {
    const at = partsOf(row);
    const values = new Float64Array(players);
    for (const from of reference) {
      const differences = at.own.map((part, player) => part - (from.own[player] as number));
      SHARES[link](differences, at, from, 1 / reference.length, values);
    }
    return { base, full: apply(at.score), values, interactions: null };
  });
}
