/** Risk changes as a subscriber sees them, over a real WebSocket. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import * as operations from '../../schema/operations.generated.ts';
import { StreamRefused } from '../../src/client/resumedStream.ts';
import { type RiskStep, riskChanges } from '../../src/client/riskStream.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';

const STARTED = '2026-06-01T08:00:00.000Z';

describe.each(ENGINES)('live risk on the $engine engine', ({ uri }) => {
  let server: TestServer;
  let patientId = '';

  beforeAll(async () => {
    server = await startServer(uri);
    const found = await server.query<{ patient: { id: string } }, never>('{ patient(identifier: "DEMO-0001") { id } }');
    patientId = found.data.patient.id;
  }, 180_000);
  afterAll(() => server?.close());

  const start = (drug: string, patient = patientId) =>
    server.query(operations.StartMedicationDocument, {
      input: { idempotencyKey: freshKey(), patientId: patient, drug, startedAt: STARTED },
    });

  /** Reads steps until `enough`, running `meanwhile` once the stream is open. */
  async function collect(
    options: { readonly after?: string; readonly patientIds?: readonly string[]; readonly minChange?: number },
    enough: (events: RiskStep[]) => boolean,
    meanwhile: () => Promise<unknown> = async () => undefined,
  ) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 60_000);
    const steps: RiskStep[] = [];
    let running: Promise<unknown> | undefined;
    try {
      for await (const step of riskChanges({ url: server.url, signal: stop.signal, ...options })) {
        steps.push(step);
        running ??= meanwhile();
        if (enough(steps.filter(({ event }) => event))) break;
      }
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
    await running;
    return steps;
  }

  it('tells that starting amiodarone moved the dose, and that amiodarone did it', async () => {
    const steps = await collect(
      { patientIds: [patientId] },
      (events) => events.length === 1,
      () => start('amiodarone'),
    );
    expect(steps[0]?.event).toBeNull();
    const event = steps.at(-1)?.event;
    expect(event).toMatchObject({ cause: 'MEDICATION', status: 'OK', unit: 'mg/week', patient: { identifier: 'DEMO-0001' } });
    expect(event?.delta).toBeLessThan(-0.5);
    expect(event?.because.map(({ feature }) => feature)).toEqual(['amiodarone']);
    expect(event?.because.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(event?.delta ?? 0, 9);
    expect((event?.previous ?? 0) + (event?.delta ?? 0)).toBeCloseTo(event?.value ?? 0, 9);
  });

  it('is already in the graph when it is told', async () => {
    const steps = await collect(
      { patientIds: [patientId] },
      (events) => events.length === 1,
      () => start('carbamazepine'),
    );
    const id = steps.at(-1)?.event?.id ?? '';
    const found = await server.query<{ node: { cause: string } }, { id: string }>(
      'query($id: ID!) { node(id: $id) { ... on RiskEvent { cause } } }',
      { id },
    );
    expect(found.data.node.cause).toBe('MEDICATION');
  });

  it('goes on after a cursor with what happened in between, each event once and in order', async () => {
    const [first] = await collect({ patientIds: [patientId] }, () => true);
    await start('aspirin');
    await start('simvastatin');
    const after = first?.cursor ?? '';
    const missed = (await collect({ patientIds: [patientId], after }, (events) => events.length === 2)).filter(({ event }) => event);
    expect(missed.map(({ event }) => event?.because[0]?.feature)).toEqual(['aspirinStatin', 'aspirinStatin']);
    const rest = (await collect({ patientIds: [patientId], after: missed[0]?.cursor ?? '' }, (events) => events.length === 1)).filter(
      ({ event }) => event,
    );
    expect(rest.map(({ event }) => event?.id)).toEqual([missed[1]?.event?.id]);
  });

  it('does not tell a subscriber of patients it did not ask for', async () => {
    const other = await server.query<{ patient: { id: string } }, never>('{ patient(identifier: "DEMO-0002") { id } }');
    const steps = await collect(
      { patientIds: [other.data.patient.id] },
      (events) => events.length === 1,
      async () => {
        await server.query(operations.RecordConditionDocument, {
          input: { idempotencyKey: freshKey(), patientId, code: 'E11.9', system: 'ICD-10-CM', label: 'Type 2 diabetes', onsetAt: STARTED },
        });
        await start('amiodarone', other.data.patient.id);
      },
    );
    expect(steps.flatMap(({ event }) => event?.patient?.identifier ?? [])).toEqual(['DEMO-0002']);
  });

  it.each([
    ['a made-up cursor', 'abc.1.xyz', 'CURSOR_INVALID'],
    ['rubbish', 'rubbish', 'CURSOR_INVALID'],
  ])('refuses %s with a code', async (_what, after, code) => {
    const refused = await collect({ after }, () => true).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamRefused);
    expect(refused).toMatchObject({ code });
  });

  it.each([
    ['a patient whom nobody knows', { patientIds: [toGlobalId('Patient', 'nobody')] }, 'NOT_FOUND'],
    ['an empty list of patients', { patientIds: [] }, 'BAD_USER_INPUT'],
    ['a smallest change below nothing', { minChange: -3 }, 'BAD_USER_INPUT'],
  ])('refuses %s with a code', async (_what, options, code) => {
    const refused = await collect(options, () => true).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamRefused);
    expect(refused).toMatchObject({ code });
  });

  it('takes so many subscriptions on one connection and no more, and goes on with those', async () => {
    const client = createClient({ url: `${server.url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
    const query = 'subscription { patientRiskChanged { cursor } }';
    const streams = Array.from({ length: 101 }, () => client.iterate({ query })[Symbol.asyncIterator]());
    const first = await Promise.allSettled(streams.map((stream) => stream.next()));
    const refused = first.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] }]);
    await client.dispose();
  });

  it('refuses a cursor of another filter', async () => {
    const [mine] = await collect({ patientIds: [patientId] }, () => true);
    const refused = await collect({ after: mine?.cursor ?? '' }, () => true).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('keeps the trajectory with what moved it each time', async () => {
    const changed = (await server.query(operations.WhatChangedDocument, { identifier: 'DEMO-0001', first: 50 })).data.patient
      ?.riskTrajectory;
    const values = changed?.edges.map(({ node }) => node) ?? [];
    expect(values.at(-1)).toMatchObject({ cause: 'REGISTRATION', previous: null, because: [] });
    for (const node of values.slice(0, -1)) {
      expect(node.because.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(node.delta ?? 0, 9);
    }
    expect(changed?.totalCount).toBe(values.length);
  });
});
