/** Counts over a server: who counts whom, by what, and what is refused; on both engines. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CohortCountsDocument } from '../../schema/operations.generated.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { entriesIn } from '../support/auditEntries.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { SAID, type Said } from './people.ts';

interface Cell {
  readonly values: readonly { readonly value: string }[];
  readonly count: number | null;
  readonly suppressed: boolean;
  readonly label: string;
}
interface Found {
  readonly cohort: { readonly statement: string; readonly total: Cell; readonly cells: readonly Cell[]; readonly margins: readonly Cell[] };
}

const CELL = '{ values { value } count suppressed label }';
const cohort = (args: string) => `{ cohort(${args}) { statement total ${CELL} cells ${CELL} margins ${CELL} } }`;
const BORN = `${new Date().getUTCFullYear() - 65}-03-01`;
const OLD = `${new Date().getUTCFullYear() - 97}-03-01`;
const DAY = '2026-01-01T00:00:00.000Z';

describe.each(ENGINES)('counting patients on the $engine engine', ({ uri }) => {
  let server: TestServer;
  const tokens = { CLINICIAN: '', ANALYST: '' };

  /** A patient, and what is recorded of some. */
  const enter = async (
    said: Said,
    sexAtBirth: 'FEMALE' | 'MALE',
    more: { birthDate?: string; drug?: string; cyp2c9?: string; code?: string },
  ) => {
    const commands = commandsTo(server.platform);
    const consents = SAID[said].map(([purpose, category, granted]) => ({ purpose, category, granted, from: DAY, until: null }));
    const person = { identifier: `CANARY-${freshKey()}`, birthDate: more.birthDate ?? BORN, sexAtBirth, race: 'WHITE', consents } as const;
    const { patient } = accepted(await commands.register({ ...person, synthetic: false }));
    if (more.drug) accepted(await commands.start(patient, { drug: more.drug, startedAt: DAY }));
    if (more.cyp2c9) accepted(await commands.genotype(patient, { outsideCalls: [{ gene: 'CYP2C9', diplotype: more.cyp2c9 }] }));
    if (!more.code) return;
    const input = { idempotencyKey: freshKey(), patientId: toGlobalId('Patient', patient), code: more.code, label: 'CANARY', onsetAt: DAY };
    const document = 'mutation ($input: RecordConditionInput!) { recordCondition(input: $input) { userErrors { message } } }';
    type Answered = { recordCondition: { userErrors: unknown[] } };
    const { data } = await server.query<Answered, object>(document, { input }, tokens.CLINICIAN);
    expect(data.recordCondition.userErrors).toEqual([]);
  };
  /** Few at a time: a command waits for the graph to show the one before it, but not for long. */
  const many = async (count: number, make: (at: number) => Promise<void>) => {
    for (let from = 0; from < count; from += 4)
      await Promise.all(Array.from({ length: Math.min(4, count - from) }, (_, at) => make(from + at)));
  };

  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
    for (const role of ['CLINICIAN', 'ANALYST'] as const) tokens[role] = await server.token({ role });
    // 41 women and 26 men who agreed to research, 14 women who did not, 3 men who want no care here, 4 women over 90.
    await many(41, (at) =>
      enter('RESEARCH', 'FEMALE', {
        drug: at < 20 ? 'warfarin' : 'metformin',
        cyp2c9: at < 18 ? '*1/*3' : '*1/*1',
        code: at < 15 ? 'I48.0' : 'Z21',
      }),
    );
    await many(26, (at) => enter('RESEARCH_WITHOUT_GENOMES', 'MALE', { cyp2c9: '*1/*3', ...(at < 23 && { drug: 'warfarin' }) }));
    await many(14, () => enter('NOTHING', 'FEMALE', {}));
    await many(3, () => enter('NO_TREATMENT', 'MALE', {}));
    await many(4, () => enter('RESEARCH', 'FEMALE', { birthDate: OLD }));
    await server.platform.projector.settle(120_000);
  }, 300_000);
  afterAll(() => server?.close());

  const ask = async (args: string, token: string = tokens.CLINICIAN) => {
    const { data, errors } = await server.query<Found, never>(cohort(args), undefined, token);
    return { ...data?.cohort, errors: errors?.map(({ extensions }) => `${extensions.code} ${extensions.at ?? ''}`) ?? [] };
  };
  const labels = (cells: readonly Cell[] = []) =>
    Object.fromEntries(cells.map(({ values, label }) => [values.map(({ value }) => value).join(' '), label]));

  it('counts for each role whom that role may see', async () => {
    const clinician = await ask('by: [SEX]');
    // 59 women (60), 26 men (25), 85 in all; the three are in no count.
    expect([clinician.total?.label, labels(clinician.cells)]).toEqual([
      'about 85',
      { FEMALE: 'about 60', MALE: 'about 25', UNKNOWN: 'none' },
    ]);
    expect(clinician.statement).toContain('Nothing is hidden');
    const analyst = await ask('by: [SEX]', tokens.ANALYST);
    expect([analyst.total?.label, labels(analyst.cells)]).toEqual(['about 70', { FEMALE: 'about 45', MALE: 'about 25', UNKNOWN: 'none' }]);
    const ward = await ask('by: [SEX]', await server.token({ role: 'CLINICIAN', sites: ['ward 9'] }));
    expect([ward.total?.label, ward.total?.count]).toEqual(['none', 0]);
  });

  it('hides the few, and what they could be worked out from', async () => {
    const { cells = [], margins = [], total, statement } = await ask('by: [SEX, AGE_BAND]');
    expect(total?.count).toBe(85);
    const shown = labels([...cells, ...margins]);
    expect([shown['FEMALE 90+'], shown['90+'], shown['FEMALE 60-69']]).toEqual(['hidden', 'hidden', 'hidden']);
    expect([shown['FEMALE'], shown['MALE'], shown['MALE 20-29']]).toEqual(['about 60', 'about 25', 'none']);
    for (const { count, suppressed, label } of [...cells, ...margins]) {
      expect(suppressed).toBe(count === null);
      expect(label).toBe(count === null ? 'hidden' : count === 0 ? 'none' : `about ${count}`);
      expect(count === null || count === 0 || (count >= 10 && count % 5 === 0)).toBe(true);
    }
    expect(statement).toMatch(/counts are hidden/);
  });

  it('counts by a gene without telling who did not agree to it: they are of no known phenotype', async () => {
    const asked = 'by: [PHENOTYPE], gene: "CYP2C9"';
    const clinician = await ask(asked);
    expect([clinician.total?.count, labels(clinician.cells)]).toMatchObject([
      85,
      { 'Intermediate Metabolizer': 'about 45', 'Normal Metabolizer': 'about 25', 'not known': 'about 20' },
    ]);
    const analyst = await ask(asked, tokens.ANALYST);
    expect([analyst.total?.count, labels(analyst.cells)]).toMatchObject([
      70,
      { 'Intermediate Metabolizer': 'about 20', 'Normal Metabolizer': 'about 25', 'not known': 'about 30' },
    ]);
  });

  it('counts who takes a drug, and hides where few do not', async () => {
    const found = await ask('by: [SEX], filter: { drug: "Coumadin" }');
    // 20 of 59 women and 23 of 26 men: the three who do not would be known.
    expect([found.total?.label, labels(found.cells)]).toEqual(['about 45', { FEMALE: 'hidden', MALE: 'hidden', UNKNOWN: 'none' }]);
    const atrial = await ask('by: [], filter: { condition: "i48" }');
    expect([atrial.total?.count, atrial.cells]).toEqual([15, []]);
  });

  it('counts nobody by a sensitive condition, and by nothing that is not of the release', async () => {
    expect((await ask('by: [SEX], filter: { condition: "Z21" }')).errors).toEqual(['FORBIDDEN filter.condition']);
    expect((await ask('by: [SEX], filter: { condition: "I48.0" }')).errors).toEqual(['BAD_USER_INPUT filter.condition']);
    expect((await ask('by: [SEX], filter: { drug: "CANARY" }')).errors).toEqual(['NOT_FOUND filter.drug']);
    expect((await ask('by: [PHENOTYPE], gene: "CANARY"')).errors).toEqual(['NOT_FOUND gene']);
    expect((await ask('by: [PHENOTYPE]')).errors).toEqual(['BAD_USER_INPUT gene']);
    expect((await ask('by: [SEX], filter: { drug: "warfarin", condition: "I48" }')).errors).toEqual(['BAD_USER_INPUT filter']);
    for (const by of ['[SEX, SEX]', '[SEX, RACE, AGE_BAND]']) expect((await ask(`by: ${by}`)).errors).toEqual(['BAD_USER_INPUT by']);
  });

  it('is for those who see lists, with the scopes of what is counted by', async () => {
    for (const role of ['DEVICE', 'OPERATOR'] as const)
      expect((await ask('by: [SEX]', await server.token({ role }))).errors).toEqual(['FORBIDDEN cohort']);
    const own = await server.token({ role: 'PATIENT', patient: 'CANARY' });
    expect((await ask('by: [SEX]', own)).errors).toEqual(['FORBIDDEN cohort']);
    const narrow = await server.token({ role: 'ANALYST', scope: 'user/Patient.rs' });
    expect((await ask('by: [SEX]', narrow)).errors).toEqual([]);
    expect((await ask('by: [PHENOTYPE], gene: "CYP2C9"', narrow)).errors).toEqual(['FORBIDDEN gene']);
    expect((await ask('by: [SEX], filter: { drug: "warfarin" }', narrow)).errors).toEqual(['FORBIDDEN filter.drug']);
    expect((await ask('by: [SEX], filter: { condition: "I48" }', narrow)).errors).toEqual(['FORBIDDEN filter.condition']);
    const without = await server.token({ role: 'ANALYST', scope: 'user/Observation.rs' });
    expect((await ask('by: [SEX]', without)).errors).toEqual(['FORBIDDEN cohort']);
  });

  it('takes one round trip, whatever is asked', async () => {
    const before = server.platform.store.roundTrips();
    const variables = { by: ['AGE_BAND', 'PHENOTYPE'] as const, gene: 'CYP2C9', filter: { drug: 'warfarin' } };
    const { data, errors } = await server.query(CohortCountsDocument, { ...variables, by: [...variables.by] }, tokens.ANALYST);
    expect([errors, server.platform.store.roundTrips() - before]).toEqual([undefined, 1]);
    expect(data.cohort?.cells.length).toBeGreaterThan(30);
    expect(JSON.stringify(data)).not.toContain('CANARY');
  });

  it('is in the audit as a count of how many, and of nobody by name', async () => {
    await server.query(`query Counting ${cohort('by: [SEX]')}`, {}, tokens.ANALYST);
    const entries = (await entriesIn(server.data)).filter(({ operation }) => operation === 'Counting');
    expect(entries).toMatchObject([{ action: 'COUNTED', patient: null, patients: 71, role: 'ANALYST' }]);
  });
});
