/** A model over a table: reading, scoring and whatever the caller does with the answers go on side by side. */
import type { PlacedRow } from './placedRow.ts';
import { type Prediction, predictRows } from './predict.ts';
import { readCheckedRows } from './readCheckedRows.ts';
import type { LoadedModel } from './registry.ts';
import type { RowReport } from './rows.ts';

export interface AnsweredRow extends PlacedRow {
  readonly prediction: Prediction;
}

/** Batches that the model has before it while the next is read: with one it would wait for the reader between two. */
const AHEAD = 2;

async function answered(model: LoadedModel, rows: readonly PlacedRow[]): Promise<AnsweredRow[]> {
  const predictions = await predictRows(
    model,
    rows.map(({ row }) => row),
  );
  return rows.map((row, index) => ({ ...row, prediction: predictions[index] as Prediction }));
}

/**
 * Answers in the table's order, batch by batch; memory is bounded by the batches on their way.
 * @throws AvicennaError ROWS_INVALID or FILE_UNREADABLE with the place
 */
export async function* predictTable(
  model: LoadedModel,
  file: string,
  onHeader?: (report: RowReport) => void,
): AsyncGenerator<readonly AnsweredRow[]> {
  const onTheirWay: Promise<AnsweredRow[]>[] = [];
  for await (const rows of readCheckedRows(model.card, file, { ...(onHeader && { onHeader }) })) {
    const batch = answered(model, rows);
    // Its failure is thrown where it is awaited, which may be after the reader's next step.
    batch.catch(() => undefined);
    onTheirWay.push(batch);
    if (onTheirWay.length > AHEAD) yield await (onTheirWay.shift() as Promise<AnsweredRow[]>);
  }
  for (const batch of onTheirWay) yield await batch;
}
