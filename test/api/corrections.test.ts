/** What is said of the past by a late measurement is not taken for what stands now. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { riskChanges } from '../../src/client/riskStream.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { SCORE_5, SCORE_7, vitalSigns } from '../support/vitalSigns.ts';

interface Answered {
  readonly recordOverride: { readonly override: { readonly shown: string; readonly note: string } | null; readonly eventId: string };
}
interface Changed {
  readonly node: {
    readonly prediction: {
      readonly value: number;
      readonly change: { readonly delta: number; readonly before: number } | null;
    };
  };
}

const OVERRIDE = 'mutation($input: RecordOverrideInput!) { recordOverride(input: $input) { override { shown note } eventId } }';
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe.each(ENGINES)('a correction of an earlier answer, on the $engine engine', ({ uri }) => {
  let server: TestServer;
  let patientId = '';
  const record = async (observedAt: string, changed: Parameters<typeof vitalSigns>[1], codes?: readonly string[]) => {
    const signs = vitalSigns(observedAt, changed).filter(({ code }) => codes?.includes(code) ?? true);
    accepted(await commandsTo(server.platform).observe(patient, signs));
    await server.platform.projector.settle(60_000);
  };
  let patient = '';

  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
    patient = await newPatient(server.platform);
    patientId = toGlobalId('Patient', patient);
    await record(minutesAgo(30), {});
    await record(minutesAgo(5), SCORE_7);
    // Pulse 131 of twenty minutes ago: 3 points then, nothing now.
    await record(minutesAgo(20), { '8867-4': 131 }, ['8867-4']);
  }, 180_000);
  afterAll(() => server?.close());

  it('is not what a prediction that was not followed showed', async () => {
    const input = { idempotencyKey: freshKey(), patientId, reason: 'OTHER', note: 'first', model: 'news2' };
    const first = (await server.query<Answered, object>(OVERRIDE, { input })).data.recordOverride;
    expect(first.override?.shown).toMatch(/^7 /);
    const other = { ...input, idempotencyKey: freshKey(), note: 'second' };
    expect((await server.query<Answered, object>(OVERRIDE, { input: other })).data.recordOverride.override?.note).toBe('second');
    // The same command again answers with what it recorded, not with the newest.
    const again = (await server.query<Answered, object>(OVERRIDE, { input })).data.recordOverride;
    expect([again.eventId, again.override?.note]).toEqual([first.eventId, 'first']);
  });

  it('is not what a change since then is held against', async () => {
    const query = `query($id: ID!, $since: DateTime!) { node(id: $id) { ... on Patient { prediction(model: "news2") { value
      change(since: $since) { delta before } } } } }`;
    const { node } = (await server.query<Changed, object>(query, { id: patientId, since: new Date().toISOString() })).data;
    expect([node.prediction.value, node.prediction.change?.before, node.prediction.change?.delta]).toEqual([7, 7, 0]);
  });

  it('hides no change of now from a stream with a smallest change', async () => {
    const stop = new AbortController();
    const steps = riskChanges({ url: server.url, patientIds: [patientId], models: ['news2'], minChange: 2, signal: stop.signal });
    // The place before anything more is told.
    await steps.next();
    await record(minutesAgo(4), SCORE_5);
    await record(minutesAgo(18), { '8867-4': 111 }, ['8867-4']);
    await record(minutesAgo(3), SCORE_7);
    const told: [string, number | null][] = [];
    for await (const { event } of steps) {
      if (event) told.push([event.cause, event.value]);
      if (told.at(-1)?.[1] === 7) break;
    }
    stop.abort();
    expect(told.filter(([cause]) => cause === 'OBSERVATION')).toEqual([
      ['OBSERVATION', 5],
      ['OBSERVATION', 7],
    ]);
  }, 180_000);
});
