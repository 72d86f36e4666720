/** What `explain` is asked, of a model of ours or of any ONNX file. */
import { writeFileSync } from 'node:fs';
import { AvicennaError } from '../errors.ts';
import type { Method, Output } from '../explanation/explainGraph.ts';

export interface ExplainOptions {
  readonly rows: string;
  /** An ONNX file instead of a model of ours. */
  readonly onnx?: string;
  readonly background?: string;
  readonly method: Method;
  readonly output: Output;
  readonly class?: number;
  readonly interactions?: boolean;
  /** Of a model of ours: also what would have to be otherwise. */
  readonly counterfactuals?: boolean;
  /** In the answer's unit; else the card's. */
  readonly threshold?: number;
  readonly svg?: string;
  readonly json?: boolean;
}

export function writePicture(file: string, svg: string): void {
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new AvicennaError(
      'FILE_UNREADABLE',
      `The file cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
      file,
    );
  }
}
