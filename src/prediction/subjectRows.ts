/** Rows of a table by the subject that they are of, for a model that reads a subject's rows together. */
import { AvicennaError } from '../errors.ts';
import type { ModelCard } from './card.ts';
import type { HistoryEncoder } from './histories/encoder.ts';
import { isMissing } from './inputs.ts';
import type { PlacedRow } from './placedRow.ts';
import { readRows } from './rows.ts';

/** Rows of one subject that are held together; a subject of more is not answered. */
export const MAX_SUBJECT_ROWS = 5_000;

/** Rows of a table that is held whole, because a subject's rows stand apart in it. */
export const MAX_TABLE_ROWS = 200_000;

export interface SubjectOrder {
  readonly rows: number;
  /** Where a subject's row stands apart from its others, as `file:line`; null where all stand together. */
  readonly apart: string | null;
  /** Subjects of more rows than are held. */
  readonly tooMany: ReadonlySet<string>;
}

/** How the subjects of a table stand in it. */
export async function subjectOrder(card: ModelCard, subject: string, file: string): Promise<SubjectOrder> {
  let place = -1;
  const counts = new Map<string, number>();
  let [rows, current, apart] = [0, '', null as string | null];
  const table = readRows(
    file,
    card.inputs.map(({ name }) => name),
    ({ header }) => {
      place = header.indexOf(subject);
    },
  );
  for await (const lines of table)
    for (const { at, cells, wrongLength } of lines) {
      rows += 1;
      const name = wrongLength === undefined ? (cells[place]?.trim() ?? '') : '';
      if (isMissing(name)) continue;
      const seen = counts.get(name) ?? 0;
      if (seen > 0 && name !== current) apart ??= at;
      counts.set(name, seen + 1);
      current = name;
    }
  return { rows, apart, tooMany: new Set([...counts].filter(([, count]) => count > MAX_SUBJECT_ROWS).map(([name]) => name)) };
}

const withProblem = (one: PlacedRow, problem: string): PlacedRow => ({
  ...one,
  row: { ...one.row, problems: [...one.row.problems, problem] },
});

/** Whose row it is; null where the line does not say it. */
function subjectOf({ row, wrongLength }: PlacedRow, subject: string): string | null {
  const name = wrongLength === undefined ? row.raw[subject] : null;
  return name == null ? null : String(name);
}

const placeOf = ({ at }: PlacedRow) => `line ${at.slice(at.lastIndexOf(':') + 1)}`;

/** The rows of one subject with the columns of its history; `doubt` is the row beside them of which nobody knows whose it is. */
function encoded(encoder: HistoryEncoder, subject: string, rows: readonly PlacedRow[], doubt: PlacedRow | null): PlacedRow[] {
  const own = doubt
    ? rows.map((one) => withProblem(one, `${subject}: ${placeOf(doubt)} does not say whose it is, and may be this one's`))
    : rows;
  const columns = encoder.encode(own.map(({ row }) => row));
  return own.map((one, index) => ({ ...one, row: columns[index] ?? one.row }));
}

/**
 * Divides a table by subject, whose rows stand together. A row that names none stays among the rows where it stands; where answers
 * rest on all rows of a subject it spoils the subjects beside it.
 */
export class SubjectRows {
  readonly #encoder: HistoryEncoder;
  readonly #subject: string;
  readonly #tooMany: ReadonlySet<string>;
  #current: string | null = null;
  /** Rows of the current subject, with those among them that name none. */
  #rows: PlacedRow[] = [];
  #spoiledBy: PlacedRow | null = null;
  /** The last row that names none, until one names a subject again. */
  #nameless: PlacedRow | null = null;

  constructor(encoder: HistoryEncoder, subject: string, tooMany: ReadonlySet<string>) {
    this.#encoder = encoder;
    this.#subject = subject;
    this.#tooMany = tooMany;
  }

  /** Takes a row; gives back the rows that nothing later can change. */
  add(one: PlacedRow): readonly PlacedRow[] {
    const subject = subjectOf(one, this.#subject);
    if (subject === null) return this.#addNameless(one);
    const before = subject === this.#current ? [] : this.end();
    if (subject !== this.#current) this.#spoiledBy = this.#nameless;
    this.#current = subject;
    this.#nameless = null;
    if (this.#tooMany.has(subject)) return [...before, withProblem(one, this.#tooManyText())];
    this.#rows.push(one);
    return before;
  }

  #addNameless(one: PlacedRow): readonly PlacedRow[] {
    if (this.#encoder.needsAllRows) {
      this.#nameless = one;
      this.#spoiledBy ??= one;
    }
    if (this.#rows.length === 0) return [one];
    this.#rows.push(one);
    if (this.#rows.length <= 2 * MAX_SUBJECT_ROWS) return [];
    throw new AvicennaError('ROWS_INVALID', `More than ${MAX_SUBJECT_ROWS} lines before this one do not say whose they are.`, one.at);
  }

  #tooManyText(): string {
    return `${this.#subject}: more than the ${MAX_SUBJECT_ROWS} rows that are read of one`;
  }

  /** The rows of the current subject, which has no more. */
  end(): readonly PlacedRow[] {
    const rows = this.#rows;
    this.#rows = [];
    const isOwn = (one: PlacedRow) => subjectOf(one, this.#subject) !== null;
    const own = encoded(this.#encoder, this.#subject, rows.filter(isOwn), this.#spoiledBy);
    let next = 0;
    return rows.map((one) => (isOwn(one) ? (own[next++] as PlacedRow) : one));
  }
}

/** The rows that name nobody beside which each subject stands. */
function spoiledBy(rows: readonly PlacedRow[], names: readonly (string | null)[]): Map<string, PlacedRow> {
  const spoiled = new Map<string, PlacedRow>();
  let before: string | null = null;
  let nameless: PlacedRow | null = null;
  for (const [index, name] of names.entries()) {
    if (name === null) {
      nameless = rows[index] as PlacedRow;
      if (before !== null) spoiled.set(before, nameless);
      continue;
    }
    if (nameless) spoiled.set(name, nameless);
    nameless = null;
    before = name;
  }
  return spoiled;
}

/** A whole table by subject, wherever the rows stand; given back in the table's order. */
export function encodedTable(encoder: HistoryEncoder, subject: string, rows: readonly PlacedRow[]): PlacedRow[] {
  const names = rows.map((one) => subjectOf(one, subject));
  const spoiled = encoder.needsAllRows ? spoiledBy(rows, names) : new Map<string, PlacedRow>();
  const bySubject = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    if (name === null) continue;
    const places = bySubject.get(name);
    if (places) places.push(index);
    else bySubject.set(name, [index]);
  }
  const result = [...rows];
  for (const [name, places] of bySubject) {
    const own = places.map((index) => rows[index] as PlacedRow);
    const made = encoded(encoder, subject, own, spoiled.get(name) ?? null);
    for (const [at, index] of places.entries()) result[index] = made[at] as PlacedRow;
  }
  return result;
}
