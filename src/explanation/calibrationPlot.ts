/** What a model said against what came, as a picture: a point for each tenth of the answers, with its 95 % interval. */
import * as Plot from '@observablehq/plot';
import type { Bin } from '../prediction/evaluation/evaluate.ts';
import { drawnSvg, INK, STYLE } from './svg.ts';

const SIZE = 460;
const POINT = '#2166ac';

export function calibrationSvg(title: string, bins: readonly Bin[]): string {
  const most = Math.max(...bins.flatMap(({ predicted, observed }) => [predicted, observed.high]), 1e-6);
  const rows = bins.map(({ predicted, observed }) => ({ predicted, ...observed }));
  const percent = (share: number) => `${(100 * share).toPrecision(2)} %`;
  const inWords = bins.map(({ predicted, observed }) => `said ${percent(predicted)}, came ${percent(observed.value)}`).join('; ');
  const options: Plot.PlotOptions = {
    width: SIZE,
    height: SIZE,
    marginLeft: 60,
    marginBottom: 46,
    style: STYLE,
    x: { label: 'Said by the model (mean of each tenth)', domain: [0, most], percent: true, grid: true, nice: true },
    y: { label: 'Came to pass, with 95 % interval', domain: [0, most], percent: true, grid: true, nice: true },
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 100 * most, y2: 100 * most, stroke: INK, strokeDasharray: '4,4' }),
      Plot.ruleX(rows, { x: 'predicted', y1: 'low', y2: 'high', stroke: POINT }),
      Plot.dot(rows, { x: 'predicted', y: 'value', fill: POINT, r: 4 }),
    ],
  };
  return drawnSvg(options, { title: `Calibration: ${title}`, description: `From the lowest tenth up: ${inWords}.` });
}
