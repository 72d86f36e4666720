/** What the main thread and the inference worker say to each other. */
export interface OnnxStart {
  readonly files: readonly {
    readonly key: string;
    readonly file: string;
    readonly input: string;
    /** Outputs that are read. */
    readonly outputs: readonly string[];
    readonly width: number;
  }[];
}

export interface OnnxRequest {
  readonly ticket: number;
  readonly key: string;
  readonly columns: Float32Array;
  readonly rows: number;
}

export type OnnxReply =
  | { readonly ready: true }
  | { readonly ticket: number; readonly outputs: readonly Float64Array[] }
  | { readonly ticket: number; readonly error: string };
