/** A table's rows made ready for a model, in the table's order and in batches that keep a subject's rows together. */
import { AvicennaError } from '../errors.ts';
import type { ModelCard } from './card.ts';
import { encoderOf } from './histories/catalogue.ts';
import type { HistoryEncoder } from './histories/encoder.ts';
import { type CheckedRow, checkCells } from './inputs.ts';
import { type RowReport, readRows, type TableRow } from './rows.ts';

/** Rows of a table in one batch, at least; one subject's rows are never divided. */
const BATCH = 1024;

/** Rows of one subject that are held together; more are not answered. */
const MAX_SUBJECT_ROWS = 5_000;

/** Rows of a table that is held whole, because an answer may rest on any later row. */
const MAX_TABLE_ROWS = 200_000;

/** Texts of a line by the header's names. */
export type NamedCells = Readonly<Record<string, string>>;

export interface PlacedRow {
  /** `file:line`. */
  readonly at: string;
  readonly row: CheckedRow;
  /** The line's own cells by the header's names, those that the model does not take included; only where they are asked for. */
  readonly cells?: NamedCells;
  /** What is wrong with the number of cells: the line is no row at all. */
  readonly wrongLength?: string;
}

export interface ReadingOptions {
  readonly onHeader?: (report: RowReport) => void;
  readonly keepCells?: boolean;
}

/** Makes rows of a table's lines, for the header that they stand under. */
function placing(card: ModelCard, header: readonly string[], keepCells: boolean): (lines: readonly TableRow[]) => PlacedRow[] {
  const places = card.inputs.map(({ name }) => header.indexOf(name));
  const width = card.columns.length;
  const ordered: (string | undefined)[] = [];
  return (lines) => {
    const columns = new Float64Array(lines.length * width);
    return lines.map(({ at, cells, wrongLength }, index) => {
      for (let input = 0; input < places.length; input += 1) ordered[input] = cells[places[input] as number];
      const row = checkCells(card, ordered, columns.subarray(index * width, (index + 1) * width));
      const one = keepCells ? { at, row, cells: Object.fromEntries(header.map((name, place) => [name, cells[place] ?? ''])) } : { at, row };
      return wrongLength === undefined ? one : { ...one, row: { ...row, problems: [wrongLength] }, wrongLength };
    });
  };
}

/** The lines of a table as rows of a model, in batches. */
async function* placedRows(card: ModelCard, file: string, { onHeader, keepCells }: ReadingOptions): AsyncGenerator<PlacedRow[]> {
  const names = card.inputs.map(({ name }) => name);
  let place: ReturnType<typeof placing> | undefined;
  const table = readRows(file, names, (report) => {
    place = placing(card, report.header, keepCells ?? false);
    onHeader?.(report);
  });
  for await (const lines of table) if (place) yield place(lines);
}

/** The rows of one subject with the columns of its history. */
function encoded(encoder: HistoryEncoder, rows: readonly PlacedRow[]): PlacedRow[] {
  const columns = encoder.encode(rows.map(({ row }) => row));
  return rows.map((one, index) => ({ ...one, row: columns[index] ?? one.row }));
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

/** Divides a table by subject: neighbouring rows that name the same one. A line that is no row counts to the one before it. */
class SubjectRows {
  readonly #encoder: HistoryEncoder;
  readonly #subject: string;
  readonly #ended = new Set<string>();
  #current: string | null = null;
  #rows: PlacedRow[] = [];

  constructor(encoder: HistoryEncoder, subject: string) {
    this.#encoder = encoder;
    this.#subject = subject;
  }

  /** Takes a row; gives back the rows of the subject that has ended with it. */
  add(one: PlacedRow): PlacedRow[] {
    const subject = one.wrongLength === undefined ? subjectOf(one, this.#subject) : this.#current;
    const goesOn = subject !== null && subject === this.#current && this.#rows.length < MAX_SUBJECT_ROWS;
    const ended = goesOn ? [] : this.end();
    this.#current = subject;
    this.#rows.push(subject !== null && this.#ended.has(subject) ? withProblem(one, this.#apart()) : one);
    return ended;
  }

  #apart(): string {
    return `${this.#subject}: the rows of a subject must stand next to each other, ${MAX_SUBJECT_ROWS} at most`;
  }

  end(): PlacedRow[] {
    const rows = this.#rows;
    if (this.#current !== null) this.#ended.add(this.#current);
    this.#rows = [];
    return rows.length === 0 ? [] : encoded(this.#encoder, rows);
  }
}

/** The subjects beside rows that name none: such a row may be theirs. */
function spoiledBy(names: readonly (string | null)[]): Set<string> {
  const spoiled = new Set<string>();
  let before: string | null = null;
  let inDoubt = false;
  for (const name of names) {
    if (name === null) {
      if (before !== null) spoiled.add(before);
      inDoubt = true;
      continue;
    }
    if (inDoubt) spoiled.add(name);
    inDoubt = false;
    before = name;
  }
  return spoiled;
}

/** A whole table by subject, wherever the rows stand; given back in the table's order. */
function encodedTable(encoder: HistoryEncoder, subject: string, rows: readonly PlacedRow[]): PlacedRow[] {
  const names = rows.map((one) => subjectOf(one, subject));
  const spoiled = spoiledBy(names);
  const bySubject = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    if (name === null) continue;
    const places = bySubject.get(name) ?? [];
    places.push(index);
    bySubject.set(name, places);
  }
  const result = [...rows];
  for (const [name, places] of bySubject) {
    const doubt = `${subject}: a row beside this subject's does not say whose it is`;
    const own = places.map((index) => (spoiled.has(name) ? withProblem(rows[index] as PlacedRow, doubt) : (rows[index] as PlacedRow)));
    for (const [at, one] of encoded(encoder, own).entries()) result[places[at] as number] = one;
  }
  return result;
}

async function wholeTable(batches: AsyncIterable<PlacedRow[]>, card: ModelCard, file: string): Promise<PlacedRow[]> {
  const all: PlacedRow[] = [];
  for await (const rows of batches) {
    for (const row of rows) all.push(row);
    if (all.length > MAX_TABLE_ROWS)
      throw new AvicennaError('ROWS_INVALID', `'${card.name}' takes tables of at most ${MAX_TABLE_ROWS} rows: divide it by subject.`, file);
  }
  return all;
}

/**
 * Reads a table for a model.
 * @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place
 */
export async function* readCheckedRows(card: ModelCard, file: string, options: ReadingOptions = {}): AsyncGenerator<readonly PlacedRow[]> {
  const encoder = encoderOf(card);
  const batches = placedRows(card, file, options);
  if (encoder?.needsAllRows && card.history) {
    yield encodedTable(encoder, card.history.subject, await wholeTable(batches, card, file));
    return;
  }
  const subjects = encoder && card.history ? new SubjectRows(encoder, card.history.subject) : null;
  let batch: PlacedRow[] = [];
  for await (const rows of batches) {
    for (const row of rows) {
      if (subjects) batch.push(...subjects.add(row));
      else batch.push(row);
    }
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  batch.push(...(subjects?.end() ?? []));
  yield batch;
}

/** The background of a model: all rows, or where they make histories each subject's last. */
export function lastOfEach(card: ModelCard, rows: readonly CheckedRow[]): CheckedRow[] {
  const { history } = card;
  if (!history) return [...rows];
  return rows.filter((row, index) => rows[index + 1]?.raw[history.subject] !== row.raw[history.subject]);
}
