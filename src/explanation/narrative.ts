/** Plain words from the numbers. "The model used", never "caused by"; no percentages that were not computed as such. */
import type { ModelCard } from '../prediction/card.ts';
import { referenceText } from '../prediction/features.ts';
import type { Interval } from '../prediction/predict.ts';
import { changeText, intervalText, valueText } from '../prediction/valueText.ts';
import type { Attribution, Explanation } from './explain.ts';

const DRIVERS = 5;

/** What contributions are in. */
interface Scale {
  readonly unit: string;
  readonly decimals: number;
}

function dated(attribution: Pick<Attribution, 'observedAt'>): string {
  return attribution.observedAt === null ? '' : ` (${attribution.observedAt.slice(0, 10)})`;
}

/** Of a player of one input. */
function referenceOf(card: ModelCard, feature: string): string {
  const [name, ...more] = card.players.find((player) => player.name === feature)?.inputs ?? [];
  const input = more.length === 0 ? card.inputs.find((one) => one.name === name) : undefined;
  const text = input ? referenceText(input) : null;
  return text === null ? '' : ` [reference ${text}]`;
}

function driver(card: ModelCard, attribution: Omit<Attribution, 'player'>, scale: Scale): string {
  const shown = attribution.missing ? 'not recorded' : [attribution.value, attribution.unit].filter(Boolean).join(' ');
  const reference = attribution.missing ? '' : referenceOf(card, attribution.feature);
  return `${attribution.label}${shown && `: ${shown}`}${reference}${dated(attribution)} ${changeText(card, attribution.contribution, scale)}`;
}

/** Attributions that are listed, and the sum of the rest. */
export function topAttributions(attributions: readonly Attribution[], top: number): { listed: readonly Attribution[]; remainder: number } {
  const listed = attributions.slice(0, top);
  return { listed, remainder: attributions.slice(top).reduce((sum, { contribution }) => sum + contribution, 0) };
}

/** What the shares are counted from. */
const startText = ({ background: { rows } }: ModelCard, value: string) =>
  rows === 1
    ? `The model's synthetic reference patient has ${value}.`
    : `The average over the model's ${rows} synthetic reference patients is ${value}.`;

/** What a clinician reads: the answer with its range, what it was compared with, the five largest drivers and the rest. */
export function narrate(card: ModelCard, explanation: Explanation, interval: Interval | null): string {
  const scale = { unit: explanation.unit, decimals: explanation.space === 'VALUE' ? card.output.decimals : 3 };
  const { listed, remainder } = topAttributions(explanation.attributions, DRIVERS);
  const range = interval && explanation.space === 'VALUE' ? ` ${intervalText(card, interval)}` : '';
  const drivers = listed.map((attribution) => driver(card, attribution, scale)).join('; ');
  const sentences = [
    `${card.output.label}: ${valueText(card, explanation.prediction, scale)}${range}.`,
    startText(card, valueText(card, explanation.baseValue, scale)),
    `Starting there, the model used: ${drivers}; everything else together ${changeText(card, remainder, scale)}.`,
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
  const parts = moved.map((part) => driver(card, part, { unit, decimals })).join('; ');
  const day = since.slice(0, 10);
  const head = `${label}: ${valueText(card, after)}, on ${day} it was ${valueText(card, before)} (${changeText(card, delta)}).`;
  return moved.length === 0 ? `${head} Nothing that the model uses has changed.` : `${head} What changed in the calculation: ${parts}.`;
}
