/** What becomes of a sum in a graph: how large it may grow, what its raw number is, what is a probability, what a cast does. */
import { describe, expect, it } from '@jest/globals';
import { explainGraph, type GraphQuestion } from '../../../src/explanation/explainGraph.ts';
import { readModel } from '../../../src/explanation/onnx/readModel.ts';
import { asked } from './asking.ts';
import { type ModelValue, type NodeValue, onnxFile } from './files.ts';

const FLOAT = 1;
const INT64 = 7;
const DOUBLE = 11;
const node = (op: string, from: string[], to: string[], attributes: NodeValue['attributes'] = {}, domain = ''): NodeValue => ({
  op,
  domain,
  in: from,
  out: to,
  attributes,
});
const vector = (values: number[], dims = [values.length]) => ({ dims, values, type: FLOAT });

function graph(nodes: readonly NodeValue[], constants: ModelValue['constants'] = {}, width = 2, type = FLOAT) {
  const named = nodes.map((one, at) => ({ ...one, name: `${one.op}${at}` }));
  return readModel(onnxFile({ inputs: [{ name: 'X', width, type }], outputs: [{ name: 'Y' }], nodes: named, constants }), 'm.onnx');
}

const answer = async (model: ReturnType<typeof graph>, rows: number[][], background: number[][], more: Partial<GraphQuestion> = {}) =>
  explainGraph({ ...asked(model, rows, background), interactions: false, ...more });

const WEIGHTS = { W: vector([1, 2], [2, 1]) };
const linear = (to: string) => node('MatMul', ['X', 'W'], [to]);
const ROWS = [[1, 3]];
const ZERO = [[0, 0]];

describe('a sum of sums', () => {
  it('is no longer than it has columns, however often it is added to itself', async () => {
    const doublings = Array.from({ length: 60 }, (_, at) => node('Add', [`A${at}`, `A${at}`], [at === 59 ? 'Y' : `A${at + 1}`]));
    const { games } = await answer(graph([linear('A0'), ...doublings], WEIGHTS), ROWS, ZERO);
    expect([...(games[0]?.values ?? [])]).toEqual([2 ** 60, 6 * 2 ** 60]);
  });

  it('is no longer than it has columns behind layer upon layer', async () => {
    const wide = Array.from({ length: 1600 }, (_, at) => ((at % 7) - 3) / 10);
    const layers = Array.from({ length: 6 }, (_, at) => node('MatMul', [`A${at}`, 'M'], [`A${at + 1}`]));
    const constants = {
      W0: vector(
        Array.from({ length: 80 }, () => 0.5),
        [2, 40],
      ),
      M: vector(wide, [40, 40]),
      W1: vector(
        Array.from({ length: 40 }, () => 1),
        [40, 1],
      ),
    };
    const model = graph([node('MatMul', ['X', 'W0'], ['A0']), ...layers, node('MatMul', ['A6', 'W1'], ['Y'])], constants);
    expect(model.raw?.[0]?.terms).toHaveLength(2);
    const { games } = await answer(model, ROWS, ZERO);
    expect(games[0]?.full).toBeCloseTo(model.evaluate(Float64Array.from(ROWS[0] as number[]))[0] as number, 6);
  });

  it('is refused where it has too many terms, with the file and the node', () => {
    const joins = Array.from({ length: 15 }, (_, at) => node('Concat', [`A${at}`, `A${at}`], [`A${at + 1}`], { axis: { i: 1 } }));
    const sums = Array.from({ length: 60 }, (_, at) => node('Add', [`B${at}`, `B${at}`], [at === 59 ? 'Y' : `B${at + 1}`]));
    const nodes = [node('Identity', ['X'], ['A0']), ...joins, node('Neg', ['A15'], ['B0']), ...sums];
    expect(() => graph(nodes)).toThrow(
      expect.objectContaining({
        code: 'METHOD_NOT_AVAILABLE',
        message: expect.stringContaining('too large'),
        at: expect.stringMatching(/^m\.onnx/),
      }),
    );
  });
});

describe('a number that is made wider', () => {
  it('is each of the wider ones, with its own constant', async () => {
    const model = graph([linear('A'), node('Add', ['A', 'C'], ['Y'])], { ...WEIGHTS, C: vector([10, 20, 30]) });
    const [first, third] = [await answer(model, ROWS, ZERO, { classIndex: 0 }), await answer(model, ROWS, ZERO, { classIndex: 2 })];
    expect([first.games[0]?.base, first.games[0]?.full]).toEqual([10, 17]);
    expect([third.games[0]?.base, third.games[0]?.full]).toEqual([30, 37]);
  });

  it('is added to a wider one, and a vector makes one number of a row', async () => {
    const nodes = [node('MatMul', ['X', 'v'], ['A']), node('MatMul', ['X', 'M'], ['B']), node('Add', ['A', 'B'], ['Y'])];
    const model = graph(nodes, { v: vector([1, 2]), M: vector([1, 0, 0, 0, 1, 0], [2, 3]) });
    const { games } = await answer(model, ROWS, ZERO, { classIndex: 1 });
    expect([...(games[0]?.values ?? []), games[0]?.full]).toEqual([1, 9, 10]);
  });
});

describe('the raw number of a model that is no classifier', () => {
  const SQUARE = { ...WEIGHTS, two: vector([2]), low: vector([0], []), high: vector([0.5], []) };
  it.each([
    ['Exp', [node('Exp', ['A'], ['Y'])], Math.exp(7)],
    ['Pow 2', [node('Pow', ['A', 'two'], ['Y'])], 49],
    ['a product with itself', [node('Mul', ['A', 'A'], ['Y'])], 49],
    ['Clip', [node('Clip', ['A', 'low', 'high'], ['Y'])], 0.5],
  ])('is its output, behind %s', async (_what, behind, full) => {
    const model = graph([linear('A'), ...behind], SQUARE);
    const { games } = await answer(model, ROWS, [
      [0, 0],
      [1, 0],
    ]);
    expect(games[0]?.full).toBeCloseTo(full, 10);
    const sum = (games[0]?.base ?? 0) + [...(games[0]?.values ?? [])].reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(full, 9);
    await expect(answer(model, ROWS, ZERO, { output: 'probability' })).rejects.toMatchObject({ code: 'METHOD_NOT_AVAILABLE' });
  });

  it('is its margin before a post_transform, whose output is a probability', async () => {
    const attributes = { coefficients: { floats: [1, 2] }, post_transform: { s: 'LOGISTIC' } };
    const model = graph([node('LinearRegressor', ['X'], ['Y'], attributes, 'ai.onnx.ml')]);
    expect((await answer(model, ROWS, ZERO)).games[0]?.full).toBe(7);
    expect((await answer(model, ROWS, ZERO, { output: 'probability' })).games[0]?.full).toBeCloseTo(1 / (1 + Math.exp(-7)), 12);
  });

  it.each([
    ['Sigmoid', 1 / (1 + Math.exp(-7))],
    ['Softmax', 1],
  ])('is a probability behind %s', async (op, full) => {
    const model = graph([linear('A'), node(op, ['A'], ['Y'], op === 'Softmax' ? { axis: { i: 1 } } : {})], WEIGHTS);
    const { games } = await answer(model, ROWS, ZERO, { output: 'probability' });
    expect(games[0]?.full).toBeCloseTo(full, 12);
  });
});

describe('columns that are no float32', () => {
  const stump = {
    nodes_treeids: { ints: [0, 0, 0] },
    nodes_nodeids: { ints: [0, 1, 2] },
    nodes_featureids: { ints: [0, 0, 0] },
    nodes_values: { floats: [0.7, 0, 0] },
    nodes_modes: { strings: ['BRANCH_LEQ', 'LEAF', 'LEAF'] },
    nodes_truenodeids: { ints: [1, 0, 0] },
    nodes_falsenodeids: { ints: [2, 0, 0] },
    target_treeids: { ints: [0, 0] },
    target_nodeids: { ints: [1, 2] },
    target_ids: { ints: [0, 0] },
    target_weights: { floats: [1, 2] },
    n_targets: { i: 1 },
  };
  const onCast = [node('Cast', ['X'], ['F'], { to: { i: FLOAT } }), node('TreeEnsembleRegressor', ['F'], ['Y'], stump, 'ai.onnx.ml')];

  it('are rounded by a cast to float32: 0.7 is then no more than the 0.7 of the file', async () => {
    const { games } = await answer(graph(onCast, {}, 1, DOUBLE), [[0.7], [0.8]], [[0.7], [0.8]]);
    expect(games.map(({ full }) => full)).toEqual([1, 2]);
    expect(games.map(({ base, values }) => [base, values[0]])).toEqual([
      [1.5, -0.5],
      [1.5, 0.5],
    ]);
  });

  it('are known as whole numbers where the input takes those', () => {
    expect([graph(onCast, {}, 1, INT64).whole(0), graph(onCast, {}, 1, DOUBLE).whole(0)]).toEqual([true, false]);
  });
});
