/** The graph while it is read: what every name stands for, and the steps that compute a row. */
import { AvicennaError } from '../../errors.ts';
import type { Link } from '../games/linkedLinear.ts';
import { invalid, unsupported } from './attributes.ts';
import type { ColumnForm, ScoreForm, Step, Tensor } from './forms.ts';
import type { OnnxNode, OnnxTensor } from './modelFile.ts';

/** A constant of the file. */
export interface Constant {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** Forms of a new tensor; what is left out is not known. */
export interface Known {
  readonly columns?: readonly ColumnForm[] | null;
  readonly scores?: readonly ScoreForm[] | null;
  readonly raw?: readonly ScoreForm[] | null;
  readonly transformed?: boolean;
  readonly probability?: boolean;
  readonly link?: Link | null;
}

/** Most numbers of one row in one tensor. */
const MAX_WIDTH = 100_000;
/** Most columns and terms of all tensors together: some 200 MB. */
const MAX_SIZE = 2_000_000;

export class Program {
  readonly steps: Step[] = [];
  /** Nodes that onnxruntime is known to serve otherwise than their specification says, and how. */
  readonly servedOtherwise: string[] = [];
  readonly #tensors = new Map<string, Tensor>();
  readonly #constants = new Map<string, Constant>();
  #size = 0;

  define(name: string, tensor: Tensor): void {
    this.#tensors.set(name, tensor);
  }

  defineConstant(name: string, { dims, values }: Omit<OnnxTensor, 'name' | 'type'>): void {
    this.#constants.set(name, { dims, values });
  }

  defined(name: string): Tensor | undefined {
    return this.#tensors.get(name);
  }

  /** A tensor that a step computes. */
  add(node: OnnxNode, width: number, known: Known, step: Step): Tensor {
    if (!(width >= 1 && width <= MAX_WIDTH)) throw invalid(node, `it makes ${width} numbers a row, expected 1 to ${MAX_WIDTH}`);
    const { columns = null, scores = null, raw = null, transformed = false, probability = false, link = null } = known;
    this.#size += (columns?.length ?? 0) + (scores ?? []).reduce((sum, { terms, forests }) => sum + terms.length + forests.length + 1, 0);
    if (this.#size > MAX_SIZE)
      throw unsupported(node, `the sums up to here have more than ${MAX_SIZE} terms: the model is too large to be read`);
    const tensor = { width, slot: this.steps.length, columns, scores, raw, transformed, probability, link };
    this.steps.push(step);
    return tensor;
  }

  constant(node: OnnxNode, index: number): Constant | null {
    return this.#constants.get(node.inputs[index] ?? '') ?? null;
  }

  /** An input that must be in the file itself, such as a weight. */
  needConstant(node: OnnxNode, index: number): Constant {
    const constant = this.constant(node, index);
    if (constant === null) throw unsupported(node, `input ${index + 1} is computed where a constant is expected`);
    return constant;
  }

  /** An input that is computed from the row. */
  need(node: OnnxNode, index = 0): Tensor {
    const name = node.inputs[index] ?? '';
    const tensor = this.#tensors.get(name);
    if (tensor) return tensor;
    if (this.#constants.has(name)) throw unsupported(node, `input ${index + 1} is a constant where rows are expected`);
    throw invalid(node, `input ${index + 1} is not defined before it is used`);
  }

  /** Computes one row. */
  run(tensors: Float64Array[]): void {
    for (const [slot, step] of this.steps.entries()) tensors[slot] = step(tensors);
  }
}

/** What a step reads. */
export function rowOf(tensors: readonly Float64Array[], { slot }: Tensor): Float64Array {
  const row = tensors[slot];
  if (row === undefined) throw new AvicennaError('MODEL_INVALID', 'A value is used before it is computed.');
  return row;
}
