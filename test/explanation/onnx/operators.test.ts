/** Operators in front of, inside and behind a model: what is read in the file, against onnxruntime and against the definition. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explainGraph, type GraphQuestion } from '../../../src/explanation/explainGraph.ts';
import { type GraphModel, readModel } from '../../../src/explanation/onnx/readModel.ts';
import { checkServed } from '../../../src/explanation/served.ts';
import { asked } from './asking.ts';
import { type AttributeValue, type ModelValue, type NodeValue, onnxFile } from './files.ts';
import { byDefinition, ensembleAttributes, interventionalValue, randomNumbers, randomRow, randomTree, regressorModel } from './forests.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'avicenna-operators-'));
const random = randomNumbers(11);
const ML = 'ai.onnx.ml';
const LABELS = { classlabels_int64s: { ints: [0, 1] } };
const numbers = (count: number) => Array.from({ length: count }, () => Math.fround(random() * 2 - 1));
const tensor = (dims: readonly number[]) => ({ dims, values: numbers(dims.reduce((a, b) => a * b, 1)), type: 1 });
const node = (op: string, from: string[], to: string[], attributes: Record<string, AttributeValue> = {}, domain = ''): NodeValue => ({
  op,
  domain,
  in: from,
  out: to,
  attributes,
});

function model(width: number, nodes: readonly NodeValue[], constants: ModelValue['constants'] = {}, label = false): ModelValue {
  const outputs = label ? [{ name: 'label', type: 7 }, { name: 'Y' }] : [{ name: 'Y' }];
  return { inputs: [{ name: 'X', width }], outputs, nodes: nodes.map((one, at) => ({ ...one, name: `${one.op}${at}` })), constants };
}

const trees = (features: number, targets = 1, count = 3) =>
  Array.from({ length: count }, () => randomTree({ features, depth: 3, trees: count, targets }, random));

function classifier(prefix: Record<string, AttributeValue>, post: string, more: Record<string, AttributeValue> = {}): ModelValue {
  const attributes = { ...LABELS, ...prefix, post_transform: { s: post }, ...more };
  return model(4, [node('TreeEnsembleClassifier', ['X'], ['label', 'Y'], attributes, ML)], {}, true);
}

const positive = ensembleAttributes(trees(4), 'class');
const shares = {
  ...positive,
  class_weights: { floats: numbers(((positive['class_ids'] as { ints: number[] }).ints ?? []).length).map(Math.abs) },
};
const underClass = (one: number) => ({
  ...positive,
  class_ids: { ints: ((positive['class_ids'] as { ints: number[] }).ints ?? []).map(() => one) },
});

const scaler = node('Scaler', ['X'], ['S'], { offset: { floats: numbers(4) }, scale: { floats: numbers(4) } }, ML);
const onScaled = (one: NodeValue): NodeValue => ({ ...one, in: ['S'] });
const regressor = (features: number) => regressorModel(trees(features), { features }).nodes[0] as NodeValue;

interface Case {
  readonly name: string;
  readonly value: ModelValue;
  readonly missing?: number;
  /** Networks and links are played in the space of what is served. */
  readonly output?: GraphQuestion['output'];
  readonly classIndex?: number;
  /** How onnxruntime reads it otherwise. */
  readonly quirk?: RegExp;
}

const CASES: readonly Case[] = [
  { name: 'a scaler before trees', value: model(4, [scaler, onScaled(regressor(4))]), missing: 0.2 },
  {
    name: 'an imputer before trees',
    value: model(4, [
      node('Imputer', ['X'], ['S'], { imputed_value_floats: { floats: numbers(4) }, replaced_value_float: { f: Number.NaN } }, ML),
      onScaled(regressor(4)),
    ]),
    missing: 0.3,
  },
  {
    name: 'one-hot columns joined to the others before trees',
    value: model(
      4,
      [
        node('Gather', ['X', 'first'], ['A'], { axis: { i: 1 } }),
        node('Gather', ['X', 'rest'], ['B'], { axis: { i: 1 } }),
        node('Cast', ['A'], ['C'], { to: { i: 7 } }),
        node('OneHotEncoder', ['C'], ['H'], { cats_int64s: { ints: [-1, 0, 1] }, zeros: { i: 1 } }, ML),
        node('Reshape', ['H', 'flat'], ['F']),
        node('Concat', ['F', 'B'], ['S'], { axis: { i: 1 } }),
        onScaled(regressor(6)),
      ],
      {
        first: { dims: [1], values: [0], type: 7 },
        rest: { dims: [3], values: [1, 2, 3], type: 7 },
        flat: { dims: [2], values: [-1, 3], type: 7 },
      },
    ),
    missing: 0,
  },
  {
    name: 'ensembles that are added and divided',
    value: model(
      4,
      [{ ...regressor(4), out: ['P'] }, { ...regressor(4), out: ['Q'] }, node('Sum', ['P', 'Q'], ['R']), node('Div', ['R', 'two'], ['Y'])],
      { two: { dims: [1], values: [2], type: 1 } },
    ),
    missing: 0.2,
  },
  {
    name: 'trees and a linear model added',
    value: model(4, [
      { ...regressor(4), out: ['P'] },
      node('LinearRegressor', ['X'], ['Q'], { coefficients: { floats: numbers(4) }, intercepts: { floats: numbers(1) } }, ML),
      node('Add', ['P', 'Q'], ['Y']),
    ]),
    missing: 0,
  },
  { name: 'two classes by one number, logistic', value: classifier(underClass(0), 'LOGISTIC'), output: 'probability', missing: 0.2 },
  { name: 'the other class of it', value: classifier(underClass(0), 'LOGISTIC'), output: 'probability', classIndex: 0, missing: 0.2 },
  {
    name: 'two classes by one number under class 1',
    value: classifier(underClass(1), 'LOGISTIC', { base_values: { floats: [0.5] } }),
    output: 'probability',
    missing: 0.2,
    quirk: /all weights are for class 1/,
  },
  {
    name: 'two classes by one number and softmax',
    value: classifier(underClass(0), 'SOFTMAX'),
    output: 'probability',
    missing: 0.2,
    quirk: /without SOFTMAX/,
  },
  { name: 'two classes by one share', value: classifier(shares, 'NONE'), classIndex: 0, missing: 0.2 },
  {
    name: 'two classes by one share with a base value',
    value: classifier(shares, 'NONE', { base_values: { floats: [0.25] } }),
    missing: 0.2,
  },
  {
    name: 'three classes by softmax',
    value: classifier(
      { ...ensembleAttributes(trees(4, 3), 'class'), classlabels_int64s: { ints: [4, 5, 6] }, base_values: { floats: numbers(3) } },
      'SOFTMAX',
    ),
    output: 'probability',
    classIndex: 2,
    missing: 0.2,
  },
  {
    name: 'a linear classifier behind a scaler',
    value: model(
      4,
      [
        scaler,
        node(
          'LinearClassifier',
          ['S'],
          ['label', 'Y'],
          {
            classlabels_ints: { ints: [0, 1, 2] },
            coefficients: { floats: numbers(12) },
            intercepts: { floats: numbers(3) },
            post_transform: { s: 'SOFTMAX' },
          },
          ML,
        ),
      ],
      {},
      true,
    ),
    output: 'probability',
    classIndex: 1,
    missing: 0,
  },
  {
    name: 'a network of two layers with tanh and sigmoid',
    value: model(
      4,
      [
        node('Gemm', ['X', 'W', 'b'], ['H'], { alpha: { f: 0.5 }, beta: { f: 2 }, transB: { i: 1 } }),
        node('Tanh', ['H'], ['T']),
        node('MatMul', ['T', 'V'], ['O']),
        node('Sigmoid', ['O'], ['Y']),
      ],
      { W: tensor([5, 4]), b: tensor([5]), V: tensor([5, 1]) },
    ),
    output: 'value',
    missing: 0,
  },
  {
    name: 'trees behind an exponential link',
    value: model(4, [{ ...regressor(4), out: ['P'] }, node('Exp', ['P'], ['Y'])]),
    output: 'value',
    missing: 0.2,
  },
  {
    name: 'doubles',
    value: {
      inputs: [{ name: 'X', width: 4, type: 11 }],
      outputs: [{ name: 'Y', type: 11 }],
      nodes: [node('MatMul', ['X', 'W'], ['Y'])],
      constants: { W: { ...tensor([4, 1]), type: 11 } },
    },
    missing: 0,
  },
];

describe.each(CASES)('$name', ({ name, value, missing = 0, output = 'raw', classIndex, quirk }) => {
  const bytes = onnxFile(value);
  const read: GraphModel = readModel(bytes, `${name}.onnx`);
  const rows = Array.from({ length: 4 }, () => randomRow(4, random, missing));
  const background = Array.from({ length: 5 }, () => randomRow(4, random, missing));
  const question = { ...asked(read, rows, background), output, classIndex: classIndex ?? null };

  it('is explained as the definition says', async () => {
    const { games } = await explainGraph(question);
    const { games: enumerated } = await explainGraph({ ...question, method: 'exact' });
    const index = classIndex ?? read.outputs - 1;
    const answer = (row: readonly number[]) =>
      output === 'raw' && !read.rawIsServed ? Number.NaN : (read.evaluate(Float64Array.from(row).map(read.rounded))[index] as number);
    for (const [at, row] of rows.entries()) {
      const truth = byDefinition(4, (known) => interventionalValue(answer, row, background, known));
      for (const game of [games[at], enumerated[at]]) {
        for (const [player, expected] of truth.values.entries()) expect(game?.values[player]).toBeCloseTo(expected, 10);
        for (const [pair, expected] of truth.interactions.flat().entries()) expect(game?.interactions?.[pair]).toBeCloseTo(expected, 10);
      }
    }
  });

  it('answers what onnxruntime answers', async () => {
    const file = join(FOLDER, `${name.replaceAll(/\W/g, '-')}.onnx`);
    writeFileSync(file, bytes);
    const check = await checkServed(file, read, question.rows);
    if (name === 'doubles') expect(check).toEqual({ unchecked: 'its input is not one table of float32' });
    else if (quirk) expect(check).toEqual({ residual: expect.any(Number), otherwise: expect.stringMatching(quirk) });
    else expect(check).toEqual({ residual: expect.any(Number) });
  });
});

describe('a linear model', () => {
  const coefficients = numbers(20);
  const many = readModel(
    onnxFile(model(20, [node('LinearRegressor', ['X'], ['Y'], { coefficients: { floats: coefficients } }, ML)])),
    'linear.onnx',
  );
  const rows = [randomRow(20, random, 0)];
  const background = Array.from({ length: 7 }, () => randomRow(20, random, 0));

  it('of any number of columns has coefficient x (x - mean), by whatever name it is asked', async () => {
    for (const method of ['interventional', 'linear', 'auto'] as const) {
      const { games } = await explainGraph({ ...asked(many, rows, background), method, interactions: false });
      for (const [column, coefficient] of coefficients.entries()) {
        const mean = background.reduce((sum, row) => sum + Math.fround(row[column] as number), 0) / background.length;
        expect(games[0]?.values[column]).toBeCloseTo(coefficient * (Math.fround(rows[0]?.[column] as number) - mean), 12);
      }
    }
  });

  it.each([
    ['exp', [node('Exp', ['P'], ['Y'])], {}],
    ['square', [node('Pow', ['P', 'two'], ['Y'])], { two: { dims: [1], values: [2], type: 1 } }],
  ] as const)(
    "behind %s is explained in closed form in the answer's unit: as enumeration does, and beyond what can be enumerated",
    async (_link, behind, constants) => {
      const linked = (width: number) => {
        const linear = node(
          'LinearRegressor',
          ['X'],
          ['P'],
          { coefficients: { floats: numbers(width) }, intercepts: { floats: numbers(1) } },
          ML,
        );
        return readModel(onnxFile(model(width, [linear, ...behind], constants)), 'linked.onnx');
      };
      for (const width of [1, 2, 5, 11]) {
        const read = linked(width);
        const some = Array.from({ length: 3 }, () => randomRow(width, random, 0));
        const others = Array.from({ length: 4 }, () => randomRow(width, random, 0));
        const question = { ...asked(read, some, others), interactions: false, output: 'value' as const };
        const closed = await explainGraph(question);
        const enumerated = await explainGraph({ ...question, method: 'exact' });
        for (const [at, game] of closed.games.entries()) {
          const scale = Math.max(1, Math.abs(game.full), Math.abs(game.base));
          for (const [player, value] of game.values.entries())
            expect(Math.abs(value - (enumerated.games[at]?.values[player] ?? Number.NaN))).toBeLessThan(1e-11 * scale);
        }
        expect(closed.standardErrors).toBeNull();
      }
      const wide = linked(40);
      const far = [randomRow(40, random, 0)];
      const { games, standardErrors, residual } = await explainGraph({
        ...asked(
          wide,
          far,
          Array.from({ length: 5 }, () => randomRow(40, random, 0)),
        ),
        ...{ interactions: false, output: 'value', method: 'auto' },
      });
      expect(standardErrors).toBeNull();
      expect(residual).toBeLessThan(1e-9 * Math.max(1, Math.abs(games[0]?.full ?? 0)));
    },
  );

  it('is sampled with standard errors where that is asked for, to the same values', async () => {
    const exact = await explainGraph({ ...asked(many, rows, background), interactions: false });
    const sampled = await explainGraph({ ...asked(many, rows, background), interactions: false, method: 'permutation' });
    for (const [column, value] of exact.games[0]?.values.entries() ?? []) expect(sampled.games[0]?.values[column]).toBeCloseTo(value, 10);
    expect(sampled.notes.join()).toMatch(/estimated from 32 orders/);
    expect(sampled.standardErrors?.[0]).toHaveLength(20);
  });

  it('has no path-dependent game', async () => {
    await expect(explainGraph({ ...asked(many, rows, background), method: 'path-dependent' })).rejects.toThrow(/game of trees/);
  });

  it('says at which row a missing value leaves it without an answer', async () => {
    const missing = [...rows, randomRow(20, random, 1)];
    await expect(explainGraph(asked(many, missing, background))).rejects.toMatchObject({ code: 'ROWS_INVALID', at: 'row 1' });
  });
});

describe('a model that leaves its number of columns open', () => {
  const open = model(Number.NaN, [node('MatMul', ['X', 'W'], ['Y'])], { W: tensor([3, 1]) });

  it('takes as many as the table has', () => {
    expect(readModel(onnxFile(open), 'open.onnx', 3).width).toBe(3);
    expect(() => readModel(onnxFile(open), 'open.onnx', 4)).toThrow(/its matrix takes 3 numbers, the row has 4/);
    expect(() => readModel(onnxFile(open), 'open.onnx')).toThrow(/does not say how many columns/);
  });
});

describe('sampling', () => {
  it('of a network comes within a few standard errors of the exact values', async () => {
    const network = model(6, [node('MatMul', ['X', 'W'], ['H']), node('Tanh', ['H'], ['T']), node('MatMul', ['T', 'V'], ['Y'])], {
      W: tensor([6, 4]),
      V: tensor([4, 1]),
    });
    const read = readModel(onnxFile(network), 'network.onnx');
    const question = asked(read, [randomRow(6, random, 0)], [randomRow(6, random, 0), randomRow(6, random, 0)]);
    const exact = await explainGraph({ ...question, interactions: false });
    const sampled = await explainGraph({ ...question, interactions: false, method: 'permutation' });
    for (const [player, value] of exact.games[0]?.values.entries() ?? []) {
      const error = sampled.standardErrors?.[0]?.[player] as number;
      expect(Math.abs((sampled.games[0]?.values[player] as number) - value)).toBeLessThanOrEqual(6 * error + 1e-12);
    }
  });
});
