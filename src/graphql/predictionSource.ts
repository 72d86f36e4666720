import { AvicennaError } from '../errors.ts';
import type { PatientRecord } from '../patients/record.ts';
import { type FeatureVector, readBy } from '../prediction/features.ts';
import type { Prediction } from '../prediction/predict.ts';
import type { LoadedModel } from '../prediction/registry.ts';

/** What a Prediction of the schema is resolved from: it carries the inputs, so that nothing is fetched again. */
export interface PredictionSource {
  readonly model: LoadedModel;
  readonly patient: PatientRecord;
  readonly vector: FeatureVector;
  readonly prediction: Prediction;
  readonly at: string;
}

/**
 * An answer without data that are only held back would be another than the true one, and the true one tells of them.
 * @throws AvicennaError FORBIDDEN where the model reads such data
 */
export function checkMayBeAsked(model: string, { withheld }: PatientRecord): void {
  const held = withheld.find(({ category }) => readBy(model).includes(category));
  if (held)
    throw new AvicennaError('FORBIDDEN', `'${model}' reads ${held.category} data, which are withheld from you (see 'withheld').`, 'model');
}
