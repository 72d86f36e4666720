/** Sums, products, dense layers, activations and links. */
import { floatOf, integerOf, invalid, unsupported } from '../attributes.ts';
import { type ColumnForm, combined, type ScoreForm, scoresOf, type Tensor, through } from '../forms.ts';
import type { OnnxNode } from '../modelFile.ts';
import { type Constant, type Known, type Program, rowOf } from '../program.ts';
import type { Operator } from './operator.ts';

type Binary = (a: number, b: number) => number;

const BINARY: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
};

/** A constant as one number for each number of the row. */
function alongRow(node: OnnxNode, { dims, values }: Constant, width: number): { values: Float64Array; width: number } {
  const last = dims.at(-1) ?? 1;
  if (values.length !== last) throw unsupported(node, 'a constant has several rows');
  if (last !== 1 && width !== 1 && last !== width) throw invalid(node, `a constant has ${last} numbers, the row has ${width}`);
  const full = Math.max(last, width);
  return { values: Float64Array.from({ length: full }, (_, index) => values[last === 1 ? 0 : index] as number), width: full };
}

/** The sum a x score + b that an operator with a constant makes of a score; null where it makes none. */
function affine(operator: string, constant: number, constantFirst: boolean): { weight: number; add: number } | null {
  if (operator === 'Add') return { weight: 1, add: constant };
  if (operator === 'Sub') return constantFirst ? { weight: -1, add: constant } : { weight: 1, add: -constant };
  if (operator === 'Mul') return { weight: constant, add: 0 };
  return operator === 'Div' && !constantFirst ? { weight: 1 / constant, add: 0 } : null;
}

function withConstant(program: Program, node: OnnxNode, from: Tensor, constant: Constant, constantFirst: boolean): Tensor {
  const { values, width } = alongRow(node, constant, from.width);
  const apply = BINARY[node.operator] as Binary;
  const one = (value: number, index: number) =>
    constantFirst ? apply(values[index] as number, value) : apply(value, values[index] as number);
  const at = <T>(list: readonly T[], index: number) => list[from.width === 1 ? 0 : index] as T;
  const indices = Array.from({ length: width }, (_, index) => index);
  const columns = from.columns && indices.map((index) => through(at(from.columns as ColumnForm[], index), (value) => one(value, index)));
  const { scores } = from;
  const sums =
    scores &&
    indices.map((index) => {
      const made = affine(node.operator, values[index] as number, constantFirst);
      return made && combined(made.add, [{ score: at(scores, index), weight: made.weight }]);
    });
  const known: Known = {
    columns,
    scores: sums?.every((sum) => sum !== null) ? (sums as ScoreForm[]) : null,
    raw: width === from.width ? keptRaw(from) : null,
    link: node.operator === 'Pow' && !constantFirst && values.every((power) => power === 2) && isScore(from) ? 'square' : null,
  };
  return program.add(node, width, known, (tensors) => {
    const row = rowOf(tensors, from);
    return Float64Array.from({ length: width }, (_, index) => one(row[from.width === 1 ? 0 : index] as number, index));
  });
}

/** It is a sum, and no function of a single column that would be one by itself. */
const isScore = ({ scores, raw }: Tensor): boolean => scores !== null && raw === null;

/** Raw scores stay those before the first link. */
const keptRaw = (from: Tensor): readonly ScoreForm[] | null => from.raw ?? from.scores;

function ofTwo(program: Program, node: OnnxNode, a: Tensor, b: Tensor): Tensor {
  if (a.width !== b.width && a.width !== 1 && b.width !== 1) throw unsupported(node, `it joins ${a.width} and ${b.width} numbers a row`);
  const width = Math.max(a.width, b.width);
  const at = <T>(list: ArrayLike<T>, index: number) => list[list.length === 1 ? 0 : index] as T;
  const apply = BINARY[node.operator] as Binary;
  const [left, right] = [scoresOf(a), scoresOf(b)];
  const sign = node.operator === 'Add' ? 1 : -1;
  const additive = left && right && (node.operator === 'Add' || node.operator === 'Sub');
  const scores = additive
    ? Array.from({ length: width }, (_, index) =>
        combined(0, [
          { score: at(left, index), weight: 1 },
          { score: at(right, index), weight: sign },
        ]),
      )
    : null;
  return program.add(node, width, { scores }, (tensors) => {
    const [one, other] = [rowOf(tensors, a), rowOf(tensors, b)];
    return Float64Array.from({ length: width }, (_, index) => apply(at(one, index), at(other, index)));
  });
}

export const binary: Operator = (program, node) => {
  const [first, second] = [program.constant(node, 0), program.constant(node, 1)];
  if (first) return withConstant(program, node, program.need(node, 1), first, true);
  if (second) return withConstant(program, node, program.need(node, 0), second, false);
  return ofTwo(program, node, program.need(node, 0), program.need(node, 1));
};

/** Sum of any number of tensors of one width. */
export const sum: Operator = (program, node) => {
  const inputs = node.inputs.map((_, index) => program.need(node, index));
  const [first] = inputs;
  if (!first || inputs.some(({ width }) => width !== first.width)) throw unsupported(node, 'it adds tensors of different widths');
  const forms = inputs.map(scoresOf);
  const scores = forms.every((list) => list !== null)
    ? Array.from({ length: first.width }, (_, index) =>
        combined(
          0,
          forms.map((list) => ({ score: list[index] as ScoreForm, weight: 1 })),
        ),
      )
    : null;
  return program.add(node, first.width, { scores }, (tensors) => {
    const rows = inputs.map((input) => rowOf(tensors, input));
    return Float64Array.from({ length: first.width }, (_, index) => rows.reduce((total, row) => total + (row[index] as number), 0));
  });
};

/** y = x . weights + bias for each of `outputs` numbers; `weight(from, to)`. */
export function denseLayer(
  program: Program,
  node: OnnxNode,
  from: Tensor,
  layer: { readonly outputs: number; readonly weight: (input: number, output: number) => number; readonly bias: readonly number[] },
): Tensor {
  const { outputs, weight, bias } = layer;
  const forms = scoresOf(from);
  const scores = forms
    ? Array.from({ length: outputs }, (_, output) =>
        combined(
          bias[output] ?? 0,
          forms.map((score, input) => ({ score, weight: weight(input, output) })),
        ),
      )
    : null;
  const weights = Float64Array.from({ length: outputs * from.width }, (_, at) => weight(at % from.width, Math.floor(at / from.width)));
  return program.add(node, outputs, { scores }, (tensors) => {
    const row = rowOf(tensors, from);
    const answer = new Float64Array(outputs);
    for (let output = 0; output < outputs; output += 1) {
      let total = bias[output] ?? 0;
      for (let input = 0; input < row.length; input += 1)
        total += (row[input] as number) * (weights[output * row.length + input] as number);
      answer[output] = total;
    }
    return answer;
  });
}

/** Rows and columns of a constant matrix; a vector makes one number of a row. */
function matrixDims(node: OnnxNode, dims: readonly number[]): readonly number[] {
  if (dims.length === 1 && node.operator === 'MatMul') return [dims[0] as number, 1];
  if (dims.length !== 2) throw unsupported(node, `its matrix has ${dims.length} dimensions`);
  return dims;
}

/** MatMul and Gemm: rows times a constant matrix, and for Gemm alpha, beta and a bias. */
export const matrix: Operator = (program, node) => {
  const from = program.need(node);
  const { dims: given, values } = program.needConstant(node, 1);
  const gemm = node.operator === 'Gemm';
  const dims = matrixDims(node, given);
  if (gemm && integerOf(node, 'transA', 0) !== 0) throw unsupported(node, 'it turns the rows into columns');
  const transposed = gemm && integerOf(node, 'transB', 0) !== 0;
  const [rows = 0, columns = 0] = dims;
  const [inputs, outputs] = transposed ? [columns, rows] : [rows, columns];
  if (inputs !== from.width) throw invalid(node, `its matrix takes ${inputs} numbers, the row has ${from.width}`);
  if (outputs === 0) throw invalid(node, 'its matrix is empty');
  const alpha = gemm ? floatOf(node, 'alpha', 1) : 1;
  const beta = gemm ? floatOf(node, 'beta', 1) : 1;
  const bias = gemm && node.inputs[2] ? alongRow(node, program.needConstant(node, 2), outputs) : null;
  if (bias && bias.width !== outputs) throw invalid(node, `its bias has ${bias.width} numbers, expected ${outputs}`);
  return denseLayer(program, node, from, {
    outputs,
    weight: (input, output) => alpha * (values[transposed ? output * inputs + input : input * outputs + output] as number),
    bias: [...(bias?.values ?? new Float64Array(outputs))].map((value) => beta * value),
  });
};

export const logistic = (value: number) => 1 / (1 + Math.exp(-value));

const UNARY: Readonly<Record<string, (node: OnnxNode) => (value: number) => number>> = {
  Relu: () => (value) => Math.max(value, 0),
  LeakyRelu: (node) => {
    const alpha = floatOf(node, 'alpha', 0.01);
    return (value) => (value < 0 ? alpha * value : value);
  },
  Elu: (node) => {
    const alpha = floatOf(node, 'alpha', 1);
    return (value) => (value < 0 ? alpha * Math.expm1(value) : value);
  },
  Sigmoid: () => logistic,
  Tanh: () => Math.tanh,
  Softplus: () => (value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))),
  Exp: () => Math.exp,
  Log: () => Math.log,
  Sqrt: () => Math.sqrt,
  Abs: () => Math.abs,
  Neg: () => (value) => -value,
};

export const UNARY_OPERATORS = Object.keys(UNARY);

/** A function of each number by itself. */
export const unary: Operator = (program, node) => {
  const from = program.need(node);
  const apply = UNARY[node.operator]?.(node);
  if (!apply) throw unsupported(node, 'it is not known');
  const columns = from.columns?.map((column) => through(column, apply)) ?? null;
  const scores = node.operator === 'Neg' ? (from.scores?.map((score) => combined(0, [{ score, weight: -1 }])) ?? null) : null;
  const link = node.operator === 'Exp' && isScore(from) ? 'exp' : null;
  const known: Known = { columns, scores, raw: keptRaw(from), link, probability: node.operator === 'Sigmoid' };
  return program.add(node, from.width, known, (tensors) => rowOf(tensors, from).map(apply));
};

/** exp(x) / sum of exp(x), over the numbers of a row. */
export function softmax(row: Float64Array): Float64Array {
  const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = row.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

const NORMS: Readonly<Record<string, (row: Float64Array) => number>> = {
  L1: (row) => row.reduce((total, value) => total + Math.abs(value), 0),
  L2: (row) => Math.hypot(...row),
  MAX: (row) => row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
};

/** Softmax and Normalizer: functions of all numbers of a row. */
export const acrossRow: Operator = (program, node) => {
  const from = program.need(node);
  const add = (apply: (row: Float64Array) => Float64Array) =>
    program.add(node, from.width, { raw: keptRaw(from), probability: node.operator === 'Softmax' }, (tensors) =>
      apply(rowOf(tensors, from)),
    );
  if (node.operator === 'Softmax') {
    const axis = integerOf(node, 'axis', 1);
    if (axis !== 1 && axis !== -1) throw unsupported(node, `it works along axis ${axis}`);
    return add(softmax);
  }
  const norm = NORMS[node.attributes.get('norm')?.text || 'MAX'];
  if (!norm) throw invalid(node, 'its norm is unknown');
  return add((row) => {
    const size = norm(row);
    return size === 0 ? row : row.map((value) => value / size);
  });
};

/** max(low, min(high, x)) */
export const clip: Operator = (program, node) => {
  const from = program.need(node);
  const bound = (index: number, name: string, otherwise: number) =>
    node.inputs[index] ? (program.needConstant(node, index).values[0] ?? otherwise) : floatOf(node, name, otherwise);
  const low = bound(1, 'min', Number.NEGATIVE_INFINITY);
  const high = bound(2, 'max', Number.POSITIVE_INFINITY);
  const apply = (value: number) => Math.min(high, Math.max(low, value));
  const columns = from.columns?.map((column) => through(column, apply)) ?? null;
  return program.add(node, from.width, { columns, raw: keptRaw(from) }, (tensors) => rowOf(tensors, from).map(apply));
};
