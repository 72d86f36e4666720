/** The games of trees against their definitions, on random forests of every kind, and against what onnxruntime answers. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { explainGraph } from '../../../src/explanation/explainGraph.ts';
import { readModel } from '../../../src/explanation/onnx/readModel.ts';
import { checkServed } from '../../../src/explanation/served.ts';
import { asked } from './asking.ts';
import {
  byDefinition,
  type ForestOptions,
  interventionalValue,
  pathDependentValue,
  randomNumbers,
  randomRow,
  randomTree,
  regressorFile,
  type TestTree,
  treeAnswer,
} from './forests.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'avicenna-forests-'));

interface Kind extends ForestOptions {
  readonly name: string;
  readonly base?: readonly number[];
  readonly aggregate?: string;
  readonly rows?: number;
}

const KINDS: readonly Kind[] = [
  { name: 'every mode of branch and missing values both ways', features: 5, depth: 4, trees: 4 },
  { name: 'nodes that several branches share', features: 5, depth: 6, trees: 3, sharing: 0.5 },
  { name: 'chains of equality on a few columns', features: 3, depth: 5, trees: 2, sharing: 0.6, sharedBy: 'true', modes: ['BRANCH_EQ'] },
  { name: 'one column only', features: 1, depth: 4, trees: 3 },
  { name: 'leaves that cancel', features: 4, depth: 4, trees: 4, leafScale: 2e6 },
  { name: 'several targets', features: 4, depth: 3, trees: 3, targets: 3, base: [0.5, -1, 2] },
  { name: 'an average with a base value', features: 4, depth: 4, trees: 5, base: [3], aggregate: 'AVERAGE' },
];

function forestOf(kind: Kind, seed: number) {
  const random = randomNumbers(seed);
  const trees = Array.from({ length: kind.trees }, () => randomTree(kind, random));
  const rows = Array.from({ length: kind.rows ?? 4 }, () => randomRow(kind.features, random));
  const background = Array.from({ length: 1 + Math.floor(random() * 9) }, () => randomRow(kind.features, random));
  return { trees, rows, background, model: readModel(regressorFile(trees, kind), 'forest.onnx') };
}

const scaleOf = (trees: readonly TestTree[]) =>
  Math.max(1, ...trees.flatMap((tree) => tree.flatMap(({ weights }) => (weights ?? []).map(Math.abs))));

function expectNear(actual: ArrayLike<number>, expected: readonly number[], scale: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) expect(Math.abs((actual[at] as number) - value)).toBeLessThanOrEqual(1e-12 * scale);
}

describe.each(KINDS)('a forest with $name', (kind) => {
  const seeds = [1, 2, 3, 4];
  const { features, aggregate, base } = kind;
  const target = kind.targets ? 2 : 0;
  const divisor = aggregate === 'AVERAGE' ? kind.trees : 1;
  const question = (forest: ReturnType<typeof forestOf>) => ({
    ...asked(forest.model, forest.rows, forest.background),
    classIndex: kind.targets ? target : null,
  });

  it.each(seeds)('gives the interventional values and interactions of the definition (seed %i)', async (seed) => {
    const forest = forestOf(kind, seed);
    const answer = (row: readonly number[]) =>
      forest.trees.reduce((sum, tree) => sum + treeAnswer(tree, row, target), 0) / divisor + (base?.[target] ?? 0);
    for (const tableLimit of [2 ** 28, 0]) {
      const { games } = await explainGraph({ ...question(forest), tableLimit });
      for (const [index, row] of forest.rows.entries()) {
        const truth = byDefinition(features, (known) => interventionalValue(answer, row, forest.background, known));
        expectNear(games[index]?.values ?? [], truth.values, scaleOf(forest.trees));
        expectNear(games[index]?.interactions ?? [], truth.interactions.flat(), scaleOf(forest.trees));
        expectNear([games[index]?.full ?? Number.NaN], [answer(row)], scaleOf(forest.trees));
      }
    }
  });

  it.each(seeds)('gives the path-dependent values and interactions of the definition (seed %i)', async (seed) => {
    const forest = forestOf(kind, seed);
    const { games } = await explainGraph({ ...question(forest), method: 'path-dependent' });
    for (const [index, row] of forest.rows.entries()) {
      const truth = byDefinition(
        features,
        (known) => forest.trees.reduce((sum, tree) => sum + pathDependentValue(tree, row, forest.background, known, target), 0) / divisor,
      );
      expectNear(games[index]?.values ?? [], truth.values, scaleOf(forest.trees));
      expectNear(games[index]?.interactions ?? [], truth.interactions.flat(), scaleOf(forest.trees));
    }
  });

  it('is what onnxruntime answers, within its float32 rounding', async () => {
    const forest = forestOf(kind, 5);
    const file = join(FOLDER, `${kind.name.replaceAll(' ', '-')}.onnx`);
    writeFileSync(file, regressorFile(forest.trees, kind));
    const check = await checkServed(file, forest.model, question(forest).rows);
    // It runs nodes that are shared by their true side only, as converters write them.
    if (kind.sharing && !kind.sharedBy) expect(check).toEqual({ unchecked: expect.stringMatching(/False node must always be the next/) });
    else expect(check).toEqual({ residual: expect.any(Number) });
  });
});

describe('a path of sixteen features', () => {
  const features = 16;
  const random = randomNumbers(7);
  /** A chain that tests every feature once, each with a leaf beside it. */
  const chain: TestTree = Array.from({ length: 33 }, (_, at) => {
    const branch = at < 32 && at % 2 === 0;
    const node = { feature: at / 2, mode: 'BRANCH_LEQ', threshold: 0.3 * random(), tracks: false, yes: at + 2, no: at + 1 } as const;
    return { ...node, weights: branch ? null : [random() - 0.5] };
  });
  const rows = Array.from({ length: 2 }, () => randomRow(features, random, 0));
  const background = Array.from({ length: 3 }, () => randomRow(features, random, 0));
  const model = readModel(regressorFile([chain], { features }), 'chain.onnx');

  it.each(['interventional', 'path-dependent'] as const)('has the %s values of the definition', async (method) => {
    const { games } = await explainGraph({ ...asked(model, rows, background), method, interactions: false });
    for (const [index, row] of rows.entries()) {
      const value = (known: ReadonlySet<number>) =>
        method === 'interventional'
          ? interventionalValue((mixed) => treeAnswer(chain, mixed), row, background, known)
          : pathDependentValue(chain, row, background, known);
      const truth = valuesByMask(features, value);
      expectNear(games[index]?.values ?? [], truth, 1);
    }
  });
});

/** Shapley values over 2^16 coalitions kept as a list, which is quick enough. */
function valuesByMask(players: number, value: (known: ReadonlySet<number>) => number): number[] {
  const all = Array.from({ length: players }, (_, player) => player);
  const v = Float64Array.from({ length: 2 ** players }, (_, mask) => value(new Set(all.filter((player) => (mask >> player) & 1))));
  const weight = [1 / players];
  for (let size = 1; size < players; size += 1) weight.push(((weight[size - 1] as number) * size) / (players - size));
  return all.map((player) => {
    let sum = 0;
    for (let mask = 0; mask < v.length; mask += 1) {
      if ((mask >> player) & 1) continue;
      const size = all.filter((one) => (mask >> one) & 1).length;
      sum += (weight[size] as number) * ((v[mask | (1 << player)] as number) - (v[mask] as number));
    }
    return sum;
  });
}
