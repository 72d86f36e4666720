import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { avicenna, jsonLines, withoutProgress } from '../support/commandLine.ts';
import { COLUMNS, file, gzip, table } from './files.ts';

interface Explained {
  readonly method: string;
  readonly output: string;
  readonly baseValue: number;
  readonly features: readonly string[];
  readonly values: readonly (readonly number[])[];
  readonly predictions: readonly number[];
  readonly residual: number;
}

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly at: string | null };
}

const explain = (path: string, ...more: readonly string[]) => avicenna(['explain', 'warfarin-dose', '--rows', path, '--json', ...more]);
const ROWS = [
  {},
  { cyp2c9: '*1/*3', vkorc1: 'A/A', age: '81' },
  { amiodarone: '1', smoker: '1' },
  Object.fromEntries(COLUMNS.map((name) => [name, ''])),
];
const PATH = file('rows.csv', table(ROWS));
const { players } = JSON.parse(readFileSync('models/warfarin-dose/card.json', 'utf8')) as { players: { name: string }[] };

describe('explain --json', () => {
  it.each(['raw', 'value'])('gives one object for the file, rows by players, that adds up to the prediction (%s)', async (output) => {
    const ran = await explain(PATH, '--output', output);
    expect([ran.code, withoutProgress(ran)]).toEqual([0, '']);
    const [answer, ...more] = jsonLines<Explained>(ran) as [Explained];
    expect(more).toEqual([]);
    expect(Object.keys(answer).sort()).toEqual(['baseValue', 'features', 'method', 'output', 'predictions', 'residual', 'values']);
    expect(answer).toMatchObject({ output, features: players.map(({ name }) => name) });
    expect([answer.values.length, answer.predictions.length]).toEqual([ROWS.length, ROWS.length]);
    for (const [row, values] of answer.values.entries()) {
      expect(values).toHaveLength(players.length);
      const sum = values.reduce((total, value) => total + value, answer.baseValue);
      expect(Math.abs(sum - (answer.predictions[row] ?? Number.NaN))).toBeLessThan(1e-9);
    }
    expect(answer.residual).toBeLessThan(1e-9);
  });

  it('explains the raw margin unless told otherwise, and the value that predict gives', async () => {
    const [raw] = jsonLines<Explained>(await explain(PATH)) as [Explained];
    const [value] = jsonLines<Explained>(await explain(PATH, '--output', 'value')) as [Explained];
    const predicted = jsonLines<{ value: number }>(await avicenna(['predict', 'warfarin-dose', '--rows', PATH, '--json']));
    expect(raw.output).toBe('raw');
    for (const [row, { value: dose }] of predicted.entries()) {
      expect(Math.abs((value.predictions[row] ?? 0) - dose)).toBeLessThan(1e-4);
      expect(Math.abs((raw.predictions[row] ?? 0) ** 2 - dose)).toBeLessThan(1e-3);
    }
  });

  it('gives every player nothing where the background is the row itself', async () => {
    const same = file('same.csv', table([ROWS[1] ?? {}]));
    const [answer] = jsonLines<Explained>(await explain(same, '--background', same)) as [Explained];
    expect(answer.values).toEqual([players.map(() => 0)]);
    expect(answer.baseValue).toBe(answer.predictions[0]);
  });

  it.each([
    ['a value out of range', table([{}, { age: '5' }, {}]), /age/, 3],
    ['a word for a number', table([{ weightKg: 'heavy' }]), /weightKg/, 2],
    ['an unknown category', table([{}, {}, { cyp2c9: '*1/*99' }]), /cyp2c9/, 4],
    ['a wrong number of cells', `${table([{}])}1,2\n`, /2 cells/, 3],
  ])('is all or nothing: %s ends with 1, one error line, and the same in words', async (_what, content, message, line) => {
    const path = file('bad.csv', content);
    const ran = await explain(path);
    expect([ran.code, jsonLines<Refusal>(ran)]).toEqual([
      1,
      [{ error: { code: 'ROWS_INVALID', message: expect.stringMatching(message), at: `${path}:${line}` } }],
    ]);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).toContain(`${path}:${line}`);
  });

  it.each(['path-dependent', 'linear', 'permutation'])(
    'refuses the method %s, which it cannot answer exactly, with the reason',
    async (method) => {
      const ran = await explain(PATH, '--method', method);
      expect([ran.code, jsonLines<Refusal>(ran)]).toEqual([
        1,
        [{ error: { code: 'METHOD_NOT_AVAILABLE', message: expect.stringContaining(method), at: '--method' } }],
      ]);
      expect(ran.stderr).toContain(method);
    },
  );

  it('refuses a probability of a model that has none', async () => {
    const ran = await explain(PATH, '--output', 'probability');
    expect([ran.code, jsonLines<Refusal>(ran)]).toMatchObject([1, [{ error: { code: 'METHOD_NOT_AVAILABLE', at: '--output' } }]]);
  });

  it.each([
    ['a model that is not there', ['explain', 'nosuch', '--rows', PATH], 'MODEL_UNKNOWN'],
    ['a table that is not there', ['explain', 'warfarin-dose', '--rows', '/nowhere.csv'], 'FILE_UNREADABLE'],
    ['a table without rows', ['explain', 'warfarin-dose', '--rows', file('none.csv', table([]))], 'ROWS_INVALID'],
    [
      'a packed table that ends early',
      ['explain', 'warfarin-dose', '--rows', file('cut.csv.gz', gzip(table(ROWS)).subarray(0, 90))],
      'ROWS_INVALID',
    ],
    [
      'a background with a bad row',
      ['explain', 'warfarin-dose', '--rows', PATH, '--background', file('bad.csv', table([{ age: '5' }]))],
      'ROWS_INVALID',
    ],
    ['a picture that cannot be written', ['explain', 'warfarin-dose', '--rows', PATH, '--svg', '/nowhere/picture.svg'], 'FILE_UNREADABLE'],
  ])('refuses %s with one error line', async (_what, args, code) => {
    const ran = await avicenna([...args, '--json']);
    expect([ran.code, jsonLines<Refusal>(ran).map(({ error }) => error.code)]).toEqual([1, [code]]);
    expect(ran.stderr).not.toBe('');
  });

  it('draws the first row', async () => {
    const picture = file('picture.svg', '');
    expect((await explain(PATH, '--output', 'value', '--svg', picture)).code).toBe(0);
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg[\s\S]*CYP2C9[\s\S]*<\/svg>\s*$/);
  });
});
