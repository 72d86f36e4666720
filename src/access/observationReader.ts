/** Reads of what was measured of patients: of those that may be seen, without what states a genotype where that may not be. */
import type { Observation, PatientRecord } from '../patients/record.ts';
import { withStay } from '../store/cypher/intensiveStay.ts';
import { latestAt, wholeObservation } from '../store/cypher/latestAt.ts';
import * as lists from '../store/cypher/patientLists.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Gate } from './gate.ts';
import { filled, type Page } from './pages.ts';
import { seenObservations } from './redact.ts';

/** Observations that are gone through one by one to be counted. */
const MOST_COUNTED = 100_000;

export class ObservationReader {
  readonly #store: GraphStore;
  readonly #gate: Gate;

  constructor(store: GraphStore, gate: Gate) {
    this.#store = store;
    this.#gate = gate;
  }

  /** Newest first. */
  async page(patient: string, codes: readonly string[] | null, after: lists.Keyset | null, first: number): Promise<Page<Observation>> {
    const [sees] = await this.#gate.seenOf([patient]);
    if (!sees?.size) return { items: [], hasNext: false };
    return filled(first, after, {
      read: async (from, limit) => {
        const rows = await this.#store.read<{ observation: Observation }>(lists.observations(patient, codes, from, limit));
        return rows.map(({ observation }) => wholeObservation(observation));
      },
      placeOf: ({ observedAt, id }) => ({ value: observedAt, id }),
      only: async (items) => seenObservations(items, sees),
    });
  }

  /** Numbers measured from `from` on, the oldest first; of more than `limit`, the last. */
  async recent(patient: string, codes: readonly string[] | null, from: string, limit: number): Promise<Observation[]> {
    const [sees] = await this.#gate.seenOf([patient]);
    if (!sees?.size) return [];
    const rows = await this.#store.read<{ observation: Observation }>(lists.recentMeasurements(patient, codes, from, limit));
    const found = rows.map(({ observation }) => wholeObservation(observation));
    return seenObservations(found, sees).toReversed();
  }

  /** The latest observation of each code by `at`, for each patient in the order of `patients`. Two round trips. */
  async latestAt(patients: readonly string[], at: string): Promise<Observation[][]> {
    const sees = await this.#gate.seenOf(patients);
    const found = await latestAt(this.#store, patients, at);
    return found.map((observations, place) => (sees[place]?.size ? [...seenObservations(observations, sees[place])] : []));
  }

  /** The record, which has its latest observations by `at`, with the stay in intensive care at that time. */
  async withStay(record: PatientRecord, at: string): Promise<PatientRecord> {
    return (await this.#gate.sees(record.id)) ? withStay(this.#store, record, at) : record;
  }

  async count(patient: string, codes: readonly string[] | null): Promise<number> {
    const [sees] = await this.#gate.seenOf([patient]);
    if (!sees?.size) return 0;
    if (sees.has('GENOMIC')) return this.#countAll(patient, codes);
    const rows = await this.#store.read<{ observation: Observation }>(lists.observations(patient, codes, null, MOST_COUNTED));
    return seenObservations(
      rows.map(({ observation }) => wholeObservation(observation)),
      sees,
    ).length;
  }

  async #countAll(patient: string, codes: readonly string[] | null): Promise<number> {
    const [row] = await this.#store.read<{ n: number }>(lists.observationCount(patient, codes));
    return row?.n ?? 0;
  }
}
