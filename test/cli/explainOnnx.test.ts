/** `explain --onnx` as a program would call it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { randomNumbers, randomRow, randomTree, regressorFile, treeAnswer } from '../explanation/onnx/forests.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'avicenna-explain-'));
const random = randomNumbers(9);
const TREES = Array.from({ length: 3 }, () => randomTree({ features: 3, depth: 3, trees: 3 }, random));
const ROWS = Array.from({ length: 4 }, () => randomRow(3, random));

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(FOLDER, name), content);
  return join(FOLDER, name);
}

const csv = (rows: readonly (readonly (number | string)[])[], header = 'a,b,c') =>
  `${[header, ...rows.map((row) => row.map((cell) => (Number.isNaN(cell) ? '' : cell)).join())].join('\n')}\n`;

const MODEL = write('model.onnx', regressorFile(TREES, { features: 3 }));
const TABLE = write('rows.csv', csv(ROWS));
const BACKGROUND = write('background.csv', csv(Array.from({ length: 8 }, () => randomRow(3, random))));

interface Answer {
  readonly features: string[];
  readonly baseValue: number;
  readonly values: number[][];
  readonly predictions: number[];
  readonly interactions?: number[][][];
  readonly residual: number;
  readonly servedResidual: number;
}

const explain = (...more: readonly string[]) =>
  avicenna(['explain', '--onnx', MODEL, '--rows', TABLE, '--background', BACKGROUND, '--json', ...more]);

describe('explain --onnx', () => {
  it.each(['interventional', 'path-dependent', 'exact', 'auto'])('gives one object that adds up (%s)', async (method) => {
    const ran = await explain('--method', method, '--interactions');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const [answer, ...more] = jsonLines<Answer>(ran) as [Answer];
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ method, output: 'raw', features: ['a', 'b', 'c'] });
    expect(answer.servedResidual).toBeLessThan(1e-5);
    for (const [index, row] of ROWS.entries()) {
      const prediction = TREES.reduce((sum, tree) => sum + treeAnswer(tree, row), 0);
      const values = answer.values[index] ?? [];
      expect(answer.predictions[index]).toBeCloseTo(prediction, 12);
      expect(values.reduce((a, b) => a + b, answer.baseValue)).toBeCloseTo(prediction, 12);
      for (const [player, line] of answer.interactions?.[index]?.entries() ?? [])
        expect(line.reduce((a, b) => a + b, 0)).toBeCloseTo(values[player] as number, 12);
    }
  });

  it('says it in words, and draws the first row', async () => {
    const picture = join(FOLDER, 'first.svg');
    const ran = await avicenna(['explain', '--onnx', MODEL, '--rows', TABLE, '--background', BACKGROUND, '--svg', picture]);
    expect(ran.code).toBe(0);
    expect(ran.stdout.trim().split('\n')).toHaveLength(ROWS.length);
    expect(ran.stdout).toMatch(/rows\.csv:2: .* the background's mean is .* The model used: /);
    expect(readFileSync(picture, 'utf8')).toMatch(
      /<svg[^>]*><title>What the model used: Y \(raw\)<\/title><desc>From the reference average/,
    );
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a column too few', ['--rows', write('few.csv', csv([[1, 2]], 'a,b'))], /few\.csv:1: .*has 2 columns, the model takes 3/],
    ['a text', ['--rows', write('text.csv', csv([[1, 'high', 3]]))], /text\.csv:2: 'b' is not a number/],
    ['a cell too many', ['--rows', write('many.csv', csv([[1, 2, 3, 4]]))], /many\.csv:2: .*4 cells where the header has 3/],
    ['no rows', ['--rows', write('none.csv', csv([]))], /none\.csv: The table has no rows/],
    ['an empty background', ['--background', write('empty.csv', csv([]))], /empty\.csv: The table has no rows/],
    [
      'columns in another order',
      ['--background', write('order.csv', csv([[1, 2, 3]], 'a,c,b'))],
      /order\.csv:1: Column 2 is 'c', in the rows it is 'b'/,
    ],
    ['a class that is not there', ['--class', '5'], /--class: There is no output 5/],
    ['a probability of a number', ['--output', 'probability'], /no classifier/],
    ['a method that does not fit', ['--method', 'linear'], /--method: 'linear' explains sums/],
    ['a file that is no model', ['--onnx', TABLE], /no ONNX model/],
    ['a file that is not there', ['--onnx', join(FOLDER, 'nowhere.onnx')], /nowhere\.onnx: .*ENOENT/],
  ])('refuses %s, located, on both streams', async (_, more, expected) => {
    const ran = await explain(...more);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(expected);
    const [line, ...rest] = jsonLines<{ error: { code: string; message: string } }>(ran);
    expect(rest).toEqual([]);
    expect(line?.error.code).toMatch(/^[A-Z_]+$/);
  });

  it('takes an empty line of a table of one column for a missing value, and of any other for nothing', async () => {
    const tree = randomTree({ features: 1, depth: 2, trees: 1 }, random);
    const one = write('one.onnx', regressorFile([tree], { features: 1 }));
    const table = write('one.csv', 'a\n1\n\n-1\n');
    const [answer] = jsonLines<Answer>(await avicenna(['explain', '--onnx', one, '--rows', table, '--background', table, '--json']));
    expect(answer?.predictions).toEqual([1, Number.NaN, -1].map((value) => treeAnswer(tree, [value])));
    const gaps = write('gaps.csv', csv(ROWS).replaceAll('\n', '\n\n'));
    const [same] = jsonLines<Answer>(await explain('--rows', gaps));
    expect(same?.predictions).toHaveLength(ROWS.length);
  });

  it('needs reference rows, and either a model or a file', async () => {
    const without = await avicenna(['explain', '--onnx', MODEL, '--rows', TABLE, '--json']);
    expect([without.code, without.stderr]).toEqual([1, expect.stringMatching(/--background: An ONNX file carries no reference rows/)]);
    const both = await avicenna(['explain', 'warfarin-dose', '--onnx', MODEL, '--rows', TABLE]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringMatching(/either the name of a model or --onnx FILE/)]);
  });
});
