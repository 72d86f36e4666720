import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as operations from '../../schema/operations.generated.ts';
import { freshKey, startServer, type TestServer } from '../support/server.ts';
import { vcf } from '../support/vcf.ts';

const AT = '2026-02-01T10:00:00.000Z';
const KEPT = `query($id: ID!) { node(id: $id) { ... on Patient { observations(first: 10, codes: ["29463-7", "8302-2"]) {
  edges { node { value unit flag device } } } } } }`;

interface KeptObservations {
  readonly node: { readonly observations: { readonly edges: readonly { readonly node: object }[] } };
}

describe('the mutations', () => {
  let server: TestServer;
  let patientId = '';
  const about = () => ({ idempotencyKey: freshKey(), patientId });

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
    const input = { idempotencyKey: freshKey(), identifier: 'M-1', birthDate: '1970-01-31', sexAtBirth: 'FEMALE', race: 'ASIAN' } as const;
    patientId = (await server.query(operations.RegisterPatientDocument, { input })).data.registerPatient.patient?.id ?? '';
  });
  afterAll(() => server?.close());

  it('record a condition, an allergy, an imaging study with measured findings and an outcome', async () => {
    const condition = await server.query(operations.RecordConditionDocument, {
      input: { ...about(), code: 'i48.91', system: 'ICD-10-CM', label: 'Atrial fibrillation', onsetAt: AT },
    });
    expect(condition.data.recordCondition).toMatchObject({ userErrors: [], visible: true, patient: { conditions: [{ code: 'I48.91' }] } });
    const allergy = await server.query(operations.RecordAllergyDocument, {
      input: { ...about(), substance: 'penicillin', severity: 'SEVERE' },
    });
    expect(allergy.data.recordAllergy.patient?.allergies).toEqual([{ substance: 'penicillin', severity: 'SEVERE' }]);
    const imaging = await server.query(operations.RecordImagingDocument, {
      input: { ...about(), modality: 'ECHO', bodySite: 'heart', studiedAt: AT, findings: [{ name: 'LVEF', value: 38, unit: '%' }] },
    });
    expect(imaging.data.recordImaging.patient?.imaging).toEqual([{ modality: 'ECHO', findings: [{ name: 'LVEF', value: 38, unit: '%' }] }]);
    const outcome = await server.query(operations.RecordOutcomeDocument, {
      input: { ...about(), kind: 'STABLE_DOSE', value: 24.5, unit: 'mg/wk', model: 'warfarin-dose', observedAt: AT },
    });
    expect(outcome.data.recordOutcome.patient?.outcomes).toEqual([{ kind: 'STABLE_DOSE', value: 24.5, unit: 'mg/wk' }]);
  });

  it('start a medication by its brand name and stop it', async () => {
    const started = await server.query(operations.StartMedicationDocument, { input: { ...about(), drug: 'Coumadin', startedAt: AT } });
    expect(started.data.startMedication.medication).toMatchObject({ name: 'warfarin', status: 'ACTIVE' });
    const medicationId = started.data.startMedication.medication?.id ?? '';
    const stopped = await server.query(operations.StopMedicationDocument, {
      input: { ...about(), medicationId, stoppedAt: '2026-03-01T10:00:00Z' },
    });
    expect(stopped.data.stopMedication.medication).toMatchObject({ status: 'STOPPED', stoppedAt: '2026-03-01T10:00:00.000Z' });
    const again = await server.query(operations.StopMedicationDocument, {
      input: { ...about(), medicationId, stoppedAt: '2026-03-01T10:00:00Z' },
    });
    expect(again.data.stopMedication.userErrors.map(({ code }) => code)).toEqual(['ALREADY_STOPPED']);
  });

  it('say at once with what a medication that is started does not go, also where the release knows one of them by its name only', async () => {
    const identifier = 'M-INTERACTIONS';
    const registered = await server.query(operations.RegisterPatientDocument, {
      input: { idempotencyKey: freshKey(), identifier, birthDate: '1970-01-31', sexAtBirth: 'MALE' },
    });
    const id = registered.data.registerPatient.patient?.id ?? '';
    const start = async (drug: string) => {
      const input = { idempotencyKey: freshKey(), patientId: id, drug, startedAt: AT };
      return (await server.query(operations.StartMedicationDocument, { input })).data.startMedication;
    };
    expect((await start('simvastatin')).interactions).toEqual([]);
    expect((await start('clarithromycin')).interactions).toMatchObject([
      {
        severity: 'CONTRAINDICATED',
        interruptive: true,
        drugNames: ['clarithromycin', 'simvastatin'],
        source: expect.stringContaining('2012'),
      },
    ]);
    const page = await server.query(operations.PatientPageDocument, { identifier });
    expect(page.data.patient?.interactions).toHaveLength(1);
    expect(page.data.patient?.interactions?.[0]?.drugs.map(({ name }) => name)).toContain('simvastatin');
  });

  it('take stated diplotypes beside a VCF, and the stated one wins', async () => {
    const imported = await server.query(operations.ImportGenotypeDocument, {
      input: {
        ...about(),
        vcf: vcf({ rs1799853: '0/1' }),
        outsideCalls: [
          { gene: 'CYP2C9', diplotype: '*3/*1' },
          { gene: 'CYP2D6', diplotype: '*4/*4' },
        ],
      },
    });
    const calls = new Map(imported.data.importGenotype.diplotypes?.map((call) => [call.gene.symbol, call]));
    expect(calls.get('CYP2C9')).toMatchObject({ source: 'OUTSIDE', diplotypes: [{ alleles: ['*1', '*3'] }] });
    expect(calls.get('CYP2D6')).toMatchObject({ diplotypes: [{ phenotype: 'Poor Metabolizer' }] });
    expect(calls.get('VKORC1')).toMatchObject({ source: 'VCF', status: 'CALLED' });
  });

  it('answer a repeated key with the first event, and refuse it with another input', async () => {
    const input = { ...about(), observations: [{ code: '29463-7', value: 70, unit: 'kg', observedAt: AT }] };
    const first = await server.query(operations.RecordObservationsDocument, { input });
    const second = await server.query(operations.RecordObservationsDocument, { input });
    expect(second.data.recordObservations.eventId).toBe(first.data.recordObservations.eventId);
    const changed = await server.query(operations.RecordObservationsDocument, {
      input: { ...input, observations: [{ code: '29463-7', value: 71, unit: 'kg', observedAt: AT }] },
    });
    expect(changed.data.recordObservations.userErrors.map(({ code }) => code)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  it('name every wrong field of a batch with its index, and record the others', async () => {
    const answer = await server.query(operations.RecordObservationsDocument, {
      input: {
        ...about(),
        observations: [
          { code: '29463-7', value: 79, unit: 'kg', observedAt: AT },
          { code: '29463-7', value: 80, unit: 'cm', observedAt: AT },
          { code: '8302-2', value: 5, unit: 'm', observedAt: AT, device: 'scale 3' },
          { code: 'weight', value: 80, unit: 'kg', observedAt: AT },
          { code: '8867-4', value: 80, unit: '/min', observedAt: '2999-01-01T00:00:00Z' },
          { code: '72166-2', text: 'sometimes', observedAt: AT },
        ],
      },
    });
    const { userErrors, eventId } = answer.data.recordObservations;
    expect(userErrors.map(({ code, field, index }) => [index, code, field])).toEqual([
      [1, 'UNIT_NOT_CONVERTIBLE', 'observations.unit'],
      [3, 'INVALID', 'observations.code'],
      [4, 'IN_THE_FUTURE', 'observations.observedAt'],
      [5, 'INVALID', 'observations.text'],
    ]);
    expect(eventId).not.toBeNull();
    const page = await server.query<KeptObservations, object>(KEPT, { id: patientId });
    const kept = page.data.node.observations.edges.map(({ node }) => node);
    expect(kept).toContainEqual({ value: 79, unit: 'kg', flag: null, device: null });
    expect(kept).toContainEqual({ value: 500, unit: 'cm', flag: 'OUT_OF_RANGE', device: 'scale 3' });
  });

  it('name the place of a time that is none, and not the time', async () => {
    const observations = ['2026-03-01T08:00:00Z', '2026-11-27 18:00'].map((observedAt) => ({
      code: '8867-4',
      value: 80,
      unit: '/min',
      observedAt,
    }));
    const answer = await server.query(operations.RecordObservationsDocument, { input: { ...about(), observations } });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', at: 'input.observations[1].observedAt' } }]);
    expect(answer.errors?.[0]?.message).toContain('DateTime');
    expect(JSON.stringify(answer.errors)).not.toContain('18:00');
  });

  it('record nothing of a batch of which all is wrong', async () => {
    await server.platform.projector.settle(10_000);
    const { lastSeq } = await server.platform.log.bounds();
    const input = { ...about(), observations: [{ code: 'weight', value: 80, unit: 'kg', observedAt: AT }] };
    const answer = await server.query(operations.RecordObservationsDocument, { input });
    expect(answer.data.recordObservations.userErrors.map(({ code }) => code)).toEqual(['INVALID']);
    expect(answer.data.recordObservations.eventId).toBeNull();
    expect((await server.platform.log.bounds()).lastSeq).toBe(lastSeq);
  });

  it.each([
    ['a birth date that does not exist', { birthDate: '2001-02-30' }, undefined],
    ['an identifier that is taken', { identifier: 'M-1' }, 'ALREADY_EXISTS'],
    ['an empty identifier', { identifier: ' ' }, 'REQUIRED'],
    ['a birth date in the future', { birthDate: '2999-01-01' }, 'IN_THE_FUTURE'],
    ['a short key', { idempotencyKey: 'x' }, 'INVALID'],
  ])('refuse a registration with %s', async (_what, change, code) => {
    const input = {
      idempotencyKey: freshKey(),
      identifier: `M-${freshKey()}`,
      birthDate: '1980-01-01',
      sexAtBirth: 'MALE',
      ...change,
    } as const;
    const answer = await server.query(operations.RegisterPatientDocument, { input });
    if (code === undefined) expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    else expect(answer.data.registerPatient.userErrors.map((error) => error.code)).toEqual([code]);
  });

  it.each([
    ['a VCF that is none', { vcf: 'rubbish' }, 'VCF_INVALID'],
    ['nothing', {}, 'REQUIRED'],
    ['an unknown gene', { outsideCalls: [{ gene: 'ABC1', diplotype: '*1/*1' }] }, 'UNKNOWN_GENE'],
    ['an unknown allele', { outsideCalls: [{ gene: 'CYP2D6', diplotype: '*1/*999' }] }, 'UNKNOWN_ALLELE'],
    ['a sample that is not there', { vcf: vcf({}), sample: 'S9' }, 'UNKNOWN_SAMPLE'],
  ])('refuse to import %s', async (_what, change, code) => {
    const answer = await server.query(operations.ImportGenotypeDocument, { input: { ...about(), ...change } });
    expect(answer.data.importGenotype.userErrors.map((error) => error.code)).toEqual([code]);
  });

  it('refuse a patient that is not there and an id of something else', async () => {
    const unknown = Buffer.from('Patient:00000000-0000-0000-0000-000000000000').toString('base64url');
    const answer = await server.query(operations.RecordAllergyDocument, {
      input: { idempotencyKey: freshKey(), patientId: unknown, substance: 'x', severity: 'MILD' },
    });
    expect(answer.data.recordAllergy.userErrors.map(({ code }) => code)).toEqual(['UNKNOWN_PATIENT']);
    const gene = Buffer.from('Gene:CYP2C9').toString('base64url');
    const wrong = await server.query(operations.RecordAllergyDocument, {
      input: { idempotencyKey: freshKey(), patientId: gene, substance: 'x', severity: 'MILD' },
    });
    expect(wrong.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', at: 'patientId' });
  });

  it('take many commands about one patient at once, each of them once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        server.query(operations.RecordObservationsDocument, {
          input: { ...about(), observations: [{ code: '8867-4', value: 60 + index, unit: '/min', observedAt: AT }] },
        }),
      ),
    );
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    expect(new Set(answers.map(({ data }) => data.recordObservations.eventId)).size).toBe(40);
    const query = `{ patient(identifier: "M-1") { observations(first: 1, codes: ["8867-4"]) { totalCount } } }`;
    type Counted = { patient: { observations: { totalCount: number } } };
    expect((await server.query<Counted, never>(query)).data.patient.observations.totalCount).toBe(40);
  });

  it('keep a drug that the knowledge does not have as it was written', async () => {
    const started = await server.query(operations.StartMedicationDocument, {
      input: { ...about(), drug: 'Hypotheticillin', startedAt: AT },
    });
    expect(started.data.startMedication).toMatchObject({ userErrors: [], medication: { name: 'hypotheticillin' } });
    const twice = await server.query(operations.StartMedicationDocument, { input: { ...about(), drug: 'hypotheticillin', startedAt: AT } });
    expect(twice.data.startMedication.userErrors.map(({ code }) => code)).toEqual(['ALREADY_TAKEN']);
  });
});
