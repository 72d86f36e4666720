/** A model on a table of inputs and recorded outcomes. */
import { AvicennaError } from '../../errors.ts';
import type { LoadedModel } from '../registry.ts';
import { type DecisionPoint, decisionCurveOf, type Judgement, judge, SMALLEST_CELL } from './judge.ts';
import { readSample } from './readSample.ts';
import { Draws } from './sample.ts';

export interface Evaluation extends Judgement {
  readonly people: number;
  readonly rows: number;
  readonly abstained: number;
  readonly withoutOutcome: number;
  /** Rows whose outcome is none of the texts that the card knows, and the place of the first. */
  readonly unreadable: { readonly rows: number; readonly first: string | null };
  readonly decisionCurve: readonly DecisionPoint[];
}

export interface EvaluationOptions {
  readonly draws: number;
  readonly seed: number;
}

/**
 * Evaluates a model by the outcomes that its card names.
 * @throws AvicennaError BAD_USER_INPUT where the card names none, ROWS_INVALID where the table has none or too few
 */
export async function evaluate(model: LoadedModel, file: string, options: EvaluationOptions): Promise<Evaluation> {
  const { evaluation } = model.card;
  if (!evaluation)
    throw new AvicennaError(
      'BAD_USER_INPUT',
      `The card of '${model.card.name}' names no outcome that rows could be held against.`,
      'model',
    );
  const table = await readSample(model, file, evaluation);
  const { sample } = table;
  if (sample.people < SMALLEST_CELL)
    throw new AvicennaError(
      'ROWS_INVALID',
      `${sample.people} people have an answer and an outcome: fewer than ${SMALLEST_CELL} are not shown.`,
      file,
    );
  const draws = new Draws(sample.people, options.draws, options.seed);
  const levels = evaluation.groups.map(({ by }, index) => ({ by, levels: table.levels[index] ?? [] }));
  return {
    people: sample.people,
    rows: sample.predicted.length,
    abstained: table.abstained,
    withoutOutcome: table.withoutOutcome,
    unreadable: table.unreadable,
    ...judge(model.card, evaluation.outcome, sample, levels, draws),
    decisionCurve: decisionCurveOf(evaluation.outcome, sample, draws),
  };
}
