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

/** Places of the columns are shared by all rows: a map for each took a tenth of a second of a command. */
class Cells implements TableRow {
  readonly #file: string;
  readonly #line: number;
  readonly #places: ReadonlyMap<string, number>;
  readonly #cells: readonly string[];

  constructor(file: string, line: number, places: ReadonlyMap<string, number>, cells: readonly string[]) {
    this.#file = file;
    this.#line = line;
    this.#places = places;
    this.#cells = cells;
  }

  get at(): string {
    return `${this.#file}:${this.#line}`;
  }

  text(column: string): string {
    const value = this.#cells[this.#places.get(column) ?? -1];
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
  const [header = '', ...lines] = text.split(/\r?\n/);
  const places = new Map(header.split('\t').map((column, place) => [column, place]));
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const cells = line.split('\t');
    if (cells.length !== places.size)
      throw new AvicennaError('TABLE_INVALID', `${cells.length} cells where the header has ${places.size}.`, `${file}:${index + 2}`);
    return [new Cells(file, index + 2, places, cells)];
  });
}
