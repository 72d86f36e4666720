import DataLoader from 'dataloader';
import type { PatientReader } from '../access/patientReader.ts';
import type { Observation, PatientRecord } from '../patients/record.ts';
import type { FeatureVector } from '../prediction/features.ts';
import { type Prediction, predictRows } from '../prediction/predict.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import type { StoredRisk } from '../store/cypher/risk.ts';

/** One request's batches: one statement for all patients of a step, one model run for all its predictions. */
export interface Loaders {
  readonly patient: DataLoader<string, PatientRecord | null>;
  readonly prediction: (model: LoadedModel) => DataLoader<FeatureVector, Prediction>;
  /** A patient's latest observation of each code by a time. */
  readonly latestAt: (at: string) => DataLoader<string, Observation[]>;
  /** The last risk event of a patient by a model that was recorded by a time. */
  readonly lastRisk: (model: string, by: string) => DataLoader<string, StoredRisk | null>;
}

export function makeLoaders(reader: PatientReader): Loaders {
  const byModel = new Map<LoadedModel, DataLoader<FeatureVector, Prediction>>();
  const risks = new Map<string, DataLoader<string, StoredRisk | null>>();
  const observations = new Map<string, DataLoader<string, Observation[]>>();
  return {
    latestAt: (at) => {
      const loader = observations.get(at) ?? new DataLoader<string, Observation[]>((patients) => reader.observed.latestAt(patients, at));
      observations.set(at, loader);
      return loader;
    },
    lastRisk: (model, by) => {
      const key = `${model} ${by}`;
      const loader = risks.get(key) ?? new DataLoader<string, StoredRisk | null>((patients) => reader.lastRisksBy(patients, model, by));
      risks.set(key, loader);
      return loader;
    },
    patient: new DataLoader((ids) => reader.byIds(ids)),
    prediction: (model) => {
      const known = byModel.get(model);
      if (known) return known;
      const loader = new DataLoader<FeatureVector, Prediction>((vectors) => predictRows(model, vectors));
      byModel.set(model, loader);
      return loader;
    },
  };
}
