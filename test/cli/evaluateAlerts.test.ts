/** Alerts on labelled rows and in the log. The rows are made up; the model is the one that ships. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Noted } from '../../src/access/audit/noted.ts';
import { randomNumbers } from '../../src/prediction/randomNumbers.ts';
import { emptyData, openOn } from '../projection/platforms.ts';
import { TESTER } from '../support/actors.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { SCORE_7, vitalSigns } from '../support/vitalSigns.ts';

const MODEL = 'sepsis-early-warning';
const PEOPLE = 40;
const HOURS = 30;

/** 40 invented stays of 30 hours; every second one goes bad, and is labelled from hour 20. */
function stays(): string {
  const random = randomNumbers(7);
  const rows = ['patient,ICULOS,HR,O2Sat,Temp,SBP,MAP,Resp,Age,Gender,SepsisLabel'];
  for (let person = 0; person < PEOPLE; person += 1) {
    const ill = person % 2 === 1;
    for (let hour = 1; hour <= HOURS; hour += 1) {
      const worse = ill ? Math.max(0, hour - 8) : 0;
      const near = (value: number, spread: number) => (value + spread * (random() - 0.5)).toFixed(1);
      rows.push(
        [
          person,
          hour,
          near(80 + 3 * worse, 10),
          near(97 - worse / 4, 2),
          near(37 + worse / 8, 0.4),
          near(120 - 2 * worse, 8),
          near(80 - 2 * worse, 6),
          near(16 + worse, 2),
          60,
          person % 4 < 2 ? 1 : 0,
          ill && hour >= 20 ? 1 : 0,
        ].join(','),
      );
    }
  }
  return `${rows.join('\n')}\n`;
}

interface Burden {
  readonly rule: string;
  readonly alerts: number;
  readonly people: number;
  readonly withEvent: number;
  readonly patientDays: number;
  readonly figures: Record<string, { readonly value: number; readonly low: number; readonly high: number } | null>;
  readonly groups: readonly { readonly by: string }[];
}

describe('evaluate-alerts on labelled rows', () => {
  const folder = temporaryFolder();
  const rows = join(folder, 'hourly.csv');
  const rules = join(folder, 'rules.json');
  beforeAll(() => {
    writeFileSync(rows, stays());
    const rule = { model: MODEL, severity: 'WARNING', notify: 'ward', source: 'made up for the test' };
    const when = { kind: 'category', is: ['ALERT'] };
    writeFileSync(
      rules,
      JSON.stringify({ rules: [{ ...rule, name: 'held', title: 'Held for longer than a stay', when, forMinutes: 1860 }] }),
    );
  });

  it('counts what the bare threshold tells as often as the answers turn to ALERT, and less by a rule', async () => {
    const predicted = jsonLines<{ category: string }>(await avicenna(['predict', MODEL, '--rows', rows, '--json']));
    expect(predicted).toHaveLength(PEOPLE * HOURS);
    const turns = predicted.filter(
      ({ category }, row) => category === 'ALERT' && (row % HOURS === 0 || predicted[row - 1]?.category !== 'ALERT'),
    );
    const ran = await avicenna(['evaluate-alerts', MODEL, '--rows', rows, '--rules', rules, '--draws', '50', '--json']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const [bare, ruled, ...more] = jsonLines<Burden>(ran);
    expect(more).toEqual([]);
    expect(bare).toMatchObject({ rule: 'category-of-the-card', alerts: turns.length, people: 40, withEvent: 20, patientDays: 50 });
    expect(bare?.figures['alertsPerPatientDay']?.value).toBeCloseTo(turns.length / 50, 12);
    expect(ruled?.rule).toBe('held');
    expect([turns.length > 0, ruled?.alerts]).toEqual([true, 0]);
    expect(bare?.groups.map(({ by }) => by)).not.toContain('ICU hour');
    const again = await avicenna(['evaluate-alerts', MODEL, '--rows', rows, '--rules', rules, '--draws', '50', '--json']);
    expect(again.stdout).toBe(ran.stdout);
  }, 180_000);

  it.each([
    ['a model that is not judged by the hour', ['warfarin-dose', '--rows', 'x.csv'], 'BAD_USER_INPUT'],
    ['rows without a model', ['--rows', 'x.csv'], 'BAD_USER_INPUT'],
    [
      'rules of other models only',
      ['sepsis-early-warning-vitals', '--rows', 'x.csv', '--rules', 'graph-seed/alert-rules.json'],
      'CONFIG_INVALID',
    ],
    ['a file that is not there', [MODEL, '--rows', 'nowhere.csv'], 'FILE_UNREADABLE'],
    ['a folder without a log', ['--data', join(folder, 'none')], 'FILE_UNREADABLE'],
  ])('refuses %s', async (_what, args, code) => {
    const ran = await avicenna(['evaluate-alerts', ...args, '--json']);
    expect([ran.code, jsonLines<{ error: { code: string } }>(ran).map(({ error }) => error.code)]).toEqual([1, [code]]);
  });
});

describe('evaluate-alerts on the log', () => {
  it('says how many alerts a patient-day had, how long they waited and what was not followed', async () => {
    const data = await emptyData('embedded');
    const platform = await openOn('embedded', data);
    const commands = commandsTo(platform);
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const patient = await newPatient(platform);
    accepted(await commands.observe(patient, vitalSigns(ago(30))));
    accepted(await commands.observe(patient, vitalSigns(ago(2), SCORE_7)));
    await platform.projector.settle(60_000);
    const [alert] = (await platform.readerFor(TESTER, new Noted()).alerts({ patient }, null, 10)).items;
    accepted(await commands.acknowledge(patient, alert?.id ?? ''));
    await platform.close();
    const ran = await avicenna(['evaluate-alerts', '--data', data, '--json']);
    const [burden, ...more] = jsonLines<Record<string, number>>(ran);
    expect([ran.code, more]).toEqual([0, []]);
    expect(burden).toMatchObject({
      rule: 'news2-emergency',
      alerts: 1,
      patients: 1,
      acknowledged: 1,
      escalated: 0,
      overridden: 0,
      // What was measured yesterday and came today had nobody alerted yesterday.
      patientDays: 1,
    });
    expect(burden?.['alertsPerPatientDay']).toBe(1);
    expect(burden?.['medianMinutesToAcknowledge']).toBeLessThan(1);
  });
});
