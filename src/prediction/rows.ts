/** Tables of rows: CSV or TSV, plain or gzip, with a header; streamed, so that a million rows need no more memory. */
import { CsvError, parse } from 'csv-parse';
import { AvicennaError } from '../errors.ts';
import { unpacked } from '../genotypes/unpacked.ts';

export interface TableRow {
  /** `file:line`, for errors. */
  readonly at: string;
  readonly cells: Readonly<Record<string, string>>;
  /** What is wrong with the number of cells; left out where it is right. */
  readonly wrongLength?: string;
}

/** How the header compares with the columns expected. */
export interface RowReport {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

function located(error: unknown, file: string): AvicennaError {
  if (error instanceof AvicennaError) return error;
  if (error instanceof CsvError)
    return new AvicennaError(
      'ROWS_INVALID',
      error.message.split('\n')[0] ?? 'The table cannot be read.',
      `${file}:${String(error['lines'] ?? '?')}`,
    );
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new AvicennaError('FILE_UNREADABLE', 'The file does not exist.', file);
  if (code?.startsWith('Z_')) return new AvicennaError('ROWS_INVALID', 'The compressed data end early or are damaged.', file);
  return new AvicennaError('FILE_UNREADABLE', `The file cannot be read (${code ?? 'unknown reason'}).`, file);
}

function checkHeader(header: string[], expected: readonly string[], file: string): RowReport {
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw new AvicennaError('ROWS_INVALID', `The column '${twice}' appears twice.`, `${file}:1`);
  const missing = expected.filter((name) => !header.includes(name));
  if (missing.length === expected.length) {
    throw new AvicennaError('ROWS_INVALID', `None of the model's columns is there; expected some of ${expected.join(', ')}.`, `${file}:1`);
  }
  return { missing, extra: header.filter((name) => !expected.includes(name)) };
}

/**
 * The lines of a table in order. A line with the wrong number of cells is given too, and says so. Throws ROWS_INVALID or FILE_UNREADABLE with the place.
 */
export async function* readRows(
  file: string,
  expected: readonly string[],
  onHeader?: (report: RowReport) => void,
): AsyncGenerator<TableRow> {
  const delimiter = /\.tsv(\.gz)?$/.test(file) ? '\t' : ',';
  const parser = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true, info: true, max_record_size: 1_000_000 });
  let header: string[] | undefined;
  try {
    const text = await unpacked(file);
    text.on('error', (error: Error) => parser.destroy(error));
    text.pipe(parser);
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!header) {
        header = record.map((name) => name.trim());
        onHeader?.(checkHeader(header, expected, file));
        continue;
      }
      const at = `${file}:${info.lines}`;
      const cells = Object.fromEntries(header.map((name, index) => [name, record[index] ?? '']));
      if (record.length === header.length) yield { at, cells };
      else yield { at, cells, wrongLength: `${record.length} cells where the header has ${header.length}` };
    }
  } catch (error) {
    throw located(error, file);
  }
  if (!header) throw new AvicennaError('ROWS_INVALID', 'The table is empty: expected a header line.', `${file}:1`);
}
