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

function checkNumber(input: CardInput, text: string): Checked {
  const value = Number(text);
  if (!NUMBER.test(text.trim()) || !Number.isFinite(value)) return { problem: `${input.name}: expected a number` };
  const unit = input.unit ? ` ${input.unit}` : '';
  if ((input.min != null && value < input.min) || (input.max != null && value > input.max))
    return { problem: `${input.name}: outside ${input.min} to ${input.max}${unit}, for which the model was made` };
  return { value };
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
  return value === undefined ? { problem: `${input.name}: expected 0 or 1` } : { value };
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

/** A row checked input by input: the values that can be used, and what is wrong with the others. */
export function checkRow(card: ModelCard, row: Readonly<Record<string, string | number | null | undefined>>): CheckedRow {
  const raw: Record<string, number | string | null> = {};
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const input of card.inputs) {
    const checked = checkInput(input, row[input.name]);
    if ('problem' in checked) problems.push(checked.problem);
    else if (checked.warning) warnings.push(checked.warning);
    raw[input.name] = 'value' in checked ? checked.value : null;
  }
  return { raw, problems, warnings, columns: encodeRow(card, raw) };
}

/** The columns of one row by itself, in the card's order; those that need the subject's history are NaN. */
export function encodeRow(card: ModelCard, raw: RawRow): Float64Array {
  return Float64Array.from(card.columns, (column) => encodeCell(column, raw));
}

function encodeCell(column: ModelCard['columns'][number], raw: RawRow): number {
  if (column.encode === 'history') return Number.NaN;
  const value = raw[column.input] ?? null;
  switch (column.encode) {
    case 'number':
      return value === null ? (column.fill ?? Number.NaN) : Number(value);
    case 'is':
      return value !== null && String(value) === column.level ? 1 : 0;
    case 'has':
      return value !== null && String(value).split(';').includes(column.level) ? 1 : 0;
    case 'missing':
      return value === null ? 1 : 0;
  }
}

/** The columns of several rows, one after the other: what a Scorer takes. */
export function joinColumns(rows: readonly Float64Array[]): Float64Array {
  const width = rows[0]?.length ?? 0;
  const joined = new Float64Array(rows.length * width);
  for (const [index, row] of rows.entries()) joined.set(row, index * width);
  return joined;
}
