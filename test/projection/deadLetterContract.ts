/** What becomes of an event that cannot be applied, and of the others. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from '../../src/cli/config.ts';
import { openMonitoring } from '../../src/cli/openMonitoring.ts';
import { encodeEnvelope, plainCodec } from '../../src/events/envelope.ts';
import { RISK_EVENT_TYPE, readRiskPayload } from '../../src/monitoring/riskEvent.ts';
import { bindingOf, featuresOf } from '../../src/prediction/features.ts';
import type { Projector } from '../../src/projection/projector.ts';
import { deadLetters } from '../../src/store/cypher/deadLetters.ts';
import { dropProjection } from '../../src/store/cypher/projection.ts';
import { statement } from '../../src/store/graphStore.ts';
import { accepted, commandsTo, newPatient, recordOf } from '../support/commands.ts';
import { type Engine, emptyData, envelopes, type Given, onGraph, platformsOf, risksOf } from './platforms.ts';

const AT = '2026-04-01T08:00:00.000Z';

interface Poison {
  readonly type: string;
  readonly version: number;
  readonly payload: unknown;
}

async function append(platform: ReturnType<Given>, patient: string, { type, version, payload }: Poison): Promise<void> {
  const id = randomUUID();
  const head = { id, type, version, subject: patient, actor: 'test', purpose: 'TREATMENT', recordedAt: AT, observedAt: AT };
  const encoded = plainCodec.encode(patient, payload);
  await platform.log.append([{ subject: `patient.${patient}`, msgId: id, body: encodeEnvelope({ ...head, ...encoded }) }]);
}

const MISSHAPEN: Poison = { type: 'observations.recorded', version: 1, payload: { observations: 'none' } };
const weight = (value: number, day: string) => [{ code: '29463-7', value, unit: 'kg', observedAt: `2026-04-${day}T08:00:00.000Z` }];

async function lettersOf(platform: ReturnType<Given>) {
  return platform.store.read(statement('test.letters', 'MATCH (d:DeadLetter) RETURN d.step AS step, d.code AS code ORDER BY d.seq'));
}

/** What follows the log, with one model that fails whenever it is asked. */
function monitoringWithout(name: string, platform: ReturnType<Given>): Projector {
  const { log, store, codec, models, knowledge } = platform;
  const { current } = models;
  const model = current.models.get(name);
  if (!model) throw new Error(`no model ${name}`);
  const scorer = Object.create(model.scorer, { score: { value: () => Promise.reject(new Error('broken')) } });
  const broken = { current: { ...current, models: new Map([...current.models, [name, { ...model, scorer }]]) } };
  const logger = pino({ level: 'silent' });
  return openMonitoring({ log, store, codec, models: broken, release: knowledge.release.name, config: readConfig({}), logger }).projector;
}

function poison(engine: Engine, platforms: ReturnType<typeof platformsOf>): void {
  it.each([
    ['whose payload does not fit', (one: ReturnType<Given>, patient: string) => append(one, patient, MISSHAPEN), 'EVENT_INVALID'],
    [
      'that is no envelope',
      (one: ReturnType<Given>, patient: string) =>
        one.log.append([{ subject: `patient.${patient}`, msgId: randomUUID(), body: Buffer.from('?') }]),
      'INTERNAL',
    ],
  ])(
    'passes over an event %s after its tries, says so in the record and its answers, and goes on',
    async (_what, send, code) => {
      const data = await emptyData(engine);
      const platform = await platforms.open(data);
      const [patient, other] = [await newPatient(platform), await newPatient(platform)];
      accepted(await commandsTo(platform).observe(patient, weight(61, '01')));
      await send(platform, patient);
      accepted(await commandsTo(platform).observe(other, weight(70, '02')));
      expect(await platform.projector.settle(60_000)).toBe(true);
      expect(await lettersOf(platform)).toEqual([{ step: 'PROJECT', code }]);
      accepted(await commandsTo(platform).observe(patient, weight(95, '03')));
      const [known, untouched] = [await recordOf(platform, patient), await recordOf(platform, other)];
      expect([known.setAside, known.latest[0]?.value, untouched.setAside]).toEqual([1, 95, 0]);
      const { card } = platform.registry.models.get('warfarin-dose') ?? { card: null };
      if (!card) throw new Error('no model');
      expect(bindingOf(card.name).drug).toBe('warfarin');
      expect(featuresOf(card, known, AT).warnings).toContainEqual(expect.stringContaining('not complete'));
      expect(featuresOf(card, untouched, AT).warnings).toEqual([]);
      expect((await risksOf(platform, other)).length).toBeGreaterThan(0);
      // A program that knows the event better tries it again: a rebuild forgets what was set aside.
      await platforms.close(platform);
      await onGraph(engine, data, async (store) => {
        await dropProjection(store);
        expect(await deadLetters(store)).toEqual({ PROJECT: 0, MONITOR: 0 });
      });
      const again = await platforms.open(data);
      expect(await again.projector.settle(60_000)).toBe(true);
      expect(await deadLetters(again.store)).toEqual({ PROJECT: 1, MONITOR: 0 });
      expect((await recordOf(again, patient)).latest[0]?.value).toBe(95);
    },
    180_000,
  );

  it('stops where the graph is dropped under it by another process, and leaves nothing out', async () => {
    const platform = await platforms.open(await emptyData(engine));
    const patient = await newPatient(platform);
    await platform.projector.settle(60_000);
    await dropProjection(platform.store);
    await append(platform, patient, { ...MISSHAPEN, payload: { observations: [] } });
    for (let tries = 0; tries < 1200 && !platform.projector.halted; tries += 1) await pause(50);
    expect(platform.projector.halted).toMatchObject({ code: 'PROJECTION_HALTED', message: expect.stringContaining('dropped') });
    const [place] = await platform.store.read(statement('test.place', "MATCH (c:Projection {name: 'graph'}) RETURN c.seq AS seq"));
    expect(place).toEqual({ seq: '0' });
  });

  it('stops at an event of a newer program, which knows what it says, and tells why', async () => {
    const platform = await platforms.open(await emptyData(engine));
    const patient = await newPatient(platform);
    await append(platform, patient, { ...MISSHAPEN, version: 99 });
    for (let tries = 0; tries < 1200 && !platform.projector.halted; tries += 1) await pause(50);
    expect(platform.projector.halted).toMatchObject({ code: 'PROJECTION_HALTED', message: expect.stringContaining('newer') });
    expect(await deadLetters(platform.store)).toEqual({ PROJECT: 0, MONITOR: 0 });
  });

  it('stops where one event after another cannot be applied: then it is not they that are wrong', async () => {
    const platform = await platforms.open(await emptyData(engine));
    const patient = await newPatient(platform);
    // What is told of the new patient is in the log before: none of it comes in between.
    await platform.projector.settle(60_000);
    for (let count = 0; count < 12; count += 1) await append(platform, patient, MISSHAPEN);
    for (let tries = 0; tries < 1200 && !platform.projector.halted; tries += 1) await pause(50);
    expect(platform.projector.halted).toMatchObject({ code: 'EVENT_INVALID' });
    expect(await deadLetters(platform.store)).toEqual({ PROJECT: 11, MONITOR: 0 });
  }, 180_000);

  it('lets the other models speak where one fails, and writes the event all the same', async () => {
    const platform = await platforms.open(await emptyData(engine));
    const patient = await newPatient(platform);
    await platform.projector.settle(60_000);
    await platform.projector.stop();
    const second = monitoringWithout('ckd-epi-2021', platform);
    await second.start();
    const weights = { code: '29463-7', value: 95, unit: 'kg', observedAt: AT };
    await append(platform, patient, {
      type: 'observations.recorded',
      version: 1,
      payload: { observations: [{ ...weights, id: randomUUID(), system: 'LOINC', label: 'Body weight', text: null }] },
    });
    expect(await second.settle(60_000)).toBe(true);
    await second.stop();
    const told = (await envelopes(platform.log)).filter(({ type }) => type === RISK_EVENT_TYPE);
    const risks = told.map((envelope) => readRiskPayload(plainCodec.decode(envelope)));
    expect(risks.filter(({ model, cause }) => model === 'warfarin-dose' && cause === 'OBSERVATION')).toHaveLength(1);
    const record = await recordOf(platform, patient);
    expect([record.setAside, record.latest[0]?.value]).toEqual([0, 95]);
    expect(await lettersOf(platform)).toEqual([{ step: 'MONITOR', code: 'INTERNAL' }]);
    await dropProjection(platform.store);
    expect(await deadLetters(platform.store)).toEqual({ PROJECT: 0, MONITOR: 1 });
  });

  it('starts with an event in the log that cannot be read, where it had not come to it before', async () => {
    const data = await emptyData(engine);
    const platform = await platforms.open(data);
    const patient = await newPatient(platform);
    await platform.projector.stop();
    await append(platform, patient, { type: 'risk.changed', version: 1, payload: {} });
    await append(platform, patient, MISSHAPEN);
    await platforms.close(platform);
    const again = await platforms.open(data);
    expect(await again.projector.settle(60_000)).toBe(true);
    expect(await lettersOf(again)).toEqual([
      { step: 'PROJECT', code: 'EVENT_INVALID' },
      { step: 'PROJECT', code: 'EVENT_INVALID' },
    ]);
  });
}

export function deadLetterContract(engine: Engine): void {
  describe(`events that cannot be applied, on ${engine}`, () => poison(engine, platformsOf(engine)));
}
