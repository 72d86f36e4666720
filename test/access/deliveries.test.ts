/** What subscribers are told, as it is decided at each delivery: by role, by what the patient says meanwhile, by the token's end. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamRefused } from '../../src/client/resumedStream.ts';
import { type RiskStep, riskChanges } from '../../src/client/riskStream.ts';
import { decodeEnvelope } from '../../src/events/envelope.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { RISK_EVENT_TYPE } from '../../src/monitoring/riskEvent.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { freshKey, startServer, type TestServer } from '../support/server.ts';
import { vitalSigns } from '../support/vitalSigns.ts';
import { enter, idOf as id, type Person } from './people.ts';

const ROUNDS = process.env['LONG'] ? 100_000 : 2_000;
const PURPOSES = ['RESEARCH', 'TREATMENT'] as const;
type Purpose = (typeof PURPOSES)[number];
const SET = 'mutation ($input: SetConsentInput!) { setConsent(input: $input) { eventId userErrors { code field } } }';

describe('a delivery', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
  }, 180_000);
  afterAll(() => server?.close());

  let heart = 60;
  /** Something that NEWS2 speaks of. */
  const stir = async ({ surrogate }: Person) => {
    heart = heart === 60 ? 135 : 60;
    accepted(await commandsTo(server.platform).observe(surrogate, vitalSigns(new Date().toISOString(), { '8867-4': heart })));
    await server.platform.projector.settle(60_000);
  };
  const say = async (person: Person, purpose: string, category: string, granted: boolean) => {
    const token = await server.token({ role: 'PATIENT', patient: person.identifier });
    const input = { idempotencyKey: freshKey(), patientId: id(person), purpose, category, granted };
    const { data } = await server.query<{ setConsent: { eventId: string; userErrors: unknown[] } }, object>(SET, { input }, token);
    expect(data.setConsent).toMatchObject({ eventId: expect.any(String), userErrors: [] });
  };

  /** Follows until `stop`; what it was told, and how it was refused. */
  function follow(token: string, patients?: readonly Person[]) {
    const stop = new AbortController();
    const steps: RiskStep[] = [];
    let refused: StreamRefused | null = null;
    const wake: (() => void)[] = [];
    const patientIds = patients && { patientIds: patients.map(id) };
    const listen = async () => {
      for await (const step of riskChanges({ url: server.url, token, signal: stop.signal, ...patientIds })) {
        steps.push(step);
        for (const one of wake.splice(0)) one();
      }
    };
    const reading = listen()
      .catch((error: unknown) => {
        if (!(error instanceof StreamRefused)) throw error;
        refused = error;
      })
      .then(() => {
        for (const one of wake.splice(0)) one();
      });
    const until = async (reached: () => boolean) => {
      while (!reached() && refused === null) await new Promise<void>((resolve) => wake.push(resolve));
    };
    const events = () => steps.flatMap(({ event }) => (event ? [event] : []));
    return {
      steps,
      events,
      until,
      opened: () => until(() => steps.length > 0),
      ended: () => reading.then(() => refused),
      stop: () => {
        stop.abort();
        return reading;
      },
    };
  }

  it('tells an analyst of patients who agreed to research, of no other, and of no genotype that is held back', async () => {
    const [agreed, without, silent] = [
      await enter(server, 'RESEARCH'),
      await enter(server, 'RESEARCH_WITHOUT_GENOMES'),
      await enter(server, 'NOTHING'),
    ];
    const analyst = follow(await server.token({ role: 'ANALYST' }));
    const clinician = follow(await server.token({ role: 'CLINICIAN' }));
    await Promise.all([analyst.opened(), clinician.opened()]);
    for (const person of [silent, without, agreed]) {
      await stir(person);
      accepted(
        await commandsTo(server.platform).observe(person.surrogate, [
          { code: '29463-7', value: 95, unit: 'kg', observedAt: new Date().toISOString() },
        ]),
      );
      await server.platform.projector.settle(60_000);
    }
    const of = (person: Person) => (event: { patient: { id: string } | null; model: { name: string } }) =>
      event.patient?.id === id(person) ? [event.model.name] : [];
    await clinician.until(() => clinician.events().flatMap(of(agreed)).includes('warfarin-dose'));
    await analyst.until(() => analyst.events().flatMap(of(agreed)).includes('warfarin-dose'));
    expect(analyst.events().flatMap(of(silent))).toEqual([]);
    expect(new Set(analyst.events().flatMap(of(without)))).toEqual(new Set(['news2']));
    expect(new Set(clinician.events().flatMap(of(without)))).toEqual(new Set(['news2', 'warfarin-dose']));
    // The same document, event and moment, executed once for each who may see the same: nobody is given another's answer.
    expect(JSON.stringify(analyst.steps)).not.toMatch(/CANARY/);
    expect(clinician.events().every(({ patient }) => patient?.identifier?.startsWith('CANARY'))).toBe(true);
    await Promise.all([analyst.stop(), clinician.stop()]);
  }, 180_000);

  it('tells nothing any more from the moment that the patient withdraws, and again when the patient agrees again', async () => {
    const person = await enter(server, 'RESEARCH');
    const [analyst, clinician] = [follow(await server.token({ role: 'ANALYST' })), follow(await server.token({ role: 'CLINICIAN' }))];
    await Promise.all([analyst.opened(), clinician.opened()]);
    const heard = (stream: typeof analyst) => stream.events().filter(({ patient }) => patient?.id === id(person)).length;
    await stir(person);
    await analyst.until(() => heard(analyst) === 1);
    await say(person, 'RESEARCH', 'ALL', false);
    await stir(person);
    await clinician.until(() => heard(clinician) === 2);
    await say(person, 'RESEARCH', 'ALL', true);
    await stir(person);
    await analyst.until(() => heard(analyst) === 2);
    expect(heard(analyst)).toBe(2);
    await clinician.until(() => heard(clinician) === 3);
    const all = clinician
      .events()
      .filter(({ patient }) => patient?.id === id(person))
      .map((event) => event.id);
    const told = analyst
      .events()
      .filter(({ patient }) => patient?.id === id(person))
      .map((event) => event.id);
    expect(told).toEqual([all[0], all[2]]);
    await Promise.all([analyst.stop(), clinician.stop()]);
  }, 180_000);

  it('ends a stream that named the patient, for silence would be taken for good news', async () => {
    const person = await enter(server, 'RESEARCH');
    const analyst = follow(await server.token({ role: 'ANALYST' }), [person]);
    await analyst.opened();
    await say(person, 'RESEARCH', 'ALL', false);
    await stir(person);
    expect(await analyst.ended()).toMatchObject({ code: 'FORBIDDEN' });
    expect(analyst.events()).toEqual([]);
    // And cannot be opened again: the patient is not there for the analyst.
    const again = follow(await server.token({ role: 'ANALYST' }), [person]);
    expect(await again.ended()).toMatchObject({ code: 'NOT_FOUND' });
  }, 180_000);

  it('goes to a clinician of the unit only, until an emergency opens the record', async () => {
    const person = await enter(server, 'NOTHING');
    const ward9 = await server.token({ role: 'CLINICIAN', sites: ['ward 9'], subject: 'dr-9' });
    const stream = follow(ward9);
    await stream.opened();
    await stir(person);
    const open = async (identifier: string, reason: string) =>
      (
        await server.query<
          { breakGlass: { patient: { identifier: string } | null; userErrors: { code: string; field: string }[] } },
          object
        >(
          'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { patient { identifier } userErrors { code field } } }',
          { input: { idempotencyKey: freshKey(), identifier, reason, minutes: 5 } },
          ward9,
        )
      ).data.breakGlass;
    expect((await open(person.identifier, 'short')).userErrors).toEqual([{ code: 'INVALID', field: 'reason' }]);
    expect(await open(person.identifier, 'found unconscious in the corridor')).toMatchObject({
      patient: { identifier: person.identifier },
    });
    await stir(person);
    await stream.until(() => stream.events().length > 0);
    expect(stream.events()).toHaveLength(1);
    const query = `{ patient(identifier: "${person.identifier}") { emergencyAccess { openedBy reason } } }`;
    const own = await server.token({ role: 'PATIENT', patient: person.identifier });
    const { data } = await server.query<{ patient: { emergencyAccess: unknown[] } }, never>(query, undefined as never, own);
    expect(data.patient.emergencyAccess).toEqual([{ openedBy: 'avicenna-development|dr-9', reason: 'found unconscious in the corridor' }]);
    const refusing = await enter(server, 'NO_EMERGENCY');
    expect((await open(refusing.identifier, 'found unconscious in the corridor')).userErrors).toEqual([
      { code: 'REFUSED_BY_PATIENT', field: 'patientId' },
    ]);
    await stream.stop();
  }, 180_000);

  it('ends with the token, which is said', async () => {
    const short = await server.token({ role: 'CLINICIAN', minutes: 1 / 20 });
    const stream = follow(short);
    await stream.opened();
    expect(await stream.ended()).toMatchObject({ code: 'UNAUTHENTICATED' });
  }, 60_000);

  it('is none for a role that sees nobody, nor for a token that is none', async () => {
    for (const role of ['DEVICE', 'OPERATOR'] as const)
      expect(await follow(await server.token({ role })).ended()).toMatchObject({ code: 'FORBIDDEN' });
    expect(await follow('not-a-token').ended()).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  /** The risk events that the log has after a sequence. */
  async function risksAfter(after: string): Promise<string[]> {
    const found: string[] = [];
    for await (const item of server.platform.log.read({ after }))
      if (item.kind === 'event' && decodeEnvelope(item.seq, item.body).type === RISK_EVENT_TYPE)
        found.push(toGlobalId('RiskEvent', decodeEnvelope(item.seq, item.body).id));
    return found;
  }

  it(
    `leaks nothing in ${ROUNDS} reads and deliveries of chance, while patients change their minds`,
    async () => {
      const people = [await enter(server, 'RESEARCH'), await enter(server, 'NOTHING'), await enter(server, 'NO_TREATMENT')];
      const agreed = people.map(({ said }) => ({ RESEARCH: said === 'RESEARCH', TREATMENT: said !== 'NO_TREATMENT' }));
      const tokens = { RESEARCH: await server.token({ role: 'ANALYST' }), TREATMENT: await server.token({ role: 'CLINICIAN' }) };
      const streams = { RESEARCH: follow(tokens.RESEARCH), TREATMENT: follow(tokens.TREATMENT) };
      await Promise.all([streams.RESEARCH.opened(), streams.TREATMENT.opened()]);
      const expected: Record<Purpose, string[]> = { RESEARCH: [], TREATMENT: [] };
      const leaks: string[] = [];

      const change = async (at: number, purpose: Purpose) => {
        const said = agreed[at] as Record<Purpose, boolean>;
        said[purpose] = !said[purpose];
        await say(people[at] as Person, purpose, 'ALL', said[purpose]);
      };
      const tell = async (at: number) => {
        const { lastSeq } = await server.platform.log.bounds();
        await stir(people[at] as Person);
        const told = await risksAfter(lastSeq);
        for (const purpose of PURPOSES) if (agreed[at]?.[purpose]) expected[purpose].push(...told);
      };
      const read = async (at: number, purpose: Purpose) => {
        const query = `{ node(id: "${id(people[at] as Person)}") { ... on Patient { identifier medications { name } } } }`;
        const { data } = await server.query<{ node: object | null }, never>(query, undefined as never, tokens[purpose]);
        if ((data.node !== null) !== agreed[at]?.[purpose]) leaks.push(`${purpose} ${at}`);
      };
      const below = (count: number) => Math.floor(Math.random() * count);
      for (let round = 0; round < ROUNDS; round += 1) {
        const [at, purpose] = [below(people.length), PURPOSES[below(PURPOSES.length)] as Purpose];
        if (round % 40 === 0) await change(at, purpose);
        else if (round % 20 === 0) await tell(at);
        else await read(at, purpose);
      }
      expect(leaks).toEqual([]);
      for (const purpose of PURPOSES) {
        const stream = streams[purpose];
        await stream.until(() => stream.events().length >= expected[purpose].length);
        expect(stream.events().map((event) => event.id)).toEqual(expected[purpose]);
        await stream.stop();
      }
    },
    600_000 + ROUNDS * 20,
  );
});
