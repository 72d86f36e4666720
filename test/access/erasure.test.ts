/** What was recorded of a patient is sealed on disk, and can be made unreadable for good: nothing of it is left in the data folder. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/cli/config.ts';
import { openLog } from '../../src/cli/openLog.ts';
import { decodeEnvelope } from '../../src/events/envelope.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

const MADE_UP = 'ZQXJKCANARY';
let count = 0;

/** Texts of one made-up patient, found nowhere else. */
function canaries() {
  count += 1;
  const one = (what: string) => `${MADE_UP}-${process.pid}-${count}-${what}`;
  return {
    identifier: one('identifier'),
    substance: one('allergy'),
    note: one('text'),
    drug: one('drug'),
    gene: `ZQ${process.pid}G${count}`,
  };
}
type Canaries = ReturnType<typeof canaries>;

/** Files of a folder, in which any of the texts stands. */
function filesWith(folder: string, texts: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return files.filter((file) => statSync(file).isFile()).filter((file) => texts.some((text) => readFileSync(file).includes(text)));
}

describe.each(ENGINES)('a patient on $engine', ({ uri }) => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function ask<T>(query: string, input: object, role: 'CLINICIAN' | 'OPERATOR' | 'ANALYST' = 'CLINICIAN') {
    if (!server) throw new Error('no server');
    return server.query<T, object>(query, { input }, await server.token({ role }));
  }

  const register = async ({ identifier }: Canaries, idempotencyKey = freshKey()) => {
    const { data } = await ask<{ registerPatient: { patient: { id: string } | null; userErrors: { code: string }[] } }>(
      'mutation Register($input: RegisterPatientInput!) { registerPatient(input: $input) { patient { id } userErrors { code } } }',
      { idempotencyKey, identifier, birthDate: '1950-03-04', sexAtBirth: 'FEMALE' },
    );
    return data.registerPatient;
  };

  /** A patient of whom something of each kind is recorded. */
  async function enter(texts: Canaries): Promise<string> {
    const id = (await register(texts)).patient?.id ?? '';
    const about = () => ({ idempotencyKey: freshKey(), patientId: id });
    const at = '2026-03-01T08:00:00Z';
    const sent: [string, string, object][] = [
      ['recordAllergy', 'RecordAllergyInput', { substance: texts.substance, severity: 'SEVERE' }],
      ['recordObservations', 'RecordObservationsInput', { observations: [{ code: '29463-7', value: 61, unit: 'kg', observedAt: at }] }],
      ['startMedication', 'StartMedicationInput', { drug: texts.drug, startedAt: at }],
      [
        'recordImaging',
        'RecordImagingInput',
        { modality: 'CT', bodySite: 'chest', studiedAt: at, findings: [{ name: 'nodule', text: texts.note }] },
      ],
    ];
    sent.push([
      'importMolecularProfile',
      'ImportMolecularProfileInput',
      { assay: texts.note, reportedAt: at, variants: [{ gene: texts.gene, proteinChange: 'V600E' }] },
    ]);
    for (const [name, type, more] of sent) {
      const { data, errors } = await ask<Record<string, { eventId: string | null }>>(
        `mutation Enter($input: ${type}!) { ${name}(input: $input) { eventId } }`,
        { ...about(), ...more },
      );
      expect([name, errors, data?.[name]?.eventId]).toEqual([name, undefined, expect.any(String)]);
    }
    return id;
  }

  const erase = (patientId: string, role: 'CLINICIAN' | 'OPERATOR' = 'OPERATOR', idempotencyKey = freshKey()) =>
    ask<{ erasePatient: { eventId: string | null; visible: boolean; patient: null; userErrors: { code: string }[] } | null }>(
      'mutation Erase($input: ErasePatientInput!) { erasePatient(input: $input) { eventId visible patient { id } userErrors { code } } }',
      { idempotencyKey, patientId, reason: 'PATIENT_REQUEST' },
      role,
    );

  it('is gone from the data folder once erased; that it was erased stays, and so do others', async () => {
    server = await startServer(uri, { demo: false });
    const { data: folder } = server;
    const [gone, stays] = [canaries(), canaries()];
    const [id, other] = [await enter(gone), await enter(stays)];
    expect(await server.platform.projector.settle(60_000)).toBe(true);
    const key = freshKey();
    const { data } = await erase(id, 'OPERATOR', key);
    expect(data.erasePatient).toEqual({ eventId: expect.any(String), visible: true, patient: null, userErrors: [] });
    const again = await erase(id, 'OPERATOR', key);
    expect(again.data.erasePatient).toMatchObject({ eventId: data.erasePatient?.eventId, userErrors: [] });
    const found = await ask<{ one: null; two: { allergies: unknown[] } }>(
      `{ one: patient(identifier: "${gone.identifier}") { id } two: patient(identifier: "${stays.identifier}") { allergies { substance } } }`,
      {},
    );
    expect(found.data).toEqual({ one: null, two: { allergies: [{ substance: stays.substance }] } });
    const trail = await ask<{ auditTrail: { edges: { node: { action: string; operation: string } }[] } }>(
      `{ auditTrail(patient: "${id}", first: 100) { edges { node { action operation } } } }`,
      {},
      'OPERATOR',
    );
    expect(trail.data.auditTrail.edges.map(({ node }) => node)).toContainEqual({ action: 'WRITE', operation: 'Erase' });
    expect(other).not.toBe(id);
    await server.close();
    server = undefined;
    expect(filesWith(folder, Object.values(gone))).toEqual([]);
    // The other patient is in the embedded graph in plain text, and nowhere in the log.
    expect(filesWith(folder, Object.values(stays)).map((file) => file.replace(folder, '/'))).toEqual(uri ? [] : ['//graph']);
  }, 120_000);

  it('is erased by operators only, once, and may be registered anew as another', async () => {
    server = await startServer(uri, { demo: false });
    const texts = canaries();
    const [key, id] = [freshKey(), await enter(texts)];
    expect((await erase(id, 'CLINICIAN')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await register(texts)).userErrors).toEqual([expect.objectContaining({ code: 'ALREADY_EXISTS' })]);
    await erase(id);
    expect((await erase(id)).data.erasePatient?.userErrors).toEqual([{ code: 'UNKNOWN_PATIENT' }]);
    const second = await register(texts, key);
    expect([second.userErrors, second.patient?.id === id]).toEqual([[], false]);
    expect((await register(texts, key)).patient?.id).toBe(second.patient?.id);
  }, 60_000);

  it('is passed over by whoever reads the log from the beginning, and by what was decided before it was erased', async () => {
    server = await startServer(uri, { demo: false });
    const { platform } = server;
    const id = await enter(canaries());
    expect(await platform.projector.settle(60_000)).toBe(true);
    const before = await platform.log.bounds();
    const subjects = async () => {
      const seen: string[] = [];
      let last = '';
      for await (const item of platform.log.read({ after: '0' })) {
        if (item.kind === 'event') seen.push(decodeEnvelope(item.seq, item.body).type);
        last = item.seq;
      }
      return { seen, last };
    };
    expect((await subjects()).seen).toContain('allergy.recorded');
    await erase(id);
    const after = await subjects();
    expect(after.seen).toEqual(['patient.erased']);
    expect(Number(after.last)).toBeGreaterThan(Number(before.lastSeq));
    const [result] = await platform.log.append([
      { subject: (await lastSubject(platform)) ?? '', msgId: freshKey(), body: new Uint8Array(), expectSubjectSeq: before.lastSeq },
    ]);
    expect(result).toMatchObject({ conflict: true });
  }, 60_000);
});

async function lastSubject({ log }: TestServer['platform']): Promise<string | undefined> {
  for await (const item of log.read({ after: '0' })) if (item.kind === 'event') return item.subject;
  return undefined;
}

describe('the keys of a data folder', () => {
  const typesIn = async (data: string): Promise<string[]> => {
    const log = await openLog(data, readConfig({}));
    const types: string[] = [];
    try {
      for await (const item of log.read({ after: '0' })) {
        if (item.kind !== 'event') continue;
        const { type, payload } = decodeEnvelope(item.seq, item.body);
        expect(() => JSON.parse(Buffer.from(payload).toString())).not.toThrow();
        types.push(type);
      }
    } finally {
      await log.close();
    }
    return types;
  };

  it('are put in another wrapping while a server runs, which reads on; without their master key nothing is read', async () => {
    const server = await startServer(undefined, { demo: true });
    const file = join(server.data, 'master-key');
    const old = readFileSync(file, 'utf8');
    const rotate = await avicenna(['keys', 'rotate', '--data', server.data, '--json']);
    const [rotated] = jsonLines<{ masterKey: string; rewrapped: number; current: number; destroyed: number }>(rotate);
    expect(rotated).toEqual({
      masterKey: expect.stringMatching(/^[0-9a-f]{16}$/),
      rewrapped: expect.any(Number),
      current: 0,
      destroyed: 0,
    });
    expect(rotated?.rewrapped).toBeGreaterThan(5);
    const renewed = readFileSync(file, 'utf8');
    expect([renewed.trim().split('\n').length, renewed === old, statSync(file).mode & 0o077]).toEqual([1, false, 0]);
    const { data } = await server.query<{ registerPatient: { eventId: string | null } }, object>(
      'mutation { registerPatient(input: { idempotencyKey: "after-rotation", identifier: "ROT-1", birthDate: "1950-01-01", sexAtBirth: MALE }) { eventId } }',
    );
    expect(data.registerPatient.eventId).toEqual(expect.any(String));
    await server.close();
    // What the server kept after the rotation is in the new key's wrapping too: nothing else has the old one.
    const opened = await avicenna(['verify', '--data', server.data, '--json']);
    expect([opened.code, `${opened.stdout}${opened.stderr}`]).toEqual([0, expect.not.stringContaining('KEY_UNAVAILABLE')]);
    expect((await typesIn(server.data)).length).toBeGreaterThan(50);
    const wrong = await avicenna(['verify', '--data', server.data, '--json'], { env: { AVICENNA_MASTER_KEY: old.trim() } });
    expect(`${wrong.code} ${wrong.stdout}${wrong.stderr}`).toMatch(/^1 .*KEY_UNAVAILABLE/s);
  }, 120_000);

  it('bring nobody back who was erased after an older backup', async () => {
    const server = await startServer(undefined, { demo: true });
    const folder = join(temporaryFolder(), 'before');
    expect((await avicenna(['backup', folder, '--data', server.data])).code).toBe(0);
    const { data } = await server.query<{ patient: { id: string } }, object>('{ patient(identifier: "DEMO-0001") { id } }');
    const input = { idempotencyKey: freshKey(), patientId: data.patient.id, reason: 'PATIENT_REQUEST' };
    await server.query(
      'mutation E($input: ErasePatientInput!) { erasePatient(input: $input) { visible } }',
      { input },
      await server.token({ role: 'OPERATOR' }),
    );
    await server.close();
    const whole = await typesIn(server.data);
    expect(whole).toContain('patient.erased');
    const restored = await avicenna(['restore', folder, '--data', server.data, '--json']);
    expect([restored.code, restored.stderr.includes('KEY_UNAVAILABLE')]).toEqual([0, false]);
    expect((await typesIn(server.data)).filter((type) => type === 'patient.registered').length).toBe(
      whole.filter((type) => type === 'patient.registered').length,
    );
  }, 120_000);

  it('leave a restored log that ends with somebody who was erased later, and all of it is shown', async () => {
    const server = await startServer(undefined, { demo: false });
    const { patient } = accepted(
      await commandsTo(server.platform).register({ identifier: 'LAST-1', birthDate: '1950-01-01', sexAtBirth: 'MALE', race: 'WHITE' }),
    );
    await server.platform.projector.settle(60_000);
    const folder = join(temporaryFolder(), 'before');
    expect((await avicenna(['backup', folder, '--data', server.data])).code).toBe(0);
    const input = { idempotencyKey: freshKey(), patientId: toGlobalId('Patient', patient), reason: 'PATIENT_REQUEST' };
    await server.query(
      'mutation E($input: ErasePatientInput!) { erasePatient(input: $input) { visible } }',
      { input },
      await server.token({ role: 'OPERATOR' }),
    );
    await server.close();
    const begun = Date.now();
    expect((await avicenna(['restore', folder, '--data', server.data, '--json'])).code).toBe(0);
    const verified = await avicenna(['verify', '--data', server.data, '--json']);
    expect([verified.code, Date.now() - begun < 60_000]).toEqual([0, true]);
  }, 120_000);

  it('are refused where they are not keys, without being named', async () => {
    const ran = await avicenna(['keys', 'rotate', '--data', temporaryFolder(), '--json'], { env: { AVICENNA_MASTER_KEY: 'c2hvcnQ=' } });
    expect(jsonLines<{ error: { code: string } }>(ran)[0]?.error.code).toMatch(/FILE_UNREADABLE|CONFIG_INVALID/);
    expect(ran.stdout + ran.stderr).not.toContain('c2hvcnQ=');
  });
});
