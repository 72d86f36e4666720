/** Pictures of attributions and of a risk over time as SVG text, by Observable Plot on a small DOM. */
import * as Plot from '@observablehq/plot';
import type { ModelCard } from '../prediction/card.ts';
import type { Explanation } from './explain.ts';
import { topAttributions } from './narrative.ts';
import { drawnSvg, INK, STYLE, shorten } from './svg.ts';

const WIDTH = 820;
const DOWN = '#2166ac';
const UP = '#b2182b';
const REST = '#6b7280';

interface Bar {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly text: string;
}

/** What a waterfall shows: from an average to an answer, a bar for each of the largest contributions, and the rest. */
export interface Waterfall {
  /** What is answered, its unit (empty where it has none) and decimals. */
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
  /** Whose answer it is, as in 'this patient'. */
  readonly whose: string;
  readonly baseValue: number;
  readonly prediction: number;
  readonly drivers: readonly { readonly label: string; readonly contribution: number }[];
  readonly remainder: number;
}

const MAX_LABEL = 56;
const minus = (text: string) => text.replace('-', '−');

function bars({ drivers, remainder, baseValue, decimals }: Waterfall): Bar[] {
  const steps = [
    ...drivers.map(({ label, contribution }) => ({
      label: shorten(label, MAX_LABEL),
      contribution,
      colour: contribution < 0 ? DOWN : UP,
    })),
    { label: 'Everything else', contribution: remainder, colour: REST },
  ];
  let at = baseValue;
  return steps.map(({ label, contribution, colour }) => {
    const from = at;
    at += contribution;
    return { label, from, to: at, colour, text: `${contribution < 0 ? '−' : '+'}${Math.abs(contribution).toFixed(decimals)}` };
  });
}

/** The marks of a waterfall: both answers as lines, a bar a driver, its share in figures. */
function marks(steps: readonly Bar[], { baseValue, prediction, decimals, whose }: Waterfall): Plot.Markish[] {
  const heading = (x: number, text: string, options: Plot.TextOptions) =>
    Plot.text([{ x }], { x: 'x', text: () => text, frameAnchor: 'top', ...options });
  return [
    Plot.ruleX([baseValue], { stroke: REST, strokeDasharray: '3,3' }),
    Plot.ruleX([prediction], { stroke: INK }),
    Plot.barX([...steps], { y: 'label', x1: 'from', x2: 'to', fill: 'colour', insetTop: 4, insetBottom: 4, rx: 2 }),
    Plot.text([...steps], {
      y: 'label',
      x: (bar: Bar) => Math.max(bar.from, bar.to),
      text: 'text',
      dx: 5,
      textAnchor: 'start',
      stroke: 'white',
      strokeWidth: 4,
      fill: INK,
    }),
    heading(baseValue, `reference average ${baseValue.toFixed(decimals)}`, { dy: -14, fill: REST }),
    heading(prediction, `${whose} ${prediction.toFixed(decimals)}`, { dy: -28, fontWeight: 'bold' }),
  ];
}

/** Draws a waterfall as SVG with a title and a text alternative. */
export function drawWaterfall(waterfall: Waterfall): string {
  const { label, unit, decimals, whose, baseValue, prediction } = waterfall;
  const steps = bars(waterfall);
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.14 * (high - low || 1);
  const inUnit = (value: number) => `${value.toFixed(decimals)}${unit && ` ${unit}`}`;
  const inWords = steps.map((step) => `${step.label} ${minus(step.text)}`).join('; ');
  const subject = `${whose.slice(0, 1).toUpperCase()}${whose.slice(1)}`;
  const options: Plot.PlotOptions = {
    width: WIDTH,
    height: 90 + 32 * steps.length,
    marginLeft: 390,
    marginRight: 40,
    marginTop: 46,
    marginBottom: 46,
    style: STYLE,
    x: { label: `${label}${unit && ` (${unit})`}`, domain: [low - room, high + room], grid: true, nice: true },
    y: { domain: steps.map((step) => step.label), label: null, tickSize: 0 },
    marks: marks(steps, waterfall),
  };
  const description = `From the reference average ${inUnit(baseValue)}: ${inWords}. ${subject}: ${inUnit(prediction)}.`;
  return drawnSvg(options, { title: `What the model used: ${label}`, description });
}

/** The waterfall of a patient's explanation. */
export function waterfallSvg(card: ModelCard, explanation: Explanation): string {
  const { listed, remainder } = topAttributions(explanation.attributions, 8);
  return drawWaterfall({
    label: card.output.label,
    unit: explanation.unit,
    decimals: explanation.space === 'VALUE' ? card.output.decimals : 3,
    whose: 'this patient',
    baseValue: explanation.baseValue,
    prediction: explanation.prediction,
    drivers: listed.map(({ label, value, unit, missing, contribution }) => ({
      label: `${label}: ${missing ? 'not recorded' : [value, unit].filter(Boolean).join(' ')}`,
      contribution,
    })),
    remainder,
  });
}
