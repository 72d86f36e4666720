/** How an answer would go with the years if nothing else changed: what is known now at a higher age. */
import type { ModelCard } from './card.ts';
import { checkRow, type RawRow } from './inputs.ts';
import { type Prediction, predictRows } from './predict.ts';
import type { LoadedModel } from './registry.ts';

export interface TrajectoryPoint {
  /** Of the input that years are counted by. */
  readonly age: number;
  readonly prediction: Prediction;
}

/** Now, every full step of years from there, and the last age that the card allows. */
function agesFrom({ inputs, trajectory }: ModelCard, now: number): number[] {
  const input = inputs.find(({ name }) => name === trajectory?.input);
  const [step, last] = [trajectory?.step ?? 0, input?.max ?? now];
  const ages: number[] = [];
  for (let age = now; age < last; age += step) ages.push(age);
  return [...ages, ...(now <= last ? [last] : [])];
}

/** One run of the model for somebody whom it answers now; empty where the card knows no such input or the age is not known. */
export async function trajectoryOf(model: LoadedModel, raw: RawRow): Promise<TrajectoryPoint[]> {
  const { card } = model;
  const name = card.trajectory?.input;
  const now = name === undefined ? null : (raw[name] ?? null);
  if (name === undefined || now === null) return [];
  const ages = agesFrom(card, Number(now));
  const predictions = await predictRows(
    model,
    ages.map((age) => checkRow(card, { ...raw, [name]: age })),
  );
  return ages.map((age, index) => ({ age, prediction: predictions[index] as Prediction }));
}
