/** TreeEnsemble of ai.onnx.ml 5: branches and leaves apart, and tests for one of a set of values. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explainGraph } from '../../../src/explanation/explainGraph.ts';
import { readModel } from '../../../src/explanation/onnx/readModel.ts';
import { checkServed } from '../../../src/explanation/served.ts';
import { asked } from './asking.ts';
import { type AttributeValue, type ModelValue, onnxFile } from './files.ts';
import { byDefinition, interventionalValue, randomNumbers, randomRow } from './forests.ts';

const LEQ = 0;
const MEMBER = 6;
const random = randomNumbers(5);

/** x0 one of {-1, 1}: then x1 <= 0 decides between 1 and 2; else x2 one of {2}: 3, or x1 <= 1: 4 or 5. */
function answer([x0 = 0, x1 = 0, x2 = 0]: readonly number[]): number {
  if ([-1, 1].includes(x0)) return x1 <= 0 ? 1 : 2;
  if (x2 === 2) return 3;
  return x1 <= 1 ? 4 : 5;
}

const floats = (values: readonly number[]) => ({ tensor: { dims: [values.length], values, type: 1 } });
const ATTRIBUTES: Record<string, AttributeValue> = {
  n_targets: { i: 1 },
  aggregate_function: { i: 1 },
  post_transform: { i: 0 },
  tree_roots: { ints: [0] },
  nodes_featureids: { ints: [0, 1, 2, 1] },
  nodes_modes: { tensor: { dims: [4], values: [MEMBER, LEQ, MEMBER, LEQ], type: 2 } },
  nodes_splits: floats([0, 0, 0, 1]),
  membership_values: floats([-1, 1, Number.NaN, 2, Number.NaN]),
  nodes_truenodeids: { ints: [1, 0, 2, 3] },
  nodes_trueleafs: { ints: [0, 1, 1, 1] },
  nodes_falsenodeids: { ints: [2, 1, 3, 4] },
  nodes_falseleafs: { ints: [0, 1, 0, 1] },
  leaf_targetids: { ints: [0, 0, 0, 0, 0] },
  leaf_weights: floats([1, 2, 3, 4, 5]),
};

function file(changed: Record<string, AttributeValue> = {}): Uint8Array {
  const value: ModelValue = {
    inputs: [{ name: 'X', width: 3 }],
    outputs: [{ name: 'Y' }],
    nodes: [{ op: 'TreeEnsemble', domain: 'ai.onnx.ml', in: ['X'], out: ['Y'], attributes: { ...ATTRIBUTES, ...changed } }],
    sets: { '': 21, 'ai.onnx.ml': 5 },
  };
  return onnxFile(value);
}

describe('TreeEnsemble', () => {
  const model = readModel(file(), 'tree5.onnx');
  const rows = Array.from({ length: 12 }, () => randomRow(3, random, 0));
  const background = Array.from({ length: 6 }, () => randomRow(3, random, 0));

  it('gives the values of the definition', async () => {
    const { games } = await explainGraph(asked(model, rows, background));
    for (const [index, row] of rows.entries()) {
      const { values } = byDefinition(3, (known) => interventionalValue(answer, row, background, known));
      expect(games[index]?.full).toBe(answer(row));
      for (const [player, value] of values.entries()) expect(games[index]?.values[player]).toBeCloseTo(value, 12);
    }
  });

  it('is what onnxruntime answers', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'avicenna-tree5-')), 'tree5.onnx');
    writeFileSync(path, file());
    expect(await checkServed(path, model, asked(model, rows, background).rows)).toEqual({ residual: expect.any(Number) });
  });

  it.each<[string, Record<string, AttributeValue>, RegExp]>([
    ['a set too few', { membership_values: floats([-1, Number.NaN]) }, /has 1 sets for 2 nodes/],
    ['a leaf that is not there', { nodes_falsenodeids: { ints: [2, 9, 3, 4] } }, /does not exist/],
    ['a root that is not there', { tree_roots: { ints: [8] } }, /names node 8, there are 4/],
    ['an unknown mode', { nodes_modes: { tensor: { dims: [4], values: [9, 0, 6, 0], type: 2 } } }, /unknown mode/],
    ['an unknown aggregate', { aggregate_function: { i: 9 } }, /is 9, expected 0 to 3/],
  ])('with %s is refused', (_, changed, expected) => {
    expect(() => readModel(file(changed), 'bad5.onnx')).toThrow(expected);
  });
});
