/** Alerts over the log and the graph: raised with the risk they rest on, moved by people and by the clock, told once. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Noted } from '../../src/access/audit/noted.ts';

import type { OpenPlatform } from '../../src/cli/openPlatform.ts';
import { compareSeq } from '../../src/events/eventLog.ts';
import { type AlertPayload, readAlertPayload } from '../../src/monitoring/alertEvent.ts';
import type { AlertRule } from '../../src/monitoring/alertRule.ts';
import type { StoredAlert } from '../../src/store/cypher/alerts.ts';
import { dropProjection } from '../../src/store/cypher/projection.ts';
import { TESTER } from '../support/actors.ts';
import { accepted, commandsTo, newPatient, PERSON, recordOf, refusals } from '../support/commands.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { SCORE_5, SCORE_7, vitalSigns } from '../support/vitalSigns.ts';
import { alertStepsOf, type Engine, emptyData, envelopes, onGraph, platformsOf, risksOf } from './platforms.ts';

type Platforms = ReturnType<typeof platformsOf>;

const HIGH = {
  name: 'high',
  title: 'High',
  model: 'news2',
  severity: 'CRITICAL',
  when: { kind: 'threshold', direction: 'AT_OR_ABOVE', value: 7, clearsAt: 5 },
  notify: 'ward',
  source: 'made up for the test',
} as const;

/** The setting that names a file with these rules. */
function withRules(...rules: readonly (Partial<AlertRule> & { readonly name: string })[]): NodeJS.ProcessEnv {
  const file = join(temporaryFolder(), 'rules.json');
  writeFileSync(file, JSON.stringify({ rules }));
  return { AVICENNA_ALERT_RULES: file };
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
/** A second and a half. */
const SHORT = 0.025;

async function alertsOf(platform: OpenPlatform, patient: string): Promise<(AlertPayload & Pick<StoredAlert, 'acknowledged'>)[]> {
  await platform.projector.settle(60_000);
  const { items } = await platform.readerFor(TESTER, new Noted()).alerts({ patient }, null, 100);
  return items.map(({ payload, acknowledged }) => ({ ...readAlertPayload(JSON.parse(payload)), acknowledged }));
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error('it was not reached');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const stepsBecome = (platform: OpenPlatform, patient: string, steps: readonly string[]) =>
  until(async () => (await alertStepsOf(platform, patient)).length >= steps.length).then(async () =>
    expect(await alertStepsOf(platform, patient)).toEqual(steps),
  );

function raised(engine: Engine, platforms: Platforms): void {
  it('raises with the risk that it rests on, in one append, and clears with the one that ends it', async () => {
    const platform = await platforms.open(await emptyData(engine), withRules(HIGH));
    const patient = await newPatient(platform);
    const commands = commandsTo(platform);
    accepted(await commands.observe(patient, vitalSigns(ago(30))));
    accepted(await commands.observe(patient, vitalSigns(ago(20), SCORE_7)));
    const risks = await risksOf(platform, patient);
    expect(risks.at(-1)).toMatchObject({ model: 'news2', value: 7, category: 'HIGH' });
    const [alert, ...more] = await alertsOf(platform, patient);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ rule: 'high', state: 'RAISED', value: 7, category: 'HIGH', notify: 'ward', condition: 'at or above 7' });
    const inLog = await envelopes(platform.log);
    const risk = inLog.find(({ id }) => id === alert?.risk);
    const event = inLog.find(({ type }) => type === 'alert.changed');
    expect(Number(event?.seq)).toBe(Number(risk?.seq) + 1);
    accepted(await commands.observe(patient, vitalSigns(ago(10), SCORE_5)));
    expect((await alertsOf(platform, patient))[0]).toMatchObject({ state: 'RAISED', alert: alert?.alert });
    accepted(await commands.observe(patient, vitalSigns(ago(5))));
    expect((await alertsOf(platform, patient))[0]).toMatchObject({ state: 'CLEARED', alert: alert?.alert, value: 0 });
    expect(await alertStepsOf(platform, patient)).toEqual(['high RAISED', 'high CLEARED']);
  });

  it('asks only the rules of the patient and of the unit that sent the record', async () => {
    const [somebody, unit] = [
      { ...HIGH, name: 'somebody', patients: ['NOBODY'] },
      { ...HIGH, name: 'unit', sites: ['ICU North'] },
    ];
    const platform = await platforms.open(await emptyData(engine), withRules(HIGH, somebody, unit));
    const commands = commandsTo(platform);
    const elsewhere = await newPatient(platform);
    const { patient } = accepted(await commands.register({ ...PERSON, identifier: 'ICU-1', site: 'ICU North' }));
    for (const one of [elsewhere, patient]) accepted(await commands.observe(one, vitalSigns(ago(20), SCORE_7)));
    expect(await alertStepsOf(platform, elsewhere)).toEqual(['high RAISED']);
    expect((await alertStepsOf(platform, patient)).sort()).toEqual(['high RAISED', 'unit RAISED']);
  });

  it('is acknowledged once, by one of several who try', async () => {
    const platform = await platforms.open(await emptyData(engine), withRules({ ...HIGH, quietUntilAcknowledged: true }));
    const patient = await newPatient(platform);
    const commands = commandsTo(platform);
    accepted(await commands.observe(patient, vitalSigns(ago(20), SCORE_7)));
    const [alert] = await alertsOf(platform, patient);
    const answers = await Promise.all(Array.from({ length: 4 }, () => commands.acknowledge(patient, alert?.alert ?? '')));
    expect(answers.flatMap(refusals)).toEqual(Array.from({ length: 3 }, () => 'ALREADY_ACKNOWLEDGED alertId'));
    expect((await alertsOf(platform, patient))[0]?.acknowledged).toMatchObject({ by: TESTER.id, note: null });
    expect(refusals(await commands.acknowledge(patient, 'nothing'))).toEqual(['UNKNOWN_ALERT alertId']);
    accepted(await commands.observe(patient, vitalSigns(ago(10))));
    expect(await alertStepsOf(platform, patient)).toEqual(['high RAISED', 'high CLEARED']);
  });

  it('sees a change over several answers', async () => {
    const rise = { ...HIGH, name: 'rise', when: { kind: 'change', direction: 'RISE', by: 5, relative: false, withinMinutes: 60 } } as const;
    const platform = await platforms.open(await emptyData(engine), withRules(rise));
    const patient = await newPatient(platform);
    const commands = commandsTo(platform);
    accepted(await commands.observe(patient, vitalSigns(ago(50))));
    accepted(await commands.observe(patient, vitalSigns(ago(40), { '8867-4': 111 })));
    expect(await alertStepsOf(platform, patient)).toEqual([]);
    accepted(await commands.observe(patient, vitalSigns(ago(30), SCORE_5)));
    expect(await alertStepsOf(platform, patient)).toEqual(['rise RAISED']);
  });
}

function clock(engine: Engine, platforms: Platforms): void {
  it('raises after the duration and escalates after its time, each once, until acknowledged', async () => {
    const rules = withRules({ ...HIGH, forMinutes: SHORT, escalate: { afterMinutes: SHORT, to: 'outreach' } });
    const platform = await platforms.open(await emptyData(engine), rules);
    const patient = await newPatient(platform);
    accepted(await commandsTo(platform).observe(patient, vitalSigns(ago(20), SCORE_7)));
    expect(await alertStepsOf(platform, patient)).toEqual(['high PENDING']);
    expect(await alertsOf(platform, patient)).toEqual([]);
    await platform.alarms.start();
    await stepsBecome(platform, patient, ['high PENDING', 'high RAISED', 'high ESCALATED']);
    expect((await alertsOf(platform, patient))[0]).toMatchObject({ state: 'ESCALATED', notify: 'outreach' });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await alertStepsOf(platform, patient)).toHaveLength(3);
  });

  it('does not escalate what was acknowledged', async () => {
    const platform = await platforms.open(
      await emptyData(engine),
      withRules({ ...HIGH, escalate: { afterMinutes: SHORT, to: 'outreach' } }),
    );
    const patient = await newPatient(platform);
    accepted(await commandsTo(platform).observe(patient, vitalSigns(ago(20), SCORE_7)));
    const [alert] = await alertsOf(platform, patient);
    accepted(await commandsTo(platform).acknowledge(patient, alert?.alert ?? ''));
    await platform.alarms.start();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await alertStepsOf(platform, patient)).toEqual(['high RAISED']);
  });

  it('remembers over a stop what is due, and makes up for what became due meanwhile', async () => {
    const rules = withRules({ ...HIGH, escalate: { afterMinutes: SHORT, to: 'outreach' } });
    const data = await emptyData(engine);
    const first = await platforms.open(data, rules);
    const patient = await newPatient(first);
    accepted(await commandsTo(first).observe(patient, vitalSigns(ago(20), SCORE_7)));
    await first.projector.settle(60_000);
    await platforms.close(first);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    const second = await platforms.open(data, rules);
    expect(await alertStepsOf(second, patient)).toEqual(['high RAISED']);
    await second.alarms.start();
    await stepsBecome(second, patient, ['high RAISED', 'high ESCALATED']);
  });

  it('tells of silence while the score is high, and ends it with the next measurement', async () => {
    const silent = { ...HIGH, name: 'silent', when: { kind: 'silence', afterMinutes: 10, whileAtOrAbove: 5 } } as const;
    const data = await emptyData(engine);
    const platform = await platforms.open(data, withRules(silent));
    const [ill, well] = [await newPatient(platform), await newPatient(platform)];
    accepted(await commandsTo(platform).observe(well, vitalSigns(ago(11))));
    accepted(await commandsTo(platform).observe(ill, vitalSigns(ago(11), SCORE_7)));
    await platform.projector.settle(60_000);
    await platform.alarms.start();
    await stepsBecome(platform, ill, ['silent RAISED']);
    expect(await alertStepsOf(platform, well)).toEqual([]);
    accepted(await commandsTo(platform).observe(ill, vitalSigns(ago(1), SCORE_7)));
    await stepsBecome(platform, ill, ['silent RAISED', 'silent CLEARED']);
  });

  it('is not told that a silence is over by what was measured before, sent again, nor by what the model does not ask for', async () => {
    const silent = { ...HIGH, name: 'silent', when: { kind: 'silence', afterMinutes: 10, whileAtOrAbove: 5 } } as const;
    const data = await emptyData(engine);
    const platform = await platforms.open(data, withRules(silent));
    const patient = await newPatient(platform);
    const signs = vitalSigns(ago(11), SCORE_7);
    accepted(await commandsTo(platform).observe(patient, signs));
    await platform.projector.settle(60_000);
    await platform.alarms.start();
    await stepsBecome(platform, patient, ['silent RAISED']);
    const [, , , , pulse] = signs;
    accepted(await commandsTo(platform).observe(patient, pulse ? [pulse] : []));
    const lactate = { code: '2524-7', value: 2, unit: 'mmol/L', observedAt: signs[0]?.observedAt ?? '' };
    accepted(await commandsTo(platform).observe(patient, [lactate]));
    expect(await alertStepsOf(platform, patient)).toEqual(['silent RAISED']);
  });

  it('ends the alerts of a rule that is no longer there', async () => {
    const data = await emptyData(engine);
    const first = await platforms.open(data, withRules(HIGH));
    const patient = await newPatient(first);
    accepted(await commandsTo(first).observe(patient, vitalSigns(ago(20), SCORE_7)));
    await first.projector.settle(60_000);
    await platforms.close(first);
    const second = await platforms.open(data, withRules({ ...HIGH, name: 'another' }));
    await second.alarms.start();
    await stepsBecome(second, patient, ['high RAISED', 'high CLEARED']);
  });
}

function replayed(engine: Engine, platforms: Platforms): void {
  it('is the same in a graph that is made anew from the log, the acknowledgement with it', async () => {
    const rules = withRules({ ...HIGH, quietUntilAcknowledged: true });
    const data = await emptyData(engine);
    const first = await platforms.open(data, rules);
    const patient = await newPatient(first);
    accepted(await commandsTo(first).observe(patient, vitalSigns(ago(20), SCORE_7)));
    const [alert] = await alertsOf(first, patient);
    accepted(await commandsTo(first).acknowledge(patient, alert?.alert ?? ''));
    accepted(await commandsTo(first).observe(patient, vitalSigns(ago(10))));
    const before = await alertsOf(first, patient);
    const { lastSeq } = await first.log.bounds();
    await platforms.close(first);
    await onGraph(engine, data, dropProjection);
    const second = await platforms.open(data, rules);
    await second.projector.settle(60_000);
    expect(await alertsOf(second, patient)).toEqual(before);
    expect(compareSeq((await second.log.bounds()).lastSeq, lastSeq)).toBe(0);
    expect((await recordOf(second, patient)).latest).not.toEqual([]);
  });
}

export function alertContract(engine: Engine): void {
  describe(`alerts on ${engine}`, () => {
    const platforms = platformsOf(engine);
    raised(engine, platforms);
    clock(engine, platforms);
    replayed(engine, platforms);
  });
}
