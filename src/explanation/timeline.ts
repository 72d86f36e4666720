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

/** What stands beside the answers. */
export interface TimelineMarks {
  /** Thresholds that people are told of, in the unit of the answer. */
  readonly thresholds: readonly { readonly value: number; readonly label: string }[];
  /** Alerts that were told, at the value that they were told of. */
  readonly alerts: readonly { readonly at: string; readonly value: number; readonly title: string }[];
}

const LINE = '#2166ac';
const ALARM = '#b2182b';
const MAX_LABEL = 34;

/** What moved an answer most, in a few words. */
function cause({ because }: ToldAnswer): string {
  const [first] = [...because].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return first ? shorten([first.label, first.value].filter(Boolean).join(': '), MAX_LABEL) : '';
}

/** `2026-11-27`, with hour and minute where they are not midnight. */
const timeText = (at: Date) =>
  at
    .toISOString()
    .replace(/T00:00:00.*$/, '')
    .replace(/T(\d\d:\d\d).*$/, ' $1');

interface Point {
  readonly at: Date;
  /** NaN where the model abstained. */
  readonly value: number;
  readonly cause: string;
}

function inWords({ output: { unit, decimals } }: ModelCard, points: readonly Point[], { thresholds, alerts }: TimelineMarks): string {
  const answers = points.map(({ at, value, cause: moved }) => {
    const answer = Number.isNaN(value) ? 'no answer' : `${value.toFixed(decimals)} ${unit}`;
    return `${timeText(at)} ${answer}${moved && ` (${moved})`}`;
  });
  const lines = thresholds.map(({ value, label }) => `threshold ${value} (${label})`);
  const alarms = alerts.map(({ at, title }) => `${timeText(new Date(at))} alert: ${title}`);
  return `${[...answers, ...lines, ...alarms].join('; ')}.`;
}

/**
 * Steps from answer to answer, each named by what moved it; a gap from where the model abstained to its next answer.
 * @param told the oldest first
 * @param marks thresholds as dashed lines, alerts as rings
 * @returns SVG with a title and a text alternative
 */
export function timelineSvg(card: ModelCard, told: readonly ToldAnswer[], marks: TimelineMarks): string {
  const { label, unit } = card.output;
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
  const rings = marks.alerts.map(({ at, value }) => ({ at: new Date(at), value }));
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
      Plot.ruleY(marks.thresholds, { y: 'value', stroke: ALARM, strokeDasharray: '4,3' }),
      Plot.text(marks.thresholds, { y: 'value', text: 'label', frameAnchor: 'left', textAnchor: 'start', dx: 4, dy: -7, fill: ALARM }),
      Plot.dot(known, { x: 'at', y: 'value', fill: LINE, r: 4 }),
      Plot.dot(rings, { x: 'at', y: 'value', stroke: ALARM, strokeWidth: 2, r: 8 }),
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
  return drawnSvg(options, { title: `${label} over time`, description: inWords(card, points, marks) });
}
