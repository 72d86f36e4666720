/**
 * Utility of hourly alerts (PhysioNet/CinC Challenge 2019; Reyna MA et al., Crit Care Med 2020;48:210-7): 1 is alerting at
 * the best hours and at no other, 0 is never to alert. The label turns 1 six hours before the onset.
 */
import type { Earned, Metric, Sample } from './sample.ts';

const LEAD = 6;
const EARLIEST = -12;
const LATEST = 3;
const FALSE_ALERT = -0.05;
const TOO_LATE = -2;

/** What an alert and silence earn `from` hours after the onset (negative: before it). */
function ofSeptic(from: number): { alert: number; silence: number } {
  if (from > LATEST) return { alert: 0, silence: 0 };
  if (from <= -LEAD) return { alert: Math.max(FALSE_ALERT, (from - EARLIEST) / LEAD), silence: 0 };
  const through = (from + LEAD) / (LATEST + LEAD);
  return { alert: 1 - through, silence: TOO_LATE * through };
}

/** What can be earned in each row, by its hour (`time`). The rows of a person stand together, in time order from the first. */
export function earningsOf({ outcome, person, time }: Sample): Earned {
  const rows = outcome.length;
  const earned = { alert: new Float64Array(rows), silence: new Float64Array(rows), best: new Float64Array(rows) };
  for (let start = 0; start < rows; ) {
    let end = start;
    while (end < rows && person[end] === person[start]) end += 1;
    const first = outcome.subarray(start, end).indexOf(1);
    for (let row = start; row < end; row += 1) {
      const from = (time[row] as number) - (time[start + first] as number) - LEAD;
      const { alert, silence } = first < 0 ? { alert: FALSE_ALERT, silence: 0 } : ofSeptic(from);
      earned.alert[row] = alert;
      earned.silence[row] = silence;
      earned.best[row] = first >= 0 && from >= EARLIEST && from <= LATEST ? alert : silence;
    }
    start = end;
  }
  return earned;
}

export function alertUtility(threshold: number): Metric {
  return ({ predicted, earned }, weights) => {
    if (!earned) return Number.NaN;
    let [observed, silent, best] = [0, 0, 0];
    for (let row = 0; row < weights.length; row += 1) {
      const weight = weights[row] as number;
      const silence = weight * (earned.silence[row] as number);
      observed += (predicted[row] as number) >= threshold ? weight * (earned.alert[row] as number) : silence;
      silent += silence;
      best += weight * (earned.best[row] as number);
    }
    return (observed - silent) / (best - silent);
  };
}
