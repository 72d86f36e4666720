/** A model on a table of inputs and recorded outcomes. */
import { AvicennaError } from '../../errors.ts';
import type { Outcome } from '../card.ts';
import type { LoadedModel } from '../registry.ts';
import { cellOf, type DecisionPoint, decisionCurveOf, type Judgement, judge, SMALLEST_CELL } from './judge.ts';
import { type JudgedTable, readSample } from './readSample.ts';
import { Draws, type Sample } from './sample.ts';

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

/** Why a sample is too small to be shown; null where it is not. */
function tooFew(outcome: Outcome, sample: Sample): string | null {
  if (sample.people < SMALLEST_CELL) return `Fewer than ${SMALLEST_CELL} people have an answer and an outcome: nothing is shown of so few.`;
  if (cellOf(outcome, sample, sample.person.keys()) >= SMALLEST_CELL) return null;
  return `Fewer than ${SMALLEST_CELL} people had the event, or all but fewer than ${SMALLEST_CELL}: nothing is shown of so few.`;
}

/** Of rows that were left out because nobody can read their outcome. */
export const unknownOutcomeText = (first: string | null) => `have an outcome that the card does not know (the first at ${first})`;

/** What the outcome should have said, where rows were left out because nobody can read theirs. */
function expectedOutcomeText(outcome: Outcome, { rows, first }: JudgedTable['unreadable']): string {
  if (rows === 0) return '';
  const expected = outcome.kind === 'number' ? 'a number' : `one of ${[...outcome.occurred, ...outcome.absent].join(', ')}`;
  return ` ${rows} rows ${unknownOutcomeText(first)}: expected ${expected}.`;
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
  const refused = tooFew(evaluation.outcome, sample);
  if (refused) throw new AvicennaError('ROWS_INVALID', `${refused}${expectedOutcomeText(evaluation.outcome, table.unreadable)}`, file);
  const draws = new Draws(sample.people, options.draws, options.seed);
  const levels = evaluation.groups.map(({ by }, index) => ({ by, levels: table.levels[index] ?? [] }));
  return {
    people: sample.people,
    rows: sample.predicted.length,
    abstained: table.abstained,
    withoutOutcome: table.withoutOutcome,
    unreadable: table.unreadable,
    ...judge(model.card, evaluation.outcome, sample, levels, draws),
    decisionCurve: decisionCurveOf(model.card, evaluation.outcome, sample, draws),
  };
}
