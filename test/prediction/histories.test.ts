/** Models that read a subject's rows together: columns against the training's own, gaps, order, and what a row may see. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explain } from '../../src/explanation/explain.ts';
import { describeInputs } from '../../src/prediction/features.ts';
import { encoderOf } from '../../src/prediction/histories/catalogue.ts';
import { STATISTICS } from '../../src/prediction/histories/statistics.ts';
import { type CheckedRow, checkRow } from '../../src/prediction/inputs.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { type LoadedModel, loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';
import { file } from '../cli/files.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';

type Cells = Readonly<Record<string, string>>;
interface Vectors {
  readonly patients: readonly {
    readonly rows: readonly { readonly input: Cells; readonly x: readonly (number | null)[]; readonly value: number }[];
  }[];
}

let registry: ModelRegistry;
beforeAll(async () => {
  registry = await loadModels('models');
});
afterAll(() => registry?.close());

const encoded = (model: LoadedModel, rows: readonly Cells[]): CheckedRow[] =>
  encoderOf(model.card)?.encode(rows.map((row) => checkRow(model.card, row))) ?? [];

describe.each(['sepsis-early-warning', 'sepsis-early-warning-vitals'])('%s', (name) => {
  const { patients } = JSON.parse(readFileSync(`models/${name}/vectors.json`, 'utf8')) as Vectors;

  it('makes the columns of its training, to the last bit of float32, and answers as it did', async () => {
    const model = modelNamed(registry, name);
    for (const { rows } of patients) {
      const made = encoded(
        model,
        rows.map(({ input }) => input),
      );
      const answers = await predictRows(model, made);
      for (const [index, { x, value }] of rows.entries()) {
        expect([...(made[index]?.columns ?? [])].map((number) => (Number.isNaN(number) ? null : Math.fround(number)))).toEqual(x);
        expect(answers[index]).toMatchObject({ status: 'OK', value: expect.closeTo(value, 6) });
      }
    }
  });

  it('says of a row what the rows up to it say, whatever comes after', () => {
    const model = modelNamed(registry, name);
    const rows = patients[0]?.rows.map(({ input }) => input) ?? [];
    const whole = encoded(model, rows);
    for (const end of [1, 2, Math.floor(rows.length / 2)]) {
      expect(encoded(model, rows.slice(0, end)).at(-1)?.columns).toEqual(whole[end - 1]?.columns);
    }
  });

  it('explains the log-odds by its trees and the risk by enumeration, each adding up', async () => {
    const model = modelNamed(registry, name);
    const row = encoded(model, patients[0]?.rows.map(({ input }) => input) ?? []).at(-1) as CheckedRow;
    const inputs = describeInputs(model.card, row.raw);
    const [answer] = await predictRows(model, [row]);
    const margin = await explain(model, row, inputs, 'MARGIN', { interactions: true });
    if (answer?.status !== 'OK') throw new Error('no answer');
    expect(margin.prediction).toBeCloseTo(answer.margin, 4);
    expect(Math.abs(margin.residual)).toBeLessThan(1e-9);
    const width = model.card.players.length;
    for (const [player, { name: feature }] of model.card.players.entries()) {
      const own = margin.attributions.find((one) => one.feature === feature)?.contribution ?? Number.NaN;
      const pairs = [...(margin.interactions ?? [])].slice(player * width, (player + 1) * width);
      expect(pairs.reduce((sum, pair) => sum + pair, 0)).toBeCloseTo(own, 9);
    }
    const value = await explain(model, row, inputs, 'VALUE');
    expect(value.prediction).toBeCloseTo(answer.value, 6);
  }, 120_000);
});

describe('an hourly history', () => {
  const HEADER = 'patient,HR,Temp,Age,Gender,ICULOS';
  const predicted = async (...rows: string[]) => {
    const path = file('hours.csv', `${[HEADER, ...rows].join('\n')}\n`);
    return jsonLines<{ status: string; value: number | null; abstainReason: string | null; warnings?: string[] }>(
      await avicenna(['predict', 'sepsis-early-warning-vitals', '--rows', path, '--json']),
    );
  };

  it('counts an hour without a row as one in which nothing was measured', async () => {
    const withRow = await predicted('a,90,37,60,1,1', 'a,,,60,1,2', 'a,95,38,60,1,3');
    const without = await predicted('a,90,37,60,1,1', 'a,95,38,60,1,3');
    expect(without.at(-1)?.value).toBe(withRow.at(-1)?.value);
  });

  it('goes on after a row that names nobody, and gathers the rows of a patient that stand apart', async () => {
    const [first, nobody, later] = await predicted('a,90,37,60,1,1', ',95,38,60,1,2', 'a,99,39,60,1,3');
    const alone = await predicted('a,90,37,60,1,1', 'a,99,39,60,1,3');
    expect([first?.value, later?.value]).toEqual(alone.map(({ value }) => value));
    expect(nobody?.status).toBe('ABSTAINED');
    const apart = await predicted('a,90,37,60,1,1', 'b,90,37,60,1,1', 'a,99,39,60,1,3');
    expect([apart[0]?.value, apart[2]?.value]).toEqual(alone.map(({ value }) => value));
  });

  it('starts anew with each patient', async () => {
    const [, alone] = await predicted('b,120,39,60,1,1', 'a,90,37,60,1,1');
    expect(alone?.value).toBe((await predicted('a,90,37,60,1,1'))[0]?.value);
  });

  it.each([
    ['an hour twice', ['a,90,37,60,1,1', 'a,90,37,60,1,1'], 1, 'ICULOS'],
    ['hours backwards', ['a,90,37,60,1,5', 'a,90,37,60,1,4'], 1, 'ICULOS'],
    ['half an hour', ['a,90,37,60,1,1', 'a,90,37,60,1,1.5'], 1, 'ICULOS'],
    ['no patient', ['a,90,37,60,1,1', ',90,37,60,1,2'], 1, 'patient'],
    ['an impossible pulse', ['a,90,37,60,1,1', 'a,9000,37,60,1,2'], 1, 'HR'],
  ])('abstains at %s and goes on', async (_what, rows, at, names) => {
    const lines = await predicted(...rows, 'z,90,37,60,1,1');
    expect(lines[at]).toMatchObject({ status: 'ABSTAINED', abstainReason: expect.stringContaining(names) });
    expect(lines.at(-1)?.status).toBe('OK');
  });

  it('says in later rows that one before them could not be used', async () => {
    const lines = await predicted('a,90,37,60,1,1', 'a,9000,37,60,1,2', 'a,91,37,60,1,3');
    expect(lines[0]?.warnings).toBeUndefined();
    expect(lines[2]?.warnings).toEqual(['1 earlier row of this subject could not be used']);
  });
});

describe('the statistics of a series', () => {
  const values = Float64Array.of(Number.NaN, 4, Number.NaN, 2, 6);
  it.each<[string, number | null, (number | null)[]]>([
    ['last', null, [null, 4, 4, 2, 6]],
    ['hoursSince', null, [null, 0, 1, 0, 0]],
    ['count', null, [0, 1, 1, 2, 3]],
    ['count', 2, [0, 1, 1, 1, 2]],
    ['min', null, [null, 4, 4, 2, 2]],
    ['max', 2, [null, 4, 4, 2, 6]],
    ['mean', null, [null, 4, 4, 3, 4]],
    ['mean', 2, [null, 4, 4, 2, 4]],
    ['sum', 3, [0, 4, 4, 6, 8]],
    ['sd', 2, [null, null, null, null, 2]],
    ['range', null, [null, 0, 0, 2, 4]],
    ['step', null, [null, null, null, -2, 4]],
    ['change', 2, [null, null, null, -2, 2]],
    ['sinceFirst', null, [null, 0, 0, -2, 2]],
    ['fromMean', null, [null, 0, 0, -1, 2]],
  ])('%s over %s hours', (take, hours, expected) => {
    const made = STATISTICS[take]?.(values, hours) ?? [];
    expect([...made].map((value) => (Number.isNaN(value) ? null : value))).toEqual(expected);
  });
});
