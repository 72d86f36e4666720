/** What the main thread and the inference worker say to each other. */

/** An ONNX file and what its card says of it. */
export interface OnnxFile {
  readonly path: string;
  /** Null where there is no card. */
  readonly sha256: string | null;
  /** Version of the operator set of the default domain; null where there is no card. */
  readonly opset: number | null;
  readonly input: string;
  /** Outputs that are read. */
  readonly outputs: readonly string[];
  readonly width: number;
}

export type OnnxQuestion =
  /** Makes a session of the file, checked against its card; without `keep` for the check alone. */
  { readonly open: OnnxFile; readonly keep: boolean } | { readonly path: string; readonly columns: Float32Array; readonly rows: number };

export type OnnxRequest = OnnxQuestion & { readonly ticket: number };

export type OnnxCode = 'MODEL_INVALID' | 'MODEL_DIGEST_MISMATCH';

export type OnnxReply =
  | { readonly ticket: number; readonly outputs: readonly Float64Array[] }
  | { readonly ticket: number; readonly code: OnnxCode; readonly error: string };
