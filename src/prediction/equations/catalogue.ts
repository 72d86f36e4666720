/** The equations that a card may name. */
import { setImmediate } from 'node:timers/promises';
import { AvicennaError } from '../../errors.ts';
import type { ModelCard } from '../card.ts';
import { NOTHING_MORE, type Scorer } from '../scorer.ts';
import { ckdEpi2021 } from './ckdEpi2021.ts';
import { type Equation, type EquationRow, equationDigest } from './equation.ts';
import { news2 } from './news2.ts';
import { predictBreast } from './predictBreast.ts';
import { prevent } from './prevent.ts';
import { thomson2009 } from './thomson2009.ts';

export const EQUATIONS: readonly Equation[] = [ckdEpi2021, news2, predictBreast, prevent, thomson2009];

/**
 * The equation of a card, checked against it: same columns, same digest.
 * @throws AvicennaError MODEL_INVALID or MODEL_DIGEST_MISMATCH
 */
export function equationOf(card: ModelCard, name: string, at: string): Equation {
  const equation = EQUATIONS.find((one) => one.name === name);
  if (!equation)
    throw new AvicennaError(
      'MODEL_INVALID',
      `There is no equation '${name}'; there are: ${EQUATIONS.map((one) => one.name).join(', ')}.`,
      at,
    );
  const digest = equationDigest(equation);
  if (digest !== card.artifact.sha256)
    throw new AvicennaError(
      'MODEL_DIGEST_MISMATCH',
      `The equation has SHA-256 ${digest}, the card says ${card.artifact.sha256.slice(0, 12)}...; it is not loaded.`,
      at,
    );
  const given = card.columns.map((column) => column.name);
  const missing = equation.columns.filter((column) => !given.includes(column));
  if (missing.length > 0 || given.length !== equation.columns.length)
    throw new AvicennaError(
      'MODEL_INVALID',
      `The equation takes the columns ${equation.columns.join(', ')}; the card has ${given.join(', ')}.`,
      at,
    );
  return equation;
}

/** Rows after which others get their turn: some milliseconds of the slowest equation. */
const AT_ONCE = 512;

/** An equation behind the port of everything that scores. */
export function equationScorer(card: ModelCard, equation: Equation): Scorer {
  const names = card.columns.map(({ name }) => name);
  const rowAt = (columns: Float64Array, row: number): EquationRow =>
    Object.fromEntries(names.map((name, index) => [name, columns[row * names.length + index] as number]));
  return {
    score: async (columns, rows) => {
      const margin = new Float64Array(rows);
      const value = new Float64Array(rows);
      const spread = new Float64Array(rows).fill(Number.NaN);
      for (let row = 0; row < rows; row += 1) {
        if (row % AT_ONCE === AT_ONCE - 1) await setImmediate();
        const answer = equation.answer(rowAt(columns, row));
        margin[row] = answer.margin;
        value[row] = answer.value;
        if (answer.spread !== undefined) spread[row] = answer.spread;
      }
      return { margin, value, ...(card.interval?.from === 'spread' && { spread }) };
    },
    detail: (columns) => ({ ...NOTHING_MORE, ...equation.detail?.(rowAt(columns, 0)) }),
    check: async () => undefined,
  };
}
