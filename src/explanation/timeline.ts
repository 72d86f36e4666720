/** A picture of the answers of one model for one patient over time. */
import * as Plot from '@observablehq/plot';
import type { ModelCard } from '../prediction/card.ts';
import type { Attribution } from './explain.ts';
import { drawnSvg, INK, STYLE, shorten } from './svg.ts';

/** An answer at a time, and what moved it. */
export interface ToldAnswer {
  /** In the unit of the answer; null where the model abstained. */
  readonly value: number | null;
  /** When its cause happened. */
  readonly observedAt: string;
  readonly because: readonly Pick<Attribution, 'label' | 'value' | 'contribution'>[];
}

const LINE = '#2166ac';
const MAX_LABEL = 34;

/** What moved an answer most, in a few words. */
function cause({ because }: ToldAnswer): string {
  const [first] = [...because].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return first ? shorten([first.label, first.value].filter(Boolean).join(': '), MAX_LABEL) : '';
}

/**
 * Steps from answer to answer, each named by what moved it; a gap from where the model abstained to its next answer.
 * @param told the oldest first
 * @returns SVG with a title and a text alternative
 */
export function timelineSvg(card: ModelCard, told: readonly ToldAnswer[]): string {
  const { label, unit, decimals } = card.output;
  const points = told
    .map((answer) => ({ at: new Date(answer.observedAt), value: answer.value ?? Number.NaN, cause: cause(answer) }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  // An answer stands until the next event; the last one has no end yet.
  const spans = points.map((point, index) => ({
    ...point,
    until: points[index + 1]?.at ?? point.at,
    next: points[index + 1]?.value ?? Number.NaN,
  }));
  const known = spans.filter(({ value }) => !Number.isNaN(value));
  const steps = known.filter(({ next }) => !Number.isNaN(next));
  const inWords = points.map(({ at, value, cause: moved }) => {
    const answer = Number.isNaN(value) ? 'no answer' : `${value.toFixed(decimals)} ${unit}`;
    return `${at.toISOString().slice(0, 10)} ${answer}${moved && ` (${moved})`}`;
  });
  const options: Plot.PlotOptions = {
    width: 820,
    height: 320,
    marginLeft: 60,
    marginRight: 150,
    marginTop: 30,
    marginBottom: 40,
    style: STYLE,
    x: { type: 'utc', label: null },
    y: { label: `${label} (${unit})`, grid: true, nice: true, zero: false },
    marks: [
      Plot.link(known, { x1: 'at', x2: 'until', y1: 'value', y2: 'value', stroke: LINE, strokeWidth: 2 }),
      Plot.link(steps, { x1: 'until', x2: 'until', y1: 'value', y2: 'next', stroke: LINE, strokeWidth: 2 }),
      Plot.dot(known, { x: 'at', y: 'value', fill: LINE, r: 4 }),
      Plot.text(known, {
        x: 'at',
        y: 'value',
        text: 'cause',
        textAnchor: 'start',
        dx: 6,
        dy: -8,
        fill: INK,
        stroke: 'white',
        strokeWidth: 4,
      }),
    ],
  };
  return drawnSvg(options, { title: `${label} over time`, description: `${inWords.join('; ')}.` });
}
