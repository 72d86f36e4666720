/** Who saw what, as it is asked for and as it is checked: over the API, in streams and from the command line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { riskChanges } from '../../src/client/riskStream.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { entriesIn } from '../support/auditEntries.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { freshKey, startServer, type TestServer } from '../support/server.ts';
import { vitalSigns } from '../support/vitalSigns.ts';
import { enter, idOf, type Person } from './people.ts';

interface Entry {
  readonly action: string;
  readonly actor: string;
  readonly role: string;
  readonly purpose: string;
  readonly emergency: boolean;
  readonly sees: readonly string[];
  readonly denial: string | null;
  readonly operation: string | null;
  readonly fields: readonly string[];
  readonly event: string | null;
}
interface Trail {
  readonly auditTrail: {
    readonly edges: readonly { readonly cursor: string; readonly node: Entry }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const TRAIL = `query Trail($id: ID!, $first: Int!, $after: String) { auditTrail(patient: $id, first: $first, after: $after) {
  edges { cursor node { action actor role purpose emergency sees denial operation fields event } } pageInfo { hasNextPage endCursor } } }`;

describe('the audit', () => {
  let server: TestServer;
  let operator: string;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
    operator = await server.token({ role: 'OPERATOR' });
  }, 180_000);
  afterAll(() => server?.close());

  const trailOf = async (person: Person, token = operator, first = 100): Promise<Entry[]> => {
    const { data } = await server.query<Trail, object>(TRAIL, { id: idOf(person), first }, token);
    return data.auditTrail.edges.map(({ node }) => node);
  };
  const ask = (query: string, token?: string, variables: object = {}) => server.query<unknown, object>(query, variables, token);

  it('says who read which fields, in which role and for what, and is shown to the patient', async () => {
    const person = await enter(server, 'NOTHING');
    const token = await server.token({ role: 'CLINICIAN', subject: 'dr-one' });
    await ask(
      `query Ward { patient(identifier: "${person.identifier}") { identifier diplotypes { status } conditions { label } } }`,
      token,
    );
    const own = await server.token({ role: 'PATIENT', patient: person.identifier });
    const trail = await trailOf(person, own);
    const expected = { action: 'READ', role: 'CLINICIAN', purpose: 'TREATMENT', emergency: false, denial: null, operation: 'Ward' };
    expect(trail).toMatchObject([{ ...expected, actor: expect.stringContaining('dr-one') }]);
    expect(trail[0]?.fields).toEqual(['Condition.label', 'DiplotypeCall.status', 'Patient.identifier']);
    expect(trail[0]?.sees).toEqual(['CLINICAL', 'IDENTIFIERS', 'GENOMIC', 'SENSITIVE']);
  });

  it('has every patient of a list that was given, and none that was only looked at to fill it or to count', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => enter(server, 'NOTHING')));
    const token = await server.token({ role: 'CLINICIAN' });
    const orderBy = 'orderBy: { field: IDENTIFIER, direction: DESC }';
    const { data } = await server.query<{ patients: { edges: { node: { id: string } }[] } }, object>(
      `query Two { patients(first: 2, ${orderBy}) { totalCount edges { node { id birthDate } } } }`,
      {},
      token,
    );
    const given = new Set(data.patients.edges.map(({ node }) => node.id));
    for (const person of people) {
      const read = (await trailOf(person)).filter(({ operation }) => operation === 'Two');
      expect([idOf(person), read.length]).toEqual([idOf(person), given.has(idOf(person)) ? 1 : 0]);
    }
  });

  it('says what was refused, and what was seen in an emergency after all', async () => {
    const person = await enter(server, 'NO_TREATMENT');
    const token = await server.token({ role: 'CLINICIAN', subject: 'dr-night' });
    const query = `query Night { patient(identifier: "${person.identifier}") { identifier } }`;
    await ask(query, token);
    const input = { idempotencyKey: freshKey(), identifier: person.identifier, reason: 'found unconscious in the corridor' };
    await ask('mutation Open($input: BreakGlassInput!) { breakGlass(input: $input) { eventId } }', token, { input });
    await ask(query, token);
    const [after, ...before] = (await trailOf(person)).filter(({ operation }) => operation === 'Night');
    expect(before).toMatchObject([{ action: 'REFUSED', denial: 'CONSENT', sees: [] }]);
    expect(after).toMatchObject({ action: 'READ', emergency: true });
    const opened = (await trailOf(person)).filter(({ operation }) => operation === 'Open');
    expect(opened.map(({ action }) => action)).toContain('WRITE');
  });

  it('has the event of each command, and a command that was not allowed', async () => {
    const person = await enter(server, 'NOTHING');
    const start = 'mutation Start($input: StartMedicationInput!) { startMedication(input: $input) { eventId } }';
    const input = { idempotencyKey: freshKey(), patientId: idOf(person), drug: 'simvastatin', startedAt: new Date().toISOString() };
    const { data } = await server.query<{ startMedication: { eventId: string } }, object>(
      start,
      { input },
      await server.token({ role: 'CLINICIAN' }),
    );
    const elsewhere = await server.token({ role: 'CLINICIAN', sites: ['another ward'] });
    await ask(start, elsewhere, { input: { ...input, idempotencyKey: freshKey() } });
    const commands = (await trailOf(person)).filter(({ operation, action }) => operation === 'Start' && action !== 'READ');
    expect(commands).toMatchObject([
      { action: 'REFUSED', denial: 'OTHER_SITE', event: null },
      { action: 'WRITE', event: data.startMedication.eventId },
    ]);
  });

  it('has all that was asked below a patient, what a command that its role may not give was about, and who read the audit', async () => {
    const person = await enter(server, 'NOTHING');
    const token = await server.token({ role: 'CLINICIAN', subject: 'dr-wide' });
    await ask(
      `query Wide { patient(identifier: "${person.identifier}") { ...Taken interactions { effect } } search(text: "${person.identifier}", first: 5) { edges { label } } }
       fragment Taken on Patient { medications { drug { ...Named } } } fragment Named on Drug { name rxcui }`,
      token,
    );
    const [wide] = (await trailOf(person)).filter(({ operation }) => operation === 'Wide');
    expect(wide?.fields).toEqual(['Drug.name', 'Drug.rxcui', 'Interaction.effect', 'SearchEdge.label']);
    // Asked without a patient, a drug is nobody's.
    await ask('query Alone { drug(name: "warfarin") { name } me { role } }', token);
    const all = await entriesIn(server.data);
    expect(all.filter(({ operation }) => operation === 'Alone')).toEqual([]);
    const input = { idempotencyKey: freshKey(), patientId: idOf(person), purpose: 'RESEARCH', category: 'ALL', granted: true };
    await ask('mutation Say($input: SetConsentInput!) { setConsent(input: $input) { eventId } }', await server.token({ role: 'ANALYST' }), {
      input,
    });
    const nobody = toGlobalId('Patient', 'jane roe');
    await ask(
      'mutation Nobody($input: SetConsentInput!) { setConsent(input: $input) { eventId } }',
      await server.token({ role: 'ANALYST' }),
      { input: { ...input, patientId: nobody } },
    );
    expect((await entriesIn(server.data)).filter(({ operation }) => operation === 'Nobody')).toEqual([]);
    await ask(
      `query Elsewhere { riskEvents(first: 1, patientId: "${idOf(person)}") { totalCount } }`,
      await server.token({ role: 'CLINICIAN', sites: ['another ward'] }),
    );
    const observations = [{ code: '8867-4', value: 70, unit: '/min', observedAt: new Date().toISOString() }];
    await ask(
      'mutation Sent($input: RecordObservationsInput!) { recordObservations(input: $input) { eventId } }',
      await server.token({ role: 'DEVICE' }),
      { input: { idempotencyKey: freshKey(), patientId: idOf(person), observations } },
    );
    const trail = await trailOf(person);
    const actions = (name: string) => trail.filter(({ operation }) => operation === name).map(({ action }) => action);
    expect([actions('Say'), actions('Elsewhere'), actions('Sent')]).toEqual([['REFUSED'], ['REFUSED'], ['WRITE']]);
    // The first look at the audit is in the second.
    expect(trail.filter(({ operation }) => operation === 'Trail')).toMatchObject([{ action: 'READ', role: 'OPERATOR', sees: [] }]);
  });

  it('has of a subscription its start, each patient at the first event, and its end', async () => {
    const person = await enter(server, 'NOTHING');
    const token = await server.token({ role: 'CLINICIAN', subject: 'dr-stream' });
    const stop = new AbortController();
    const pulses = [140, 60];
    let told = 0;
    const measure = async (pulse: number) =>
      accepted(await commandsTo(server.platform).observe(person.surrogate, vitalSigns(new Date().toISOString(), { '8867-4': pulse })));
    for await (const { event } of riskChanges({ url: server.url, token, patientIds: [idOf(person)], signal: stop.signal })) {
      if (event) told += 1;
      const pulse = pulses[told];
      if (pulse === undefined) stop.abort();
      else await measure(pulse);
    }
    const streamed = () => trailOf(person).then((all) => all.filter(({ action }) => action.startsWith('STREAM')));
    expect(await streamed()).toMatchObject([{ action: 'STREAM_DELIVERED', actor: expect.stringContaining('dr-stream') }]);
    expect((await streamed())[0]?.fields).toContain('RiskEvent.value');
    const aboutNobody = async () =>
      (await entriesIn(server.data)).filter(({ actor, patient }) => String(actor).includes('dr-stream') && patient === null);
    for (let tries = 0; tries < 100 && (await aboutNobody()).length < 2; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await aboutNobody()).toMatchObject([
      { action: 'STREAM_STARTED' },
      { action: 'STREAM_ENDED', cursors: [expect.any(String), expect.any(String)] },
    ]);
  }, 60_000);

  it('is given in pages, to the patient and to operators alone', async () => {
    const person = await enter(server, 'NOTHING');
    const token = await server.token({ role: 'CLINICIAN' });
    for (const name of ['A', 'B', 'C']) await ask(`query ${name} { patient(identifier: "${person.identifier}") { sexAtBirth } }`, token);
    const read: (string | null)[] = [];
    for (let after: string | null = null; ; ) {
      const { data }: { data: Trail } = await server.query<Trail, object>(TRAIL, { id: idOf(person), first: 2, after }, operator);
      read.push(...data.auditTrail.edges.map(({ node }) => node.operation));
      after = data.auditTrail.pageInfo.endCursor;
      if (!data.auditTrail.pageInfo.hasNextPage) break;
    }
    expect(read).toEqual(['C', 'B', 'A']);
    const other = await enter(server, 'NOTHING');
    const codes = async (more: string) =>
      (await ask(TRAIL, more, { id: idOf(person), first: 1 })).errors?.map(({ extensions }) => extensions.code);
    expect(await codes(token)).toEqual(['FORBIDDEN']);
    expect(await codes(await server.token({ role: 'ANALYST' }))).toEqual(['FORBIDDEN']);
    expect(await codes(await server.token({ role: 'OPERATOR', scope: 'system/Patient.rs' }))).toEqual(['FORBIDDEN']);
    expect(await codes(await server.token({ role: 'PATIENT', patient: other.identifier }))).toEqual(['NOT_FOUND']);
  });

  it('answers nothing of a patient where it cannot be written', async () => {
    const mine = await startServer(undefined, { demo: false });
    const person = await enter(mine, 'NOTHING');
    const token = await mine.token({ role: 'CLINICIAN' });
    const query = `{ patient(identifier: "${person.identifier}") { identifier birthDate } }`;
    expect((await mine.query<unknown, object>(query, {}, token)).errors).toBeUndefined();
    await mine.platform.audit.close();
    const { data, errors } = await mine.query<unknown, object>(query, {}, token);
    expect([data ?? null, errors?.map(({ extensions }) => extensions.code)]).toEqual([null, ['AUDIT_UNAVAILABLE']]);
    expect(JSON.stringify(errors)).not.toContain('CANARY');
    const open = await mine.query<unknown, object>('{ knowledge { name } }', {}, token);
    expect(open.errors).toBeUndefined();
    await mine.close();
  }, 60_000);

  it('holds no word of a patient, and is found whole from the command line and by the server, until somebody changes it', async () => {
    const mine = await startServer(undefined, { demo: false });
    const person = await enter(mine, 'NOTHING');
    const token = await mine.token({ role: 'CLINICIAN' });
    for (const name of ['A', 'B'])
      await mine.query(`query ${name} { patient(identifier: "${person.identifier}") { identifier story } }`, {}, token);
    const { data } = await mine.query<{ auditVerification: { faults: unknown[]; entries: number } }, object>(
      '{ auditVerification { entries faults { fault } } }',
      {},
      await mine.token({ role: 'OPERATOR' }),
    );
    expect([data.auditVerification.faults, data.auditVerification.entries > 2]).toEqual([[], true]);
    await mine.close();
    const file = join(mine.data, 'audit.db');
    expect(readFileSync(file).includes('CANARY')).toBe(false);
    const args = ['audit', 'verify', '--data', mine.data, '--json'];
    const whole = await avicenna(args);
    expect([whole.code, jsonLines(whole)]).toMatchObject([0, [{ writers: 1, seals: 1, unsealed: 0, faults: [] }]]);
    const { default: Database } = await import('libsql');
    const db = new Database(file);
    db.exec('DELETE FROM event WHERE seq > 3');
    db.close();
    const cut = await avicenna(args);
    expect([cut.code, jsonLines(cut)]).toMatchObject([1, [{ faults: [{ fault: 'MISSING' }] }]]);
    const none = await avicenna(['audit', 'verify', '--data', join(mine.data, 'nowhere'), '--json']);
    expect([none.code, jsonLines(none)]).toMatchObject([1, [{ error: { code: 'FILE_UNREADABLE' } }]]);
  }, 120_000);
});
