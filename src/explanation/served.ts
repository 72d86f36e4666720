/**
 * Whether onnxruntime answers what the explanation reads in the file. It adds up in float32, so the two differ by rounding:
 * one part in 2^24 of what is added up for each number added, and at least one part in 100,000. More than that means that
 * onnxruntime reads the file otherwise than its specification says; the caller is told.
 */
import { AvicennaError } from '../errors.ts';
import { joinColumns } from '../prediction/inputs.ts';
import { OnnxRunner } from '../prediction/onnxScorer.ts';
import { forestRow } from './games/unfold.ts';
import { leafOf, leafWeightOf } from './onnx/ensemble.ts';
import type { ScoreForm } from './onnx/forms.ts';
import type { GraphModel } from './onnx/readModel.ts';

const FLOAT32 = 2 ** -24;
const LEAST = 1e-5;

/** Rounding that float32 may make of a score: numbers added, times the sum of their sizes. */
function roundingOf({ constant, terms, forests }: ScoreForm, row: Float64Array): number {
  let count = 1 + terms.length;
  let size = Math.abs(constant);
  for (const { column, weight } of terms) size += Math.abs(weight * column.exact(row[column.source] as number));
  for (const { forest, output, weight } of forests) {
    const own = forestRow(forest, row);
    count += forest.ensemble.roots.length;
    for (const root of forest.ensemble.roots)
      size += Math.abs(weight * leafWeightOf(forest.ensemble, leafOf(forest.ensemble, root, own), output));
  }
  return count * FLOAT32 * size;
}

/** The largest difference, or why there is none; `otherwise` says where onnxruntime answers otherwise than the file. */
export type ServedCheck = { readonly residual: number; readonly otherwise?: string } | { readonly unchecked: string };

async function served(
  path: string,
  { outputName, width }: GraphModel,
  input: string,
  rows: readonly Float64Array[],
): Promise<Float64Array> {
  const runner = new OnnxRunner();
  try {
    const scorer = runner.scorer({ path, sha256: null, opset: null, input, outputs: [outputName], width });
    return (await scorer.score(joinColumns(rows), rows.length)).margin;
  } finally {
    await runner.close();
  }
}

/** onnxruntime's reason without the place in its source: what stands after the last bracket. */
function refusalOf(error: unknown): string {
  const reason =
    (error instanceof AvicennaError ? error.message : '')
      .trim()
      .split(/[\]\n]\s*/)
      .at(-1) ?? '';
  return `onnxruntime does not run it: ${reason.slice(0, 200) || 'no reason given'}`;
}

/**
 * Runs the rows through onnxruntime and compares.
 * @returns the largest difference, or why there is none: a file that onnxruntime cannot run here
 */
export async function checkServed(file: string, model: GraphModel, rows: readonly Float64Array[]): Promise<ServedCheck> {
  const { inputName, outputIsTensor, outputs, raw } = model;
  if (inputName === null) return { unchecked: 'its input is not one table of float32' };
  if (!outputIsTensor) return { unchecked: 'its output is a list of maps (ZipMap), not a table of numbers' };
  let answers: Float64Array;
  try {
    answers = await served(file, model, inputName, rows);
  } catch (error) {
    return { unchecked: refusalOf(error) };
  }
  let residual = 0;
  let differing: number | null = null;
  for (const [index, row] of rows.entries()) {
    const rounding = Math.max(LEAST, ...(raw ?? []).map((score) => roundingOf(score, row)));
    for (const [output, own] of model.evaluate(row).entries()) {
      const difference = Math.abs(own - (answers[index * outputs + output] ?? Number.NaN));
      residual = Math.max(residual, difference);
      if (difference > rounding * Math.max(1, Math.abs(own))) differing ??= index + 1;
    }
  }
  if (differing === null) return { residual };
  const [known = `row ${differing} is answered by ${residual.toExponential(1)} differently`] = model.servedOtherwise;
  return { residual, otherwise: known };
}
