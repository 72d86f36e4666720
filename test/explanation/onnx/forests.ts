/** Synthetic forests for the tests: made at random from a seed, written as ONNX, and answered here by the definition. */
import { type AttributeValue, type ModelValue, onnxFile } from './files.ts';

export const MODE_NAMES = ['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GTE', 'BRANCH_GT', 'BRANCH_EQ', 'BRANCH_NEQ'] as const;

export interface TestNode {
  readonly feature: number;
  readonly mode: (typeof MODE_NAMES)[number];
  readonly threshold: number;
  readonly tracks: boolean;
  readonly yes: number;
  readonly no: number;
  /** Leaf weights by target; null at a branch. */
  readonly weights: readonly number[] | null;
}

/** A tree: its first node is the root. */
export type TestTree = readonly TestNode[];

export interface ForestOptions {
  readonly features: number;
  readonly depth: number;
  readonly trees: number;
  readonly targets?: number;
  /** Chance that a branch leads to a node that is already there, by its true side or by either. */
  readonly sharing?: number;
  readonly sharedBy?: 'true' | 'either';
  readonly modes?: readonly (typeof MODE_NAMES)[number][];
  readonly leafScale?: number;
}

export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Values that rows and thresholds are taken from, so that equality happens. */
const GRID = [-2, -1, -0.5, 0, 0.1, 0.5, 1, 2];

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

export function randomRow(features: number, random: () => number, missing = 0.15): number[] {
  return Array.from({ length: features }, () => (random() < missing ? Number.NaN : pick(GRID, random)));
}

/** Nodes are made leaves first, so that sharing one never makes a circle; then turned round, the root in front. */
export function randomTree(options: ForestOptions, random: () => number): TestTree {
  const { features, depth, targets = 1, sharing = 0, sharedBy = 'either', modes = MODE_NAMES, leafScale = 1 } = options;
  const nodes: TestNode[] = [];
  const byHeight: number[][] = [];
  const leafAt = (left: number) => left === 0 || (left < depth && random() < 0.12);
  const make = (left: number, side: boolean): number => {
    const mayShare = sharedBy === 'either' || side;
    const shared = byHeight[left];
    if (mayShare && shared && random() < sharing) return pick(shared, random);
    const leaf = leafAt(left);
    const weights = leaf ? Array.from({ length: targets }, () => (random() - 0.5) * leafScale) : null;
    const [yes, no] = leaf ? [-1, -1] : [make(left - 1, true), make(left - 1, false)];
    const feature = Math.floor(random() * features);
    nodes.push({ feature, mode: pick(modes, random), threshold: pick(GRID, random), tracks: random() < 0.4, yes, no, weights });
    if (mayShare) byHeight[left] = [...(byHeight[left] ?? []), nodes.length - 1];
    return nodes.length - 1;
  };
  make(depth, false);
  const last = nodes.length - 1;
  return nodes.reverse().map((node) => (node.weights ? node : { ...node, yes: last - node.yes, no: last - node.no }));
}

const float32 = Math.fround;

/** Whether a test is true, by the words of the operator's specification. */
export function isTrue({ mode, threshold, tracks }: TestNode, given: number): boolean {
  const value = float32(given);
  const limit = float32(threshold);
  if (Number.isNaN(value)) return tracks || mode === 'BRANCH_NEQ';
  const tests = {
    BRANCH_LEQ: value <= limit,
    BRANCH_LT: value < limit,
    BRANCH_GTE: value >= limit,
    BRANCH_GT: value > limit,
    BRANCH_EQ: value === limit,
    BRANCH_NEQ: value !== limit,
  };
  return tests[mode];
}

/** The tree's answer for a row. */
export function treeAnswer(tree: TestTree, row: readonly number[], target = 0): number {
  let node = tree[0] as TestNode;
  while (node.weights === null) node = tree[isTrue(node, row[node.feature] as number) ? node.yes : node.no] as TestNode;
  return float32(node.weights[target] as number);
}

/** v(S) of the path-dependent game of one tree, by walking it. */
export function pathDependentValue(
  tree: TestTree,
  row: readonly number[],
  background: readonly (readonly number[])[],
  known: ReadonlySet<number>,
  target = 0,
): number {
  const reached = tree.map(() => 0);
  const onTrue = tree.map(() => 0);
  for (const b of background) {
    let at = 0;
    for (let node = tree[at] as TestNode; node.weights === null; node = tree[at] as TestNode) {
      const yes = isTrue(node, b[node.feature] as number);
      reached[at] = (reached[at] as number) + 1;
      if (yes) onTrue[at] = (onTrue[at] as number) + 1;
      at = yes ? node.yes : node.no;
    }
  }
  const value = (at: number): number => {
    const node = tree[at] as TestNode;
    if (node.weights !== null) return float32(node.weights[target] as number);
    if (known.has(node.feature)) return value(isTrue(node, row[node.feature] as number) ? node.yes : node.no);
    const share = reached[at] === 0 ? 0.5 : (onTrue[at] as number) / (reached[at] as number);
    return share * value(node.yes) + (1 - share) * value(node.no);
  };
  return value(0);
}

/** v(S) of the interventional game of any function. */
export function interventionalValue(
  answer: (row: readonly number[]) => number,
  row: readonly number[],
  background: readonly (readonly number[])[],
  known: ReadonlySet<number>,
): number {
  const mixed = background.map((b) => answer(b.map((value, column) => (known.has(column) ? (row[column] as number) : value))));
  return mixed.reduce((a, b) => a + b, 0) / background.length;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function subsets(players: readonly number[]): Set<number>[] {
  return Array.from({ length: 2 ** players.length }, (_, mask) => new Set(players.filter((__, bit) => (mask >> bit) & 1)));
}

/** Shapley values and interaction values of a game, by their definitions over all coalitions. */
export function byDefinition(
  players: number,
  value: (known: ReadonlySet<number>) => number,
): { values: number[]; interactions: number[][] } {
  const all = Array.from({ length: players }, (_, player) => player);
  const cache = new Map<string, number>();
  const v = (known: ReadonlySet<number>): number => {
    const key = [...known].sort((a, b) => a - b).join();
    const found = cache.get(key) ?? value(known);
    cache.set(key, found);
    return found;
  };
  const values = all.map((i) =>
    subsets(all.filter((one) => one !== i)).reduce((sum, s) => {
      const weight = (factorial(s.size) * factorial(players - s.size - 1)) / factorial(players);
      return sum + weight * (v(new Set([...s, i])) - v(s));
    }, 0),
  );
  const interactions = all.map((i) =>
    all.map((j) => {
      if (i === j) return 0;
      return subsets(all.filter((one) => one !== i && one !== j)).reduce((sum, s) => {
        const weight = (factorial(s.size) * factorial(players - s.size - 2)) / (2 * factorial(players - 1));
        return sum + weight * (v(new Set([...s, i, j])) - v(new Set([...s, i])) - v(new Set([...s, j])) + v(s));
      }, 0);
    }),
  );
  for (const [i, line] of interactions.entries()) line[i] = (values[i] as number) - line.reduce((a, b) => a + b, 0);
  return { values, interactions };
}

/** The attributes of TreeEnsembleRegressor or TreeEnsembleClassifier. */
export function ensembleAttributes(trees: readonly TestTree[], prefix: 'target' | 'class'): Record<string, AttributeValue> {
  const nodes = trees.flatMap((tree, at) => tree.map((node, id) => ({ ...node, tree: at, id })));
  const leaves = nodes.flatMap((node) => (node.weights ?? []).map((weight, target) => ({ ...node, weight, target })));
  return {
    nodes_treeids: { ints: nodes.map(({ tree }) => tree) },
    nodes_nodeids: { ints: nodes.map(({ id }) => id) },
    nodes_featureids: { ints: nodes.map(({ feature, weights }) => (weights ? 0 : feature)) },
    nodes_modes: { strings: nodes.map(({ mode, weights }) => (weights ? 'LEAF' : mode)) },
    nodes_values: { floats: nodes.map(({ threshold, weights }) => (weights ? 0 : threshold)) },
    nodes_truenodeids: { ints: nodes.map(({ yes, weights }) => (weights ? 0 : yes)) },
    nodes_falsenodeids: { ints: nodes.map(({ no, weights }) => (weights ? 0 : no)) },
    nodes_missing_value_tracks_true: { ints: nodes.map(({ tracks, weights }) => (!weights && tracks ? 1 : 0)) },
    [`${prefix}_treeids`]: { ints: leaves.map(({ tree }) => tree) },
    [`${prefix}_nodeids`]: { ints: leaves.map(({ id }) => id) },
    [`${prefix}_ids`]: { ints: leaves.map(({ target }) => target) },
    [`${prefix}_weights`]: { floats: leaves.map(({ weight }) => weight) },
  };
}

export interface RegressorOptions {
  readonly features: number;
  readonly targets?: number;
  readonly base?: readonly number[];
  readonly aggregate?: string;
}

export function regressorModel(trees: readonly TestTree[], options: RegressorOptions): ModelValue {
  const { features, targets = 1, base, aggregate } = options;
  return {
    inputs: [{ name: 'X', width: features }],
    outputs: [{ name: 'Y' }],
    nodes: [
      {
        op: 'TreeEnsembleRegressor',
        domain: 'ai.onnx.ml',
        name: 'forest',
        in: ['X'],
        out: ['Y'],
        attributes: {
          ...ensembleAttributes(trees, 'target'),
          n_targets: { i: targets },
          ...(base && { base_values: { floats: base } }),
          ...(aggregate && { aggregate_function: { s: aggregate } }),
        },
      },
    ],
  };
}

export const regressorFile = (trees: readonly TestTree[], options: RegressorOptions) => onnxFile(regressorModel(trees, options));
