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

const MAX_LABEL = 56;
const minus = (text: string) => text.replace('-', '−');

function bars(card: ModelCard, explanation: Explanation): Bar[] {
  const decimals = explanation.space === 'VALUE' ? card.output.decimals : 3;
  const { listed, remainder } = topAttributions(explanation.attributions, 8);
  const steps = [
    ...listed.map(({ label, value, unit, missing, contribution }) => ({
      label: shorten(`${label}: ${missing ? 'not recorded' : [value, unit].filter(Boolean).join(' ')}`, MAX_LABEL),
      contribution,
      colour: contribution < 0 ? DOWN : UP,
    })),
    { label: 'Everything else', contribution: remainder, colour: REST },
  ];
  let at = explanation.baseValue;
  return steps.map(({ label, contribution, colour }) => {
    const from = at;
    at += contribution;
    return { label, from, to: at, colour, text: `${contribution < 0 ? '−' : '+'}${Math.abs(contribution).toFixed(decimals)}` };
  });
}

/** The marks of a waterfall: both answers as lines, a bar a driver, its share in figures. */
function marks(steps: readonly Bar[], explanation: Explanation, decimals: number): Plot.Markish[] {
  const { baseValue, prediction } = explanation;
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
    heading(prediction, `this patient ${prediction.toFixed(decimals)}`, { dy: -28, fontWeight: 'bold' }),
  ];
}

/**
 * A waterfall from the reference average to the answer, one bar a driver.
 * @returns SVG with a title and a text alternative
 */
export function waterfallSvg(card: ModelCard, explanation: Explanation): string {
  const decimals = explanation.space === 'VALUE' ? card.output.decimals : 3;
  const steps = bars(card, explanation);
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.14 * (high - low || 1);
  const inWords = steps.map(({ label, text }) => `${label} ${minus(text)}`).join('; ');
  const description = `From the reference average ${explanation.baseValue.toFixed(decimals)} ${explanation.unit}: ${inWords}. This patient: ${explanation.prediction.toFixed(decimals)} ${explanation.unit}.`;
  const options: Plot.PlotOptions = {
    width: WIDTH,
    height: 90 + 32 * steps.length,
    marginLeft: 390,
    marginRight: 40,
    marginTop: 46,
    marginBottom: 46,
    style: STYLE,
    x: { label: `${card.output.label} (${explanation.unit})`, domain: [low - room, high + room], grid: true, nice: true },
    y: { domain: steps.map(({ label }) => label), label: null, tickSize: 0 },
    marks: marks(steps, explanation, decimals),
  };
  return drawnSvg(options, { title: `What the model used: ${card.output.label}`, description });
}
