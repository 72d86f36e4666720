import type { Observation } from '../../patients/record.ts';
import type { GraphStore } from '../graphStore.ts';
import { lastTimes, observationsAt } from './patientLists.ts';

/** A property that is null is not stored. */
const ABSENT = { value: null, text: null, unit: null, device: null, flag: null } as const;

export function wholeObservation(stored: Partial<Observation>): Observation {
  return { ...ABSENT, ...stored } as Observation;
}

/** The latest observation of each code by `at` that a model may be given, for each patient in the order of `patients`. Two round trips. */
export async function latestAt(store: GraphStore, patients: readonly string[], at: string): Promise<Observation[][]> {
  const last = await store.read<{ patient: string; code: string; observedAt: string }>(lastTimes(patients, at));
  const key = (patient: string, code: string, observedAt: string) => `${patient} ${code} ${observedAt}`;
  const wanted = new Set(last.map(({ patient, code, observedAt }) => key(patient, code, observedAt)));
  const times = [...new Set(last.map(({ observedAt }) => observedAt))];
  const rows = await store.read<{ patient: string; observation: Observation }>(observationsAt(patients, times));
  const found = new Map(patients.map((patient) => [patient, new Map<string, Observation>()]));
  for (const { patient, observation } of rows) {
    const { code, observedAt } = observation;
    if (wanted.has(key(patient, code, observedAt))) found.get(patient)?.set(code, wholeObservation(observation));
  }
  return patients.map((patient) => [...(found.get(patient)?.values() ?? [])]);
}
