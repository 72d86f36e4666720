/**
 * Measurements of devices from standard input, a JSON object a line, into the record: through the API of a running server,
 * or into the graph and the log of this folder. Lines that have come are taken together, those of one patient in one event.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { systemActor } from '../access/actor.ts';
import { Noted } from '../access/audit/noted.ts';
import { AvicennaError } from '../errors.ts';
import { decideRecordObservations } from '../patients/commands/recordObservations.ts';
import { callApi } from './api.ts';
import { readConfig } from './config.ts';
import { inputLines, readJsonLine } from './inputLines.ts';
import { openPlatform } from './openPlatform.ts';
import { EXIT, line, note, progress, refuse } from './output.ts';
import { patientAtServer, patientInGraph } from './patientAddress.ts';

export interface IngestOptions {
  readonly stdin?: boolean;
  readonly url?: string;
  readonly data: string;
  readonly json?: boolean;
}

const measurement = z.strictObject({
  patient: z.string().min(1),
  code: z.string(),
  value: z.number().nullish(),
  text: z.string().nullish(),
  unit: z.string().nullish(),
  label: z.string().nullish(),
  device: z.string().nullish(),
  observedAt: z.iso.datetime({ offset: true, error: 'expected ISO 8601 with its zone, as in 2026-03-02T09:00:00Z' }),
});

type Measurement = z.infer<typeof measurement>;
type Observation = Omit<Measurement, 'patient'>;

/** What became of the measurements of one patient that were sent together. */
interface Recorded {
  readonly eventId: string | null;
  readonly visible: boolean;
  readonly flagged: readonly number[];
  readonly refused: readonly { readonly code: string; readonly field: string; readonly index: number | null; readonly message: string }[];
}

/** Where the measurements go. Throws NOT_FOUND, with the place, for an unknown patient. */
interface Destination {
  /** Part of the idempotency keys: the two ways in are told the same thing in different forms. */
  readonly name: string;
  readonly record: (patient: string, observations: readonly Observation[], key: string, at: string) => Promise<Recorded>;
  readonly close: () => Promise<void>;
}

const RECORD = `mutation Ingest($input: RecordObservationsInput!) {
  recordObservations(input: $input) { eventId visible flagged userErrors { code field index message } }
}`;

interface Answer {
  readonly recordObservations: Omit<Recorded, 'refused'> & { readonly userErrors: Recorded['refused'] };
}

/** A server that is started again is waited for: the same measurements with the same key are one event. */
const AWAY_MS = 30_000;
const AGAIN_MS = 500;

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + AWAY_MS; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AvicennaError) || error.code !== 'SERVER_UNREACHABLE' || Date.now() > deadline) throw error;
      await pause(AGAIN_MS);
    }
  }
}

function server(url: string): Destination {
  const ids = new Map<string, Promise<string>>();
  const idOf = (patient: string, at: string) => {
    const known = ids.get(patient) ?? untilAnswered(() => patientAtServer(url, patient, at));
    ids.set(patient, known);
    // A patient may be registered later.
    known.catch(() => ids.delete(patient));
    return known;
  };
  return {
    name: 'api',
    record: async (patient, observations, idempotencyKey, at) => {
      const input = { patientId: await idOf(patient, at), idempotencyKey, observations };
      const answer = await untilAnswered(() => callApi<Answer>(url, RECORD, { input }));
      return { ...answer.recordObservations, refused: answer.recordObservations.userErrors };
    },
    close: async () => undefined,
  };
}

const ASKED = { document: null, operation: 'ingest' } as const;

async function folder(data: string): Promise<Destination> {
  const platform = await openPlatform({ data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  const actor = systemActor('command-line');
  const noted = new Noted();
  const reader = platform.readerFor(actor, noted);
  return {
    name: 'folder',
    record: async (patient, observations, idempotencyKey, at) => {
      const { id } = await patientInGraph(reader, patient, at);
      const command = { actor, idempotencyKey, name: 'recordObservations', input: observations };
      const submitted = await platform.intake.submit(command, id, (context) => decideRecordObservations(observations, context));
      if ('userErrors' in submitted) return { eventId: null, visible: true, flagged: [], refused: submitted.userErrors };
      const { recorded, eventId, visible, refused } = submitted;
      noted.wrote(id, eventId);
      await platform.audit.record(noted.take(actor, ASKED));
      const taken = recorded.type === 'observations.recorded' ? recorded.payload.observations : [];
      return { eventId, visible, refused, flagged: taken.flatMap(({ flag, index }) => (flag === null ? [] : [index])) };
    },
    close: () => platform.close(),
  };
}

interface Line {
  readonly at: string;
  readonly text: string;
}

const MOST_TOGETHER = 1000;
const WAIT_MS = 10;

/** The lines in chunks: those that have come already, and no waiting for more. */
async function* together(lines: AsyncGenerator<Line>): AsyncGenerator<Line[]> {
  let pending = lines.next();
  for (;;) {
    const first = await pending;
    if (first.done) return;
    const chunk = [first.value];
    pending = lines.next();
    while (chunk.length < MOST_TOGETHER) {
      const more = await Promise.race([pending, new Promise<null>((resolve) => setTimeout(() => resolve(null), WAIT_MS))]);
      if (more === null || more.done) break;
      chunk.push(more.value);
      pending = lines.next();
    }
    yield chunk;
  }
}

interface Parsed extends Line {
  readonly measurement: Measurement;
}

/** One line of the answer. */
type Outcome =
  | { readonly line: Parsed; readonly eventId: string; readonly visible: boolean; readonly flagged: boolean }
  | { readonly error: unknown };

class Refused extends AvicennaError {
  /** The user error's own code. */
  readonly reason: string;

  constructor(reason: string, message: string, at: string) {
    super('BAD_USER_INPUT', message, at);
    this.reason = reason;
  }
}

function parse({ text, at }: Line): Parsed {
  const parsed = measurement.safeParse(readJsonLine(text, at));
  if (parsed.success) return { text, at, measurement: parsed.data };
  const [issue] = parsed.error.issues;
  throw new AvicennaError('BAD_USER_INPUT', `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'not a measurement'}.`, at);
}

const keyOfBatch = (...parts: readonly unknown[]) =>
  `ingest-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;

/** Sends the lines of one patient, and tells what became of each. */
async function send(destination: Destination, patient: string, lines: readonly Parsed[]): Promise<Outcome[]> {
  const observations = lines.map(({ measurement: { patient: _patient, ...observation } }) => observation);
  const key = keyOfBatch(destination.name, patient, observations);
  try {
    const { eventId, visible, flagged, refused } = await destination.record(patient, observations, key, lines[0]?.at ?? 'stdin');
    return lines.map((one, index) => {
      const wrong = refused.find((error) => error.index === index || error.index === null);
      if (wrong) return { error: new Refused(wrong.code, wrong.message, `${one.at} ${wrong.field.replace(/^observations\./, '')}`) };
      return { line: one, eventId: eventId ?? '', visible, flagged: flagged.includes(index) };
    });
  } catch (error) {
    return lines.map(({ at }) => ({
      error: error instanceof AvicennaError ? new AvicennaError(error.code, error.message, at) : error,
    }));
  }
}

/** What became of each line, in the order that they came. */
async function record(destination: Destination, chunk: readonly Line[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const byPatient = new Map<string, { readonly place: number; readonly line: Parsed }[]>();
  for (const [place, one] of chunk.entries()) {
    try {
      const parsed = parse(one);
      const { patient } = parsed.measurement;
      byPatient.set(patient, [...(byPatient.get(patient) ?? []), { place, line: parsed }]);
    } catch (error) {
      outcomes[place] = { error };
    }
  }
  await Promise.all(
    [...byPatient].map(async ([patient, lines]) => {
      const found = await send(
        destination,
        patient,
        lines.map((one) => one.line),
      );
      for (const [index, { place }] of lines.entries()) outcomes[place] = found[index] ?? { error: new Error('unexpected failure') };
    }),
  );
  return outcomes;
}

async function print(outcome: Outcome, json: boolean): Promise<void> {
  if ('error' in outcome) {
    const { error } = outcome;
    if (!(error instanceof Refused)) return refuse(error, json);
    process.exitCode = EXIT.refused;
    if (json) await line(JSON.stringify({ error: { code: error.reason, message: error.message, at: error.at } }));
    else note(`${error.at}: ${error.message} [${error.reason}]`);
    return;
  }
  const { flagged, eventId, visible, line: from } = outcome;
  const { patient, code, observedAt } = from.measurement;
  if (json) await line(JSON.stringify({ patient, code, observedAt, eventId, visible, flag: flagged ? 'OUT_OF_RANGE' : null }));
  else if (flagged) await line(`${from.at}: kept, but out of any range: no model is given it`);
}

/** Records until the input ends; a line of the answer for each line, in their order. */
export async function ingest(options: IngestOptions): Promise<void> {
  const destination = options.url === undefined ? await folder(options.data) : server(options.url);
  let recorded = 0;
  try {
    for await (const chunk of together(inputLines())) {
      for (const outcome of await record(destination, chunk)) {
        await print(outcome, options.json ?? false);
        if ('line' in outcome) recorded += 1;
      }
    }
  } finally {
    await destination.close();
  }
  note(`${recorded} measurements recorded`);
}
