/** Ways around the rules that were tried, each of which gives nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RiskStep, riskChanges } from '../../src/client/riskStream.ts';
import { entriesIn } from '../support/auditEntries.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { freshKey, startServer, type TestServer } from '../support/server.ts';
import { vitalSigns } from '../support/vitalSigns.ts';
import { enter, idOf as id, type Person } from './people.ts';

type Found = Record<string, never>;

describe('a way around', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
  }, 180_000);
  afterAll(() => server?.close());

  const ask = async (query: string, token?: string, variables: object = {}) => {
    const { data, errors } = await server.query<Found, object>(query, variables, token);
    return {
      data: data as unknown as Record<string, Record<string, unknown> | null> | null,
      codes: (errors ?? []).map(({ extensions }) => extensions.code),
      text: JSON.stringify({ data, errors }),
    };
  };
  const of = (person: Person, fields: string) => `{ node(id: "${id(person)}") { ... on Patient { ${fields} } } }`;
  const SET = 'mutation ($input: SetConsentInput!) { setConsent(input: $input) { eventId patient { id } userErrors { code } } }';
  const say = (person: Person, purpose: string, category: string, granted: boolean, token: string) =>
    ask(SET, token, { input: { idempotencyKey: freshKey(), patientId: id(person), purpose, category, granted } });
  const ownToken = ({ identifier }: Person) => server.token({ role: 'PATIENT', patient: identifier });
  const open = (person: Person, token: string) =>
    ask(
      'mutation ($input: BreakGlassInput!) { breakGlass(input: $input) { patient { id withheld { category } } userErrors { code } } }',
      token,
      {
        input: { idempotencyKey: freshKey(), identifier: person.identifier, reason: 'found unconscious in the corridor' },
      },
    );

  it('through the moment of a withdrawal: nobody who resumes right after it is told anything', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => enter(server, 'RESEARCH')));
    const token = await server.token({ role: 'ANALYST' });
    let after: string | undefined;
    for await (const step of riskChanges({ url: server.url, token })) {
      after = step.cursor;
      break;
    }
    const own = await Promise.all(people.map(ownToken));
    const withdrawn = Promise.all(people.map((person, at) => say(person, 'RESEARCH', 'ALL', false, own[at] ?? '')));
    const stop = new AbortController();
    const told: RiskStep[] = [];
    const follow = async () => {
      for await (const step of riskChanges({ url: server.url, token, signal: stop.signal, ...(after && { after }) })) told.push(step);
    };
    const following = follow();
    await withdrawn;
    for (const { surrogate } of people)
      accepted(await commandsTo(server.platform).observe(surrogate, vitalSigns(new Date().toISOString(), { '8867-4': 140 })));
    await server.platform.projector.settle(60_000);
    const { lastSeq } = await server.platform.log.bounds();
    const reached = () => told.some(({ cursor }) => Number(cursor.split('.')[1]?.split('-')[0]) >= Number(lastSeq) - 100);
    for (let tries = 0; tries < 40 && !reached(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    stop.abort();
    await following;
    const ids = new Set(people.map(id));
    expect(told.filter(({ event }) => event && ids.has(event.patient?.id ?? ''))).toEqual([]);
    expect(told.filter(({ event }) => event && event.patient === null)).toEqual([]);
  }, 180_000);

  it('through what was not followed: it says no genotype to whom it is held back', async () => {
    const person = await enter(server, 'RESEARCH_WITHOUT_GENOMES');
    const clinician = await server.token({ role: 'CLINICIAN' });
    for (const what of [{ drug: 'warfarin' }, { model: 'warfarin-dose' }]) {
      const input = { idempotencyKey: freshKey(), patientId: id(person), reason: 'CLINICAL_JUDGEMENT', ...what };
      const { data } = await ask(
        'mutation ($input: RecordOverrideInput!) { recordOverride(input: $input) { userErrors { code } } }',
        clinician,
        { input },
      );
      expect(data?.['recordOverride']).toEqual({ userErrors: [] });
    }
    const overrides = 'overrides(first: 10) { subject key shown }';
    expect((await ask(of(person, overrides), clinician)).text).toMatch(/RECOMMENDATION.*VKORC1/);
    expect((await ask(of(person, overrides), await server.token({ role: 'ANALYST' }))).data?.['node']).toEqual({ overrides: [] });
  });

  it('through the tokens that the page of the server offers: they see made-up patients only', async () => {
    const real = await enter(server, 'RESEARCH');
    const offered = (await (await fetch(`${server.url}/demo-tokens`)).json()) as { role: string; token: string }[];
    expect(offered.map(({ role }) => role)).toEqual(['CLINICIAN', 'ANALYST', 'PATIENT', 'DEVICE', 'OPERATOR']);
    for (const { token } of offered) {
      expect((await ask(of(real, 'id'), token)).data?.['node'] ?? null).toBeNull();
      expect((await ask(`{ patient(identifier: "${real.identifier}") { id } }`, token)).data?.['patient'] ?? null).toBeNull();
    }
  });

  it('through an emergency: it opens for the one who opened it, as a clinician, and only as far as the patient lets it', async () => {
    const person = await enter(server, 'NOTHING');
    const ward9 = await server.token({ role: 'CLINICIAN', sites: ['ward 9'], subject: 'dr-a' });
    const opened = async () => /avicenna_emergency_openings_total (\d+)/.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
    const before = Number(await opened());
    expect((await open(person, ward9)).data?.['breakGlass']).toMatchObject({ patient: { withheld: [] } });
    // Whoever runs the server is told, not of whom.
    expect(Number(await opened())).toBe(before + 1);
    expect((await ask(of(person, 'id'), await server.token({ role: 'ANALYST', subject: 'dr-a' }))).data?.['node']).toBeNull();
    const own = await ownToken(person);
    await say(person, 'EMERGENCY', 'GENOMIC', false, own);
    expect((await ask(of(person, 'diplotypes { status } withheld { category }'), ward9)).data?.['node']).toEqual({
      diplotypes: null,
      withheld: [{ category: 'GENOMIC' }],
    });
    // Nor does whoever opened it speak for the patient.
    expect((await say(person, 'RESEARCH', 'ALL', true, ward9)).codes).toEqual(['FORBIDDEN']);
    await say(person, 'EMERGENCY', 'ALL', false, own);
    expect((await ask(of(person, 'id'), ward9)).data?.['node']).toBeNull();
  });

  it('through a consent that a clinician gives back to himself', async () => {
    const person = await enter(server, 'NO_GENOMES');
    const clinician = await server.token({ role: 'CLINICIAN' });
    expect((await say(person, 'TREATMENT', 'GENOMIC', true, clinician)).codes).toEqual(['FORBIDDEN']);
    expect((await say(person, 'TREATMENT', 'GENOMIC', true, await ownToken(person))).codes).toEqual([]);
    const { data } = await ask(of(person, 'withheld { category } consents { category granted recordedBy }'), clinician);
    expect(data?.['node']).toMatchObject({
      withheld: [],
      consents: [{ category: 'GENOMIC', granted: true, recordedBy: expect.stringContaining('demo-patient') }, {}],
    });
  });

  it('through a token about one patient that allows something else beside', async () => {
    const [one, other] = [await enter(server, 'NOTHING'), await enter(server, 'NOTHING')];
    const token = await server.token({ role: 'CLINICIAN', scope: 'patient/*.rs user/Observation.c', patient: one.identifier });
    expect((await ask('{ patients(first: 100) { totalCount } }', token)).data).toEqual({ patients: { totalCount: 1 } });
    expect((await ask(of(other, 'id'), token)).data?.['node']).toBeNull();
    const observations = [{ code: '29463-7', value: 70, unit: 'kg', observedAt: new Date().toISOString() }];
    const RECORD =
      'mutation ($input: RecordObservationsInput!) { recordObservations(input: $input) { eventId patient { id } observations { value } userErrors { code } } }';
    const record = (device: string) => ask(RECORD, device, { input: { idempotencyKey: freshKey(), patientId: id(other), observations } });
    for (const bound of [{ patient: one.identifier }, { sites: ['ward 9'] }])
      expect((await record(await server.token({ role: 'DEVICE', ...bound }))).data?.['recordObservations']).toMatchObject({
        eventId: null,
        userErrors: [{ code: 'UNKNOWN_PATIENT' }],
      });
    // And whoever may only write is told nothing back.
    expect((await record(await server.token({ role: 'CLINICIAN', scope: 'user/Observation.c' }))).data?.['recordObservations']).toEqual({
      eventId: expect.any(String),
      patient: null,
      observations: null,
      userErrors: [],
    });
  });

  it('through the age as of one day after another', async () => {
    const person = await enter(server, 'RESEARCH');
    const token = await server.token({ role: 'ANALYST' });
    const age = async (at: string) =>
      (await ask(of(person, `prediction(model: "prevent", at: "${at}") { inputs { feature value } }`), token)).text.match(
        /"age","value":"(\d+)"/,
      )?.[1];
    // Born on the 17th of November: the age that is told does not change then.
    expect(await age('2025-11-16T12:00:00Z')).toBe(await age('2025-11-18T12:00:00Z'));
  });

  it('through what leads from something else to the patient, without the scope of the patient', async () => {
    const person = await enter(server, 'NOTHING');
    const risks = await server.token({ role: 'CLINICIAN', scope: 'user/RiskAssessment.rs' });
    const { text } = await ask('{ riskEvents(first: 100) { edges { node { value patient { identifier birthDate story } } } } }', risks);
    expect(text).toContain('"patient":null');
    expect(text).not.toMatch(/CANARY|1951/);
    const genes = await server.token({ role: 'CLINICIAN', scope: 'user/MolecularSequence.c' });
    const input = { idempotencyKey: freshKey(), patientId: id(person), outsideCalls: [{ gene: 'TPMT', diplotype: '*1/*1' }] };
    const imported = await ask(
      'mutation ($input: ImportGenotypeInput!) { importGenotype(input: $input) { eventId diplotypes { status } patient { id } } }',
      genes,
      { input },
    );
    expect(imported.data?.['importGenotype']).toEqual({ eventId: expect.any(String), diplotypes: null, patient: null });
    const nothing = await server.token({ role: 'CLINICIAN', scope: 'openid' });
    expect((await ask('{ model(name: "news2") { localValidity { statement } } }', nothing)).data?.['model']).toEqual({
      localValidity: null,
    });
    expect(
      (await ask('mutation { takeBackup(name: "x") { backup { directory } } }', await server.token({ role: 'OPERATOR', scope: 'openid' })))
        .codes,
    ).toEqual(['FORBIDDEN']);
  });

  it('through words that a person wrote', async () => {
    const person = await enter(server, 'RESEARCH');
    const commands = commandsTo(server.platform);
    accepted(await commands.start(person.surrogate, { drug: 'CANARY study drug of jane roe', startedAt: '2026-01-01T00:00:00.000Z' }));
    const { text } = await ask(
      of(
        person,
        'medications { name doseText } unknownMedications conditions { code label } observations(first: 50) { edges { node { code label text device } } } ancestry story',
      ),
      await server.token({ role: 'ANALYST' }),
    );
    expect(text).toMatch(/"name":"withheld"/);
    expect(text).toMatch(/"name":"warfarin"/);
    expect(text).not.toMatch(/CANARY|jane roe/);
  });

  it('through the scopes of a token: what it does not read is not told by the way', async () => {
    const person = await enter(server, 'NOTHING');
    const medicines = await server.token({ role: 'CLINICIAN', scope: 'user/Patient.r user/MedicationStatement.r' });
    const whole = await server.token({ role: 'CLINICIAN' });
    accepted(await commandsTo(server.platform).start(person.surrogate, { drug: 'amiodarone', startedAt: '2026-01-01T00:00:00.000Z' }));
    const interactions = of(person, 'diplotypes { status } interactions { drugNames effect } recommendations { text }');
    expect((await ask(interactions, whole)).text).toMatch(/warfarin.*CYP2C9/);
    const { data, text } = await ask(interactions, medicines);
    expect(data?.['node']).toMatchObject({ diplotypes: null, recommendations: null, interactions: [expect.anything()] });
    expect(text).not.toMatch(/CYP2C9|metaboli[sz]er|genotype/i);
    const start =
      'mutation ($input: StartMedicationInput!) { startMedication(input: $input) { eventId patient { id } interactions { drugNames effect } } }';
    const input = { idempotencyKey: freshKey(), patientId: id(person), drug: 'fluconazole', startedAt: '2026-02-01T00:00:00Z' };
    const writes = await server.token({ role: 'CLINICIAN', scope: 'user/MedicationStatement.c' });
    expect((await ask(start, writes, { input })).data?.['startMedication']).toEqual({
      eventId: expect.any(String),
      patient: null,
      interactions: null,
    });
    const genes = await server.token({ role: 'CLINICIAN', scope: 'user/Patient.r user/MolecularSequence.r' });
    const ofGenes = await ask(
      of(
        person,
        'allergies { id } treatmentOptions(condition: "DOID:3910") { name } diplotypes { status modulators { strength } phenoconvertedPhenotype }',
      ),
      genes,
    );
    expect(ofGenes.data?.['node']).toMatchObject({ allergies: null, treatmentOptions: null });
    expect(ofGenes.text).toMatch(/"modulators":\[\]/);
    expect(ofGenes.text).not.toMatch(/"strength"/);
  });

  it('through conditions and observations that state a genotype, or that are sensitive', async () => {
    const people = {
      NO_GENOMES: await enter(server, 'NO_GENOMES'),
      NO_SENSITIVE: await enter(server, 'NO_SENSITIVE'),
      NOTHING: await enter(server, 'NOTHING'),
    };
    const clinician = await server.token({ role: 'CLINICIAN' });
    const record = 'mutation ($input: RecordConditionInput!) { recordCondition(input: $input) { userErrors { code } } }';
    const observe = 'mutation ($input: RecordObservationsInput!) { recordObservations(input: $input) { userErrors { code } } }';
    const onsetAt = '2026-01-01T00:00:00Z';
    for (const person of Object.values(people)) {
      const about = () => ({ idempotencyKey: freshKey(), patientId: id(person) });
      for (const [code, label] of [
        ['Z15.01', 'BRCA1'],
        ['D68.51', 'factor V'],
        ['F33.1', 'depression'],
        ['I10', 'hypertension'],
      ])
        await ask(record, clinician, { input: { ...about(), code, label, onsetAt } });
      const observations = [
        { code: '79716-7', label: 'CYP2C9', text: '*3/*3', observedAt: onsetAt },
        { code: '99999-5', label: 'panel', text: 'CYP2D6 poor metaboliser', observedAt: onsetAt },
        { code: '8867-4', value: 71, unit: '/min', observedAt: onsetAt },
      ];
      expect((await ask(observe, clinician, { input: { ...about(), observations } })).data?.['recordObservations']).toEqual({
        userErrors: [],
      });
    }
    const seen = async (person: Person) => {
      const { data } = await ask(
        of(person, 'withheld { category reason } conditions { code } observations(first: 100) { totalCount edges { node { code } } }'),
        clinician,
      );
      const node = data?.['node'] as unknown as {
        conditions: { code: string }[];
        observations: { totalCount: number; edges: { node: { code: string } }[] };
        withheld: object[];
      };
      const codes = node.observations.edges.map(({ node: { code } }) => code);
      expect(node.observations.totalCount).toBe(codes.length);
      return {
        conditions: node.conditions.map(({ code }) => code).sort(),
        genetic: codes.filter((code) => /79716|99999/.test(code)).sort(),
        withheld: node.withheld,
      };
    };
    expect(await seen(people.NOTHING)).toEqual({
      conditions: ['D68.51', 'F33.1', 'I10', 'Z15.01'],
      genetic: ['79716-7', '99999-5'],
      withheld: [],
    });
    expect(await seen(people.NO_GENOMES)).toEqual({
      conditions: ['F33.1', 'I10'],
      genetic: [],
      withheld: [{ category: 'GENOMIC', reason: 'CONSENT' }],
    });
    expect(await seen(people.NO_SENSITIVE)).toMatchObject({
      conditions: ['D68.51', 'I10', 'Z15.01'],
      genetic: ['79716-7', '99999-5'],
      withheld: [{ category: 'SENSITIVE', reason: 'CONSENT' }],
    });
    const report =
      'mutation ($input: ImportMolecularProfileInput!) { importMolecularProfile(input: $input) { eventId molecularProfile { id } } }';
    const input = {
      idempotencyKey: freshKey(),
      patientId: id(people.NO_GENOMES),
      assay: 'panel',
      reportedAt: onsetAt,
      genesTested: ['EGFR'],
    };
    expect((await ask(report, clinician, { input })).data?.['importMolecularProfile']).toEqual({
      eventId: expect.any(String),
      molecularProfile: null,
    });
  });

  it('through what was said before: the last word stands, and a clinician undoes no refusal, nor one that is to come', async () => {
    const person = await enter(server, 'NOTHING');
    const own = await ownToken(person);
    const clinician = await server.token({ role: 'CLINICIAN' });
    const analyst = await server.token({ role: 'ANALYST' });
    const said = (purpose: string, category: string, granted: boolean, token: string, from?: Date) =>
      ask(SET, token, {
        input: { idempotencyKey: freshKey(), patientId: id(person), purpose, category, granted, ...(from && { from: from.toISOString() }) },
      });
    const soon = new Date(Date.now() + 1500);
    expect((await said('RESEARCH', 'ALL', true, own, soon)).codes).toEqual([]);
    expect((await said('RESEARCH', 'ALL', false, own)).codes).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1700));
    expect((await ask(of(person, 'id'), analyst)).data?.['node']).toBeNull();
    // Not the clinician's to give back either.
    expect((await said('RESEARCH', 'ALL', true, clinician)).codes).toEqual(['FORBIDDEN']);
    const later = new Date(Date.now() + 1500);
    expect((await said('TREATMENT', 'GENOMIC', false, own, later)).codes).toEqual([]);
    expect((await said('TREATMENT', 'GENOMIC', true, clinician, new Date(later.getTime() + 500))).codes).toEqual(['FORBIDDEN']);
    // What a clinician recorded as refused for research that clinician may record otherwise.
    const other = await enter(server, 'NOTHING');
    const sayOf = (granted: boolean) => say(other, 'RESEARCH', 'ALL', granted, clinician);
    expect([(await sayOf(false)).codes, (await sayOf(true)).codes]).toEqual([[], []]);
  }, 60_000);

  it('through reports that are withheld: who does not see them corrects none, and what is taken back is no report', async () => {
    const person = await enter(server, 'NOTHING');
    const clinician = await server.token({ role: 'CLINICIAN' });
    const report =
      'mutation ($input: ImportMolecularProfileInput!) { importMolecularProfile(input: $input) { eventId userErrors { code message } molecularProfile { id } } }';
    const input = (more: object) => ({
      input: { idempotencyKey: freshKey(), patientId: id(person), assay: 'panel', reportedAt: '2026-01-01T00:00:00Z', ...more },
    });
    const first = (await ask(report, clinician, input({ genesTested: ['EGFR'] }))).data?.['importMolecularProfile'] as {
      molecularProfile?: { id: string }[];
    };
    const known = first.molecularProfile?.[0]?.id;
    await say(person, 'TREATMENT', 'GENOMIC', false, await ownToken(person));
    const { codes, text } = await ask(report, clinician, input({ replaces: known }));
    expect([codes, text.includes(String(known))]).toEqual([['FORBIDDEN'], false]);
    await say(person, 'TREATMENT', 'GENOMIC', true, await ownToken(person));
    const reports = async () => (await ask(of(person, 'treatmentOptions(condition: "DOID:3910") { reports }'), clinician)).text;
    expect(await reports()).toContain('"reports":1');
    expect((await ask(report, clinician, input({ replaces: known }))).codes).toEqual([]);
    expect(await reports()).toContain('"reports":0');
  });

  it('through counts: a condition that states a genotype is not counted, and a token without genotypes sees none stated', async () => {
    const person = await enter(server, 'RESEARCH');
    const clinician = await server.token({ role: 'CLINICIAN' });
    const input = { idempotencyKey: freshKey(), patientId: id(person), code: 'Z15.01', label: 'BRCA1', onsetAt: '2026-01-01T00:00:00Z' };
    await ask('mutation ($input: RecordConditionInput!) { recordCondition(input: $input) { eventId } }', clinician, { input });
    const count = 'query ($code: String!) { cohort(by: [SEX], filter: { condition: $code }) { total { count } } }';
    const analyst = await server.token({ role: 'ANALYST' });
    expect((await ask(count, analyst, { code: 'Z15' })).codes).toEqual(['FORBIDDEN']);
    const conditions = await server.token({ role: 'CLINICIAN', scope: 'user/Patient.rs user/Condition.rs user/RiskAssessment.rs' });
    const { data, codes } = await ask(
      of(person, 'conditions { code } withheld { category reason } prediction(model: "warfarin-dose") { value }'),
      conditions,
    );
    expect([data?.['node'], codes]).toEqual([
      { conditions: [], withheld: [{ category: 'GENOMIC', reason: 'TOKEN' }], prediction: null },
      ['FORBIDDEN'],
    ]);
  });

  it('through a search: those of other units do not stand before those who may be seen, and only who is shown is noted', async () => {
    const commands = commandsTo(server.platform);
    const person = { birthDate: '1950-01-01', sexAtBirth: 'MALE', race: 'WHITE', synthetic: true } as const;
    for (let at = 0; at < 120; at += 1)
      accepted(await commands.register({ ...person, identifier: `SRCH-${String(at).padStart(3, '0')}`, site: 'unit a' }));
    accepted(await commands.register({ ...person, identifier: 'SRCH-900', site: 'unit b' }));
    accepted(await commands.register({ ...person, identifier: 'SRCH-901', site: 'unit b' }));
    await server.platform.projector.settle(60_000);
    const { text } = await ask(
      'query Srch { search(text: "SRCH-", first: 1) { totalCount edges { label } } }',
      await server.token({ role: 'CLINICIAN', sites: ['unit b'] }),
    );
    expect(JSON.parse(text).data.search).toEqual({ totalCount: 2, edges: [{ label: 'SRCH-900' }] });
    const noted = (await entriesIn(server.data)).filter(({ operation }) => operation === 'Srch');
    expect(noted).toMatchObject([{ action: 'READ' }]);
  }, 60_000);

  it('through the commands themselves: they say of nobody whether they are there', async () => {
    const real = await enter(server, 'NOTHING');
    const REGISTER = 'mutation ($input: RegisterPatientInput!) { registerPatient(input: $input) { eventId userErrors { code } } }';
    const input = { idempotencyKey: freshKey(), identifier: `NEW-${freshKey()}`.slice(0, 60), birthDate: '1950-01-01', sexAtBirth: 'MALE' };
    const bound = await server.token({ role: 'CLINICIAN', scope: 'patient/*.cruds', patient: real.identifier });
    expect((await ask(REGISTER, bound, { input })).codes).toEqual(['FORBIDDEN']);
    const [first, second] = [
      await server.token({ role: 'CLINICIAN', subject: 'dr-1' }),
      await server.token({ role: 'CLINICIAN', subject: 'dr-2' }),
    ];
    expect((await ask(REGISTER, first, { input })).data?.['registerPatient']).toMatchObject({ eventId: expect.any(String) });
    expect((await ask(REGISTER, second, { input })).data?.['registerPatient']).toEqual({
      eventId: null,
      userErrors: [{ code: 'ALREADY_EXISTS' }],
    });
    const noRead = await server.token({ role: 'CLINICIAN', scope: 'user/Observation.r' });
    expect([(await open(real, noRead)).codes, (await open({ ...real, identifier: 'NOBODY' }, noRead)).codes]).toEqual([
      ['FORBIDDEN'],
      ['FORBIDDEN'],
    ]);
    const acknowledge =
      'mutation { acknowledgeAlert(input: { idempotencyKey: "key-12345678", alertId: "QWxlcnQ6eA" }) { userErrors { code } } }';
    expect((await ask(acknowledge, await server.token({ role: 'ANALYST' }))).codes).toEqual(['FORBIDDEN']);
  });
});
