/** Files that were changed at random: each is explained or refused with an error of ours, soon and in little memory. */
import { describe, expect, it } from '@jest/globals';
import { AvicennaError } from '../../../src/errors.ts';
import { explainGraph } from '../../../src/explanation/explainGraph.ts';
import { readModel } from '../../../src/explanation/onnx/readModel.ts';
import { asked } from './asking.ts';
import { onnxFile } from './files.ts';
import { ensembleAttributes, randomNumbers, randomTree, regressorModel } from './forests.ts';

const FILES = process.env['LONG'] ? 12_000 : 2_000;
const random = randomNumbers(20_261_125);
const below = (limit: number) => Math.floor(random() * limit);

const trees = (targets = 1) =>
  Array.from({ length: 2 }, () => randomTree({ features: 4, depth: 3, trees: 2, targets, sharing: 0.2 }, random));
const input = { inputs: [{ name: 'X', width: 4 }], outputs: [{ name: 'Y' }] };
const W = { dims: [4, 3], values: Array.from({ length: 12 }, random), type: 1 };
const V = { dims: [3, 1], values: Array.from({ length: 3 }, random), type: 1 };
const GOOD = [
  regressorModel(trees(), { features: 4 }),
  {
    ...input,
    outputs: [{ name: 'L', type: 7 }, { name: 'Y' }],
    nodes: [
      {
        op: 'TreeEnsembleClassifier',
        domain: 'ai.onnx.ml',
        in: ['X'],
        out: ['L', 'Y'],
        attributes: { ...ensembleAttributes(trees(3), 'class'), classlabels_int64s: { ints: [0, 1, 2] }, post_transform: { s: 'SOFTMAX' } },
      },
    ],
  },
  {
    ...input,
    nodes: [
      {
        op: 'Scaler',
        domain: 'ai.onnx.ml',
        in: ['X'],
        out: ['S'],
        attributes: { offset: { floats: [1, 2, 3, 4] }, scale: { floats: [1] } },
      },
      { op: 'Gemm', in: ['S', 'W'], out: ['H'] },
      { op: 'Relu', in: ['H'], out: ['R'] },
      { op: 'MatMul', in: ['R', 'V'], out: ['Y'] },
    ],
    constants: { W, V },
  },
].map(onnxFile);

/** Numbers that break readers: long varints, large lengths, signs. */
const NASTY = [0, 1, 0x7f, 0x80, 0xff, 0xfe, 0x0a, 0x12];

function mutated(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const kind = below(5);
  if (kind === 0) return changed.subarray(0, below(changed.length));
  if (kind === 1) {
    const at = below(changed.length);
    const length = below(40);
    return Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(at + length)]);
  }
  if (kind === 2) {
    const at = below(changed.length);
    const from = below(changed.length);
    return Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(from, from + below(60)), ...changed.subarray(at)]);
  }
  for (let times = 1 + below(4); times > 0; times -= 1)
    changed[below(changed.length)] = kind === 3 ? (NASTY[below(NASTY.length)] as number) : below(256);
  return changed;
}

describe(`${FILES} files changed at random`, () => {
  it('are explained or refused, each within five seconds and all within 512 MB', async () => {
    const row = [0.5, -1, Number.NaN, 2];
    const outcome = { explained: 0, refused: 0 };
    let slowest = 0;
    const before = process.memoryUsage.rss();
    let most = before;
    for (let file = 0; file < FILES; file += 1) {
      const bytes = mutated(GOOD[file % GOOD.length] as Uint8Array);
      const began = performance.now();
      try {
        const model = readModel(bytes, 'fuzz.onnx');
        const fits = row.slice(0, model.width).concat(Array.from({ length: Math.max(0, model.width - row.length) }, () => 0));
        const question = asked(model, [fits], [fits.map((value) => value + 1), fits]);
        const { games } = await explainGraph({ ...question, method: 'auto', classIndex: model.classifier ? 1 : null, interactions: false });
        for (const game of games) expect(Number.isFinite(game.full)).toBe(true);
        outcome.explained += 1;
      } catch (error) {
        if (!(error instanceof AvicennaError)) throw new Error(`file ${file}: ${(error as Error).stack}`);
        outcome.refused += 1;
      }
      slowest = Math.max(slowest, performance.now() - began);
      most = Math.max(most, process.memoryUsage.rss());
    }
    expect(outcome.explained + outcome.refused).toBe(FILES);
    expect(Math.min(outcome.explained, outcome.refused)).toBeGreaterThan(FILES / 100);
    expect(slowest).toBeLessThan(5_000);
    expect(most - before).toBeLessThan(512 * 2 ** 20);
  }, 600_000);
});
