/** What an import records beside what was recorded before. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient, recordOf, refusals } from '../support/commands.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { vcf } from '../support/vcf.ts';

describe('an import', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
  }, 120_000);
  afterAll(() => server?.close());

  const genotype = (patient: string, input: Parameters<ReturnType<typeof commandsTo>['genotype']>[1]) =>
    commandsTo(server.platform).genotype(patient, input);
  const recorded = async (patient: string, gene: string) =>
    (await recordOf(server.platform, patient)).calls.find(({ call }) => call.gene === gene);

  it('of one allele status keeps the statuses of others', async () => {
    const patient = await newPatient(server.platform);
    const state = async (phenotype: string) => accepted(await genotype(patient, { outsideCalls: [{ gene: 'HLA-B', phenotype }] }));
    const keys = async () => (await recorded(patient, 'HLA-B'))?.call.lookup.map(({ lookupKey }) => lookupKey).sort();
    await state('*15:02 positive');
    await state('*57:01 negative');
    expect(await keys()).toEqual(['*15:02 positive', '*57:01 negative']);
    await state('*15:02 negative');
    expect(await keys()).toEqual(['*15:02 negative', '*57:01 negative']);
    accepted(await genotype(patient, { outsideCalls: [{ gene: 'HLA-B', diplotype: '*07:02/*15:02' }] }));
    expect(await keys()).toEqual(['*15:02 positive', '*57:01 negative', '*58:01 negative']);
  });

  it('of a file leaves a stated result, and notes what the file says', async () => {
    const patient = await newPatient(server.platform);
    accepted(await genotype(patient, { outsideCalls: [{ gene: 'cyp2c19', diplotype: '*2/*2' }] }));
    accepted(await genotype(patient, { vcf: vcf({ rs12769205: '0/1', rs4244285: '0/1', rs3758581: '1/1' }, [], ['CYP2C19', 'TPMT']) }));
    const { call, fileDigest } = (await recorded(patient, 'CYP2C19')) ?? {};
    expect([call?.source, call?.lookup[0]?.phenotype, fileDigest]).toEqual(['OUTSIDE', 'Poor Metabolizer', null]);
    expect(call?.warnings.map(({ code, message }) => `${code} ${message}`).join()).toMatch(/OUTSIDE_USED.*\*1\/\*2/);
    expect((await recorded(patient, 'TPMT'))?.fileDigest).toMatch(/^[0-9a-f]{64}$/);
    accepted(await genotype(patient, { outsideCalls: [{ gene: 'CYP2C19', diplotype: '*1/*17' }] }));
    expect((await recorded(patient, 'CYP2C19'))?.call.lookup[0]?.phenotype).toBe('Rapid Metabolizer');
  });

  it.each([
    [{ gene: 'CYP2C19', phenotype: 'banana' }, 'INVALID outsideCalls.phenotype'],
    [{ gene: 'CYP2D6', activityScore: '99' }, 'INVALID outsideCalls.activityScore'],
    [{ gene: 'HLA-B', phenotype: 'positive' }, 'INVALID outsideCalls.phenotype'],
    [{ gene: 'CYP2C19', diplotype: '*1/*999' }, 'UNKNOWN_ALLELE outsideCalls.diplotype'],
    [{ gene: 'CYP9Z9', diplotype: '*1/*1' }, 'UNKNOWN_GENE outsideCalls.gene'],
  ])('of %j is refused: %s', async (stated, expected) => {
    const patient = await newPatient(server.platform);
    expect(refusals(await genotype(patient, { outsideCalls: [stated] }))).toEqual([expected]);
    expect((await recordOf(server.platform, patient)).calls).toEqual([]);
  });

  it('without the positions that NAT2 needs says what each of them together with the others could give', async () => {
    const patient = await newPatient(server.platform);
    const required = ['rs1799930', 'rs1208'];
    accepted(await genotype(patient, { vcf: vcf({}, required, ['NAT2']) }));
    const query = `query($id: ID!) { node(id: $id) { ... on Patient { diplotypes(genes: ["NAT2"]) { status
      wouldChangeIf { position { rsid } wouldFollow { bases diplotypes phenotypes } } whyNot(allele: "*6") { reason } } } } }`;
    interface Answered {
      node: {
        diplotypes: {
          status: string;
          wouldChangeIf: { position: { rsid: string }; wouldFollow: { bases: string; diplotypes: string[]; phenotypes: string[] }[] }[];
          whyNot: { reason: string };
        }[];
      };
    }
    const { data, errors } = await server.query<Answered, object>(query, { id: toGlobalId('Patient', patient) });
    expect(errors).toBeUndefined();
    const [nat2] = data.node.diplotypes;
    expect([nat2?.status, nat2?.whyNot.reason]).toEqual(['NO_CALL', 'NOT_READ']);
    expect(nat2?.wouldChangeIf.map(({ position }) => position.rsid).sort()).toEqual([...required].sort());
    const homozygous = nat2?.wouldChangeIf
      .find(({ position }) => position.rsid === 'rs1799930')
      ?.wouldFollow.find(({ bases }) => bases === 'A/A');
    expect(homozygous?.diplotypes).toContain('*6/*6');
    expect(homozygous?.phenotypes).toContain('Poor Metabolizer');
  });

  it.each([
    ['recommendations(drugs: ["clopidogrell"]) { action }', 'drugs[0]'],
    ['diplotypes(genes: ["CYP2C19", "CYP2C91"]) { status }', 'genes[1]'],
  ])('answers an unknown name in %s with its place', async (field, at) => {
    const id = toGlobalId('Patient', await newPatient(server.platform));
    const { errors } = await server.query(`query($id: ID!) { node(id: $id) { ... on Patient { ${field} } } }`, { id } as never);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', at });
  });

  it('names the medications that the release does not know', async () => {
    const patient = await newPatient(server.platform);
    accepted(await commandsTo(server.platform).start(patient, { drug: 'Paxlovid', startedAt: '2026-01-01T08:00:00Z' }));
    accepted(await commandsTo(server.platform).start(patient, { drug: 'grapefruit juice', startedAt: '2026-01-01T08:00:00Z' }));
    const { data } = await server.query<{ node: { unknownMedications: string[] } }, object>(
      'query($id: ID!) { node(id: $id) { ... on Patient { unknownMedications } } }',
      { id: toGlobalId('Patient', patient) },
    );
    expect(data.node.unknownMedications).toEqual(['grapefruit juice']);
  });
});
