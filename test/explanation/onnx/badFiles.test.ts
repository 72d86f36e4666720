/** Files that are wrong: each is refused with the place, and nothing else happens. */
import { describe, expect, it } from '@jest/globals';
import { AvicennaError } from '../../../src/errors.ts';
import { explainGraph } from '../../../src/explanation/explainGraph.ts';
import { readModel } from '../../../src/explanation/onnx/readModel.ts';
import { asked } from './asking.ts';
import { type AttributeValue, type ModelValue, onnxFile } from './files.ts';
import { randomNumbers, randomTree, regressorModel, type TestTree } from './forests.ts';

const random = randomNumbers(3);
const TREE = randomTree({ features: 3, depth: 3, trees: 1, modes: ['BRANCH_LEQ'] }, random);
const GOOD = regressorModel([TREE], { features: 3 });

/** The good model with some attributes of its forest changed. */
function changed(attributes: Readonly<Record<string, AttributeValue>>): ModelValue {
  const [forest] = GOOD.nodes;
  if (!forest) throw new Error('no forest');
  return { ...GOOD, nodes: [{ ...forest, attributes: { ...forest.attributes, ...attributes } }] };
}

const emptied = Object.fromEntries(Object.keys(GOOD.nodes[0]?.attributes ?? {}).map((name) => [name, { ints: [] }]));
const ints = (name: string) => ((GOOD.nodes[0]?.attributes?.[name] as { ints: number[] }) ?? { ints: [] }).ints;
const floats = (name: string) => ((GOOD.nodes[0]?.attributes?.[name] as { floats: number[] }) ?? { floats: [] }).floats;
const last = <T>(list: readonly T[], value: T) => [...list.slice(0, -1), value];
const first = <T>(list: readonly T[], value: T) => [value, ...list.slice(1)];

function refusal(bytes: Uint8Array): AvicennaError {
  try {
    readModel(bytes, 'bad.onnx');
  } catch (error) {
    if (error instanceof AvicennaError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a file', () => {
  it.each<[string, ModelValue, RegExp]>([
    [
      'whose lists disagree',
      changed({ nodes_values: { floats: floats('nodes_values').slice(1) } }),
      /'nodes_values' has \d+ entries, expected/,
    ],
    ['with a child that does not exist', changed({ nodes_truenodeids: { ints: first(ints('nodes_truenodeids'), 999) } }), /does not exist/],
    [
      'whose tree leads back to its root',
      changed({ nodes_falsenodeids: { ints: first(ints('nodes_falsenodeids'), 0) } }),
      /leads back to itself/,
    ],
    [
      'that tests a column it does not have',
      changed({ nodes_featureids: { ints: first(ints('nodes_featureids'), 3) } }),
      /tests column 3, there are 3/,
    ],
    [
      'with a threshold that is no number',
      changed({ nodes_values: { floats: first(floats('nodes_values'), Number.NaN) } }),
      /is not a number/,
    ],
    [
      'with an infinite leaf',
      changed({ target_weights: { floats: last(floats('target_weights'), Number.POSITIVE_INFINITY) } }),
      /not a finite/,
    ],
    ['with a weight for a node that is no leaf', changed({ target_nodeids: { ints: last(ints('target_nodeids'), 0) } }), /is no leaf/],
    [
      'with a weight for a node that is not there',
      changed({ target_nodeids: { ints: last(ints('target_nodeids'), 999) } }),
      /does not exist/,
    ],
    [
      'with a weight for a target it does not have',
      changed({ target_ids: { ints: last(ints('target_ids'), 7) } }),
      /output 7, there are 1/,
    ],
    ['with a node twice', changed({ nodes_nodeids: { ints: last(ints('nodes_nodeids'), 0) } }), /has node 0 twice/],
    ['with an unknown branch', changed({ nodes_modes: { strings: TREE.map(() => 'BRANCH_MAYBE') } }), /unknown mode/],
    ['with a billion targets', changed({ n_targets: { i: 1_000_000_000 } }), /answers 1000000000 numbers/],
    ['with base values for other targets', changed({ base_values: { floats: [1, 2] } }), /2 base values for 1 outputs/],
    ['with an unknown aggregate', changed({ aggregate_function: { s: 'MEDIAN' } }), /'aggregate_function' is 'MEDIAN', expected SUM/],
    ['without a tree', changed({ ...emptied, n_targets: { i: 1 } }), /has no tree/],
    [
      'with an operator that is not known',
      { ...GOOD, nodes: [{ op: 'Loopy', in: ['X'], out: ['Y'] }] },
      /Loopy 'Loopy': the operator is not one/,
    ],
    ['that uses a value before it is made', { ...GOOD, nodes: [{ op: 'Relu', in: ['Z'], out: ['Y'] }] }, /not defined before it is used/],
    ['whose output is never made', { ...GOOD, nodes: [] }, /'Y' is never computed/],
    ['with a billion columns', { ...GOOD, inputs: [{ name: 'X', width: 1_000_000_000 }] }, /takes 1000000000 columns/],
    ['with texts for columns', { ...GOOD, inputs: [{ name: 'X', width: 3, type: 8 }] }, /'X' is not a table of numbers/],
    [
      'with a matrix that does not fit',
      {
        ...GOOD,
        nodes: [{ op: 'MatMul', in: ['X', 'W'], out: ['Y'] }],
        constants: { W: { dims: [2, 1], values: [1, 2], type: 1 } },
      },
      /its matrix takes 2 numbers, the row has 3/,
    ],
    [
      'with a tensor that is shorter than it says',
      { ...GOOD, constants: { W: { dims: [1_000_000, 1_000_000], values: [1], type: 1 } } },
      /'W' should have 1000000000000 values, it has 1/,
    ],
  ])('%s is refused with the node', (_, value, expected) => {
    const error = refusal(onnxFile(value));
    expect(['MODEL_INVALID', 'METHOD_NOT_AVAILABLE']).toContain(error.code);
    expect(error.message).toMatch(expected);
    expect(error.at).toBeTruthy();
  });

  it('with a tree of thousands of nodes in a row is refused before onnxruntime sees it', () => {
    const chain: TestTree = Array.from({ length: 10_001 }, (_, at) => {
      const node = { feature: 0, mode: 'BRANCH_LEQ', threshold: at, tracks: false, yes: at + 2, no: at + 1 } as const;
      return { ...node, weights: at % 2 === 0 && at < 10_000 ? null : [at] };
    });
    expect(refusal(onnxFile(regressorModel([chain], { features: 1 }))).message).toMatch(/more than 4000 nodes in a row/);
  });

  it('that ends early is refused at every length', () => {
    const bytes = onnxFile(GOOD);
    for (let length = 0; length < bytes.length; length += 1) {
      // A cut between two parts of the file leaves a smaller file; one without its outputs or operators is no model either.
      try {
        readModel(bytes.subarray(0, length), 'cut.onnx');
      } catch (error) {
        expect(error).toBeInstanceOf(AvicennaError);
        expect((error as AvicennaError).at).toBeTruthy();
        continue;
      }
      expect(length).toBeGreaterThan(bytes.length - 60);
    }
  });

  it('whose shared branches would unfold into more than two million is refused', async () => {
    // Forty levels, each node of a level leading to both nodes of the next: 2^40 ways.
    const levels = 40;
    const branch = { mode: 'BRANCH_LEQ', threshold: 0, tracks: false, weights: null } as const;
    const nodes: TestTree = [
      ...Array.from({ length: levels }, (_, level) => [
        { ...branch, feature: level, yes: 2 * level + 2, no: 2 * level + 3 },
        { ...branch, feature: level, yes: 2 * level + 3, no: 2 * level + 2 },
      ]).flat(),
      { ...branch, feature: 0, yes: -1, no: -1, weights: [1] },
      { ...branch, feature: 0, yes: -1, no: -1, weights: [2] },
    ];
    const model = readModel(onnxFile(regressorModel([nodes], { features: levels })), 'wide.onnx');
    const row = [Array.from({ length: levels }, () => 0)];
    await expect(explainGraph({ ...asked(model, row, row), interactions: false })).rejects.toThrow(/more than 2000000 branches/);
  });
});

describe('a question', () => {
  const model = readModel(onnxFile(GOOD), 'good.onnx');
  const rows = [[0, 1, 2]];
  const question = asked(model, rows, rows);

  it('for a target that is not there is refused', async () => {
    await expect(explainGraph({ ...question, classIndex: 1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', at: '--class' });
  });

  it('for a probability of a number is refused', async () => {
    await expect(explainGraph({ ...question, output: 'probability' })).rejects.toThrow(/no classifier/);
  });

  it('for the linear values of trees is refused', async () => {
    await expect(explainGraph({ ...question, method: 'linear' })).rejects.toThrow(/functions of single columns/);
  });

  it('for one of several targets has to name it', async () => {
    const several = readModel(
      onnxFile(regressorModel([randomTree({ features: 3, depth: 2, trees: 1, targets: 3 }, random)], { features: 3, targets: 3 })),
      'several.onnx',
    );
    await expect(explainGraph(asked(several, rows, rows))).rejects.toThrow(/has 3 outputs: name one, 0 to 2/);
  });
});
