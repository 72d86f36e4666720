/** Tables of rows: CSV or TSV, plain or gzip, with a header; streamed, so that a million rows need no more memory. */
import { AvicennaError } from '../errors.ts';
import { unpacked } from '../genotypes/unpacked.ts';
import { RecordError, type TableRecord, tableRecords } from '../tableRecords.ts';
import { NUMBER } from './inputs.ts';

export interface TableRow {
  /** `file:line`, for errors. */
  readonly at: string;
  /** In the order of the header. */
  readonly cells: readonly string[];
  /** What is wrong with the number of cells; left out where it is right. */
  readonly wrongLength?: string;
}

/** How the header compares with the columns expected. */
export interface RowReport {
  readonly header: readonly string[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

function located(error: unknown, file: string): AvicennaError {
  if (error instanceof AvicennaError) return error;
  if (error instanceof RecordError) return new AvicennaError('ROWS_INVALID', error.message, `${file}:${error.line}`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new AvicennaError('FILE_UNREADABLE', 'The file does not exist.', file);
  if (code?.startsWith('Z_')) return new AvicennaError('ROWS_INVALID', 'The compressed data end early or are damaged.', file);
  return new AvicennaError('FILE_UNREADABLE', `The file cannot be read (${code ?? 'unknown reason'}).`, file);
}

function checkTwice(header: readonly string[], file: string): void {
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw new AvicennaError('ROWS_INVALID', `The column '${twice.slice(0, 60)}' appears twice.`, `${file}:1`);
}

function checkHeader(header: string[], expected: readonly string[], file: string): RowReport {
  checkTwice(header, file);
  const missing = expected.filter((name) => !header.includes(name));
  if (missing.length === expected.length) {
    throw new AvicennaError(
      'ROWS_INVALID',
      `None of the model's columns is there; expected some of ${expected.join(', ')}.${header.length === 1 && header[0]?.includes('\t') ? ' A table divided by tabs is named .tsv.' : ''}`,
      `${file}:1`,
    );
  }
  return { header, missing, extra: header.filter((name) => !expected.includes(name)) };
}

/** The lines of a table below its header, in batches; the header is handed over first and may be refused. */
async function* readBelow(file: string, onHeader: (header: string[]) => void): AsyncGenerator<readonly TableRow[]> {
  const delimiter = /\.tsv(\.gz)?$/.test(file) ? '\t' : ',';
  let header: string[] | undefined;
  // An empty line is nothing, except in a table of one column: there it is a row without a value.
  const isNothing = ({ cells }: { readonly cells: readonly string[] }) => cells.length === 1 && cells[0] === '' && header?.length !== 1;
  const toRow = ({ line, cells }: TableRecord): TableRow => {
    const at = `${file}:${line}`;
    const expected = header?.length ?? 0;
    return cells.length === expected ? { at, cells } : { at, cells, wrongLength: `${cells.length} cells where the header has ${expected}` };
  };
  try {
    for await (const records of tableRecords(await unpacked(file), delimiter)) {
      let from = 0;
      if (!header) {
        from = records.findIndex((record) => !isNothing(record)) + 1;
        if (from === 0) continue;
        header = (records[from - 1] as TableRecord).cells.map((name) => name.trim());
        onHeader(header);
      }
      yield records
        .slice(from)
        .filter((record) => !isNothing(record))
        .map(toRow);
    }
  } catch (error) {
    throw located(error, file);
  }
  if (!header) throw new AvicennaError('ROWS_INVALID', 'The table is empty: expected a header line.', `${file}:1`);
}

/**
 * The lines of a table in order, in batches. A line with the wrong number of cells is given too, and says so.
 * @param expected names of which at least one must be there
 * @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place
 */
export function readRows(
  file: string,
  expected: readonly string[],
  onHeader: (report: RowReport) => void,
): AsyncGenerator<readonly TableRow[]> {
  return readBelow(file, (header) => onHeader(checkHeader(header, expected, file)));
}

export interface NumberTable {
  readonly names: readonly string[];
  /** One array of numbers a row; an empty cell is NaN. */
  readonly rows: readonly Float64Array[];
  /** `file:line` of each row. */
  readonly at: readonly string[];
}

const MISSING = /^(nan)?$/i;

function numberIn(cell: string, name: string, at: string): number {
  const text = cell.trim();
  if (MISSING.test(text)) return Number.NaN;
  if (NUMBER.test(text)) return Number(text);
  throw new AvicennaError('ROWS_INVALID', `'${name.slice(0, 60)}' is not a number.`, at);
}

/** Refuses a header of another number of columns than the model takes. */
export function checkWidth(header: readonly string[], width: number, file: string): void {
  if (header.length === width) return;
  throw new AvicennaError('ROWS_INVALID', `The table has ${header.length} columns, the model takes ${width}.`, `${file}:1`);
}

/**
 * A table of numbers for a model whose columns have no names.
 * @param width the columns that the model takes; null where it takes any number
 * @throws AvicennaError ROWS_INVALID with the place, or FILE_UNREADABLE
 */
export async function readNumbers(file: string, width: number | null): Promise<NumberTable> {
  let names: string[] = [];
  const rows: Float64Array[] = [];
  const places: string[] = [];
  const table = readBelow(file, (header) => {
    names = header;
    if (width !== null) checkWidth(header, width, file);
    checkTwice(header, file);
  });
  for await (const batch of table)
    for (const { at, cells, wrongLength } of batch) {
      if (wrongLength !== undefined) throw new AvicennaError('ROWS_INVALID', `The line has ${wrongLength}.`, at);
      rows.push(Float64Array.from(cells, (cell, column) => numberIn(cell, names[column] ?? '', at)));
      places.push(at);
    }
  if (rows.length === 0) throw new AvicennaError('ROWS_INVALID', 'The table has no rows.', file);
  return { names, rows, at: places };
}
