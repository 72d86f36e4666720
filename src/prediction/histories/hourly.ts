/**
 * Columns from one row an hour: `take` a statistic `of` an input or a derived series over the last `hours`. An hour without a
 * row has nothing measured; a row sees only itself and the rows before it.
 */
import type { ModelCard } from '../card.ts';
import type { CheckedRow } from '../inputs.ts';
import type { HistoryEncoder } from './encoder.ts';
import { DERIVED, type Hours } from './series.ts';
import { last, STATISTICS, type Statistic } from './statistics.ts';

/** Hours of one subject beyond which no more rows are taken: 26 weeks. */
const MAX_HOURS = 4_368;

interface HistoryColumn {
  readonly index: number;
  /** Name of the series; null for the number of hours before. */
  readonly of: string | null;
  readonly take: Statistic;
  readonly hours: number | null;
}

function compile({ inputs, columns }: ModelCard): HistoryColumn[] {
  const names = new Set(inputs.map(({ name }) => name));
  return columns.flatMap((column, index): HistoryColumn[] => {
    if (column.encode !== 'history') return [];
    if (column.take === 'rows') return [{ index, of: null, take: (values) => values, hours: null }];
    const take = STATISTICS[column.take];
    if (!take)
      throw new Error(`column '${column.name}' takes '${column.take}', expected rows or one of ${Object.keys(STATISTICS).join(', ')}`);
    const of = column.of ?? '';
    const reads = names.has(of) ? [of] : DERIVED[of]?.reads;
    const absent = reads === undefined ? of : reads.find((input) => !names.has(input));
    if (absent !== undefined)
      throw new Error(`column '${column.name}' is made of '${absent}', which is neither an input nor a known series`);
    return [{ index, of, take, hours: column.hours ?? null }];
  });
}

const UNKNOWN = Number.NaN;

/** The rows that are placed in an hour, and the hours without gaps that they make. */
class Timeline implements Hours {
  readonly length: number;
  readonly #rows: readonly (CheckedRow | undefined)[];
  readonly #made = new Map<string, Float64Array>();

  constructor(rows: readonly (CheckedRow | undefined)[]) {
    this.#rows = rows;
    this.length = rows.length;
  }

  #once(key: string, make: () => Float64Array): Float64Array {
    const values = this.#made.get(key) ?? make();
    this.#made.set(key, values);
    return values;
  }

  recorded(input: string): Float64Array {
    return this.#once(`recorded ${input}`, () =>
      Float64Array.from({ length: this.length }, (_, hour) => (this.#rows[hour]?.raw[input] ?? UNKNOWN) as number),
    );
  }

  lastKnown(input: string): Float64Array {
    return this.#once(`last ${input}`, () => last(this.recorded(input), null));
  }

  series(name: string | null): Float64Array {
    if (name === null) return Float64Array.from({ length: this.length }, (_, hour) => hour);
    const derived = DERIVED[name];
    return derived ? this.#once(`derived ${name}`, () => derived.of(this)) : this.recorded(name);
  }
}

/** Where each row stands in hours after the first usable one, or what is wrong with its time. */
function place(rows: readonly CheckedRow[], time: string): (number | string)[] {
  let start: number | null = null;
  let latest = -1;
  return rows.map(({ raw, problems }) => {
    if (problems.length > 0) return '';
    const hour = Number(raw[time]);
    start ??= hour;
    const at = hour - start;
    if (!Number.isInteger(at)) return `${time}: not a whole number of hours after the subject's first row`;
    if (at <= latest) return `${time}: not after the row before`;
    if (at >= MAX_HOURS) return `${time}: more than ${MAX_HOURS} hours after the subject's first row`;
    latest = at;
    return at;
  });
}

export class HourlyEncoder implements HistoryEncoder {
  readonly needsAllRows = false;
  readonly #columns: readonly HistoryColumn[];
  readonly #time: string;

  constructor(card: ModelCard, { time }: NonNullable<ModelCard['history']>) {
    this.#columns = compile(card);
    this.#time = time;
  }

  encode(rows: readonly CheckedRow[]): CheckedRow[] {
    const places = place(rows, this.#time);
    const latest = places.reduce<number>((before, at) => (typeof at === 'number' ? at : before), -1);
    const hours: (CheckedRow | undefined)[] = Array.from({ length: latest + 1 });
    for (const [index, at] of places.entries()) if (typeof at === 'number') hours[at] = rows[index];
    const timeline = new Timeline(hours);
    const made = this.#columns.map(({ index, of, take, hours: back }) => ({ index, values: take(timeline.series(of), back) }));
    let refused = 0;
    return rows.map((row, index) => {
      const at = places[index];
      if (typeof at !== 'number') {
        refused += 1;
        return at ? { ...row, problems: [...row.problems, at] } : row;
      }
      const columns = row.columns.slice();
      for (const { index: column, values } of made) columns[column] = values[at] as number;
      const left = refused === 0 ? [] : [`${refused} earlier ${refused === 1 ? 'row' : 'rows'} of this subject could not be used`];
      return { ...row, columns, warnings: [...row.warnings, ...left] };
    });
  }
}
