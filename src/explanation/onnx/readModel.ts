/** From the bytes of an ONNX file to a model that can be explained. */
import { AvicennaError } from '../../errors.ts';
import type { Link } from '../games/linkedLinear.ts';
import { invalid, tensorOf, unsupported } from './attributes.ts';
import { type ColumnForm, type ScoreForm, type Step, scoresOf, type Tensor } from './forms.ts';
import { ELEMENT, type OnnxGraph, type OnnxNode, type OnnxValue, readModelFile, shortName, WHOLE_ELEMENTS } from './modelFile.ts';
import { CLASSIFIERS, operatorNamed } from './operators/table.ts';
import { Program } from './program.ts';

export interface GraphModel {
  /** Columns of a row. */
  readonly width: number;
  /** Whether the file also answers a label. */
  readonly classifier: boolean;
  /** The input, where it is a single table of float32; null where onnxruntime is asked in another way. */
  readonly inputName: string | null;
  /** Name of the output that is explained, and whether it is a tensor. */
  readonly outputName: string;
  readonly outputIsTensor: boolean;
  /** Numbers of that output. */
  readonly outputs: number;
  /** The scores before the link, one per number of the output; null where the model is no sum (a network). */
  readonly raw: readonly ScoreForm[] | null;
  /** Whether the raw scores are those before a model's post_transform; otherwise an operator stands behind them. */
  readonly transformed: boolean;
  /** Whether the output is probabilities by the operator that makes it. */
  readonly probability: boolean;
  /** Whether the output is the raw scores themselves. */
  readonly rawIsServed: boolean;
  /** What the output is of the raw scores, where it is one of these links and nothing else. */
  readonly link: Link | null;
  /** The columns as the model takes them: rounded to float32 where its input is. */
  readonly rounded: (value: number, column: number) => number;
  /** Whether the column takes whole numbers only. */
  readonly whole: (column: number) => boolean;
  /** Known differences between the file and what onnxruntime serves from it, in words. */
  readonly servedOtherwise: readonly string[];
  /** What the model answers for a row of rounded columns, in double precision. */
  readonly evaluate: (row: Float64Array) => Float64Array;
}

const FLOATING = new Set<number>([ELEMENT.FLOAT, ELEMENT.DOUBLE]);
const INPUT_TYPES = new Set<number>([ELEMENT.FLOAT, ELEMENT.DOUBLE, ELEMENT.INT32, ELEMENT.INT64]);
const MAX_COLUMNS = 100_000;

/** How many columns an input has. */
function widthOf(input: OnnxValue, open: number | null, at: string): number {
  const name = `The input '${shortName(input.name)}'`;
  if (!INPUT_TYPES.has(input.type ?? 0))
    throw new AvicennaError('METHOD_NOT_AVAILABLE', `${name} is not a table of numbers, which cannot be explained exactly.`, at);
  const width = input.dims.length === 1 ? 1 : (input.dims[1] ?? open);
  if (input.dims.length > 2 || width === null)
    throw new AvicennaError('MODEL_INVALID', `${name} does not say how many columns it has, as in [N, 14].`, at);
  return width;
}

/** The inputs that a caller gives: older files list their constants among them. */
function givenInputs({ inputs, initializers }: OnnxGraph): OnnxValue[] {
  const constants = new Set(initializers.map(({ name }) => name));
  return inputs.filter(({ name }) => !constants.has(name));
}

/** The columns of the input, those of several inputs one after the other. */
function defineInputs(program: Program, inputs: readonly OnnxValue[], open: number | null, at: string): number[] {
  const widths = inputs.map((input) => widthOf(input, inputs.length === 1 ? open : null, at));
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (!(total >= 1 && total <= MAX_COLUMNS))
    throw new AvicennaError('MODEL_INVALID', `The model takes ${total} columns, expected 1 to ${MAX_COLUMNS}.`, at);
  const identity: Step = ([row = new Float64Array()]) => row;
  program.steps.push(identity);
  const types: number[] = [];
  for (const [index, { name, type }] of inputs.entries()) {
    const width = widths[index] as number;
    const first = types.length;
    for (let column = 0; column < width; column += 1) types.push(type ?? 0);
    const columns = Array.from({ length: width }, (_, column): ColumnForm => {
      const source = first + column;
      return { source, wide: type !== ELEMENT.FLOAT, exact: (value) => value, served: (value) => value };
    });
    const slot = program.steps.length;
    program.steps.push(([row = new Float64Array()]) => row.subarray(first, first + width));
    program.define(name, { width, slot, columns, scores: null, raw: null, transformed: false, probability: false, link: null });
  }
  return types;
}

/** The nodes that an output needs, in the file's order. */
function needed(graph: OnnxGraph, output: string): OnnxNode[] {
  const wanted = new Set([output]);
  const kept: OnnxNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => name !== '' && wanted.has(name))) continue;
    kept.push(node);
    for (const name of node.inputs) if (name !== '') wanted.add(name);
  }
  return kept.reverse();
}

function defineNode(program: Program, node: OnnxNode, labels: Set<string>): void {
  if (node.operator === 'Constant' && node.domain === '') {
    const tensor = tensorOf(node, 'value');
    if (tensor === null) throw unsupported(node, 'its value is no tensor');
    program.defineConstant(node.outputs[0] ?? '', tensor);
    return;
  }
  const operator = operatorNamed(node.domain, node.operator);
  if (operator === null) throw unsupported(node, 'the operator is not one that is known');
  const label = node.inputs.find((name) => labels.has(name));
  if (label !== undefined) throw unsupported(node, 'it computes with a label');
  const tensor = operator(program, node);
  const scores = CLASSIFIERS.has(node.operator) ? 1 : 0;
  if (scores === 1) labels.add(node.outputs[0] ?? '');
  const name = node.outputs[scores];
  if (!name) throw invalid(node, 'it has no output for its scores');
  if (program.defined(name)) throw invalid(node, `'${shortName(name)}' is defined twice`);
  program.define(name, tensor);
}

/** Floating numbers, or the maps that ZipMap makes of them; labels are whole numbers or texts. */
const isScores = ({ type }: OnnxValue) => type === null || FLOATING.has(type);

/**
 * Reads a model.
 * @param at the file's name, for errors
 * @param columns how many columns its input has, where the file leaves that open
 * @throws AvicennaError MODEL_INVALID where the file is wrong, METHOD_NOT_AVAILABLE where a node cannot be explained exactly;
 *   both name the file and the node
 */
export function readModel(bytes: Uint8Array, at: string, columns: number | null = null): GraphModel {
  try {
    return modelOf(bytes, at, columns);
  } catch (error) {
    if (!(error instanceof AvicennaError) || error.at?.startsWith(at)) throw error;
    throw new AvicennaError(error.code, error.message, error.at === undefined ? at : `${at}: ${error.at}`);
  }
}

function modelOf(bytes: Uint8Array, at: string, columns: number | null): GraphModel {
  const graph = readModelFile(bytes, at);
  const output = graph.outputs.find(isScores);
  if (!output) throw new AvicennaError('MODEL_INVALID', 'The model has no output of numbers.', at);
  const program = new Program();
  for (const tensor of graph.initializers) program.defineConstant(tensor.name, tensor);
  const inputs = givenInputs(graph);
  const types = defineInputs(program, inputs, columns, at);
  const labels = new Set<string>();
  const nodes = needed(graph, output.name);
  for (const node of nodes) defineNode(program, node, labels);
  const tensor = program.defined(output.name);
  if (!tensor) throw new AvicennaError('MODEL_INVALID', `The output '${shortName(output.name)}' is never computed.`, at);
  return {
    ...answerOf(program, tensor, types.length),
    classifier: graph.outputs.some((one) => !isScores(one)) || nodes.some(({ operator }) => CLASSIFIERS.has(operator)),
    servedOtherwise: program.servedOtherwise,
    inputName: singleInput(inputs, types),
    outputName: output.name,
    outputIsTensor: output.type !== null,
    whole: (column) => WHOLE_ELEMENTS.has(types[column] ?? 0),
    rounded: (value, column) => (types[column] === ELEMENT.FLOAT ? Math.fround(value) : value),
  };
}

function singleInput([only, ...more]: readonly OnnxValue[], types: readonly number[]): string | null {
  return only && more.length === 0 && types.every((type) => type === ELEMENT.FLOAT) ? only.name : null;
}

function answerOf(program: Program, tensor: Tensor, width: number) {
  const tensors: Float64Array[] = [];
  return {
    width,
    outputs: tensor.width,
    raw: scoresOf(tensor) ?? tensor.raw,
    rawIsServed: scoresOf(tensor) !== null,
    transformed: tensor.transformed,
    probability: tensor.probability,
    link: tensor.link,
    evaluate: (row: Float64Array) => {
      tensors[0] = row;
      program.run(tensors);
      return tensors[tensor.slot] as Float64Array;
    },
  };
}
