/** Measurements of devices from standard input: into the folder, and through a running server. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, avicenna, jsonLines, type Serving, serve } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { freshKey } from '../support/server.ts';

const minute = (count: number) => `2026-11-01T08:${String(count).padStart(2, '0')}:00.000Z`;
const pulse = (value: number, count: number, more: object = {}) => ({
  patient: 'WARD-1',
  code: '8867-4',
  value,
  unit: '/min',
  observedAt: minute(count),
  device: 'monitor 4',
  ...more,
});
const BATCH = [
  pulse(80, 0),
  pulse(81, 1, { patient: 'NOBODY' }),
  pulse(3000, 2),
  pulse(82, 3, { unit: 'cm' }),
  pulse(83, 4, { value: '83' }),
  pulse(84, 5, { observedAt: 'yesterday' }),
  pulse(85, 6),
];
const input = (lines: readonly unknown[]) => `${lines.map((one) => JSON.stringify(one)).join('\n')}\nno json\n\n`;

const REGISTER = 'mutation($input: RegisterPatientInput!) { registerPatient(input: $input) { patient { id } } }';
const KEPT = `{ patient(identifier: "WARD-1") { observations(first: 100, codes: ["8867-4"]) { totalCount edges { node { value flag device observedAt } } } } }`;

interface Kept {
  readonly patient: { readonly observations: { readonly totalCount: number; readonly edges: readonly { readonly node: object }[] } };
}

/** What the lines must be answered with. */
const ANSWERS = [
  expect.objectContaining({ patient: 'WARD-1', observedAt: minute(0), flag: null, visible: true }),
  { error: { code: 'NOT_FOUND', message: expect.any(String), at: 'stdin:2' } },
  expect.objectContaining({ observedAt: minute(2), flag: 'OUT_OF_RANGE' }),
  { error: { code: 'UNIT_NOT_CONVERTIBLE', message: expect.any(String), at: 'stdin:4 unit' } },
  { error: { code: 'BAD_USER_INPUT', message: expect.stringContaining('value'), at: 'stdin:5' } },
  { error: { code: 'BAD_USER_INPUT', message: expect.stringContaining('observedAt'), at: 'stdin:6' } },
  expect.objectContaining({ observedAt: minute(6), flag: null }),
  { error: { code: 'BAD_USER_INPUT', message: expect.any(String), at: 'stdin:8' } },
];

describe('ingest --stdin', () => {
  let data: string;
  let server: Serving | undefined;
  const serving = () => server as Serving;

  beforeAll(async () => {
    data = await dataFolder('DEMO');
    server = await serve(data);
    const person = { idempotencyKey: freshKey(), identifier: 'WARD-1', birthDate: '1960-01-01', sexAtBirth: 'MALE' };
    await ask(serving().url, REGISTER, { input: person });
  }, 180_000);
  afterAll(() => server?.end('SIGKILL'));

  const kept = async () => (await ask<Kept>(serving().url, KEPT)).patient.observations;

  it('goes through a running server, answers each line in order and takes what is right', async () => {
    const ran = await avicenna(['ingest', '--stdin', '--json', '--url', serving().url], { input: input(BATCH) });
    expect(ran.code).toBe(1);
    expect(jsonLines(ran)).toEqual(ANSWERS);
    const { edges } = await kept();
    expect(edges.map(({ node }) => node)).toEqual([
      { value: 85, flag: null, device: 'monitor 4', observedAt: minute(6) },
      { value: 3000, flag: 'OUT_OF_RANGE', device: 'monitor 4', observedAt: minute(2) },
      { value: 80, flag: null, device: 'monitor 4', observedAt: minute(0) },
    ]);
  });

  it('keeps once what is sent again, also in another order and with new lines between', async () => {
    const lines = [pulse(85, 6), pulse(86, 7), pulse(80, 0)];
    const ran = await avicenna(['ingest', '--stdin', '--json', '--url', serving().url], {
      input: `${lines.map((one) => JSON.stringify(one)).join('\n')}\n`,
    });
    expect([ran.code, jsonLines(ran).length]).toEqual([0, 3]);
    expect((await kept()).totalCount).toBe(4);
  });

  it('takes more lines than one event holds, in order', async () => {
    const lines = Array.from({ length: 2500 }, (_, index) =>
      pulse(60 + (index % 40), 0, { observedAt: new Date(Date.UTC(2026, 9, 1) + index * 1000).toISOString() }),
    );
    const ran = await avicenna(['ingest', '--stdin', '--json', '--url', serving().url], {
      input: `${lines.map((one) => JSON.stringify(one)).join('\n')}\n`,
      withinMs: 100_000,
    });
    expect(ran.code).toBe(0);
    expect(jsonLines(ran).map(({ observedAt }) => observedAt)).toEqual(lines.map(({ observedAt }) => observedAt));
    expect((await kept()).totalCount).toBe(2504);
  }, 120_000);

  it('says that the folder is in use while a server runs, and works on it when none does', async () => {
    const inUse = await avicenna(['ingest', '--stdin', '--json', '--data', data], { input: input(BATCH) });
    expect([inUse.code, jsonLines<{ error: { code: string } }>(inUse).map(({ error }) => error.code)]).toEqual([1, ['DATA_IN_USE']]);
    await serving().end('SIGTERM');
    const ran = await avicenna(['ingest', '--stdin', '--json', '--data', data], { input: input([...BATCH.slice(0, 2), pulse(90, 9)]) });
    expect(jsonLines(ran)).toMatchObject([
      { flag: null },
      { error: { code: 'NOT_FOUND' } },
      { observedAt: minute(9) },
      { error: { at: 'stdin:4' } },
    ]);
    server = await serve(data);
    expect((await kept()).totalCount).toBe(2505);
  }, 180_000);

  it('waits for a server that is started again, and records once what it sends', async () => {
    const { url } = serving();
    await serving().end('SIGTERM');
    const running = avicenna(['ingest', '--stdin', '--json', '--url', url], {
      input: `${JSON.stringify(pulse(77, 11))}\n`,
      withinMs: 60_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    server = await serve(data, {}, Number(new URL(url).port));
    const ran = await running;
    expect([ran.code, jsonLines(ran)]).toMatchObject([0, [{ observedAt: minute(11) }]]);
    expect((await kept()).totalCount).toBe(2506);
  }, 180_000);

  it('refuses to run without --stdin', async () => {
    const { code, stdout } = await avicenna(['ingest', '--data', data]);
    expect([code, stdout]).toEqual([2, '']);
  });
});
