import type { GraphQuestion } from '../../../src/explanation/explainGraph.ts';
import type { GraphModel } from '../../../src/explanation/onnx/readModel.ts';

/** The plainest question: interventional values of the raw score, with interactions. */
export function asked(model: GraphModel, rows: readonly number[][], background: readonly number[][]): GraphQuestion {
  const rounded = (list: readonly number[][]) => list.map((row) => Float64Array.from(row).map(model.rounded));
  return {
    model,
    rows: rounded(rows),
    background: rounded(background),
    places: { rows: rows.map((_, at) => `row ${at}`), background: background.map((_, at) => `background ${at}`) },
    method: 'interventional',
    output: 'raw',
    classIndex: null,
    interactions: true,
    tableLimit: 2 ** 28,
  };
}
