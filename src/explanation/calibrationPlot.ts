/** What a model said against what came, as a picture: a point for each group of answers, with its 95 % interval. */
import * as Plot from '@observablehq/plot';
import type { Bin } from '../prediction/evaluation/judge.ts';
import { drawnSvg, INK, STYLE } from './svg.ts';

const SIZE = 460;
const POINT = '#2166ac';

export function calibrationSvg(title: string, bins: readonly Bin[]): string {
  const rows = bins.map(({ predicted, observed }) => ({
    said: 100 * predicted,
    came: 100 * observed.value,
    low: 100 * observed.low,
    high: 100 * observed.high,
  }));
  const most = Math.max(...rows.flatMap(({ said, high }) => [said, high]), 1e-6);
  const percent = (share: number) => `${share.toPrecision(2)} %`;
  const inWords = rows.map(({ said, came }) => `said ${percent(said)}, came ${percent(came)}`).join('; ');
  const options: Plot.PlotOptions = {
    width: SIZE,
    height: SIZE,
    marginLeft: 60,
    marginTop: 30,
    marginBottom: 46,
    style: STYLE,
    x: { label: 'Said by the model, %', domain: [0, most], grid: true, nice: true },
    y: { label: 'Came to pass, %, with 95 % interval', domain: [0, most], grid: true, nice: true },
    marks: [
      Plot.line(
        [
          [0, 0],
          [most, most],
        ],
        { stroke: INK, strokeDasharray: '4,4' },
      ),
      Plot.ruleX(rows, { x: 'said', y1: 'low', y2: 'high', stroke: POINT }),
      Plot.dot(rows, { x: 'said', y: 'came', fill: POINT, r: 4 }),
    ],
  };
  return drawnSvg(options, { title: `Calibration: ${title}`, description: `From the lowest group up: ${inWords}.` });
}
