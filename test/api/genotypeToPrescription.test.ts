/** From a genotype to a prescription through the API: every reason that a call and a recommendation can give. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GenotypeToPrescriptionDocument } from '../../schema/operations.generated.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import { knowledgeStatements } from '../../src/store/cypher/loadKnowledge.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { vcf } from '../support/vcf.ts';

describe.each(ENGINES)('genotype to prescription on the $engine engine', ({ uri }) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer(uri);
  }, 240_000);
  afterAll(() => server?.close());

  const panel = async (genes: readonly string[], drugs: readonly string[] = []) => {
    const { data, errors } = await server.query(GenotypeToPrescriptionDocument, {
      identifier: 'DEMO-0015',
      genes: [...genes],
      drugs: [...drugs],
    });
    expect(errors).toBeUndefined();
    return data.patient;
  };
  const call = async (gene: string) => (await panel([gene]))?.diplotypes?.[0];

  it('tells which other pair fits without phase, and how probable each is in the recorded ancestry', async () => {
    const tpmt = await call('TPMT');
    expect(tpmt?.diplotypes).toEqual([
      { alleles: ['*1', '*3A'], phenotype: 'Intermediate Metabolizer', activityScore: null, posterior: expect.any(Number) },
    ]);
    expect(tpmt?.alsoFit).toEqual([{ alleles: ['*3B', '*3C'], phenotype: 'Poor Metabolizer', posterior: expect.any(Number) }]);
    const [first, second] = [tpmt?.diplotypes[0]?.posterior ?? 0, tpmt?.alsoFit[0]?.posterior ?? 0];
    expect(first + second).toBeCloseTo(1, 12);
    expect(first).toBeGreaterThan(0.99);
  });

  it('says which test would settle an open gene, and the calls that would follow', async () => {
    const ugt1a1 = await call('UGT1A1');
    expect(ugt1a1?.agreedPhenotype).toBeNull();
    expect(ugt1a1?.diplotypes.length).toBe(3);
    expect(ugt1a1?.wouldChangeIf?.map(({ position }) => position.rsid)).toEqual(['rs3064744']);
    const outcomes = ugt1a1?.wouldChangeIf?.[0]?.wouldFollow ?? [];
    expect(outcomes).toContainEqual({ bases: 'CAT/CATAT', diplotypes: ['*1/*80+*28'], phenotypes: ['Intermediate Metabolizer'] });
  });

  it('draws the call with a text alternative', async () => {
    const svg = (await call('CYP2C19'))?.plotSvg ?? '';
    expect(svg).toMatch(/^<svg[^>]*role="img"/);
    expect(svg).toContain('<title>CYP2C19 *1/*2: Intermediate Metabolizer</title>');
    expect(svg).toMatch(/<desc>[^<]*35 positions[^<]*rs4244285 G\/A/);
  });

  it.each([
    ['*2', 'CALLED'],
    ['*17', 'RULED_OUT'],
    ['*35', 'NO_PARTNER'],
  ])('says why CYP2C19 %s is or is not called: %s', async (allele, reason) => {
    const query = `query($allele: String!) { patient(identifier: "DEMO-0015") { diplotypes(genes: ["CYP2C19"]) {
      whyNot(allele: $allele) { allele reason text positions { needed evidence { rsid bases state } } } } } }`;
    const { data } = await server.query<
      { patient: { diplotypes: { whyNot: { reason: string; text: string; positions: object[] } }[] } },
      object
    >(query, { allele });
    const [found] = data.patient.diplotypes;
    expect(found?.whyNot.reason).toBe(reason);
    if (reason === 'RULED_OUT') expect(found?.whyNot.positions.length).toBeGreaterThan(0);
    expect(found?.whyNot.text).toContain(allele);
  });

  it('shows every position of a gene, seen or missing, with what it decides', async () => {
    const query = '{ patient(identifier: "DEMO-0015") { diplotypes(genes: ["UGT1A1"]) { evidence { rsid state bases decides } } } }';
    const { data } = await server.query<
      { patient: { diplotypes: { evidence: { rsid: string; state: string; bases: string | null }[] }[] } },
      never
    >(query);
    expect(data.patient.diplotypes[0]?.evidence.map(({ rsid, state, bases }) => [rsid, state, bases])).toEqual([
      ['rs887829', 'SEEN', 'C/T'],
      ['rs3064744', 'MISSING', null],
      ['rs4148323', 'SEEN', 'G/G'],
      ['rs35350960', 'SEEN', 'C/C'],
    ]);
  });

  it('shows both the inborn and the present phenotype of an enzyme that a drug slows, and which recommendation applies', async () => {
    const { data } = await server.query(GenotypeToPrescriptionDocument, {
      identifier: 'DEMO-0008',
      genes: ['CYP2D6'],
      drugs: ['codeine', 'paroxetine'],
    });
    const [cyp2d6] = data.patient?.diplotypes ?? [];
    expect([cyp2d6?.agreedPhenotype, cyp2d6?.phenoconvertedPhenotype]).toEqual(['Intermediate Metabolizer', 'Poor Metabolizer']);
    expect(cyp2d6?.modulators).toContainEqual({ drug: 'paroxetine', effect: 'INHIBITOR', strength: 'STRONG' });
    const codeine = data.patient?.recommendations?.filter(({ drug }) => drug.name === 'codeine');
    expect(codeine?.map(({ basis, applies, action }) => [basis, applies, action])).toEqual([
      ['PHENOCONVERTED', true, 'AVOID'],
      ['GENOTYPE', false, 'MONITOR'],
    ]);
    const paroxetine = data.patient?.recommendations?.filter(({ drug }) => drug.name === 'paroxetine');
    expect(paroxetine?.every(({ basis }) => basis === 'GENOTYPE')).toBe(true);
  });

  it('says whether a recommendation is the same for every pair that fits', async () => {
    const patient = await panel([], ['atazanavir', 'clopidogrel']);
    const same = (drug: string) => patient?.recommendations?.filter((one) => one.drug.name === drug).map((one) => one.sameForAllDiplotypes);
    expect(same('atazanavir')).toEqual([false, false]);
    expect(same('clopidogrel')).toEqual([true, true, true]);
  });

  it('imports a whole gene as a male with one X chromosome, and keeps the digest of the file', async () => {
    const mutation = `mutation($input: ImportGenotypeInput!) { importGenotype(input: $input) {
      userErrors { code field message } diplotypes { gene { symbol } fileDigest diplotypes { alleles } warnings { code } } } }`;
    const found = await server.query<{ patient: { id: string } }, never>('{ patient(identifier: "DEMO-0002") { id } }');
    const file = vcf({}, [], ['G6PD']);
    const input = { idempotencyKey: freshKey(), patientId: found.data.patient.id, vcf: file };
    interface Imported {
      importGenotype: {
        userErrors: object[];
        diplotypes: { gene: { symbol: string }; fileDigest: string; diplotypes: { alleles: string[] }[]; warnings: { code: string }[] }[];
      };
    }
    const { data } = await server.query<Imported, object>(mutation, { input });
    const g6pd = data.importGenotype.diplotypes.find(({ gene }) => gene.symbol === 'G6PD');
    expect(data.importGenotype.userErrors).toEqual([]);
    expect(g6pd?.diplotypes).toEqual([{ alleles: ['B (reference)'] }]);
    expect(g6pd?.fileDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(g6pd?.warnings.map(({ code }) => code)).toContain('HEMIZYGOUS');
  });

  it('compares a release that is held with the one in force: facts, and the patients for whom something changes', async () => {
    const tables = readShippedKnowledge('graph-seed');
    const next = {
      ...tables,
      release: { ...tables.release, name: 'next', digest: 'f'.repeat(64) },
      rules: tables.rules.map((rule) =>
        rule.drug === 'clopidogrel' && rule.lookup['CYP2C19'] === 'Intermediate Metabolizer' && rule.population === 'NVI'
          ? { ...rule, action: 'AVOID' as const, text: 'Another wording.' }
          : rule,
      ),
      definitions: tables.definitions.map((definition) =>
        definition.gene === 'CYP2C19'
          ? { ...definition, alleles: definition.alleles.map((one) => (one.name === '*9' ? { ...one, function: 'No function' } : one)) }
          : definition,
      ),
    };
    for (const statements of knowledgeStatements(next)) await server.platform.store.write(statements);
    const query = `query($from: String!, $to: String!) { knowledge { name } knowledgeDiff(from: $from, to: $to) {
      changes(first: 10) { totalCount edges { node { kind key before after } } }
      affectedPatients(first: 20) { edges { node { identifier } phenotypes { gene } recommendations { drug population before after } } } } }`;
    interface Diffed {
      knowledge: { name: string };
      knowledgeDiff: {
        changes: { totalCount: number; edges: { node: { kind: string; key: string } }[] };
        affectedPatients: {
          edges: { node: { identifier: string }; phenotypes: object[]; recommendations: { drug: string; population: string }[] }[];
        };
      };
    }
    const { data, errors } = await server.query<Diffed, object>(query, { from: tables.release.name, to: 'next' });
    expect(errors).toBeUndefined();
    expect(data.knowledge.name).toBe(tables.release.name);
    expect(data.knowledgeDiff.changes.edges.map(({ node }) => `${node.kind} ${node.key}`)).toEqual([
      'ALLELE CYP2C19 *9',
      'RECOMMENDATION clopidogrel (NVI) CYP2C19=Intermediate Metabolizer',
    ]);
    const affected = data.knowledgeDiff.affectedPatients.edges;
    expect(affected.map(({ node }) => node.identifier)).toContain('DEMO-0015');
    expect(
      affected.find(({ node }) => node.identifier === 'DEMO-0015')?.recommendations.map(({ drug, population }) => [drug, population]),
    ).toEqual([['clopidogrel', 'NVI']]);
  });

  it('names the releases that there are where one is not', async () => {
    const { errors } = await server.query('{ knowledgeDiff(from: "none", to: "none") { changes(first: 1) { totalCount } } }');
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' }, message: expect.stringContaining('starter-') });
  });
});
