/** Vancomycin by levels: the closed form against numerical integration, the mode against its neighbours, and the plan. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parametersOf } from '../../src/prediction/equations/thomson2009.ts';
import { courseOf, type DosingRecord } from '../../src/prediction/histories/dosing.ts';
import { mapEstimate } from '../../src/prediction/histories/mapEstimate.ts';
import { advance } from '../../src/prediction/histories/twoCompartments.ts';
import { file } from '../cli/files.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';

const COVARIATES = { weight: 70, creatinineClearance: 4.5, dialysisClearance: 0 };
const record = (time: number, more: Partial<DosingRecord>): DosingRecord => ({
  ...{ time, kind: 'other', amount: 0, rate: 0, level: Number.NaN, reset: false, covariates: COVARIATES },
  ...more,
});
const dose = (time: number, amount = 1000) => record(time, { kind: 'dose', amount, rate: amount / 2 });
const level = (time: number, measured: number) => record(time, { kind: 'level', level: measured });

interface Line {
  readonly status: string;
  readonly value: number;
  readonly category: string;
  readonly interval: { readonly low: number; readonly high: number };
  readonly abstainReason: string | null;
  readonly components: Readonly<Record<string, number>>;
  readonly warnings?: readonly string[];
}

const HEADER = 'ID,TIME,CMT,DV,AMT,EVID,MDV,RATE,WT,CRCL,CL_HEMO,targetAuc';
const predicted = async (...rows: string[]) =>
  jsonLines<Line>(
    await avicenna(['predict', 'vancomycin-auc', '--rows', file('doses.csv', `${[HEADER, ...rows].join('\n')}\n`), '--json']),
  );
const DOSE = (time: number, target = '') => `1,${time},1,0,1000,1,1,500,70,4.5,0,${target}`;
const LEVEL = (time: number, measured: number, event = 0, target = '') => `1,${time},1,${measured},0,${event},0,0,70,4.5,0,${target}`;

describe('two compartments', () => {
  it('move as a numerical integration of the rates does', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 800, noNaN: true }), fc.double({ min: 0.5, max: 12, noNaN: true }), (rate, hours) => {
        const parameters = parametersOf(COVARIATES, [0.2, -0.1, 0.3, -0.4]);
        const { clearance, central, between, peripheral } = parameters;
        const steps = 4000;
        let [a, b, area] = [500, 200, 0];
        const slope = (x: number, y: number) => {
          const across = (between * x) / central - (between * y) / peripheral;
          return [rate - (clearance * x) / central - across, across, x / central] as const;
        };
        for (let step = 0; step < steps; step += 1) {
          const by = hours / steps;
          const [a1, b1] = slope(a, b);
          const [a2, b2, c2] = slope(a + (by / 2) * a1, b + (by / 2) * b1);
          [a, b, area] = [a + by * a2, b + by * b2, area + by * c2];
        }
        const state = advance({ central: 500, peripheral: 200, area: 0 }, parameters, rate, hours);
        expect(state.central / a).toBeCloseTo(1, 5);
        expect(state.peripheral / b).toBeCloseTo(1, 5);
        expect(state.area / area).toBeCloseTo(1, 5);
      }),
      { numRuns: 20 },
    );
  });

  it('reach the daily dose over the clearance at steady state', () => {
    const doses = Array.from({ length: 200 }, (_, index) => dose(12 * index));
    const { areas } = courseOf([...doses, record(2400, {})], [0, 0, 0, 0]);
    const day = (areas.at(-1) ?? 0) - (areas.at(-3) ?? 0);
    expect(day).toBeCloseTo(2000 / parametersOf(COVARIATES, [0, 0, 0, 0]).clearance, 3);
  });
});

describe('the patient of the levels', () => {
  it('is the typical one without levels', () => {
    expect(mapEstimate([dose(0), record(20, {})]).etas.every((eta) => Math.abs(eta) < 1e-6)).toBe(true);
  });

  it('clears less where levels are higher than expected', () => {
    const at = [dose(0), dose(12), record(23, {})];
    const expected = courseOf(at, [0, 0, 0, 0]).concentrations.at(-1) ?? 0;
    const [high = 0] = mapEstimate([...at.slice(0, 2), level(23, 1.6 * expected)]).etas;
    const [low = 0] = mapEstimate([...at.slice(0, 2), level(23, 0.6 * expected)]).etas;
    expect(high).toBeLessThan(-0.05);
    expect(low).toBeGreaterThan(0.05);
  });

  it('is surer with more levels', () => {
    const sd = (...levels: DosingRecord[]) => mapEstimate([dose(0), dose(12), ...levels]).covariance[0]?.[0] ?? Number.NaN;
    expect(sd(level(15, 25), level(23, 14))).toBeLessThan(sd(level(23, 14)));
    expect(sd(level(23, 14))).toBeLessThan(sd());
  });
});

describe('a dosing history', () => {
  it('answers a line a row, and the plan with the last', async () => {
    const lines = await predicted(DOSE(0), DOSE(12), LEVEL(23, 14), DOSE(24));
    expect(lines.map(({ status }) => status)).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect(lines.map(({ components }) => Object.keys(components).length > 2)).toEqual([false, false, false, true]);
    const { value, interval, components } = lines[3] as Line;
    expect(components['CL']).toBeCloseTo(2000 / value, 9);
    expect(interval.low < value && value < interval.high).toBe(true);
    expect(components['nextDose']).toBeCloseTo((500 / value) * 1000, 6);
    expect(components['nextDoseRounded']).toBe(250 * Math.round((components['nextDose'] ?? 0) / 250));
  });

  it('plans for the target asked for', async () => {
    const next = async (target: string) =>
      (await predicted(DOSE(0, target), DOSE(12, target), LEVEL(23, 14, 0, target))).at(-1)?.components['nextDose'] ?? 0;
    expect(await next('400')).toBeCloseTo((400 / 600) * (await next('600')), 6);
  });

  it('does not learn from a level that is kept back', async () => {
    const kept = await predicted(DOSE(0), DOSE(12), LEVEL(23, 40, 2));
    expect(kept.at(-1)?.components['ipred']).toBeCloseTo(kept.at(-1)?.components['pred'] ?? 0, 6);
    expect(kept.at(-1)?.warnings).toContain('no level was measured: the parameters are those of a typical patient');
  });

  it.each([
    ['a dose without an amount', ['1,12,1,0,,1,1,500,70,4.5,0,'], 'AMT'],
    ['a level that is not there', ['1,20,1,,0,0,0,0,70,4.5,0,'], 'DV'],
    ['a level of nothing', [LEVEL(20, 0)], 'DV'],
    ['no weight', ['1,20,1,9,0,0,0,0,,4.5,0,'], 'WT'],
    ['time running backwards', [DOSE(12), LEVEL(8, 9)], 'TIME'],
    ['an unknown kind of row', ['1,20,1,9,0,7,0,0,70,4.5,0,'], 'EVID'],
    ['an infusion of 1000 hours', ['1,12,1,0,1000,1,1,1,70,4.5,0,'], 'RATE'],
    ['a row of nobody', [',20,1,9,0,0,0,0,70,4.5,0,'], 'ID'],
  ])('abstains for the whole patient at %s, and for no other', async (_what, rows, names) => {
    const lines = await predicted(DOSE(0), ...rows, DOSE(30), DOSE(0).replace(/^1/, '2'));
    expect(lines.slice(0, -1).every(({ status }) => status === 'ABSTAINED')).toBe(true);
    expect(lines.some(({ abstainReason }) => abstainReason?.includes(names))).toBe(true);
    expect(lines.at(-1)?.status).toBe('OK');
  });

  it('proposes the step that keeps the range, and says where none does', async () => {
    const plans = await Promise.all(
      Array.from({ length: 16 }, async (_, index) => (await predicted(`1,0,1,0,1000,1,1,500,70,${1.5 + 0.5 * index},0,`)).at(-1) as Line),
    );
    let kept = 0;
    for (const { components, warnings = [] } of plans) {
      const { nextDose = 0, nextDoseRounded, nextDoseAuc24 = 0 } = components;
      if (nextDoseRounded === undefined) continue;
      const aucOf = (dose: number) => (nextDoseAuc24 * dose) / nextDoseRounded;
      const steps = [Math.floor(nextDose / 250) * 250, Math.ceil(nextDose / 250) * 250];
      const possible = steps.some((dose) => aucOf(dose) >= 400 && aucOf(dose) <= 600);
      expect(nextDoseAuc24 >= 400 && nextDoseAuc24 <= 600).toBe(possible);
      expect(warnings.join(' ').includes('no dose in steps of 250 mg')).toBe(!possible);
      if (possible) kept += 1;
    }
    expect(kept).toBeGreaterThan(5);
    const atEdge = (await predicted('1,0,1,0,1000,1,1,500,70,4.5,0,400')).at(-1)?.components;
    expect(atEdge?.['nextDoseAuc24']).toBeGreaterThanOrEqual(400);
  });

  it('gathers the rows of a patient wherever they stand', async () => {
    const other = DOSE(0).replace(/^1/, '2');
    const apart = await predicted(DOSE(0), DOSE(12), other, LEVEL(23, 30));
    const together = await predicted(DOSE(0), DOSE(12), LEVEL(23, 30), other);
    expect(apart[3]).toEqual(together[2]);
    expect(apart[0]?.components['ipred']).toBe(together[0]?.components['ipred']);
  });

  it('takes bags that begin close together for one dose', async () => {
    const bag = (time: number) => `1,${time},1,0,500,1,1,250,70,4.5,0,`;
    const [whole] = (await predicted(DOSE(0), DOSE(12), DOSE(24), LEVEL(35, 15))).slice(-1);
    const [bags] = (await predicted(DOSE(0), DOSE(12), bag(24), bag(25), LEVEL(35, 15))).slice(-1);
    expect(bags?.components['nextDoseInterval']).toBe(12);
    expect((bags?.value ?? 0) / (whole?.value ?? 1)).toBeCloseTo(1, 1);
  });

  it('takes a pause for no regimen, and says so', async () => {
    const [last] = (await predicted(DOSE(0), DOSE(12), DOSE(264), LEVEL(275, 8))).slice(-1);
    expect(last?.components['nextDoseInterval']).toBe(12);
    expect(last?.warnings?.join(' ')).toMatch(/the last two doses are no regimen/);
  });

  it('proposes no dose that nobody gives', async () => {
    const slow = (row: string) => row.replace(',70,4.5,', ',70,0.3,');
    const [last] = (await predicted(slow(DOSE(0)), slow(DOSE(12)), slow(LEVEL(23, 60)))).slice(-1);
    expect(last?.components['nextDoseRounded']).toBeUndefined();
    expect(last?.warnings?.join(' ')).toMatch(/no dose is proposed/);
  });

  it('says that a level contradicts the doses', async () => {
    const [last] = (await predicted(DOSE(0), LEVEL(11, 150))).slice(-1);
    expect(last?.warnings?.join(' ')).toMatch(/a level is far from what the doses explain/);
  });

  it('refuses additional doses, which it does not read', async () => {
    const path = file('addl.csv', `${HEADER},ADDL,II\n${DOSE(0)},5,12\n${LEVEL(71, 12)},0,0\n`);
    const lines = jsonLines<Line>(await avicenna(['predict', 'vancomycin-auc', '--rows', path, '--json']));
    expect(lines.map(({ status }) => status)).toEqual(['ABSTAINED', 'ABSTAINED']);
    expect(lines[0]?.abstainReason).toContain('ADDL');
  });

  it('tells the plan in words', async () => {
    const { stdout } = await avicenna([
      'predict',
      'vancomycin-auc',
      '--rows',
      file('d.csv', `${[HEADER, DOSE(0), DOSE(12), LEVEL(23, 14)].join('\n')}\n`),
    ]);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^1, TIME 0 h: AUC24 at steady state/);
    expect(lines[2]).toMatch(/For an AUC24 of 500: \d+ mg every 12 h, expected to give \d+ mg\.h\/L \(95 % interval/);
  });

  it('says that one dose has no interval', async () => {
    const [only] = await predicted(DOSE(0));
    expect(only?.warnings).toContain('the doses say no interval: a dose every 12 h is assumed');
  });
});
