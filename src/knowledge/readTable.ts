import { readFileSync } from 'node:fs';
import { AvicennaError } from '../errors.ts';

/** One line of a table: its cells by column, and where it stands, for errors. */
export interface TableRow {
  readonly at: string;
  text(column: string): string;
  list(column: string): string[];
  numberOrNull(column: string): number | null;
  oneOf<T extends string>(column: string, values: readonly T[]): T;
}

class Cells implements TableRow {
  readonly at: string;
  readonly #cells: ReadonlyMap<string, string>;

  constructor(at: string, cells: ReadonlyMap<string, string>) {
    this.at = at;
    this.#cells = cells;
  }

  text(column: string): string {
    const value = this.#cells.get(column);
    if (value === undefined) throw new AvicennaError('TABLE_INVALID', `The column '${column}' is missing.`, this.at);
    return value;
  }

  list(column: string): string[] {
    return this.text(column)
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  numberOrNull(column: string): number | null {
    const value = this.text(column);
    if (value === '') return null;
    const number = Number(value);
    if (!Number.isFinite(number)) throw new AvicennaError('TABLE_INVALID', `'${value}' in '${column}' is not a number.`, this.at);
    return number;
  }

  oneOf<T extends string>(column: string, values: readonly T[]): T {
    const value = this.text(column);
    const known = values.find((candidate) => candidate === value);
    if (known === undefined)
      throw new AvicennaError('TABLE_INVALID', `'${value}' in '${column}': expected one of ${values.join(', ')}.`, this.at);
    return known;
  }
}

/** Reads a tab-separated table with one header line. Throws TABLE_INVALID with `file:line`. */
export function readTable(file: string): TableRow[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new AvicennaError('FILE_UNREADABLE', 'The table cannot be read.', file);
  }
  const [header = '', ...lines] = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const columns = header.split('\t');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const at = `${file}:${index + 2}`;
    const cells = line.split('\t');
    if (cells.length !== columns.length)
      throw new AvicennaError('TABLE_INVALID', `${cells.length} cells where the header has ${columns.length}.`, at);
    return [new Cells(at, new Map(columns.map((column, place) => [column, cells[place] ?? ''])))];
  });
}
