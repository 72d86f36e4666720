/** A table's rows made ready for a model, in the table's order and in batches that keep a subject's rows together. */
import { AvicennaError } from '../errors.ts';
import type { ModelCard } from './card.ts';
import { encoderOf } from './histories/catalogue.ts';
import type { HistoryEncoder } from './histories/encoder.ts';
import { type CheckedRow, checkCells } from './inputs.ts';
import type { PlacedRow } from './placedRow.ts';
import { type RowReport, readRows, type TableRow } from './rows.ts';
import { encodedTable, MAX_TABLE_ROWS, SubjectRows, subjectOrder } from './subjectRows.ts';

/** Rows of a table in one batch, at least; one subject's rows are never divided. */
const BATCH = 1024;

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

/**
 * The rows of a model that reads histories: subject by subject as they come, where each subject's stand together. A table that is
 * not so is held whole; which it is, is found by reading it once before.
 */
async function* histories(
  card: ModelCard,
  history: NonNullable<ModelCard['history']>,
  file: string,
  options: ReadingOptions,
): AsyncGenerator<readonly PlacedRow[]> {
  const encoder = encoderOf(card) as HistoryEncoder;
  const order = await subjectOrder(card, history.subject, file);
  if (order.apart) {
    if (order.rows > MAX_TABLE_ROWS)
      throw new AvicennaError(
        'ROWS_INVALID',
        `The rows of one ${history.subject} stand apart, and the table has more than the ${MAX_TABLE_ROWS} rows that can be held: sort it.`,
        order.apart,
      );
    const all: PlacedRow[] = [];
    for await (const rows of placedRows(card, file, options)) all.push(...rows);
    yield encodedTable(encoder, history.subject, all);
    return;
  }
  const subjects = new SubjectRows(encoder, history.subject, order.tooMany);
  for await (const rows of placedRows(card, file, options)) yield rows.flatMap((row) => subjects.add(row));
  yield subjects.end();
}

/** Batches of at least `BATCH` rows, but for the last. */
async function* joined(batches: AsyncIterable<readonly PlacedRow[]>): AsyncGenerator<readonly PlacedRow[]> {
  let batch: PlacedRow[] = [];
  for await (const rows of batches) {
    for (const row of rows) batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/**
 * Reads a table for a model.
 * @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place
 */
export function readCheckedRows(card: ModelCard, file: string, options: ReadingOptions = {}): AsyncGenerator<readonly PlacedRow[]> {
  return joined(card.history ? histories(card, card.history, file, options) : placedRows(card, file, options));
}

/** The background of a model: all rows, or where they make histories each subject's last. */
export function lastOfEach(card: ModelCard, rows: readonly CheckedRow[]): CheckedRow[] {
  const { history } = card;
  if (!history) return [...rows];
  return rows.filter((row, index) => rows[index + 1]?.raw[history.subject] !== row.raw[history.subject]);
}
