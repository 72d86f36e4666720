/** A labelled table of one row an hour, answered by a model: what alerts are judged on. */
import { AvicennaError } from '../../errors.ts';
import { levelOf } from '../groupings.ts';
import type { PlacedRow } from '../placedRow.ts';
import { type Prediction, predictRows } from '../predict.ts';
import { readCheckedRows } from '../readCheckedRows.ts';
import type { LoadedModel } from '../registry.ts';
import type { RowReport } from '../rows.ts';
import { checkColumns, eventAt } from './readSample.ts';

export interface LabelledHour {
  /** By the table's clock. */
  readonly hour: number;
  /** The answer; null where the model abstained. */
  readonly value: number | null;
  readonly category: string | null;
  readonly event: boolean;
}

export interface LabelledPerson {
  readonly hours: readonly LabelledHour[];
  /** Level by grouping, in the order of the table's groupings. */
  readonly levels: readonly string[];
}

export interface LabelledTable {
  readonly people: readonly LabelledPerson[];
  /** The card's groupings of people; those that change from hour to hour are none. */
  readonly groupings: readonly string[];
  /** Rows that are left out: without a label or a time, or with one that cannot be read. */
  readonly unlabelled: number;
}

/** Rows as they come, by person. */
class People {
  readonly #people = new Map<string, { readonly hours: LabelledHour[]; readonly levels: readonly string[] }>();
  /** Places of the groupings in which somebody has two levels. */
  readonly #changing = new Set<number>();

  add(person: string, hour: LabelledHour, levels: readonly string[]): void {
    const known = this.#people.get(person) ?? { hours: [], levels };
    this.#people.set(person, known);
    known.hours.push(hour);
    for (const [place, level] of levels.entries()) if (level !== known.levels[place]) this.#changing.add(place);
  }

  table(groupings: readonly string[], unlabelled: number): LabelledTable {
    const stays = (_: string, place: number) => !this.#changing.has(place);
    const people = [...this.#people.values()].map(({ hours, levels }) => ({ hours, levels: levels.filter(stays) }));
    return { people, groupings: groupings.filter(stays), unlabelled };
  }
}

function askedOf({ card: { name, evaluation, history } }: LoadedModel) {
  const person = evaluation?.person;
  if (evaluation?.outcome.kind !== 'binary' || !history || !person)
    throw new AvicennaError(
      'BAD_USER_INPUT',
      `The card of '${name}' names no label by the hour that alerts could be held against.`,
      'model',
    );
  return { outcome: evaluation.outcome, groups: evaluation.groups, time: history.time, person };
}

/** @throws AvicennaError BAD_USER_INPUT where the model is not judged by the hour, ROWS_INVALID with the place */
export async function readLabelledHours(model: LoadedModel, file: string): Promise<LabelledTable> {
  const { outcome, groups, time, person } = askedOf(model);
  const inputs = model.card.inputs.map(({ name }) => name);
  const people = new People();
  let unlabelled = 0;
  const take = ({ cells = {}, wrongLength }: PlacedRow, answer: Prediction | undefined) => {
    const event = wrongLength === undefined ? eventAt(outcome, time, cells) : null;
    if (event === null) {
      unlabelled += 1;
      return;
    }
    const { value, category } = answer?.status === 'OK' ? answer : { value: null, category: null };
    const levels = groups.map((one) => levelOf(one, cells[one.column] ?? ''));
    people.add(cells[person] ?? '', { hour: event.hour, event: event.occurred, value, category }, levels);
  };
  const onHeader = ({ extra }: RowReport) => checkColumns(outcome, [...extra, ...inputs], file);
  for await (const batch of readCheckedRows(model.card, file, { onHeader, keepCells: true })) {
    const answers = await predictRows(
      model,
      batch.map(({ row }) => row),
    );
    for (const [index, one] of batch.entries()) take(one, answers[index]);
  }
  return people.table(
    groups.map(({ by }) => by),
    unlabelled,
  );
}
