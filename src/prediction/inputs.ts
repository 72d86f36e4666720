/** Raw inputs of a model: read from text, checked against the card, encoded into the columns of the model's file. */
import type { CardInput, ModelCard } from './card.ts';

/** One row by input name; null where a value is missing. Numbers for `number`, texts for everything else. */
export type RawRow = Readonly<Record<string, number | string | null>>;

export type Checked = { readonly value: number | string | null; readonly warning?: string } | { readonly problem: string };

/** A row made ready for the model. */
export interface CheckedRow {
  readonly raw: RawRow;
  /** What the card does not allow, by input name; not empty means that the model abstains. */
  readonly problems: readonly string[];
  /** What to be careful about in an answer. */
  readonly warnings: readonly string[];
  /** In the card's order; NaN where the card fills in nothing. */
  readonly columns: Float64Array;
}

/** `*1/*3` from `*3/*1`, `A/G` from `G/A`: the order of the two does not matter. */
function orderPair(text: string): string {
  return text
    .split('/')
    .map((part) => part.trim())
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .join('/');
}

/** A number as tables write it: no 0x50, no 1_000. */
export const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** `18 to 110 years`; empty where the card bounds nothing. */
function rangeText({ min, max, unit }: CardInput): string {
  if (min == null && max == null) return '';
  const named = unit && unit !== '1' ? ` ${unit}` : '';
  if (min == null) return `${max}${named} at most`;
  return max == null ? `${min}${named} at least` : `${min} to ${max}${named}`;
}

function checkNumber(input: CardInput, text: string): Checked {
  const value = Number(text);
  const { name, min, max, integer } = input;
  const range = rangeText(input);
  if (!NUMBER.test(text.trim()) || !Number.isFinite(value))
    return { problem: `${name}: expected a ${integer ? 'whole ' : ''}number${range && `, ${range}`}` };
  if ((min != null && value < min) || (max != null && value > max))
    return { problem: `${name}: outside ${range}, for which the model was made` };
  return integer && !Number.isInteger(value) ? { problem: `${name}: expected a whole number` } : { value };
}

function level(input: CardInput, text: string): string {
  const ordered = input.type === 'diplotype' || input.type === 'genotype' ? orderPair(text) : text.trim();
  const alias = input.aliases?.[ordered] ?? input.aliases?.[text.trim()];
  if (alias) return alias;
  const sameLetters = input.levels?.find((known) => known.toLowerCase() === ordered.toLowerCase());
  return sameLetters ?? ordered;
}

function checkLevel(input: CardInput, text: string): Checked {
  const value = level(input, text);
  const expected = `${input.name}: expected one of ${(input.levels ?? []).join(', ')}`;
  if (input.type === 'codes') {
    const codes = value
      .split(/[;,]/)
      .map((code) => code.trim())
      .filter((code) => code !== '');
    const wrong = codes.some((code) => !input.levels?.includes(code));
    return wrong || codes.length === 0 ? { problem: expected } : { value: codes.join(';') };
  }
  return input.levels?.includes(value) ? { value } : { problem: expected };
}

const FLAGS: Readonly<Record<string, string>> = { '0': '0', '1': '1', '0.0': '0', '1.0': '1', true: '1', false: '0' };

function checkFlag(input: CardInput, text: string): Checked {
  const value = FLAGS[text.trim().toLowerCase()];
  return value === undefined ? { problem: `${input.name}: expected true or false, 1 or 0` } : { value };
}

/** Texts that say that nothing is known, in any table. */
export const isMissing = (text: string) => text === '' || text === 'NA';

function checkMissing(input: CardInput): Checked {
  if (input.required) return { problem: `${input.name}: missing` };
  return input.warnWhenMissing ? { value: null, warning: `${input.name}: missing. ${input.whenMissing}` } : { value: null };
}

/** One cell against its card entry. Empty, `NA` and null are missing, which a required input may not be. */
export function checkInput(input: CardInput, cell: string | number | null | undefined): Checked {
  const text = cell === null || cell === undefined ? '' : String(cell).trim();
  if (isMissing(text) || input.missingTexts?.includes(text)) return checkMissing(input);
  if (input.type === 'identifier') return { value: text };
  if (input.type === 'number') return checkNumber(input, text);
  return input.type === 'flag' ? checkFlag(input, text) : checkLevel(input, text);
}

type Cell = string | number | null | undefined;
type Value = RawRow[string];

/** What is the same for all rows of a card. */
interface RowShape {
  /** Index of the input that each column is made of; -1 where it is made of a history. */
  readonly inputOfColumn: Int32Array;
  /** A row with nothing known: copying it costs less than naming the inputs again. */
  readonly empty: RawRow;
}

const shapes = new WeakMap<ModelCard, RowShape>();

function shapeOf(card: ModelCard): RowShape {
  const known = shapes.get(card);
  if (known) return known;
  const indexOf = new Map(card.inputs.map(({ name }, index) => [name, index]));
  const shape = {
    inputOfColumn: Int32Array.from(card.columns, (column) => ('input' in column ? (indexOf.get(column.input) ?? -1) : -1)),
    empty: Object.fromEntries(card.inputs.map(({ name }) => [name, null])),
  };
  shapes.set(card, shape);
  return shape;
}

const NOTHING: readonly string[] = [];

/**
 * Cells in the order of the card's inputs, checked one by one: the values that can be used, and what is wrong with the others.
 * @param into where its columns are written: many rows are made in one array
 */
export function checkCells(card: ModelCard, cells: readonly Cell[], into = new Float64Array(card.columns.length)): CheckedRow {
  const raw: Record<string, Value> = { ...shapeOf(card).empty };
  let problems = NOTHING;
  let warnings = NOTHING;
  const values: Value[] = new Array(card.inputs.length);
  for (let index = 0; index < values.length; index += 1) {
    const input = card.inputs[index] as CardInput;
    const checked = checkInput(input, cells[index]);
    if ('problem' in checked) problems = [...problems, checked.problem];
    else if (checked.warning) warnings = [...warnings, checked.warning];
    const value = 'value' in checked ? checked.value : null;
    raw[input.name] = value;
    values[index] = value;
  }
  return { raw, problems, warnings, columns: encodeValues(card, values, into) };
}

/** The same for cells by input name. */
export function checkRow(card: ModelCard, row: Readonly<Record<string, Cell>>): CheckedRow {
  return checkCells(
    card,
    card.inputs.map(({ name }) => row[name]),
  );
}

/** The columns of one row by itself, in the card's order; those that need the subject's history are NaN. */
export function encodeRow(card: ModelCard, raw: RawRow): Float64Array {
  return encodeValues(
    card,
    card.inputs.map(({ name }) => raw[name] ?? null),
    new Float64Array(card.columns.length),
  );
}

function encodeValues(card: ModelCard, values: readonly Value[], into: Float64Array): Float64Array {
  const { inputOfColumn } = shapeOf(card);
  for (let index = 0; index < inputOfColumn.length; index += 1)
    into[index] = encodeCell(card.columns[index] as ModelCard['columns'][number], values[inputOfColumn[index] as number] ?? null);
  return into;
}

const UNKNOWN = Number.NaN;

function encodeCell(column: ModelCard['columns'][number], value: Value): number {
  switch (column.encode) {
    case 'number':
      return value === null ? (column.fill ?? UNKNOWN) : Number(value);
    case 'is':
      return value !== null && String(value) === column.level ? 1 : 0;
    case 'has':
      return value !== null && String(value).split(';').includes(column.level) ? 1 : 0;
    case 'missing':
      return value === null ? 1 : 0;
    case 'history':
      return UNKNOWN;
  }
}

/** The columns of several rows, one after the other: what a Scorer takes. */
export function joinColumns(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const joined = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) joined.set(row, index * width);
  return joined;
}
