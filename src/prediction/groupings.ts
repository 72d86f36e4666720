/** The groups of people that a card judges a model by: in which of them a value lies. */
import { bandText } from './bands.ts';
import type { Grouping } from './card.ts';
import { isMissing } from './inputs.ts';

export const NOT_RECORDED = 'not recorded';

/** `1.0` is `1`, as tables of numbers write it. */
export const plainText = (text: string) => text.trim().replace(/^(\d+)\.0+$/, '$1');

/** The level of the text in the grouping's column. */
export function levelOf({ bands, labels }: Grouping, cell: string): string {
  const text = cell.trim();
  if (isMissing(text)) return NOT_RECORDED;
  if (!bands) return labels?.[plainText(text)] ?? text;
  const value = Number(text);
  return Number.isFinite(value) ? bandText(value, bands) : NOT_RECORDED;
}
