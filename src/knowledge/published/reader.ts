/** What a reader of one publisher's format is: the header that tells it apart, and what a row of it says. */
import { AvicennaError } from '../../errors.ts';
import type { Fact, Term, Thing } from './fact.ts';

/** Takes what a row says; all of it is under the row's licence. */
export interface Sink {
  thing(thing: Thing): void;
  term(term: Term): void;
  fact(fact: Omit<Fact, 'licence'>): void;
}

export interface Reader {
  /** Unique; what a manifest and a report call it. */
  readonly name: string;
  /** For a person: what it is and whose. */
  readonly title: string;
  /** Of a row that names none in a column `licence` or `licences`; empty where every row must. */
  readonly licence: string;
  /** All of these columns make a table one of this reader's. */
  readonly columns: readonly string[];
  /** Where several tables have the same header: the beginnings of the names that this reader's have, with a dot or an end after them. */
  readonly files?: readonly string[];
  row(row: PublishedRow, sink: Sink): void;
}

/** One row of a table, with checks that say where it stands. */
export class PublishedRow {
  readonly at: string;
  readonly #places: ReadonlyMap<string, number>;
  readonly #cells: readonly string[];

  constructor(at: string, places: ReadonlyMap<string, number>, cells: readonly string[]) {
    this.at = at;
    this.#places = places;
    this.#cells = cells;
  }

  wrong(column: string, expected: string): AvicennaError {
    return new AvicennaError('TABLE_INVALID', `'${this.text(column).slice(0, 80)}' in '${column}': expected ${expected}.`, this.at);
  }

  /** Empty where the column is empty or not there. */
  text(column: string): string {
    return this.#cells[this.#places.get(column) ?? -1]?.trim() ?? '';
  }

  required(column: string): string {
    const value = this.text(column);
    if (value === '') throw new AvicennaError('TABLE_INVALID', `'${column}' is empty.`, this.at);
    return value;
  }

  matching(column: string, pattern: RegExp, expected: string): string {
    const value = this.text(column);
    if (!pattern.test(value)) throw this.wrong(column, expected);
    return value;
  }

  oneOf<T extends string>(column: string, values: readonly T[]): T {
    const value = this.text(column);
    const known = values.find((candidate) => candidate === value);
    if (known === undefined) throw this.wrong(column, `one of ${values.join(', ')}`);
    return known;
  }

  /** Parts that are not empty. */
  list(column: string, separator: string | RegExp): string[] {
    return this.text(column)
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  number(column: string): string {
    return this.matching(column, /^\d+$/, 'a number');
  }

  /** Parts that are all whole numbers. */
  numbers(column: string, separator: string, expected: string): string[] {
    const parts = this.list(column, separator);
    if (!parts.every((part) => /^\d+$/.test(part))) throw this.wrong(column, expected);
    return parts;
  }

  /** The parts of a list as Python prints it: `['a', 'b']`. */
  quoted(column: string): string[] {
    return [...this.text(column).matchAll(/'([^']+)'/g)].map(([, part]) => part as string);
  }

  numberOrNull(column: string): number | null {
    const value = this.text(column);
    if (value === '') return null;
    const number = Number(value);
    if (!Number.isFinite(number)) throw this.wrong(column, 'a number');
    return number;
  }

  /** The ISO date at the start of the cell; undefined where it is empty. */
  date(column: string): string | undefined {
    const value = this.text(column);
    if (value === '') return undefined;
    const date = /^\d{4}-\d{2}-\d{2}/.exec(value)?.[0];
    if (date === undefined || Number.isNaN(Date.parse(date))) throw this.wrong(column, 'a date');
    return date;
  }

  doid(column: string): string {
    return this.matching(column, /^DOID:\d+$/, 'a DOID as DOID:1612');
  }

  mondo(column: string): string {
    return this.matching(column, /^MONDO:\d{7}$/, 'a MONDO id as MONDO:0004992');
  }

  drugbank(column: string): string {
    return this.matching(column, /^DB\d{5}$/, 'a DrugBank id as DB00945');
  }

  entrez(column: string): string {
    return this.matching(column, /^\d+$/, 'an Entrez gene id');
  }
}

/** The cells of a row that have something in them, by the names that details have. */
export function detailsOf(
  members: Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>,
): Record<string, string | number | boolean | readonly string[]> {
  return Object.fromEntries(
    Object.entries(members).filter(
      (entry): entry is [string, string | number | boolean | readonly string[]] =>
        entry[1] !== undefined && entry[1] !== null && entry[1] !== '' && !(Array.isArray(entry[1]) && entry[1].length === 0),
    ),
  );
}
