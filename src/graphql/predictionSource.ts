import type { PatientRecord } from '../patients/record.ts';
import type { FeatureVector } from '../prediction/features.ts';
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
