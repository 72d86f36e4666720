/** A table's rows made ready for a model, in the table's order and in batches that keep a subject's rows together. */
import type { ModelCard } from './card.ts';
import { encoderOf, type HistoryEncoder } from './histories/encoder.ts';
import { type CheckedRow, checkRow } from './inputs.ts';
import { type RowReport, readRows, type TableRow } from './rows.ts';

/** Rows of a table in one batch, at least; one subject's rows are never divided. */
const BATCH = 2048;

/** Rows of one subject that are held together; more are not answered. */
const MAX_SUBJECT_ROWS = 20_000;

export interface PlacedRow {
  /** `file:line`. */
  readonly at: string;
  readonly row: CheckedRow;
  /** The line's own cells by the header's names, those that the model does not take included. */
  readonly cells: TableRow['cells'];
  /** What is wrong with the number of cells: the line is no row at all. */
  readonly wrongLength?: string;
}

function placed(card: ModelCard, { at, cells, wrongLength }: TableRow): PlacedRow {
  const row = checkRow(card, cells);
  return wrongLength === undefined ? { at, row, cells } : { at, row: { ...row, problems: [wrongLength] }, cells, wrongLength };
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
    const name = one.wrongLength === undefined ? one.row.raw[this.#subject] : this.#current;
    const subject = name == null ? null : String(name);
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

/**
 * Reads a table for a model.
 * @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place
 */
export async function* readCheckedRows(
  card: ModelCard,
  file: string,
  onHeader?: (report: RowReport) => void,
): AsyncGenerator<readonly PlacedRow[]> {
  const encoder = encoderOf(card);
  const subjects = encoder && card.history ? new SubjectRows(encoder, card.history.subject) : null;
  let batch: PlacedRow[] = [];
  const names = card.inputs.map(({ name }) => name);
  for await (const row of readRows(file, names, onHeader)) {
    const one = placed(card, row);
    batch.push(...(subjects ? subjects.add(one) : [one]));
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
