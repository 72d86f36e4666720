/**
 * The parts of an ONNX file that an explanation needs, as plain values (onnx.proto, github.com/onnx/onnx, IR version
 * 3 to 13). Tensors kept outside the file, subgraphs and sparse initialisers are refused.
 */
import { AvicennaError } from '../../errors.ts';
import { doubles, float, floats, integer, integers, message, readMessage, text } from '../../prediction/protobuf.ts';

/** Element types of tensors, by their number in TensorProto. */
export const ELEMENT = { FLOAT: 1, INT32: 6, INT64: 7, STRING: 8, BOOL: 9, DOUBLE: 11 } as const;

/** Types whose elements are whole numbers. */
export const WHOLE_ELEMENTS: ReadonlySet<number> = new Set([ELEMENT.INT32, ELEMENT.INT64]);

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly values: readonly number[];
}

export interface OnnxAttribute {
  readonly name: string;
  readonly float: number;
  readonly integer: number;
  readonly text: string;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly texts: readonly string[];
  readonly tensor: OnnxTensor | null;
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxValue {
  readonly name: string;
  /** Element type; null where the value is no tensor (a sequence of maps). */
  readonly type: number | null;
  /** Sizes; null where the file leaves one open. */
  readonly dims: readonly (number | null)[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Version of the operator sets by domain; `ai.onnx` is the empty domain. */
  readonly operatorSets: ReadonlyMap<string, number>;
}

const LIMITS = { nodes: 10_000, initializers: 10_000, attributes: 100 } as const;
const EXTERNAL = 1;

function rawValues(bytes: Uint8Array, type: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Record<number, [number, (at: number) => number]> = {
    [ELEMENT.FLOAT]: [4, (at) => view.getFloat32(at, true)],
    [ELEMENT.DOUBLE]: [8, (at) => view.getFloat64(at, true)],
    [ELEMENT.INT32]: [4, (at) => view.getInt32(at, true)],
    [ELEMENT.INT64]: [8, (at) => Number(view.getBigInt64(at, true))],
    2: [1, (at) => view.getUint8(at)],
    [ELEMENT.BOOL]: [1, (at) => view.getUint8(at)],
  };
  const [size, one] = read[type] ?? [];
  if (size === undefined || one === undefined) throw new Error(`a tensor has the element type ${type}, which is not supported`);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => one(index * size));
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const dims: number[] = [];
  const values: number[] = [];
  let raw: Uint8Array | null = null;
  let type = 0;
  let name = '';
  readMessage(bytes, {
    1: integers(dims),
    2: integer((value) => {
      type = value;
    }),
    4: floats(values),
    5: integers(values),
    7: integers(values),
    8: text((value) => {
      name = value;
    }),
    9: message((value) => {
      raw = value;
    }),
    10: doubles(values),
    14: integer((value) => {
      if (value === EXTERNAL) throw new Error('a tensor is kept outside the file');
    }),
  });
  const found = raw === null ? values : rawValues(raw, type);
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== found.length) throw new Error(`the tensor '${shortName(name)}' should have ${size} values, it has ${found.length}`);
  return { name, dims, type, values: found };
}

function readAttribute(bytes: Uint8Array): OnnxAttribute {
  const list = { floats: [] as number[], integers: [] as number[], texts: [] as string[] };
  const one = { name: '', float: 0, integer: 0, text: '', tensor: null as OnnxTensor | null };
  const known = new Map<string, string>();
  readMessage(bytes, {
    1: text((value) => Object.assign(one, { name: value })),
    2: float((value) => Object.assign(one, { float: value })),
    3: integer((value) => Object.assign(one, { integer: value })),
    4: text((value) => Object.assign(one, { text: value })),
    5: message((value) => Object.assign(one, { tensor: readTensor(value) })),
    6: message(() => {
      throw new Error('a node contains a graph of its own (If, Loop or Scan)');
    }),
    7: floats(list.floats),
    8: integers(list.integers),
    9: text((value) => {
      if (!known.has(value)) known.set(value, value);
      list.texts.push(known.get(value) ?? value);
    }),
  });
  return { ...one, ...list };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const node = { name: '', operator: '', domain: '' };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  readMessage(bytes, {
    1: text((value) => inputs.push(value)),
    2: text((value) => outputs.push(value)),
    3: text((value) => Object.assign(node, { name: value })),
    4: text((value) => Object.assign(node, { operator: value })),
    5: message((value) => {
      const attribute = readAttribute(value);
      if (attributes.has(attribute.name)) throw new Error(`a node has the attribute '${shortName(attribute.name)}' twice`);
      if (attributes.size >= LIMITS.attributes) throw new Error('a node has too many attributes');
      attributes.set(attribute.name, attribute);
    }),
    7: text((value) => Object.assign(node, { domain: value === 'ai.onnx' ? '' : value })),
  });
  return { ...node, inputs, outputs, attributes };
}

function readDims(bytes: Uint8Array): (number | null)[] {
  const dims: (number | null)[] = [];
  readMessage(bytes, {
    1: message((dim) => {
      let size: number | null = null;
      const sized = integer((value) => {
        size = value > 0 ? value : null;
      });
      readMessage(dim, { 1: sized });
      dims.push(size);
    }),
  });
  return dims;
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = '';
  let type: number | null = null;
  let dims: (number | null)[] = [];
  const tensor = message((value) =>
    readMessage(value, {
      1: integer((element) => {
        type = element;
      }),
      2: message((shape) => {
        dims = readDims(shape);
      }),
    }),
  );
  readMessage(bytes, {
    1: text((value) => {
      name = value;
    }),
    2: message((value) => readMessage(value, { 1: tensor })),
  });
  return { name, type, dims };
}

function bounded<T>(into: T[], limit: number, what: string, read: (bytes: Uint8Array) => T) {
  return message((bytes) => {
    if (into.length >= limit) throw new Error(`it has more than ${limit} ${what}`);
    into.push(read(bytes));
  });
}

function readGraph(bytes: Uint8Array, operatorSets: ReadonlyMap<string, number>): OnnxGraph {
  const graph: OnnxGraph & { nodes: OnnxNode[]; initializers: OnnxTensor[]; inputs: OnnxValue[]; outputs: OnnxValue[] } = {
    nodes: [],
    initializers: [],
    inputs: [],
    outputs: [],
    operatorSets,
  };
  readMessage(bytes, {
    1: bounded(graph.nodes, LIMITS.nodes, 'nodes', readNode),
    5: bounded(graph.initializers, LIMITS.initializers, 'initialisers', readTensor),
    11: bounded(graph.inputs, LIMITS.nodes, 'inputs', readValue),
    12: bounded(graph.outputs, LIMITS.nodes, 'outputs', readValue),
    15: message(() => {
      throw new Error('it has sparse initialisers, which are not supported');
    }),
  });
  return graph;
}

/** A name from the file as it may stand in an error. */
export function shortName(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
}

/**
 * Reads the bytes of an ONNX file.
 * @param at the file's name, for errors
 * @throws AvicennaError MODEL_INVALID where they are no ONNX model
 */
export function readModelFile(bytes: Uint8Array, at: string): OnnxGraph {
  const operatorSets = new Map<string, number>();
  let graph: OnnxGraph | null = null;
  try {
    const sets = message((set) => {
      let domain = '';
      let version = 0;
      readMessage(set, {
        1: text((value) => {
          domain = value === 'ai.onnx' ? '' : value;
        }),
        2: integer((value) => {
          version = value;
        }),
      });
      operatorSets.set(domain, version);
    });
    readMessage(bytes, {
      7: message((value) => {
        if (graph !== null) throw new Error('it has two graphs');
        graph = readGraph(value, operatorSets);
      }),
      8: sets,
    });
    if (graph === null) throw new Error('it has no graph');
  } catch (error) {
    if (error instanceof AvicennaError) throw error;
    throw new AvicennaError('MODEL_INVALID', `The file is no ONNX model that can be read: ${(error as Error).message}.`, at);
  }
  return graph;
}
