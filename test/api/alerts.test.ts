/** Alerts as a client sees them: told over a WebSocket, listed, acknowledged, and gone on with after a cursor. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AlertStep, alertChanges } from '../../src/client/alertStream.ts';
import { StreamRefused } from '../../src/client/resumedStream.ts';
import { riskChanges } from '../../src/client/riskStream.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { SCORE_5, SCORE_7, vitalSigns } from '../support/vitalSigns.ts';

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Steps until `enough` of them carry an event; `meanwhile` runs once the stream is open. */
async function collect<S extends { readonly event: unknown }>(
  open: (signal: AbortSignal) => AsyncIterable<S>,
  enough: number,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<S[]> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 60_000);
  const steps: S[] = [];
  let running: Promise<unknown> | undefined;
  try {
    for await (const step of open(stop.signal)) {
      steps.push(step);
      running ??= meanwhile();
      if (steps.filter(({ event }) => event).length >= enough) break;
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
  await running;
  return steps;
}

const told = (steps: readonly AlertStep[]) =>
  steps.flatMap(({ event }) => (event ? [`${event.alert.rule} ${event.change} ${event.alert.status}`] : []));

const LIST = `query($id: ID!, $open: Boolean, $least: AlertSeverity) { node(id: $id) { ... on Patient { alerts(first: 10, open: $open, minSeverity: $least) {
  totalCount edges { node { id rule status value condition conditionHolds acknowledgedBy note model { name } riskEvent { value cause } patient { id } } } } } } }`;
const ACKNOWLEDGE = `mutation($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) {
  alert { status note acknowledgedBy } userErrors { code field } eventId visible } }`;

interface Listed {
  readonly node: {
    readonly alerts: {
      readonly totalCount: number;
      readonly edges: readonly { readonly node: Record<string, unknown> & { readonly id: string } }[];
    };
  };
}

interface Acknowledged {
  readonly acknowledgeAlert: {
    readonly alert: Record<string, unknown> | null;
    readonly userErrors: readonly { code: string; field: string }[];
  };
}

describe.each(ENGINES)('alerts on the $engine engine', ({ uri }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
  }, 180_000);
  afterAll(() => server?.close());

  const listed = async (patient: string, variables: object = {}) => {
    const { data } = await server.query<Listed, object>(LIST, { id: toGlobalId('Patient', patient), ...variables });
    return data.node.alerts;
  };
  const acknowledge = async (alertId: string, note: string | null = null) =>
    (await server.query<Acknowledged, object>(ACKNOWLEDGE, { input: { idempotencyKey: freshKey(), alertId, note } })).data.acknowledgeAlert;

  it('tells of a score of 7 with the shipped rules, lists it with its reason, and takes an acknowledgement', async () => {
    const patient = await newPatient(server.platform);
    const patientIds = [toGlobalId('Patient', patient)];
    const steps = await collect(
      (signal) => alertChanges({ url: server.url, patientIds, signal }),
      1,
      () => commandsTo(server.platform).observe(patient, vitalSigns(ago(20), SCORE_7)),
    );
    expect(told(steps)).toEqual(['news2-emergency RAISED RAISED']);
    const [edge, ...more] = (await listed(patient)).edges;
    expect(more).toEqual([]);
    expect(edge?.node).toMatchObject({
      rule: 'news2-emergency',
      status: 'RAISED',
      value: 7,
      condition: 'at or above 7',
      conditionHolds: true,
      model: { name: 'news2' },
      riskEvent: { value: 7, cause: 'OBSERVATION' },
      patient: { id: patientIds[0] },
    });
    expect(await acknowledge(edge?.node.id ?? '', ' On my way ')).toMatchObject({
      alert: { status: 'ACKNOWLEDGED', note: 'On my way', acknowledgedBy: 'loopback-demo' },
      userErrors: [],
    });
    expect((await acknowledge(edge?.node.id ?? '')).userErrors).toEqual([{ code: 'ALREADY_ACKNOWLEDGED', field: 'alertId' }]);
    expect((await acknowledge(toGlobalId('Alert', 'none'))).userErrors).toEqual([{ code: 'UNKNOWN_ALERT', field: 'alertId' }]);
    accepted(await commandsTo(server.platform).observe(patient, vitalSigns(ago(10))));
    const after = steps[0]?.cursor ?? '';
    const all = await collect((signal) => alertChanges({ url: server.url, patientIds, signal, after }), 3);
    // Each as it was then, though the alert is over by now.
    expect(told(all)).toEqual([
      'news2-emergency RAISED RAISED',
      'news2-emergency ACKNOWLEDGED ACKNOWLEDGED',
      'news2-emergency CLEARED CLEARED',
    ]);
    const rest = await collect((signal) => alertChanges({ url: server.url, patientIds, signal, after: all.at(-2)?.cursor ?? '' }), 1);
    expect(rest.at(-1)?.event?.id).toBe(all.at(-1)?.event?.id);
    expect((await listed(patient, { open: true })).totalCount).toBe(0);
    expect((await listed(patient)).totalCount).toBe(1);
  });

  it('tells those who ask for the urgent only of nothing less', async () => {
    const patient = await newPatient(server.platform);
    const patientIds = [toGlobalId('Patient', patient)];
    const steps = await collect(
      (signal) => alertChanges({ url: server.url, patientIds, minSeverity: 'CRITICAL', signal }),
      1,
      async () => {
        accepted(await commandsTo(server.platform).observe(patient, vitalSigns(ago(30), SCORE_5)));
        accepted(await commandsTo(server.platform).observe(patient, vitalSigns(ago(20), SCORE_7)));
      },
    );
    expect(told(steps)).toEqual(['news2-emergency RAISED RAISED']);
    expect((await listed(patient, { least: 'CRITICAL' })).totalCount).toBe(1);
    expect((await listed(patient)).totalCount).toBe(2);
  });

  it('draws the course with its threshold and a ring where the alert was raised, also when it is over', async () => {
    const patient = await newPatient(server.platform);
    for (const [index, score] of [{}, SCORE_7, {}].entries())
      accepted(await commandsTo(server.platform).observe(patient, vitalSigns(ago(40 - 10 * index), score)));
    await server.platform.projector.settle(60_000);
    const query = `query($id: ID!) { riskEvents(first: 1, patientId: $id, models: ["news2"]) { edges { node {
      value crossed { rule direction value } category plotSvg } } } }`;
    type Course = { riskEvents: { edges: { node: { value: number; crossed: object[]; category: string; plotSvg: string } }[] } };
    const { data } = await server.query<Course, object>(query, { id: toGlobalId('Patient', patient) });
    const { plotSvg, ...node } = data.riskEvents.edges[0]?.node ?? { plotSvg: '' };
    expect(node).toEqual({ value: 0, category: 'LOW', crossed: [{ rule: 'news2-emergency', direction: 'DOWN', value: 7 }] });
    const [, words = ''] = /<desc>(.*?)<\/desc>/.exec(plotSvg) ?? [];
    expect(words).toMatch(/ 0 points; .* 7 points .*; .* 0 points .*; threshold 7 \(NEWS2 of 7 or more/);
    const [, raisedAt] = /([\d -]+:\d\d) 7 points/.exec(words) ?? [];
    expect(words).toContain(`${raisedAt?.trim()} alert: NEWS2 of 7 or more`);
  });

  it('refuses the cursor of another filter', async () => {
    const [first] = await collect((signal) => alertChanges({ url: server.url, signal }), 0);
    const refused = await collect(
      (signal) => alertChanges({ url: server.url, minSeverity: 'WARNING', after: first?.cursor ?? '', signal }),
      1,
    ).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamRefused);
    expect(refused).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('holds a smallest change against the last value that the stream told, also where it goes on after a cursor', async () => {
    const patient = await newPatient(server.platform);
    const commands = commandsTo(server.platform);
    const options = { url: server.url, patientIds: [toGlobalId('Patient', patient)], models: ['news2'], minChange: 3 };
    const scores: readonly Parameters<typeof vitalSigns>[1][] = [
      {},
      { '8867-4': 111 },
      { '8867-4': 111, '8310-5': 38.1 },
      {},
      SCORE_5,
      SCORE_7,
    ];
    const steps = await collect(
      (signal) => riskChanges({ ...options, signal }),
      3,
      async () => {
        for (const [index, score] of scores.entries()) accepted(await commands.observe(patient, vitalSigns(ago(40 - index), score)));
      },
    );
    const events = steps.filter(({ event }) => event);
    // 0, 2, 3, 0, 5, 7: two steps of less than 3 add up to a change of 3; from 5 to 7 there are 2.
    expect(events.map(({ event }) => event?.value)).toEqual([0, 3, 0]);
    const rest = await collect((signal) => riskChanges({ ...options, after: events[0]?.cursor ?? '', signal }), 3);
    expect(rest.flatMap(({ event }) => event?.value ?? [])).toEqual([3, 0, 5]);
  });
});
