/** Figures of an evaluation against their definitions, and what the command shows and hides. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertUtility, earningsOf } from '../../src/prediction/evaluation/alertUtility.ts';
import { auprc, auroc, brier, calibrationIntercept, calibrationSlope, netBenefit } from '../../src/prediction/evaluation/binary.ts';
import { Draws, metricFigure, once, type Sample } from '../../src/prediction/evaluation/sample.ts';
import { cIndex, ipcwBrier, kaplanMeier, leftAt } from '../../src/prediction/evaluation/survival.ts';
import { randomNumbers } from '../../src/prediction/randomNumbers.ts';
import { file } from '../cli/files.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';

function sampleOf(predicted: readonly number[], outcome: readonly number[], time: readonly number[] = []): Sample {
  return {
    predicted: Float64Array.from(predicted),
    outcome: Float64Array.from(outcome),
    time: Float64Array.from(time),
    inside: new Float64Array(predicted.length),
    person: Int32Array.from(predicted, (_, row) => row),
    people: predicted.length,
  };
}

const rows = fc.array(
  fc.record({ p: fc.integer({ min: 0, max: 8 }), y: fc.integer({ min: 0, max: 1 }), t: fc.integer({ min: 1, max: 9 }) }),
  {
    minLength: 2,
    maxLength: 30,
  },
);

/** Share of pairs in which the first is above the second, ties half. */
function pairs(of: readonly (readonly [number, number])[]): number {
  return of.reduce((sum, [a, b]) => sum + (a > b ? 1 : a === b ? 0.5 : 0), 0) / of.length;
}

describe('figures of a probability', () => {
  it('AUROC is the share of pairs in the right order', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const sample = sampleOf(
          some.map(({ p }) => p / 8),
          some.map(({ y }) => y),
        );
        const expected = some.filter(({ y }) => y === 1).flatMap((a) => some.filter(({ y }) => y === 0).map((b) => [a.p, b.p] as const));
        fc.pre(expected.length > 0);
        expect(auroc(sample, once(sample))).toBeCloseTo(pairs(expected), 9);
      }),
    );
  });

  it('counts a row as often as it is drawn', () => {
    const sample = sampleOf([0.1, 0.4, 0.4, 0.8], [0, 1, 0, 1]);
    const twice = sampleOf([0.1, 0.4, 0.4, 0.4, 0.8, 0.8], [0, 1, 0, 0, 1, 1]);
    const weights = Float64Array.of(1, 1, 2, 2);
    for (const metric of [auroc, auprc, brier]) expect(metric(sample, weights)).toBeCloseTo(metric(twice, once(twice)), 12);
  });

  it('knows a calibrated model, one that is too extreme and one that says too little', () => {
    const random = randomNumbers(7);
    const truth = Array.from({ length: 40_000 }, () => 4 * random() - 3);
    const came = truth.map((odds) => (random() < 1 / (1 + Math.exp(-odds)) ? 1 : 0));
    const said = (change: (odds: number) => number) =>
      sampleOf(
        truth.map((odds) => 1 / (1 + Math.exp(-change(odds)))),
        came,
      );
    const right = said((odds) => odds);
    expect(calibrationSlope(right, once(right))).toBeCloseTo(1, 1);
    expect(calibrationIntercept(right, once(right))).toBeCloseTo(0, 1);
    const extreme = said((odds) => 2 * odds);
    expect(calibrationSlope(extreme, once(extreme))).toBeCloseTo(0.5, 1);
    const low = said((odds) => odds - 1);
    expect(calibrationIntercept(low, once(low))).toBeCloseTo(1, 1);
    // Far off and too extreme at once: whole steps of Newton's method fly apart here.
    const wild = said((odds) => (odds - 4) / 0.5);
    expect(calibrationSlope(wild, once(wild))).toBeCloseTo(0.5, 1);
    const apart = sampleOf([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]);
    expect(calibrationSlope(apart, once(apart))).toBeNaN();
  });

  it('net benefit of treating everyone is the prevalence at a threshold of nothing, and that of the model at the threshold of all', () => {
    const sample = sampleOf([0.2, 0.6, 0.9, 0.1], [0, 1, 1, 0]);
    expect(netBenefit(0.5, false)(sample, once(sample))).toBeCloseTo(2 / 4, 12);
    expect(netBenefit(0.5, true)(sample, once(sample))).toBeCloseTo(2 / 4 - 2 / 4, 12);
  });
});

describe('figures of a survival', () => {
  it("Harrell's C is the share of usable pairs in the right order", () => {
    fc.assert(
      fc.property(rows, (some) => {
        const sample = sampleOf(
          some.map(({ p }) => p / 8),
          some.map(({ y }) => y),
          some.map(({ t }) => t),
        );
        const expected = some.flatMap((a, i) =>
          a.y === 1 ? some.flatMap((b, j) => (i !== j && (b.t > a.t || (b.t === a.t && b.y === 0)) ? [[a.p, b.p] as const] : [])) : [],
        );
        fc.pre(expected.length > 0);
        expect(cIndex(sample, once(sample))).toBeCloseTo(pairs(expected), 9);
      }),
    );
  });

  it('Kaplan-Meier multiplies what is left', () => {
    const sample = sampleOf([0, 0, 0, 0, 0], [1, 0, 1, 1, 0], [1, 2, 3, 3, 5]);
    const curve = kaplanMeier(sample, once(sample), 1);
    expect(leftAt(curve, 0.5)).toBe(1);
    expect(leftAt(curve, 1)).toBeCloseTo(4 / 5, 12);
    expect(leftAt(curve, 4)).toBeCloseTo((4 / 5) * (1 / 3), 12);
    expect(leftAt(curve, 3, true)).toBeCloseTo(4 / 5, 12);
  });

  it('the Brier score is the plain one where everybody was seen, and an early end of seeing is made up for', () => {
    const seen = sampleOf([0.2, 0.7, 0.4], [1, 1, 0], [3, 20, 30]);
    expect(ipcwBrier(10)(seen, once(seen))).toBeCloseTo((0.8 ** 2 + 0.7 ** 2 + 0.4 ** 2) / 3, 12);
    const lost = sampleOf([0.2, 0.7, 0.4, 0.5], [1, 1, 0, 0], [3, 20, 30, 5]);
    // After 5 a third of three is lost: the two that were seen beyond count 1.5 times.
    expect(ipcwBrier(10)(lost, once(lost))).toBeCloseTo((0.8 ** 2 + 1.5 * (0.7 ** 2 + 0.4 ** 2)) / 4, 12);
  });
});

describe('the utility of alerts', () => {
  /** Onset at hour 20: the label turns 1 at hour 14. */
  const stay = (alerts: readonly number[]) => {
    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    const sample = {
      ...sampleOf(
        hours.map((hour) => (alerts.includes(hour) ? 0.9 : 0.1)),
        hours.map((hour) => (hour >= 14 ? 1 : 0)),
      ),
      time: Float64Array.from(hours),
      person: new Int32Array(24),
      people: 1,
    };
    const judged = { ...sample, earned: earningsOf(sample) };
    return alertUtility(0.5)(judged, once(judged));
  };

  it('is 0 for silence and 1 for alerts from 12 hours before the onset to 3 after', () => {
    expect(stay([])).toBe(0);
    expect(stay(Array.from({ length: 16 }, (_, index) => 8 + index))).toBeCloseTo(1, 12);
  });

  it('earns as published: one alert at the best hour, one too early', () => {
    // Best: 0, 1/6 .. 1 over hours 8 to 14, then 1 - k/9 to 0; silence loses 2k/9 from hour 15 on.
    const gains = 3.5 + 36 / 9 + (2 * 45) / 9;
    expect(stay([14])).toBeCloseTo(1 / gains, 9);
    expect(stay([2])).toBeCloseTo(-0.05 / gains, 9);
  });
});

describe('intervals', () => {
  it('are the same for a seed, hold the figure, and are wider for fewer people', () => {
    const random = randomNumbers(3);
    const of = (people: number) => {
      const predicted = Array.from({ length: people }, random);
      return sampleOf(
        predicted,
        predicted.map((p) => (random() < p ? 1 : 0)),
      );
    };
    const [many, few] = [of(2000), of(60)];
    const made = metricFigure(many, auroc, new Draws(many.people, 100, 1));
    expect(made).toEqual(metricFigure(many, auroc, new Draws(many.people, 100, 1)));
    if (!made) throw new Error('no figure');
    expect(made.low < made.value && made.value < made.high).toBe(true);
    const rough = metricFigure(few, auroc, new Draws(few.people, 100, 1));
    expect((rough?.high ?? 0) - (rough?.low ?? 0)).toBeGreaterThan(made.high - made.low);
  });
});

interface Evaluated {
  readonly people: number;
  readonly abstained: number;
  readonly withoutOutcome: number;
  readonly figures: Readonly<Record<string, { readonly value: number; readonly low: number; readonly high: number }>>;
  readonly groups: readonly {
    readonly by: string;
    readonly level: string;
    readonly n: number | null;
    readonly figures: object;
    readonly verdict: string | null;
  }[];
  readonly calibration: readonly object[];
  readonly error?: { readonly code: string; readonly at: string };
}

describe('evaluate --json', () => {
  const HEADER = 'age,sex,sbp,bp_tx,total_c,hdl_c,statin,dm,smoking,egfr,bmi,cvd_within_10_years,race,site';
  const person = (index: number, outcome: string, race = 'one') =>
    `${40 + (index % 35)},${index % 2 ? 'female' : 'male'},${110 + (index % 60)},0,200,50,0,${index % 5 ? 0 : 1},0,90,25,${outcome},${race},a`;
  const data = [
    HEADER,
    ...Array.from({ length: 200 }, (_, index) => person(index, index % 9 === 0 ? '1' : '0')),
    ...Array.from({ length: 5 }, (_, index) => person(index, '0', 'two')),
    person(1, ''),
    person(1, '0').replace(/^41/, '141'),
    '',
  ].join('\n');
  const run = (text: string, ...more: string[]) =>
    avicenna(['evaluate', 'prevent', '--data', file('cohort.csv', text), '--draws', '30', '--json', ...more]);

  it('gives figures with intervals, counts what it left out, and hides groups under 11', async () => {
    const picture = file('calibration.svg', '');
    const [line] = jsonLines<Evaluated>(await run(data, '--svg', picture));
    expect(line).toMatchObject({ people: 205, abstained: 1, withoutOutcome: 1 });
    for (const { value, low, high } of Object.values(line?.figures ?? {})) expect(low <= value && value <= high).toBe(true);
    expect(Object.keys(line?.figures ?? {})).toEqual(expect.arrayContaining(['auroc', 'brier', 'calibrationSlope']));
    // A single small group would be told by the others: the next is kept back with it.
    for (const level of ['one', 'two'])
      expect(line?.groups.find((group) => group.by === 'race' && group.level === level)).toEqual({
        ...{ by: 'race', level, n: null, figures: {}, gap: null, verdict: null },
      });
    expect(line?.groups.find(({ by, level }) => by === 'sex' && level === 'female')?.verdict).toMatch(/GAP_SHOWN|INCONCLUSIVE/);
    // 23 of 205 had the event: parts of the calibration are joined until each has eleven of them.
    expect(line?.calibration).toHaveLength(2);
    expect(readFileSync(picture, 'utf8')).toMatch(/<svg.*<title>Calibration/s);
  });

  it('counts an outcome that it does not know, and reads 1.0 as 1', async () => {
    const [line] = jsonLines<Evaluated & { unreadable: { rows: number; first: string } }>(
      await run(`${data}${person(3, 'maybe')}\n${person(4, '1.0')}\n`),
    );
    expect(line?.unreadable).toEqual({ rows: 1, first: expect.stringMatching(/:209$/) });
    expect(line?.people).toBe(206);
  });

  it('says what the outcome should be where nobody can read any', async () => {
    const ran = await run(data.replace(/,[01](?=,|\n)/g, ',maybe').replace(/,[01]$/gm, ',maybe'));
    const [{ error } = { error: { message: '' } }] = jsonLines<{ error: { message: string } }>(ran);
    expect(error.message).toMatch(/rows have an outcome that the card does not know \(the first at .*:\d+\): expected one of 1, /);
  });

  it.each([
    ['a table without the outcome', data.replace('cvd_within_10_years', 'other'), 'ROWS_INVALID'],
    ['ten people', data.split('\n').slice(0, 11).join('\n'), 'ROWS_INVALID'],
  ])('refuses %s', async (_what, text, code) => {
    const ran = await run(text);
    expect([ran.code, jsonLines<Evaluated>(ran)[0]?.error?.code]).toEqual([1, code]);
  });

  it('judges a model of points by its order alone, and one of survival by what it spares', async () => {
    const vital = (index: number) =>
      `${10 + (index % 25)},${97 - (index % 10)},1,false,${120 - (index % 40)},${70 + (index % 60)},A,37,${30 + (index % 50)},${index % 25 > 15 ? 1 : 0}`;
    const header =
      'respirationRate,spo2,spo2Scale,supplementalOxygen,systolicBP,pulse,consciousness,temperatureC,ageYears,deterioratedWithin24h';
    const rows = [header, ...Array.from({ length: 120 }, (_, index) => vital(index)), ''].join('\n');
    const [points] = jsonLines<Evaluated>(await avicenna(['evaluate', 'news2', '--data', file('v.csv', rows), '--draws', '20', '--json']));
    expect(Object.keys(points?.figures ?? {}).sort()).toEqual(['auprc', 'auroc']);
    expect(points?.calibration).toEqual([]);
    const woman = (index: number) =>
      `${40 + (index % 40)},2,${5 + (index % 60)},2,${index % 9},1,9,9,9,0,0,0,0,0,0,0,${1 + (index % 14)},${index % 3 ? 1 : 0}`;
    const columns = 'age,screen,size,grade,nodes,er,her2,ki67,pr,generation,horm,traz,bis,radio,heart.gy,smoker,years,died';
    const women = [columns, ...Array.from({ length: 120 }, (_, index) => woman(index)), ''].join('\n');
    const ran = await avicenna(['evaluate', 'predict-breast', '--data', file('w.csv', women), '--draws', '20', '--json']);
    const [survival] = jsonLines<Evaluated>(ran);
    expect(survival?.figures['brier']?.value).toBeLessThan(1);
    expect(survival?.figures['observedToExpected']?.value).toBeGreaterThan(0.2);
  });

  it('refuses a model whose card names no outcome', async () => {
    const ran = await avicenna(['evaluate', 'vancomycin-auc', '--data', file('x.csv', 'ID,TIME\n1,0\n'), '--json']);
    expect([ran.code, jsonLines<Evaluated>(ran)[0]?.error?.code]).toEqual([1, 'BAD_USER_INPUT']);
  });
});
