/** What the monitor tells: each change once, with the reasons that add up to it. */
import { expect, it } from '@jest/globals';
import type { RiskPayload } from '../../src/monitoring/riskEvent.ts';
import { accepted, commandsTo, newPatient, recordOf } from '../support/commands.ts';
import { vcf } from '../support/vcf.ts';
import { type Given, risksOf } from './platforms.ts';

const sum = ({ because }: RiskPayload) => because.reduce((total, { contribution }) => total + contribution, 0);

/** A patient with what the warfarin model asks for. */
async function measured(given: Given): Promise<string> {
  const patient = await newPatient(given());
  const commands = commandsTo(given());
  const observedAt = '2026-03-02T09:00:00Z';
  accepted(
    await commands.observe(patient, [
      { code: '8302-2', value: 163, unit: 'cm', observedAt },
      { code: '29463-7', value: 61, unit: 'kg', observedAt },
    ]),
  );
  accepted(await commands.genotype(patient, { vcf: vcf({ rs1057910: '0/1', rs9923231: '1/1' }) }));
  return patient;
}

const startedAt = '2026-03-05T08:00:00Z';

function medication(given: Given): void {
  it('tells once that starting amiodarone moved the dose, because of amiodarone alone, and that stopping it moved it back', async () => {
    const patient = await measured(given);
    const commands = commandsTo(given());
    const before = await risksOf(given(), patient);
    const start = accepted(await commands.start(patient, { drug: 'amiodarone', startedAt }));
    const [told, ...more] = (await risksOf(given(), patient)).slice(before.length);
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      model: 'warfarin-dose',
      cause: 'MEDICATION',
      causeSeq: start.seq,
      status: 'OK',
      previous: before.at(-1)?.value,
    });
    expect(told?.because.map(({ feature }) => feature)).toEqual(['amiodarone']);
    expect(told?.delta).toBeLessThan(0);
    expect(Math.abs(sum(told as RiskPayload) - (told?.delta ?? 0))).toBeLessThan(1e-9);
    const [taken] = (await recordOf(given(), patient)).medications;
    accepted(await commands.stop(patient, { medicationId: taken?.id ?? '', stoppedAt: '2026-03-06T08:00:00Z' }));
    const after = await risksOf(given(), patient);
    expect(after).toHaveLength(before.length + 2);
    expect(after.at(-1)).toMatchObject({ value: before.at(-1)?.value, previous: told?.value });
    expect(after.at(-1)?.because.map(({ feature }) => feature)).toEqual(['amiodarone']);
  });

  it('tells nothing of a drug that the model does not ask for, nor of an outcome', async () => {
    const patient = await measured(given);
    const before = await risksOf(given(), patient);
    accepted(await commandsTo(given()).start(patient, { drug: 'metformin', startedAt }));
    accepted(await commandsTo(given()).outcome(patient, { kind: 'STABLE_DOSE', value: 20, unit: 'mg/wk', observedAt: startedAt }));
    accepted(await commandsTo(given()).outcome(patient, { kind: 'BLEEDING', observedAt: startedAt }));
    expect(await risksOf(given(), patient)).toEqual(before);
  });
}

function chains(given: Given): void {
  it('tells of each change from the value that it told before, with reasons that add up', async () => {
    const patient = await measured(given);
    const commands = commandsTo(given());
    for (let day = 1; day <= 12; day += 1) {
      accepted(
        await commands.observe(patient, [
          { code: '29463-7', value: 60 + 3 * (day % 5), unit: 'kg', observedAt: `2026-04-${String(day).padStart(2, '0')}T08:00:00Z` },
        ]),
      );
    }
    const risks = await risksOf(given(), patient);
    expect(risks.length).toBeGreaterThan(10);
    expect(risks[0]).toMatchObject({ cause: 'REGISTRATION', previous: null, delta: null, because: [] });
    for (const [place, risk] of risks.entries()) {
      if (place === 0) continue;
      expect(risk.previous).toBe(risks[place - 1]?.value);
      expect(risk.value).not.toBe(risk.previous);
      expect(Math.abs(sum(risk) - (risk.delta ?? 0))).toBeLessThan(1e-9);
      expect(Math.abs((risk.value ?? 0) - (risk.previous ?? 0) - (risk.delta ?? 0))).toBeLessThan(1e-9);
    }
    expect(new Set(risks.map(({ causeSeq }) => causeSeq)).size).toBe(risks.length);
  });

  it('names the measurements that moved the value, and stays silent for one that is older than the latest', async () => {
    const patient = await measured(given);
    const commands = commandsTo(given());
    const before = await risksOf(given(), patient);
    accepted(await commands.observe(patient, [{ code: '29463-7', value: 90, unit: 'kg', observedAt: '2026-01-01T08:00:00Z' }]));
    expect(await risksOf(given(), patient)).toEqual(before);
    accepted(await commands.observe(patient, [{ code: '29463-7', value: 90, unit: 'kg', observedAt: '2026-05-01T08:00:00Z' }]));
    const risk = (await risksOf(given(), patient)).at(-1);
    const latest = (await recordOf(given(), patient)).latest.find(({ code }) => code === '29463-7');
    expect(risk).toMatchObject({ cause: 'OBSERVATION', observationIds: [latest?.id] });
    expect(risk?.because.map(({ feature }) => feature)).toEqual(['bodySize']);
  });
}

export function riskContract(given: Given): void {
  medication(given);
  chains(given);
}
