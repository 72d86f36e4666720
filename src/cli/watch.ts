import { type RiskChange, riskChanges, StreamRefused } from '../client/riskStream.ts';
import { AvicennaError } from '../errors.ts';
import { callApi } from './api.ts';
import { line, note } from './output.ts';

export interface WatchOptions {
  readonly patient?: string;
  readonly after?: string;
  readonly url: string;
  readonly json?: boolean;
}

/** The global id of a patient given by identifier or by global id. */
async function patientId(url: string, patient: string): Promise<string> {
  const query = 'query Find($identifier: String!) { patient(identifier: $identifier) { id } }';
  try {
    return (await callApi<{ patient: { id: string } }>(url, query, { identifier: patient })).patient.id;
  } catch (error) {
    if (!(error instanceof AvicennaError) || error.code !== 'NOT_FOUND') throw error;
    const byId = 'query Node($id: ID!) { node(id: $id) { id } }';
    return (await callApi<{ node: { id: string } }>(url, byId, { id: patient })).node.id;
  }
}

function inWords({ patient, model, cause, previous, value, delta, unit, because, recordedAt }: RiskChange): string {
  const moved =
    delta === null
      ? `${value?.toFixed(1) ?? 'no value'} ${unit}`
      : `${previous?.toFixed(1)} to ${value?.toFixed(1)} ${unit} (${delta < 0 ? '−' : '+'}${Math.abs(delta).toFixed(1)})`;
  const reasons = because
    .map(({ label, contribution }) => `${label} ${contribution < 0 ? '−' : '+'}${Math.abs(contribution).toFixed(1)}`)
    .join(', ');
  return `${recordedAt} ${patient?.identifier ?? 'withheld'} ${model.name} ${cause}: ${moved}${reasons === '' ? '' : `; ${reasons}`}`;
}

/** Prints risk events until interrupted. The last cursor goes to stderr, to go on from with --after. */
export async function watch(options: WatchOptions): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const patients = options.patient === undefined ? {} : { patientIds: [await patientId(options.url, options.patient)] };
  let cursor = options.after;
  try {
    for await (const step of riskChanges({
      url: options.url,
      signal: stop.signal,
      ...patients,
      ...(options.after === undefined ? {} : { after: options.after }),
    })) {
      cursor = step.cursor;
      if (options.json) await line(JSON.stringify(step));
      else if (step.event) await line(inWords(step.event));
    }
  } catch (error) {
    if (error instanceof StreamRefused)
      throw new AvicennaError(error.code === 'CURSOR_EXPIRED' ? 'CURSOR_EXPIRED' : 'BAD_USER_INPUT', error.message, '--after');
    throw error;
  }
  if (cursor !== undefined) note(`last cursor: ${cursor}`);
}
