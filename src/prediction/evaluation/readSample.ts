/** A table of inputs and outcomes, answered by a model. */
import { AvicennaError } from '../../errors.ts';
import type { Grouping, Outcome } from '../card.ts';
import { levelOf, plainText } from '../groupings.ts';
import { isMissing, NUMBER } from '../inputs.ts';
import type { NamedCells as Cells, PlacedRow } from '../placedRow.ts';
import { type Answer, type Prediction, predictRows } from '../predict.ts';
import { readCheckedRows } from '../readCheckedRows.ts';
import type { LoadedModel } from '../registry.ts';
import type { RowReport } from '../rows.ts';
import { earningsOf } from './alertUtility.ts';
import type { Sample } from './sample.ts';

export interface JudgedTable {
  readonly sample: Sample;
  /** Level of each row by grouping, in the groupings' order. */
  readonly levels: readonly (readonly string[])[];
  /** Rows that the model did not answer, rows without an outcome, and rows whose outcome cannot be read; the first `file:line` of these. */
  readonly abstained: number;
  readonly withoutOutcome: number;
  readonly unreadable: { readonly rows: number; readonly first: string | null };
}

interface Seen {
  readonly outcome: number;
  readonly time: number;
}

const UNREADABLE = 'unreadable';

/** 1 or 0 by the card's texts; null for another text. */
function eventIn(
  text: string,
  { occurred, absent }: { readonly occurred: readonly string[]; readonly absent: readonly string[] },
): number | null {
  if (occurred.includes(text)) return 1;
  return absent.includes(text) ? 0 : null;
}

/** A finite number; NaN of any other text. */
function numberIn(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** A measured truth; NaN where it is none that can be. */
function measured(text: string, { min, max }: Extract<Outcome, { kind: 'number' }>): number {
  const value = numberIn(text);
  return value < (min ?? value) || value > (max ?? value) ? Number.NaN : value;
}

/** The outcome of a row; null where it is not recorded. */
function outcomeOf(outcome: Outcome, hour: string | null, cells: Cells): Seen | typeof UNREADABLE | null {
  const isSurvival = outcome.kind === 'survival';
  const text = plainText(cells[isSurvival ? outcome.event : outcome.column] ?? '');
  const clock = plainText(cells[isSurvival ? outcome.time : (hour ?? '')] ?? '');
  if (isMissing(text) || (isSurvival && isMissing(clock))) return null;
  const time = numberIn(clock);
  if (isSurvival && !(time >= 0)) return UNREADABLE;
  const seen = outcome.kind === 'number' ? measured(text, outcome) : eventIn(text, outcome);
  return seen === null || Number.isNaN(seen) ? UNREADABLE : { outcome: seen, time };
}

/** Whether the event is there in a row, and its hour; null where either is not recorded or cannot be read. */
export function eventAt(outcome: Outcome, clock: string, cells: Cells): { readonly hour: number; readonly occurred: boolean } | null {
  const seen = outcomeOf(outcome, clock, cells);
  if (seen === null || seen === UNREADABLE || Number.isNaN(seen.time)) return null;
  return { hour: seen.time, occurred: seen.outcome === 1 };
}

/** The answer as the outcome is judged by: a probability of the event where the answer is the share that is spared it. */
const predictedBy = ({ value }: Answer, outcome: Outcome) =>
  outcome.kind === 'survival' && outcome.says === 'percentWithoutEvent' ? 1 - value / 100 : value;

/** Throws ROWS_INVALID where the outcome's columns are not in the table. */
export function checkColumns(outcome: Outcome, header: readonly string[], file: string): void {
  const needed = outcome.kind === 'survival' ? [outcome.time, outcome.event] : [outcome.column];
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new AvicennaError('ROWS_INVALID', `The outcome is not in the table: expected the column ${missing.join(', ')}.`, `${file}:1`);
}

/** Rows as they come, in lists that grow. */
class Collected {
  readonly #predicted: number[] = [];
  readonly #outcome: number[] = [];
  readonly #time: number[] = [];
  readonly #inside: number[] = [];
  readonly #answered: number[] = [];
  readonly #person: number[] = [];
  readonly #levels: string[][];
  readonly #people = new Map<string, number>();

  constructor(groupings: readonly Grouping[]) {
    this.#levels = groupings.map(() => []);
  }

  /** `answer` is null where the model abstained; `predicted` is what it says of the outcome. */
  add(answer: Answer | null, predicted: number, { outcome, time }: Seen, person: string, levels: readonly string[]): void {
    const interval = answer?.interval ?? null;
    this.#predicted.push(predicted);
    this.#answered.push(answer ? 1 : 0);
    this.#outcome.push(outcome);
    this.#time.push(time);
    this.#inside.push(interval ? Number(outcome >= interval.low && outcome <= interval.high) : Number.NaN);
    this.#person.push(this.#personOf(person));
    for (const [at, level] of levels.entries()) this.#levels[at]?.push(level);
  }

  #personOf(name: string): number {
    const known = this.#people.get(name) ?? this.#people.size;
    this.#people.set(name, known);
    return known;
  }

  get levels(): readonly (readonly string[])[] {
    return this.#levels;
  }

  sample(byTheHour: boolean): Sample {
    const sample: Sample = {
      predicted: Float64Array.from(this.#predicted),
      outcome: Float64Array.from(this.#outcome),
      time: Float64Array.from(this.#time),
      inside: Float64Array.from(this.#inside),
      person: Int32Array.from(this.#person),
      people: this.#people.size,
    };
    if (!byTheHour) return sample;
    const silent = this.#answered.includes(0);
    return { ...sample, ...(silent && { answered: Float64Array.from(this.#answered) }), earned: earningsOf(sample) };
  }
}

export interface SampleQuestion {
  readonly outcome: Outcome;
  /** Column that names the person of a row; without it each row is one. */
  readonly person?: string | null | undefined;
  readonly groups: readonly Grouping[];
}

interface Counts {
  rows: number;
  abstained: number;
  withoutOutcome: number;
  readonly unreadable: { rows: number; first: string | null };
}

/** Counts a row that is left out, and says whether it is. An abstention is silence where alerts by the hour are judged. */
function leftOut(counts: Counts, at: string, seen: Seen | typeof UNREADABLE | null, answered: boolean, silenceCounts: boolean): boolean {
  if (seen === UNREADABLE) {
    counts.unreadable.rows += 1;
    counts.unreadable.first ??= at;
    return true;
  }
  if (!answered) counts.abstained += 1;
  else if (seen === null) counts.withoutOutcome += 1;
  return seen === null || !(answered || silenceCounts);
}

/** @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place */
export async function readSample(model: LoadedModel, file: string, { outcome, person, groups }: SampleQuestion): Promise<JudgedTable> {
  const collected = new Collected(groups);
  const byTheHour = outcome.kind === 'binary' && outcome.score === 'alertUtility';
  const inputs = model.card.inputs.map(({ name }) => name);
  const hour = model.card.history?.time ?? null;
  const counts: Counts = { rows: 0, abstained: 0, withoutOutcome: 0, unreadable: { rows: 0, first: null } };
  const take = ({ at, cells = {}, wrongLength }: PlacedRow, prediction: Prediction | undefined) => {
    counts.rows += 1;
    const answer = prediction?.status === 'OK' ? prediction : null;
    const seen = wrongLength === undefined ? outcomeOf(outcome, hour, cells) : UNREADABLE;
    if (leftOut(counts, at, seen, answer !== null, byTheHour)) return;
    const levels = groups.map((grouping) => levelOf(grouping, cells[grouping.column] ?? ''));
    collected.add(
      answer,
      answer ? predictedBy(answer, outcome) : 0,
      seen as Seen,
      person ? (cells[person] ?? '') : String(counts.rows),
      levels,
    );
  };
  const onHeader = ({ extra }: RowReport) => checkColumns(outcome, [...extra, ...inputs], file);
  for await (const batch of readCheckedRows(model.card, file, { onHeader, keepCells: true })) {
    const checked = batch.map(({ row }) => row);
    const predictions = await predictRows(model, checked);
    for (const [index, one] of batch.entries()) take(one, predictions[index]);
  }
  const { abstained, withoutOutcome, unreadable } = counts;
  return { sample: collected.sample(byTheHour), levels: collected.levels, abstained, withoutOutcome, unreadable };
}
