/** What an ONNX file says of itself, held against its card. */
import type { OnnxFile } from './onnxProtocol.ts';
import { integer, message, readMessage, text } from './protobuf.ts';

/** Field of ModelProto that lists the operator sets, and of OperatorSetIdProto (onnx.proto). */
const OPSET_IMPORT = 8;
const DEFAULT_DOMAINS = new Set(['', 'ai.onnx']);

/** Version of the operator set of the default domain; null where the file names none. */
export function opsetOf(bytes: Uint8Array): number | null {
  let found: number | null = null;
  readMessage(bytes, {
    [OPSET_IMPORT]: message((set) => {
      let domain = '';
      let version = 0;
      readMessage(set, {
        1: text((value) => {
          domain = value;
        }),
        2: integer((value) => {
          version = value;
        }),
      });
      if (DEFAULT_DOMAINS.has(domain)) found = version;
    }),
  });
  return found;
}

/** What is said of a file that is not the one that its card was written for. */
export const mismatch = (digest: string, expected: string) =>
  `The file has SHA-256 ${digest.slice(0, 12)}..., the card says ${expected.slice(0, 12)}...; it is not loaded.`;

interface Value {
  readonly name: string;
  readonly isTensor: boolean;
  readonly shape?: readonly (number | string)[];
}

/** Where a file does not fit its card, in words. */
export function misfits(
  file: OnnxFile,
  opset: number | null,
  { inputs, outputs }: { readonly inputs: readonly Value[]; readonly outputs: readonly string[] },
): string[] {
  const input = inputs.find(({ name }) => name === file.input);
  const width = input?.shape?.[1];
  return [
    ...(file.opset === null || opset === file.opset ? [] : [`its operator set is ${opset ?? 'not named'}, the card says ${file.opset}`]),
    ...(input ? [] : [`it has no input '${file.input}'; there are: ${inputs.map(({ name }) => name).join(', ')}`]),
    ...(typeof width === 'number' && width !== file.width ? [`it takes ${width} columns, the card makes ${file.width}`] : []),
    ...[...new Set(file.outputs)]
      .filter((name) => !outputs.includes(name))
      .map((name) => `it has no output '${name}'; there are: ${outputs.join(', ')}`),
  ];
}
