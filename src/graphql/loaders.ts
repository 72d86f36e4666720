import DataLoader from 'dataloader';
import type { PatientReader } from '../access/patientReader.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { FeatureVector } from '../prediction/features.ts';
import { type Prediction, predictRows } from '../prediction/predict.ts';
import { type ModelRegistry, modelNamed } from '../prediction/registry.ts';
import type { StoredRisk } from '../store/cypher/risk.ts';

/** One request's batches: one statement for all patients of a step, one model run for all its predictions. */
export interface Loaders {
  readonly patient: DataLoader<string, PatientRecord | null>;
  readonly prediction: (model: string) => DataLoader<FeatureVector, Prediction>;
  /** The last risk event of a patient by a model that was recorded by a time. */
  readonly lastRisk: (model: string, by: string) => DataLoader<string, StoredRisk | null>;
}

export function makeLoaders(reader: PatientReader, registry: ModelRegistry): Loaders {
  const byModel = new Map<string, DataLoader<FeatureVector, Prediction>>();
  const risks = new Map<string, DataLoader<string, StoredRisk | null>>();
  return {
    lastRisk: (model, by) => {
      const key = `${model} ${by}`;
      const loader = risks.get(key) ?? new DataLoader<string, StoredRisk | null>((patients) => reader.lastRisksBy(patients, model, by));
      risks.set(key, loader);
      return loader;
    },
    patient: new DataLoader((ids) => reader.byIds(ids)),
    prediction: (name) => {
      const known = byModel.get(name);
      if (known) return known;
      const model = modelNamed(registry, name);
      const loader = new DataLoader<FeatureVector, Prediction>((vectors) => predictRows(model, vectors));
      byModel.set(name, loader);
      return loader;
    },
  };
}
