/** Numbers of an answer as people read them: a probability in per cent, everything else with its unit. */
import type { ModelCard } from './card.ts';

const isProbability = (unit: string) => unit === 'probability';

/** Decimals of a probability once it is in per cent. */
const ofPercent = (decimals: number) => Math.max(0, decimals - 2);

/** `12.7 mg/week`, `13.0 %`; `bare` leaves the unit away, as in a range. */
export function valueText(
  { output }: ModelCard,
  value: number,
  { unit = output.unit, decimals = output.decimals, bare = false } = {},
): string {
  if (isProbability(unit)) return `${(100 * value).toFixed(ofPercent(decimals))}${bare ? '' : ' %'}`;
  return `${value.toFixed(decimals)}${bare ? '' : ` ${unit}`}`;
}

/** `+2.1 mg/week`, `−3.0 percentage points`. */
export function changeText({ output }: ModelCard, change: number, { unit = output.unit, decimals = output.decimals } = {}): string {
  const sign = change < 0 ? '−' : '+';
  if (isProbability(unit)) return `${sign}${Math.abs(100 * change).toFixed(ofPercent(decimals))} percentage points`;
  return `${sign}${Math.abs(change).toFixed(decimals)} ${unit}`;
}

/** `(90 % interval 3.8 to 26.1)`. */
export function intervalText(
  card: ModelCard,
  { low, high, coverage }: { readonly low: number; readonly high: number; readonly coverage: number },
): string {
  const end = (value: number) => valueText(card, value, { bare: true });
  return `(${Math.round(100 * coverage)} % interval ${end(low)} to ${end(high)})`;
}
