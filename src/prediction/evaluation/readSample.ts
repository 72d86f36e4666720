/** A table of inputs and outcomes, answered by a model. */
import { AvicennaError } from '../../errors.ts';
import type { Grouping, Outcome } from '../card.ts';
import { type Answer, type Prediction, predictRows } from '../predict.ts';
import { type PlacedRow, readCheckedRows } from '../readCheckedRows.ts';
import type { LoadedModel } from '../registry.ts';
import { earningsOf } from './alertUtility.ts';
import type { Sample } from './sample.ts';

export interface JudgedTable {
  readonly sample: Sample;
  /** Level of each row by grouping, in the groupings' order. */
  readonly levels: readonly (readonly string[])[];
  /** Rows that the model did not answer, and rows without an outcome; neither is in the sample. */
  readonly abstained: number;
  readonly withoutOutcome: number;
}

interface Seen {
  readonly outcome: number;
  readonly time: number;
}

const NOT_RECORDED = 'not recorded';

/** The outcome of a row; null where it is not recorded. Throws ROWS_INVALID where it is not what the card says. */
function outcomeOf(outcome: Outcome, { at, cells }: PlacedRow): Seen | null {
  const cell = (name: string) => cells[name]?.trim() ?? '';
  const number = (name: string) => {
    const value = Number(cell(name));
    if (!Number.isFinite(value)) throw new AvicennaError('ROWS_INVALID', `${name}: expected a number`, at);
    return value;
  };
  const column = outcome.kind === 'survival' ? outcome.event : outcome.column;
  const text = cell(column);
  if (text === '' || text === 'NA' || (outcome.kind === 'survival' && cell(outcome.time) === '')) return null;
  if (outcome.kind === 'number') return { outcome: number(column), time: Number.NaN };
  return { outcome: outcome.occurred.includes(text) ? 1 : 0, time: outcome.kind === 'survival' ? number(outcome.time) : Number.NaN };
}

function levelOf({ column, bands, labels }: Grouping, { cells }: PlacedRow): string {
  const text = cells[column]?.trim() ?? '';
  if (text === '' || text === 'NA') return NOT_RECORDED;
  if (!bands) return labels?.[text] ?? text;
  const value = Number(text);
  if (!Number.isFinite(value)) return NOT_RECORDED;
  const index = bands.findLastIndex((from) => value >= from);
  const [from, to] = [bands[index], bands[index + 1]];
  if (from === undefined) return `under ${bands[0]}`;
  return to === undefined ? `${from} and over` : `${from} to under ${to}`;
}

function checkColumns(outcome: Outcome, header: readonly string[], file: string): void {
  const needed = outcome.kind === 'survival' ? [outcome.time, outcome.event] : [outcome.column];
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw new AvicennaError('ROWS_INVALID', `The outcome is not in the table: expected the column ${missing.join(', ')}.`, `${file}:1`);
}

class Collected {
  readonly predicted: number[] = [];
  readonly outcome: number[] = [];
  readonly time: number[] = [];
  readonly inside: number[] = [];
  readonly person: number[] = [];
  readonly levels: string[][];
  readonly #people = new Map<string, number>();

  constructor(groupings: readonly Grouping[]) {
    this.levels = groupings.map(() => []);
  }

  add({ value, interval }: Answer, { outcome, time }: Seen, person: string, levels: readonly string[]): void {
    this.predicted.push(value);
    this.outcome.push(outcome);
    this.time.push(time);
    this.inside.push(interval ? Number(outcome >= interval.low && outcome <= interval.high) : Number.NaN);
    this.person.push(this.#personOf(person));
    for (const [at, level] of levels.entries()) this.levels[at]?.push(level);
  }

  #personOf(name: string): number {
    const known = this.#people.get(name) ?? this.#people.size;
    this.#people.set(name, known);
    return known;
  }

  table(abstained: number, withoutOutcome: number, byTheHour: boolean): JudgedTable {
    const sample: Sample = {
      predicted: Float64Array.from(this.predicted),
      outcome: Float64Array.from(this.outcome),
      time: Float64Array.from(this.time),
      inside: Float64Array.from(this.inside),
      person: Int32Array.from(this.person),
      people: this.#people.size,
    };
    return { sample: byTheHour ? { ...sample, earned: earningsOf(sample) } : sample, levels: this.levels, abstained, withoutOutcome };
  }
}

export interface SampleQuestion {
  readonly outcome: Outcome;
  /** Column that names the person of a row; without it each row is one. */
  readonly person?: string | null | undefined;
  readonly groups: readonly Grouping[];
}

/** @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place */
export async function readSample(model: LoadedModel, file: string, { outcome, person, groups }: SampleQuestion): Promise<JudgedTable> {
  const collected = new Collected(groups);
  const inputs = model.card.inputs.map(({ name }) => name);
  let [abstained, withoutOutcome, rows] = [0, 0, 0];
  const take = (one: PlacedRow, prediction: Prediction | undefined) => {
    rows += 1;
    if (prediction?.status !== 'OK') {
      abstained += 1;
      return;
    }
    const seen = outcomeOf(outcome, one);
    if (seen === null) withoutOutcome += 1;
    else {
      const levels = groups.map((grouping) => levelOf(grouping, one));
      collected.add(prediction, seen, person ? (one.cells[person] ?? '') : String(rows), levels);
    }
  };
  for await (const batch of readCheckedRows(model.card, file, ({ extra }) => checkColumns(outcome, [...extra, ...inputs], file))) {
    const checked = batch.map(({ row }) => row);
    const predictions = await predictRows(model, checked);
    for (const [index, one] of batch.entries()) take(one, predictions[index]);
  }
  return collected.table(abstained, withoutOutcome, outcome.kind === 'binary' && outcome.score === 'alertUtility');
}
