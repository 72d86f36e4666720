/** From a command over the log into the graph: the same suite on each graph engine. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenPlatform } from '../../src/cli/openPlatform.ts';
import { diplotypeName } from '../../src/genotypes/call.ts';
import { statement } from '../../src/store/graphStore.ts';
import { accepted, commandsTo, newPatient, PERSON, recordOf, refusals } from '../support/commands.ts';
import { vcf } from '../support/vcf.ts';
import { intensiveCare } from './intensiveCare.ts';
import { lateMeasurements } from './lateMeasurements.ts';
import { type Engine, emptyData, type Given, openOn } from './platforms.ts';
import { riskContract } from './riskContract.ts';

const weight = (value: number, observedAt: string) => ({ code: '29463-7', value, unit: 'kg', observedAt });

function records(given: Given): void {
  it('shows a registered patient at once, with what was told of it', async () => {
    const consents = [{ purpose: 'TREATMENT', category: 'ALL', granted: true, from: '2025-01-01', until: null }] as const;
    const answer = accepted(await commandsTo(given()).register({ ...PERSON, identifier: 'REG-1', ancestry: ' Basque ', consents }));
    expect(answer.visible).toBe(true);
    const record = await recordOf(given(), answer.patient);
    expect(record).toMatchObject({ ...PERSON, identifier: 'REG-1', ancestry: 'Basque', synthetic: true, medications: [], latest: [] });
    expect(record.consents).toMatchObject([{ purpose: 'TREATMENT', granted: true, from: '2025-01-01T00:00:00.000Z', until: null }]);
    expect(answer.patient).not.toContain('REG-1');
  });

  it('keeps the latest of each code by the time of measurement, in whatever order they arrive', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    await commands.observe(patient, [weight(80, '2026-03-02T09:00:00Z'), weight(79, '2026-03-01T09:00:00Z')]);
    await commands.observe(patient, [
      weight(70, '2026-01-01T09:00:00Z'),
      { code: '8302-2', value: 1.7, unit: 'm', observedAt: '2026-01-01T09:00:00Z' },
    ]);
    expect((await recordOf(given(), patient)).latest.map(({ code, value, unit }) => [code, value, unit])).toEqual([
      ['29463-7', 80, 'kg'],
      ['8302-2', 170, 'cm'],
    ]);
    await commands.observe(patient, [weight(81, '2026-03-03T09:00:00Z')]);
    expect((await recordOf(given(), patient)).latest[0]).toMatchObject({ value: 81, observedAt: '2026-03-03T09:00:00.000Z' });
  });

  it('starts and stops a medication, and starts it again after that', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    const dose = { drug: 'Coumadin', startedAt: '2026-01-01T08:00:00Z' };
    accepted(await commands.start(patient, dose));
    const [taken] = (await recordOf(given(), patient)).medications;
    expect(taken).toMatchObject({ name: 'warfarin', rxcui: '11289', stoppedAt: null });
    expect(refusals(await commands.start(patient, { ...dose, drug: 'warfarin' }))).toEqual(['ALREADY_TAKEN drug']);
    const stop = { medicationId: taken?.id ?? '', stoppedAt: '2026-02-01T08:00:00Z' };
    accepted(await commands.stop(patient, stop));
    expect(refusals(await commands.stop(patient, stop))).toEqual(['ALREADY_STOPPED medicationId']);
    accepted(await commands.start(patient, { ...dose, startedAt: '2026-03-01T08:00:00Z' }));
    expect((await recordOf(given(), patient)).medications.map(({ stoppedAt }) => stoppedAt)).toEqual([null, '2026-02-01T08:00:00.000Z']);
  });
}

function genotypes(given: Given): void {
  const called = async (patient: string) =>
    (await recordOf(given(), patient)).calls.map(({ call }) => `${call.gene} ${call.status} ${call.diplotypes.map(diplotypeName).join()}`);
  const file = vcf({ rs1057910: '0/1', rs9923231: '1/1' });

  it('imports a VCF, and a file that cannot call a gene does not erase the call that is there', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    accepted(await commands.genotype(patient, { vcf: file }));
    const first = await called(patient);
    expect(first).toContain('CYP2C9 CALLED *1/*3');
    accepted(await commands.genotype(patient, { vcf: vcf({ rs1799853: '0|1', rs1057910: '0|1' }, ['rs9923231']) }));
    expect(await called(patient)).toEqual(first);
    accepted(await commands.genotype(patient, { vcf: vcf({ rs1799853: '0/1', rs9923231: '0/0' }) }));
    expect(await called(patient)).toContain('CYP2C9 CALLED *1/*2');
  });

  it('replaces a call that could not be made by one that could, and leads from the patient to its diplotype only', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    accepted(await commands.genotype(patient, { vcf: vcf({ rs1799853: '0|1', rs1057910: '0|1' }, ['rs9923231']) }));
    expect(await called(patient)).toEqual(['CYP2C9 NO_CALL ']);
    accepted(await commands.genotype(patient, { vcf: file }));
    accepted(await commands.genotype(patient, { outsideCalls: [{ gene: 'CYP2C9', diplotype: '*2/*3' }] }));
    const found = await given().store.read(
      statement(
        'test.found',
        "MATCH (:Patient {id: $patient})-[:HAS_CALL]->(:GeneCall {gene: 'CYP2C9'})-[:FOUND]->(d:Diplotype) RETURN d.name AS name",
        { patient },
      ),
    );
    expect(found).toEqual([{ name: '*2/*3' }]);
  });
}

function idempotence(given: Given): void {
  const lastSeq = async () => (await given().projector.settle(60_000)) && (await given().log.bounds()).lastSeq;

  it('takes the same key with the same input for one command: one event, the same answer', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    const inputs = [weight(80, '2026-03-02T09:00:00Z')];
    const first = accepted(await commands.observe(patient, inputs, 'the-same-key'));
    const before = await lastSeq();
    expect(await commands.observe(patient, inputs, 'the-same-key')).toEqual(first);
    expect(await lastSeq()).toBe(before);
    expect(refusals(await commands.observe(patient, [weight(81, '2026-03-02T09:00:00Z')], 'the-same-key'))).toEqual([
      'IDEMPOTENCY_KEY_REUSED idempotencyKey',
    ]);
    expect(await lastSeq()).toBe(before);
  });

  it('writes one event for a command that is sent many times at once', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    const input = { drug: 'metformin', startedAt: '2026-03-02T09:00:00Z' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => commands.start(patient, input, 'sent-at-once')));
    expect(new Set(answers.map((answer) => accepted(answer).eventId)).size).toBe(1);
    expect((await recordOf(given(), patient)).medications).toHaveLength(1);
  });

  it('decides each of several commands at once on what the others did', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => commands.start(patient, { drug: 'metformin', startedAt: '2026-03-02T09:00:00Z' })),
    );
    expect(answers.flatMap(refusals)).toEqual(['ALREADY_TAKEN drug', 'ALREADY_TAKEN drug', 'ALREADY_TAKEN drug']);
    expect((await recordOf(given(), patient)).medications).toHaveLength(1);
  });

  it('registers an identifier once, also for many at once', async () => {
    const commands = commandsTo(given());
    const answers = await Promise.all(Array.from({ length: 5 }, () => commands.register({ ...PERSON, identifier: 'ONCE' })));
    expect(answers.flatMap(refusals)).toEqual(Array.from({ length: 4 }, () => 'ALREADY_EXISTS identifier'));
    expect(refusals(await commands.register({ ...PERSON, identifier: ' ONCE ' }))).toEqual(['ALREADY_EXISTS identifier']);
    const again = await commands.register({ ...PERSON, identifier: 'TWICE' }, 'registration-key');
    expect(await commands.register({ ...PERSON, identifier: 'TWICE' }, 'registration-key')).toEqual(again);
  });

  it('writes nothing to the log for a command with something wrong in it', async () => {
    const patient = await newPatient(given());
    const commands = commandsTo(given());
    const before = await lastSeq();
    expect(refusals(await commands.observe(patient, [weight(80, '2126-03-02T09:00:00Z')]))).toEqual([
      'IN_THE_FUTURE observations.observedAt',
    ]);
    expect(refusals(await commands.start(patient, { drug: ' ', startedAt: '2026-03-02' }))).toEqual(['REQUIRED drug']);
    expect(refusals(await commands.stop(patient, { medicationId: 'none', stoppedAt: '2026-03-02' }))).toEqual([
      'UNKNOWN_MEDICATION medicationId',
    ]);
    expect(refusals(await commands.genotype(patient, { vcf: 'no vcf' }))).toEqual(['VCF_INVALID vcf']);
    expect(refusals(await commands.observe('nobody', [weight(80, '2026-03-02T09:00:00Z')]))).toEqual(['UNKNOWN_PATIENT patientId']);
    expect(refusals(await commands.observe(patient, [weight(80, '2026-03-02T09:00:00Z')], 'short'))).toEqual(['INVALID idempotencyKey']);
    expect(refusals(await commands.register({ ...PERSON, identifier: 'a b' }))).toEqual(['INVALID identifier']);
    expect(await lastSeq()).toBe(before);
  });
}

export function projectionContract(engine: Engine): void {
  describe(`the projection on ${engine}`, () => {
    let platform: OpenPlatform | undefined;
    const given: Given = () => {
      if (!platform) throw new Error('the platform is not open');
      return platform;
    };
    beforeAll(async () => {
      platform = await openOn(engine, await emptyData(engine));
    }, 120_000);
    afterAll(async () => platform?.close());
    records(given);
    genotypes(given);
    idempotence(given);
    riskContract(given);
    lateMeasurements(given);
    intensiveCare(given);
  });
}
