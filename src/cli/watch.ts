import { type AlertChanged, alertChanges } from '../client/alertStream.ts';
import { type Step, StreamRefused } from '../client/resumedStream.ts';
import { type RiskChange, riskChanges } from '../client/riskStream.ts';
import { AvicennaError } from '../errors.ts';
import { line, note } from './output.ts';
import { patientAtServer } from './patientAddress.ts';

export interface WatchOptions {
  readonly patient?: string;
  readonly after?: string;
  readonly url: string;
  readonly json?: boolean;
  /** What happens to alerts in place of the risk events. */
  readonly alerts?: boolean;
}

/** Three digits that say something, whatever the size: 0.172 of a probability, 12.7 mg a week, 5 points. */
const figure = (value: number | null | undefined) => (value == null ? 'no value' : String(Number(value.toPrecision(3))));
const signed = (value: number) => `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;

function inWords({ patient, model, cause, previous, value, delta, unit, category, because, observedAt, recordedAt }: RiskChange): string {
  const answer = `${figure(value)} ${unit}${category === null ? '' : ` (${category})`}`;
  const moved = delta === null ? answer : `${figure(previous)} to ${answer}, ${signed(delta)}`;
  const reasons = because.map(({ label, contribution }) => `${label} ${signed(contribution)}`).join(', ');
  const what = cause === 'CORRECTION' ? `CORRECTION of what was said of ${observedAt}` : cause;
  return `${recordedAt} ${patient?.identifier ?? 'withheld'} ${model.name} ${what}: ${moved}${reasons === '' ? '' : `; ${reasons}`}`;
}

function alertInWords({ change, recordedAt, alert }: AlertChanged): string {
  const { patient, severity, title, value, unit, condition, notify } = alert;
  const answer = value === null ? '' : ` (${figure(value)} ${unit ?? ''}, ${condition})`;
  return `${recordedAt} ${patient?.identifier ?? 'withheld'} ${severity} ${change}: ${title}${answer}; for: ${notify}`;
}

/** Prints each step and keeps its cursor. */
async function printSteps<T>(
  steps: AsyncIterable<Step<T>>,
  words: (event: T) => string,
  json: boolean | undefined,
): Promise<string | undefined> {
  let cursor: string | undefined;
  for await (const step of steps) {
    cursor = step.cursor;
    if (json) await line(JSON.stringify(step));
    else if (step.event) await line(words(step.event));
  }
  return cursor;
}

/** Prints risk events, or what happens to alerts, until interrupted. The last cursor goes to stderr, to go on from with --after. */
export async function watch({ url, patient, after, json, alerts }: WatchOptions): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const options = {
    url,
    signal: stop.signal,
    token: () => process.env['AVICENNA_TOKEN'],
    onInterrupted: () => note(`The server at ${url} does not answer; trying again.`),
    ...(patient === undefined ? {} : { patientIds: [await patientAtServer(url, patient, '--patient')] }),
    ...(after === undefined ? {} : { after }),
  };
  try {
    const last = alerts
      ? await printSteps(alertChanges(options), alertInWords, json)
      : await printSteps(riskChanges(options), inWords, json);
    const cursor = last ?? after;
    if (cursor !== undefined) note(`last cursor: ${cursor}`);
  } catch (error) {
    if (error instanceof StreamRefused)
      throw new AvicennaError(error.code === 'CURSOR_EXPIRED' ? 'CURSOR_EXPIRED' : 'BAD_USER_INPUT', error.message, '--after');
    throw error;
  }
}
