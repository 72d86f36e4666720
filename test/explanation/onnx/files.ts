/** Writes small ONNX files for the tests, field by field as onnx.proto numbers them. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export type AttributeValue =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: TensorValue };

export interface TensorValue {
  readonly dims: readonly number[];
  readonly values: readonly number[];
  /** Element type: 1 float32, 2 uint8, 7 int64, 11 double. */
  readonly type: number;
}

export interface NodeValue {
  readonly op: string;
  readonly domain?: string;
  readonly name?: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

export interface ModelValue {
  readonly nodes: readonly NodeValue[];
  /** A width of NaN is left open. */
  readonly inputs: readonly { readonly name: string; readonly width: number; readonly type?: number }[];
  /** Type 7: a label. */
  readonly outputs: readonly { readonly name: string; readonly type?: number }[];
  readonly constants?: Readonly<Record<string, TensorValue>>;
  readonly sets?: Readonly<Record<string, number>>;
}

type Fill = (writer: BinaryWriter) => void;

function inner(writer: BinaryWriter, field: number, fill: Fill): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fill(writer);
  writer.join();
}

const text = (writer: BinaryWriter, field: number, value: string) => writer.tag(field, WireType.LengthDelimited).string(value);
const integer = (writer: BinaryWriter, field: number, value: number) => writer.tag(field, WireType.Varint).int64(value);

function writeTensor({ dims, values, type }: TensorValue, name = ''): Fill {
  return (writer) => {
    for (const dim of dims) integer(writer, 1, dim);
    integer(writer, 2, type);
    if (name !== '') text(writer, 8, name);
    writer.tag(9, WireType.LengthDelimited).bytes(RAW[type]?.(values) ?? new Uint8Array(values));
  };
}

/** Little-endian bytes of the values by element type; anything else is bytes. */
const RAW: Readonly<Record<number, (values: readonly number[]) => Uint8Array>> = {
  1: (values) => new Uint8Array(Float32Array.from(values).buffer),
  7: (values) => new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
  11: (values) => new Uint8Array(Float64Array.from(values).buffer),
};

function writeList(writer: BinaryWriter, value: AttributeValue): void {
  if ('floats' in value) for (const one of value.floats) writer.tag(7, WireType.Bit32).float(one);
  if ('ints' in value) for (const one of value.ints) integer(writer, 8, one);
  if ('strings' in value) for (const one of value.strings) text(writer, 9, one);
}

/** AttributeProto.AttributeType. */
const KINDS = [
  ['f', 1],
  ['i', 2],
  ['s', 3],
  ['tensor', 4],
  ['floats', 6],
  ['ints', 7],
  ['strings', 8],
] as const;

function writeAttribute(name: string, value: AttributeValue): Fill {
  return (writer) => {
    text(writer, 1, name);
    writeList(writer, value);
    if ('f' in value) writer.tag(2, WireType.Bit32).float(value.f);
    if ('i' in value) integer(writer, 3, value.i);
    if ('s' in value) text(writer, 4, value.s);
    if ('tensor' in value) inner(writer, 5, writeTensor(value.tensor));
    integer(writer, 20, KINDS.find(([key]) => key in value)?.[1] ?? 0);
  };
}

function writeNode(node: NodeValue): Fill {
  return (writer) => {
    for (const name of node.in) text(writer, 1, name);
    for (const name of node.out) text(writer, 2, name);
    text(writer, 3, node.name ?? node.op);
    text(writer, 4, node.op);
    for (const [name, value] of Object.entries(node.attributes ?? {})) inner(writer, 5, writeAttribute(name, value));
    if (node.domain) text(writer, 7, node.domain);
  };
}

function writeValue(name: string, type: number, dims: readonly (number | null)[]): Fill {
  return (writer) => {
    text(writer, 1, name);
    inner(writer, 2, (kind) =>
      inner(kind, 1, (tensor) => {
        integer(tensor, 1, type);
        inner(tensor, 2, (shape) => {
          for (const dim of dims)
            inner(shape, 1, (one) => {
              if (dim === null) text(one, 2, 'N');
              else integer(one, 1, dim);
            });
        });
      }),
    );
  };
}

/** The bytes of a model. */
export function onnxFile(model: ModelValue): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, 8);
  inner(writer, 7, (graph) => {
    for (const node of model.nodes) inner(graph, 1, writeNode(node));
    text(graph, 2, 'synthetic');
    for (const [name, tensor] of Object.entries(model.constants ?? {})) inner(graph, 5, writeTensor(tensor, name));
    for (const { name, width, type = 1 } of model.inputs)
      inner(graph, 11, writeValue(name, type, [null, Number.isNaN(width) ? null : width]));
    for (const { name, type = 1 } of model.outputs) inner(graph, 12, writeValue(name, type, type === 7 ? [null] : [null, null]));
  });
  for (const [domain, version] of Object.entries(model.sets ?? { '': 15, 'ai.onnx.ml': 1 }))
    inner(writer, 8, (set) => {
      text(set, 1, domain);
      integer(set, 2, version);
    });
  return writer.finish();
}
