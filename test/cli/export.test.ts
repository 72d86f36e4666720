/** `avicenna export`: who is in it, what is not, and that it is there whole or not at all. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decideErasePatient } from '../../src/patients/commands/erasePatient.ts';
import { decideRecordCondition } from '../../src/patients/commands/recordFindings.ts';
import { decideSetConsent } from '../../src/patients/commands/setConsent.ts';
import { SAID, type Said } from '../access/people.ts';
import { emptyData, openOn } from '../projection/platforms.ts';
import { TESTER } from '../support/actors.ts';
import { entriesIn } from '../support/auditEntries.ts';
import { avicenna, jsonLines, type Ran, serve } from '../support/commandLine.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { temporaryFolder } from '../support/temporary.ts';

interface Row {
  readonly studyId: string;
  readonly [field: string]: unknown;
}
interface Report {
  readonly kAnonymity: { readonly records: number; readonly exported: number; readonly leftOut: number; readonly smallestClass: number };
  readonly files: readonly { readonly file: string; readonly rows: number }[];
}

const DAY_MS = 86_400_000;
/** On days and at hours that no other test or seed has. */
const TIMES = ['2026-02-03T03:33:00.000Z', '2026-02-07T04:44:00.000Z', '2026-03-30T05:55:00.000Z'] as const;
const year = new Date().getUTCFullYear();
const BORN = `${year - 65}-03-01`;
const VERY_OLD = `${year - 96}-03-01`;

/** Enters a patient whose every word is a canary; the weight tells the rows of one from those of another. */
async function enter(platform: Awaited<ReturnType<typeof openOn>>, said: Said, at: number, birthDate: string): Promise<string> {
  const commands = commandsTo(platform);
  const consents = SAID[said].map(([purpose, category, granted]) => ({
    purpose,
    category,
    granted,
    from: '2026-01-01T00:00:00.000Z',
    until: null,
  }));
  const words = { site: 'CANARY ward', ancestry: 'CANARY', story: 'CANARY' };
  const sexAtBirth = birthDate === VERY_OLD ? 'MALE' : 'FEMALE';
  const person = { identifier: `CANARY-${said}-${at}`, birthDate, sexAtBirth, race: 'WHITE', consents, ...words } as const;
  const { patient } = accepted(await commands.register({ ...person, synthetic: false }));
  const [first, second, third] = TIMES;
  accepted(
    await commands.observe(patient, [
      { code: '29463-7', value: 40 + at, unit: 'kg', observedAt: first, device: 'CANARY' },
      { code: '2157-6', value: 40 + at, unit: 'U/L{CANARY}', observedAt: second, label: 'CANARY', text: 'CANARY' },
    ]),
  );
  accepted(await commands.start(patient, { drug: 'warfarin', startedAt: second, doseText: 'CANARY' }));
  accepted(await commands.start(patient, { drug: 'canary-root', startedAt: second }));
  accepted(await commands.genotype(patient, { outsideCalls: [{ gene: 'CYP2C9', diplotype: '*2/*3' }] }));
  accepted(await commands.outcome(patient, { kind: 'BLEEDING', text: 'CANARY', observedAt: third }));
  for (const code of ['I48.0', 'F32.1']) {
    const input = { code, system: 'ICD-10-CM', label: 'CANARY', onsetAt: third };
    accepted(
      await platform.intake.submit(
        { actor: TESTER, name: 'recordCondition', input, idempotencyKey: `c-${said}-${at}-${code}` },
        patient,
        (context) => decideRecordCondition(input, context),
      ),
    );
  }
  return patient;
}

/** Takes back what a patient agreed to, or has the patient erased. */
async function leave(platform: Awaited<ReturnType<typeof openOn>>, patient: string, name: 'setConsent' | 'erasePatient'): Promise<void> {
  const input = { purpose: 'RESEARCH', category: 'ALL', granted: false } as const;
  const command = { actor: TESTER, name, input, idempotencyKey: `leave-${patient}` };
  accepted(
    await platform.intake.submit(command, patient, (context) =>
      name === 'setConsent' ? decideSetConsent(input, context) : decideErasePatient('PATIENT_REQUEST', context),
    ),
  );
}

describe('export', () => {
  let data: string;
  const surrogates: string[] = [];
  const folder = join(temporaryFolder(), 'out');
  let ran: Ran;
  const rows = (file: string): Row[] =>
    readFileSync(join(folder, `${file}.jsonl`), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((text) => JSON.parse(text) as Row);

  beforeAll(async () => {
    data = await emptyData('embedded');
    const platform = await openOn('embedded', data);
    let at = 0;
    const people: readonly (readonly [Said, number, string])[] = [
      ['RESEARCH', 12, BORN],
      ['RESEARCH_WITHOUT_GENOMES', 2, BORN],
      ['RESEARCH', 3, VERY_OLD],
      ['NOTHING', 3, BORN],
      ['NO_TREATMENT', 1, BORN],
    ];
    for (const [said, count, birthDate] of people)
      for (let of = 0; of < count; of += 1) surrogates.push(await enter(platform, said, at++, birthDate));
    for (const name of ['setConsent', 'erasePatient'] as const) {
      const patient = await enter(platform, 'RESEARCH', at++, BORN);
      surrogates.push(patient);
      await leave(platform, patient, name);
    }
    await platform.projector.settle(60_000);
    await platform.close();
    ran = await avicenna(['export', '--data', data, '--to', folder, '--k', '3', '--json']);
  }, 240_000);

  it('has those who agreed, and of those who did not agree to it no genotypes', () => {
    expect(ran).toMatchObject({ code: 0 });
    const [report] = jsonLines<Report>(ran);
    expect(report?.kAnonymity).toMatchObject({ records: 17, exported: 17, leftOut: 0, smallestClass: 3 });
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual(report);
    for (const { file, rows: count } of report?.files ?? []) expect(rows(file.replace('.jsonl', ''))).toHaveLength(count);
    const patients = rows('patients');
    expect(patients.filter(({ genotypesAgreed }) => genotypesAgreed)).toHaveLength(15);
    const withGenotypes = new Set(rows('genotypes').map(({ studyId }) => studyId));
    expect(withGenotypes.size).toBe(15);
    for (const { studyId, genotypesAgreed } of patients) expect(withGenotypes.has(studyId)).toBe(genotypesAgreed);
    // The weights are those of the first seventeen: of nobody who did not agree, agrees no more or was erased is there a row.
    const weights = rows('observations').filter(({ code }) => code === '29463-7');
    expect(weights.map(({ value }) => Number(value) - 40).sort((a, b) => a - b)).toEqual(Array.from({ length: 17 }, (_, at) => at));
  });

  it('is in the audit: everybody who was read, and nobody else', async () => {
    const entries = (await entriesIn(data)).filter(({ operation, action }) => operation === 'export' && action === 'READ');
    expect(entries.map(({ patient }) => patient).sort()).toEqual(surrogates.slice(0, 17).sort());
    expect(new Set(entries.map(({ purpose, role }) => `${purpose} ${role}`))).toEqual(new Set(['RESEARCH ANALYST']));
  });

  it('names nobody: no identifier, no id of the graph, no word that was written, no date as it was', () => {
    const all = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(all).not.toMatch(/canary/i);
    for (const surrogate of surrogates) expect(all).not.toContain(surrogate);
    // Each time has an hour of its own: it could come back only where nothing was moved.
    for (const told of [BORN, VERY_OLD, VERY_OLD.slice(0, 5), ...TIMES]) expect(all).not.toContain(told.slice(0, 16));
    expect(rows('conditions').map(({ code }) => code)).toEqual(new Array(17).fill('I48.0'));
    expect(new Set(rows('medications').map(({ drug }) => drug))).toEqual(new Set(['warfarin']));
    expect(new Set(rows('observations').map(({ unit }) => unit))).toEqual(new Set(['kg', 'U/L']));
  });

  it('keeps the intervals of each patient, and moves no two exports alike', async () => {
    const timesOf = (studyId: string) =>
      [
        ...rows('observations')
          .filter((row) => row.studyId === studyId)
          .sort((a, b) => String(a['code']).localeCompare(String(b['code']))),
        ...rows('outcomes').filter((row) => row.studyId === studyId),
      ].map(({ observedAt }) => Date.parse(String(observedAt)));
    const shifts = rows('patients').map(({ studyId }) => {
      const [second = 0, first = 0, third = 0] = timesOf(studyId);
      expect([second - first, third - second]).toEqual([
        Date.parse(TIMES[1]) - Date.parse(TIMES[0]),
        Date.parse(TIMES[2]) - Date.parse(TIMES[1]),
      ]);
      return (first - Date.parse(TIMES[0])) / DAY_MS;
    });
    for (const days of shifts) expect([Number.isInteger(days), days !== 0, Math.abs(days) <= 365]).toEqual([true, true, true]);
    expect(new Set(shifts).size).toBeGreaterThan(8);
    const again = join(temporaryFolder(), 'again');
    expect((await avicenna(['export', '--data', data, '--to', again, '--k', '3'])).code).toBe(0);
    const ids = new Set(rows('patients').map(({ studyId }) => studyId));
    const others = readFileSync(join(again, 'patients.jsonl'), 'utf8');
    for (const id of ids) expect(others).not.toContain(id);
  }, 60_000);

  it('tells of those over 89 that they are, and with a larger k less of them', async () => {
    const byClass = new Map<string, number>();
    for (const { ageBand, sexAtBirth, race } of rows('patients'))
      byClass.set(`${ageBand} ${sexAtBirth} ${race}`, (byClass.get(`${ageBand} ${sexAtBirth} ${race}`) ?? 0) + 1);
    expect(Math.min(...byClass.values())).toBe(jsonLines<Report>(ran)[0]?.kAnonymity.smallestClass);
    const bands = (of: readonly Row[]) => of.map(({ ageBand, sexAtBirth }) => `${ageBand} ${sexAtBirth}`).sort();
    expect(bands(rows('patients'))).toEqual([...new Array(14).fill('60-69 FEMALE'), ...new Array(3).fill('90+ MALE')]);
    const larger = join(temporaryFolder(), 'larger');
    mkdirSync(larger);
    const answer = await avicenna(['export', '--data', data, '--to', larger, '--json']);
    expect(jsonLines<Report>(answer)[0]?.kAnonymity).toMatchObject({ k: 11, records: 17, exported: 14, leftOut: 3, inSmallClasses: 3 });
    const left = readFileSync(join(larger, 'observations.jsonl'), 'utf8');
    expect(left).not.toContain('"value":55');
    expect(left).toContain('"value":53');
  }, 60_000);

  it('is read by its owner only, and is not written over anything', async () => {
    expect(statSync(folder).mode & 0o077).toBe(0);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    const before = readdirSync(folder);
    const answer = await avicenna(['export', '--data', data, '--to', folder, '--json']);
    expect([answer.code, jsonLines<{ error: { code: string } }>(answer)[0]?.error.code]).toEqual([1, 'BAD_USER_INPUT']);
    expect(readdirSync(folder)).toEqual(before);
  }, 60_000);

  it('gives nothing out where the audit cannot be written', async () => {
    const place = temporaryFolder();
    const audit = join(data, 'audit-key.pem');
    const key = readFileSync(audit, 'utf8');
    writeFileSync(audit, 'no key');
    const answer = await avicenna(['export', '--data', data, '--to', join(place, 'out'), '--json']);
    writeFileSync(audit, key);
    expect([answer.code, jsonLines<{ error: { code: string } }>(answer)[0]?.error.code]).toEqual([1, 'AUDIT_UNAVAILABLE']);
    expect(readdirSync(place)).toEqual([]);
  }, 60_000);

  it('leaves nothing behind where it could not be done, and says why', async () => {
    const place = temporaryFolder();
    const to = join(place, 'out');
    const server = await serve(data);
    try {
      const beside = await avicenna(['export', '--data', data, '--to', to, '--json']);
      expect([beside.code, jsonLines<{ error: { code: string } }>(beside)[0]?.error.code]).toEqual([1, 'DATA_IN_USE']);
    } finally {
      await server.end('SIGTERM');
    }
    const nowhere = await avicenna(['export', '--data', temporaryFolder(), '--to', to, '--json']);
    expect([nowhere.code, jsonLines<{ error: { code: string } }>(nowhere)[0]?.error.code]).toEqual([1, 'FILE_UNREADABLE']);
    writeFileSync(join(place, 'file'), '');
    const under = await avicenna(['export', '--data', data, '--to', join(place, 'file', 'out'), '--json']);
    expect([under.code, jsonLines<{ error: { code: string } }>(under)[0]?.error.code]).toEqual([1, 'FILE_UNREADABLE']);
    for (const wrong of [[], ['--to', to, '--k', '1'], ['--to', to, '--k', 'x']])
      expect((await avicenna(['export', '--data', data, ...wrong])).code).toBe(2);
    expect([readdirSync(place), existsSync(to)]).toEqual([['file'], false]);
  }, 120_000);
});
