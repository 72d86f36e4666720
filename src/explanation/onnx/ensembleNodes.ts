/** Puts an ensemble together from its nodes and leaf weights, and refuses one that contradicts itself. */
import { invalid } from './attributes.ts';
import { type Aggregate, type Ensemble, LEAF } from './ensemble.ts';
import type { OnnxNode } from './modelFile.ts';

/** Nodes as read, with the next nodes as indices. */
export interface EnsembleNodes {
  readonly roots: readonly number[];
  readonly feature: readonly number[];
  readonly mode: readonly number[];
  readonly threshold: readonly number[];
  readonly tracksTrue: readonly number[];
  readonly members: ReadonlyMap<number, ReadonlySet<number>>;
  readonly onTrue: readonly number[];
  readonly onFalse: readonly number[];
}

/** Weights of leaves, in any order. */
export interface LeafWeights {
  readonly leaf: readonly number[];
  readonly output: readonly number[];
  readonly weight: readonly number[];
}

export interface EnsembleAnswer {
  readonly outputs: number;
  readonly base: readonly number[];
  readonly aggregate: Aggregate;
}

const MAX_OUTPUTS = 10_000;
/** onnxruntime reads trees by recursion: one of 100,000 nodes in a row ends the process. */
const MAX_DEPTH = 4_000;

function checkNodes(node: OnnxNode, { mode, feature, onTrue, onFalse }: EnsembleNodes, columns: number): void {
  for (let index = 0; index < mode.length; index += 1) {
    if (mode[index] === LEAF) continue;
    const at = `tree node ${index + 1}`;
    const tested = feature[index] ?? -1;
    if (tested < 0 || tested >= columns) throw invalid(node, `${at} tests column ${tested}, there are ${columns}`);
    for (const next of [onTrue[index] ?? -1, onFalse[index] ?? -1])
      if (next < 0 || next >= mode.length) throw invalid(node, `${at} leads to a node that does not exist`);
  }
}

/** From every root down to the leaves: there is no way round in a circle, and none that is too long. */
function checkPaths(node: OnnxNode, { roots, mode, onTrue, onFalse }: EnsembleNodes): void {
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(mode.length);
  const unfinished = (at: number): number | undefined =>
    mode[at] === LEAF || state[at] === DONE
      ? undefined
      : [onTrue[at] as number, onFalse[at] as number].find((next) => state[next] !== DONE);
  for (const root of roots) {
    const stack = [root];
    while (stack.length > 0) {
      const at = stack[stack.length - 1] as number;
      const next = unfinished(at);
      if (next === undefined) {
        state[at] = DONE;
        stack.pop();
        continue;
      }
      state[at] = OPEN;
      if (stack.length >= MAX_DEPTH) throw invalid(node, `it has a tree of more than ${MAX_DEPTH} nodes in a row`);
      if (state[next] === OPEN) throw invalid(node, `tree node ${next + 1} leads back to itself`);
      stack.push(next);
    }
  }
}

function sortedWeights(node: OnnxNode, count: number, mode: readonly number[], weights: LeafWeights, outputs: number) {
  const leafFrom = new Int32Array(count + 1);
  for (const [index, leaf] of weights.leaf.entries()) {
    if (mode[leaf] !== LEAF) throw invalid(node, `leaf weight ${index + 1} is for a node that is no leaf`);
    const output = weights.output[index] ?? -1;
    if (output < 0 || output >= outputs) throw invalid(node, `leaf weight ${index + 1} is for output ${output}, there are ${outputs}`);
    if (!Number.isFinite(weights.weight[index])) throw invalid(node, `leaf weight ${index + 1} is not a finite number`);
    leafFrom[leaf + 1] = (leafFrom[leaf + 1] as number) + 1;
  }
  for (let index = 0; index < count; index += 1) leafFrom[index + 1] = (leafFrom[index + 1] as number) + (leafFrom[index] as number);
  const place = leafFrom.slice();
  const leafOutput = new Int32Array(weights.leaf.length);
  const leafWeight = new Float64Array(weights.leaf.length);
  for (const [index, leaf] of weights.leaf.entries()) {
    const at = place[leaf] as number;
    place[leaf] = at + 1;
    leafOutput[at] = weights.output[index] as number;
    leafWeight[at] = weights.weight[index] as number;
  }
  return { leafFrom, leafOutput, leafWeight };
}

/**
 * The ensemble, checked.
 * @param columns how many columns the rows have
 * @throws AvicennaError MODEL_INVALID naming the ONNX node and the tree node
 */
export function assembleEnsemble(
  node: OnnxNode,
  nodes: EnsembleNodes,
  weights: LeafWeights,
  answer: EnsembleAnswer,
  columns: number,
): Ensemble {
  const { outputs, base } = answer;
  if (!(outputs >= 1 && outputs <= MAX_OUTPUTS)) throw invalid(node, `it answers ${outputs} numbers, expected 1 to ${MAX_OUTPUTS}`);
  if (nodes.roots.length === 0) throw invalid(node, 'it has no tree');
  if (base.length !== 0 && base.length !== outputs) throw invalid(node, `it has ${base.length} base values for ${outputs} outputs`);
  if (!base.every(Number.isFinite)) throw invalid(node, 'a base value is not a finite number');
  checkNodes(node, nodes, columns);
  checkPaths(node, nodes);
  return {
    roots: Int32Array.from(nodes.roots),
    feature: Int32Array.from(nodes.feature),
    mode: Uint8Array.from(nodes.mode),
    threshold: Float64Array.from(nodes.threshold),
    tracksTrue: Uint8Array.from(nodes.tracksTrue),
    members: nodes.members,
    onTrue: Int32Array.from(nodes.onTrue),
    onFalse: Int32Array.from(nodes.onFalse),
    ...sortedWeights(node, nodes.mode.length, nodes.mode, weights, outputs),
    outputs,
    base: base.length === 0 ? new Float64Array(outputs) : Float64Array.from(base),
    aggregate: answer.aggregate,
  };
}
