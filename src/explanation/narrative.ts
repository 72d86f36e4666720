/** Plain words from the numbers. "The model used", never "caused by"; no percentages that were not computed as such. */
import type { ModelCard } from '../prediction/card.ts';
import type { Interval } from '../prediction/predict.ts';
import type { Attribution, Explanation } from './explain.ts';

const DRIVERS = 5;

const signed = (value: number, decimals: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(decimals)}`;

function dated(attribution: Pick<Attribution, 'observedAt'>): string {
  return attribution.observedAt === null ? '' : ` (${attribution.observedAt.slice(0, 10)})`;
}

function driver(attribution: Omit<Attribution, 'player'>, unit: string, decimals: number): string {
  const shown = attribution.missing ? 'not recorded' : [attribution.value, attribution.unit].filter(Boolean).join(' ');
  return `${attribution.label}${shown && `: ${shown}`}${dated(attribution)} ${signed(attribution.contribution, decimals)} ${unit}`;
}

/** Attributions that are listed, and the sum of the rest. */
export function topAttributions(attributions: readonly Attribution[], top: number): { listed: readonly Attribution[]; remainder: number } {
  const listed = attributions.slice(0, top);
  return { listed, remainder: attributions.slice(top).reduce((sum, { contribution }) => sum + contribution, 0) };
}

/** What a clinician reads: the answer with its range, what it was compared with, the five largest drivers and the rest. */
export function narrate(card: ModelCard, explanation: Explanation, interval: Interval | null): string {
  const decimals = explanation.space === 'VALUE' ? card.output.decimals : 3;
  const number = (value: number) => value.toFixed(decimals);
  const { listed, remainder } = topAttributions(explanation.attributions, DRIVERS);
  const range =
    interval && explanation.space === 'VALUE'
      ? ` (${Math.round(100 * interval.coverage)} % interval ${number(interval.low)} to ${number(interval.high)})`
      : '';
  const sentences = [
    `${card.output.label}: ${number(explanation.prediction)} ${explanation.unit}${range}.`,
    `The average over the model's ${card.background.rows} synthetic reference patients is ${number(explanation.baseValue)} ${explanation.unit}.`,
    `Starting there, the model used: ${listed.map((attribution) => driver(attribution, explanation.unit, decimals)).join('; ')}; everything else together ${signed(remainder, decimals)} ${explanation.unit}.`,
    'These are the shares of the inputs in the calculation, not proof of what causes what.',
  ];
  return sentences.join(' ');
}

/** What a clinician reads of a change: both answers with the day of the first, and what moved it. */
export function narrateChange(
  card: ModelCard,
  since: string,
  { before, after, delta }: { readonly before: number; readonly after: number; readonly delta: number },
  because: readonly Omit<Attribution, 'player'>[],
): string {
  const { label, unit, decimals } = card.output;
  const moved = because.filter(({ contribution }) => contribution !== 0);
  const parts = moved.map((part) => driver(part, unit, decimals)).join('; ');
  const day = since.slice(0, 10);
  const head = `${label}: ${after.toFixed(decimals)} ${unit}, on ${day} it was ${before.toFixed(decimals)} (${signed(delta, decimals)}).`;
  return moved.length === 0 ? `${head} Nothing that the model uses has changed.` : `${head} What changed in the calculation: ${parts}.`;
}
