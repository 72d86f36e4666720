/** The main job end to end, over HTTP, on every engine there is: from a VCF to a dose with reasons. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as operations from '../../schema/operations.generated.ts';
import { statement } from '../../src/store/graphStore.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { vcf } from '../support/vcf.ts';

const MEASURED = '2026-03-02T09:00:00.000Z';

describe.each(ENGINES)('the main job on the $engine engine', ({ uri }) => {
  let server: TestServer;
  let patientId = '';

  beforeAll(async () => {
    server = await startServer(uri, { demo: true });
  }, 180_000);
  afterAll(() => server?.close());

  const why = async (identifier: string) => (await server.query(operations.WhyThisDoseDocument, { identifier })).data.patient;

  it('enters a patient from registration to genotype, each step visible when it is answered', async () => {
    const registered = await server.query(operations.RegisterPatientDocument, {
      input: { idempotencyKey: freshKey(), identifier: 'MAIN-1', birthDate: '1958-05-17', sexAtBirth: 'MALE', race: 'WHITE' },
    });
    expect(registered.data.registerPatient).toMatchObject({ userErrors: [], visible: true, patient: { identifier: 'MAIN-1' } });
    patientId = registered.data.registerPatient.patient?.id ?? '';
    const observed = await server.query(operations.RecordObservationsDocument, {
      input: {
        idempotencyKey: freshKey(),
        patientId,
        observations: [
          { code: '8302-2', value: 1.8, unit: 'm', observedAt: MEASURED },
          { code: '29463-7', value: 176.37, unit: '[lb_av]', observedAt: MEASURED },
          { code: '72166-2', text: 'never smoker', observedAt: MEASURED },
          { code: 'target-inr', value: 2.5, unit: '1', observedAt: MEASURED },
        ],
      },
    });
    expect(observed.data.recordObservations.userErrors).toEqual([]);
    expect(observed.data.recordObservations.observations?.map(({ code, value, unit }) => [code, value && Math.round(value), unit])).toEqual(
      expect.arrayContaining([
        ['8302-2', 180, 'cm'],
        ['29463-7', 80, 'kg'],
      ]),
    );
    const imported = await server.query(operations.ImportGenotypeDocument, {
      input: { idempotencyKey: freshKey(), patientId, vcf: vcf({ rs1799853: '0/1', rs1057910: '0/0', rs9923231: '0/1' }) },
    });
    expect(imported.data.importGenotype.diplotypes?.map(({ gene, diplotypes }) => [gene.symbol, diplotypes[0]?.alleles.join('/')])).toEqual(
      [
        ['CYP2C9', '*1/*2'],
        ['VKORC1', 'rs9923231 reference (C)/rs9923231 variant (T)'],
      ],
    );
  });

  it('answers with the dose, its interval, and every input with its date', async () => {
    const prediction = (await why('MAIN-1'))?.prediction;
    expect(prediction).toMatchObject({ status: 'OK', unit: 'mg/week', interval: { coverage: 0.9 } });
    expect(prediction?.value).toBeGreaterThan(15);
    expect(prediction?.value).toBeLessThan(50);
    expect(prediction?.interval?.low).toBeLessThan(prediction?.value ?? 0);
    expect(prediction?.interval?.high).toBeGreaterThan(prediction?.value ?? 0);
    const inputs = new Map(prediction?.inputs.map((input) => [input.label, input]));
    expect(inputs.size).toBe(17);
    expect(prediction?.inputs.find(({ value }) => value === '*1/*2')).toMatchObject({ missing: false, observedAt: expect.any(String) });
    expect(prediction?.inputs.find(({ value }) => value === 'A/G')).toMatchObject({ missing: false });
  });

  it('explains the dose by contributions in mg/week that add up exactly', async () => {
    const explain = `query($space: OutputSpace!) { patient(identifier: "MAIN-1") { prediction(model: "warfarin-dose") {
      value explanation(top: 12, space: $space) { baseValue unit residual remainder attributions { contribution } } } } }`;
    type Explained = {
      patient: {
        prediction: {
          value: number;
          explanation: { baseValue: number; unit: string; residual: number; remainder: number; attributions: { contribution: number }[] };
        };
      };
    };
    const { prediction } = (await server.query<Explained, { space: string }>(explain, { space: 'VALUE' })).data.patient;
    const sum = (list: readonly { contribution: number }[]) => list.reduce((total, { contribution }) => total + contribution, 0);
    const { explanation } = prediction;
    expect(explanation).toMatchObject({ unit: 'mg/week', remainder: 0 });
    expect(explanation.attributions).toHaveLength(12);
    expect(explanation.baseValue + sum(explanation.attributions)).toBeCloseTo(prediction.value, 9);
    expect(Math.abs(explanation.residual)).toBeLessThan(1e-9);
    const margin = (await server.query<Explained, { space: string }>(explain, { space: 'MARGIN' })).data.patient.prediction.explanation;
    expect(margin.unit).toBe('sqrt(mg/week)');
    expect((margin.baseValue + sum(margin.attributions)) ** 2).toBeCloseTo(prediction.value, 3);
  });

  it('joins each genetic driver to its path in the graph, and each step of the path is an edge there', async () => {
    const driver = (await why('DEMO-0001'))?.prediction?.explanation?.attributions.find(({ feature }) => feature === 'cyp2c9');
    expect(driver).toMatchObject({ evidenceAgreement: 'AGREES', direction: 'LOWERS' });
    const path = driver?.evidence.find(({ nodes }) => nodes[0]?.key === 'rs1057910');
    expect(path).toMatchObject({ source: 'CPIC', relations: ['DEFINES', 'OF_GENE', 'ABOUT_GENE', 'FOR_DRUG'] });
    expect(path?.nodes.map(({ kind }) => kind)).toEqual(['VARIANT', 'ALLELE', 'GENE', 'GUIDELINE', 'DRUG']);
    const [rsid, allele, gene, guideline, drug] = path?.nodes.map(({ key }) => key) ?? [];
    const rows = await server.platform.store.read(
      statement(
        'test.path',
        `MATCH (:Variant {rsid: $rsid})-[:DEFINES]->(:Allele {key: $allele})-[:OF_GENE]->(g:Gene {symbol: $gene})
         MATCH (g)<-[:ABOUT_GENE]-(:Guideline {id: $guideline})-[:FOR_DRUG]->(:Drug {name: $drug}) RETURN count(*) AS n`,
        { rsid, allele, gene, guideline, drug },
      ),
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('tells in plain words what the model used, never what caused what', async () => {
    const narrative = (await why('DEMO-0001'))?.prediction?.explanation?.narrative ?? '';
    expect(narrative).toMatch(/mg\/week \(90 % interval/);
    expect(narrative).toContain('the model used');
    expect(narrative).toContain('VKORC1');
    expect(narrative).not.toMatch(/caused by|percentage point/);
  });

  it('says before the drivers that the genotype was not shown to help Black patients', async () => {
    const applicability = (await why('DEMO-0002'))?.prediction?.applicability;
    expect(applicability?.warnings.join(' ')).toMatch(/recorded as BLACK .* not shown to make the dose more accurate/);
    expect((await why('DEMO-0001'))?.prediction?.applicability?.warnings.join(' ')).not.toMatch(/not shown/);
  });

  it('draws the explanation as a picture with a text alternative', async () => {
    const svg = (await why('DEMO-0001'))?.prediction?.plotSvg ?? '';
    expect(svg).toMatch(/^<svg[^>]+xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain('<title>');
    expect(svg).toContain('VKORC1');
    expect(svg).not.toContain('<script');
  });

  it('recommends by guideline for the genes that were called, with the path', async () => {
    const page = (await server.query(operations.PatientPageDocument, { identifier: 'DEMO-0001' })).data.patient;
    const warfarin = page?.recommendations?.filter(({ drug }) => drug.name === 'warfarin') ?? [];
    expect(warfarin).toEqual([expect.objectContaining({ action: 'REDUCE', taken: true, population: 'not of African ancestry' })]);
    expect(page?.synthetic).toBe(true);
  });

  it.each([
    ['DEMO-0005', 'codeine', 'AVOID'],
    ['DEMO-0006', 'fluorouracil', 'REDUCE'],
    ['DEMO-0007', 'abacavir', 'AVOID'],
  ])('advises %s on %s: %s', async (identifier, drug, action) => {
    const query = `query($identifier: String!, $drugs: [String!]) { patient(identifier: $identifier) { recommendations(drugs: $drugs) { action } } }`;
    type Advised = { patient: { recommendations: { action: string }[] } };
    const answer = await server.query<Advised, { identifier: string; drugs: string[] }>(query, { identifier, drugs: [drug] });
    expect(answer.data.patient.recommendations.map((found) => found.action)).toEqual([action]);
  });

  it('names the interactions among the drugs that are taken together', async () => {
    const page = (await server.query(operations.PatientPageDocument, { identifier: 'DEMO-0008' })).data.patient;
    const pairs = page?.interactions?.map(({ drugs }) =>
      drugs
        .map(({ name }) => name)
        .sort()
        .join('+'),
    );
    expect(pairs).toEqual(expect.arrayContaining(['codeine+paroxetine', 'metoprolol+paroxetine']));
    expect(page?.interactions?.map(({ severity }) => severity)[0]).toBe('MAJOR');
  });

  it('says what is missing where a position was not read, and still answers with a wider interval', async () => {
    const prediction = (await why('DEMO-0014'))?.prediction;
    const missing = prediction?.inputs.filter((input) => input.missing) ?? [];
    expect(missing.map(({ note }) => note).join(' ')).toContain('not read');
    expect(prediction?.status).toBe('OK');
  });
});
