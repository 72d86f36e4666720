/** Attributes of a node by name, checked; errors name the node. */
import { AvicennaError } from '../../errors.ts';
import { type OnnxNode, type OnnxTensor, shortName } from './modelFile.ts';

export function nodeName({ name, operator, outputs }: OnnxNode): string {
  return `${shortName(operator)} '${shortName(name || outputs[0] || '')}'`;
}

/** The node as the place of an error. */
const placeOf = ({ name, outputs, operator }: OnnxNode) => shortName(name || outputs[0] || operator);

/** MODEL_INVALID: the file contradicts itself. */
export function invalid(node: OnnxNode, problem: string): AvicennaError {
  return new AvicennaError('MODEL_INVALID', `${nodeName(node)}: ${problem}.`, placeOf(node));
}

/** METHOD_NOT_AVAILABLE: the file may be right, and cannot be explained exactly. */
export function unsupported(node: OnnxNode, problem: string): AvicennaError {
  return new AvicennaError('METHOD_NOT_AVAILABLE', `${nodeName(node)}: ${problem}, which cannot be explained exactly.`, placeOf(node));
}

export function tensorOf(node: OnnxNode, name: string): OnnxTensor | null {
  return node.attributes.get(name)?.tensor ?? null;
}

/** A list of numbers: as floats, or as the tensor of doubles that stands beside them (`nodes_values_as_tensor`). */
export function numbersOf(node: OnnxNode, name: string): readonly number[] {
  const plain = node.attributes.get(name)?.floats ?? [];
  const tensor = tensorOf(node, `${name}_as_tensor`);
  if (tensor && plain.length > 0 && tensor.values.length > 0) throw invalid(node, `'${name}' is given twice`);
  const values = tensor && plain.length === 0 ? tensor.values : plain;
  const wrong = values.findIndex((value) => Number.isNaN(value));
  if (wrong >= 0) throw invalid(node, `'${name}' number ${wrong + 1} is not a number`);
  return values;
}

export function integersOf(node: OnnxNode, name: string): readonly number[] {
  return node.attributes.get(name)?.integers ?? [];
}

export function textsOf(node: OnnxNode, name: string): readonly string[] {
  return node.attributes.get(name)?.texts ?? [];
}

export function integerOf(node: OnnxNode, name: string, otherwise: number): number {
  return node.attributes.get(name)?.integer ?? otherwise;
}

export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  return node.attributes.get(name)?.float ?? otherwise;
}

/** A list that must have so many entries. */
export function sameLength<T>(node: OnnxNode, name: string, list: readonly T[], expected: number): readonly T[] {
  if (list.length !== expected) throw invalid(node, `'${name}' has ${list.length} entries, expected ${expected}`);
  return list;
}

/** How many classes the labels name, whole numbers under one name or texts. */
export function classCount(node: OnnxNode, wholeLabels: string): number {
  const classes = Math.max(integersOf(node, wholeLabels).length, textsOf(node, 'classlabels_strings').length);
  if (classes < 2) throw invalid(node, `it has ${classes} class labels, expected two or more`);
  return classes;
}

/** One of several words. */
export function wordOf<T extends string>(node: OnnxNode, name: string, words: readonly T[], otherwise: T): T {
  const text = node.attributes.get(name)?.text || otherwise;
  const word = words.find((one) => one === text);
  if (word === undefined) throw invalid(node, `'${name}' is '${shortName(text)}', expected ${words.join(', ')}`);
  return word;
}
