import { groupBy } from '../groupBy.ts';
import type { Observation, PatientRecord } from '../patients/record.ts';
import * as alerts from '../store/cypher/alerts.ts';
import { withStay } from '../store/cypher/intensiveStay.ts';
import { latestAt, wholeObservation } from '../store/cypher/latestAt.ts';
import * as outcomes from '../store/cypher/localOutcomes.ts';
import * as overrides from '../store/cypher/overrides.ts';
import * as lists from '../store/cypher/patientLists.ts';
import { patientByIdentifier, patientsById, readRecord } from '../store/cypher/patientPage.ts';
import * as risk from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Actor } from './actor.ts';

/** One page of a list, and whether more follows. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasNext: boolean;
}

/** Patients or outcomes that a model's local validity rests on, at most. */
export const MOST_ROWS = 20_000;
const AT_ONCE = 500;

function page<T>(rows: readonly T[], first: number): Page<T> {
  return { items: rows.slice(0, first), hasNext: rows.length > first };
}

/** Of what was told one after another, the last; a correction counts where it speaks of no earlier time than what stands. */
function standingOf(told: readonly risk.StoredRisk[]): risk.StoredRisk | null {
  let standing: { readonly risk: risk.StoredRisk; readonly observedAt: string } | null = null;
  for (const one of told) {
    const { cause, observedAt } = JSON.parse(one.payload) as { readonly cause: string; readonly observedAt: string };
    if (!standing || cause !== 'CORRECTION' || observedAt >= standing.observedAt) standing = { risk: one, observedAt };
  }
  return standing?.risk ?? null;
}

/**
 * The only store that resolvers are given: every read of patient data passes here, for one actor. It permits all to
 * the loopback demo actor; decisions and audit entries belong in this class.
 */
export class PatientReader {
  readonly actor: Actor;
  readonly #store: GraphStore;

  constructor(actor: Actor, store: GraphStore) {
    this.actor = actor;
    this.#store = store;
  }

  /** Records in the order of `ids`; null for an id that is not there. One round trip. */
  async byIds(ids: readonly string[]): Promise<(PatientRecord | null)[]> {
    const rows = await this.#store.read(patientsById(ids));
    const records = new Map(rows.map((row) => readRecord(row)).map((record) => [record.id, record]));
    return ids.map((id) => records.get(id) ?? null);
  }

  /** Those of the ids that are patients'. */
  async known(ids: readonly string[]): Promise<string[]> {
    return (await this.#store.read<{ id: string }>(lists.knownPatients(ids))).map(({ id }) => id);
  }

  async byIdentifier(identifier: string): Promise<PatientRecord | null> {
    const [row] = await this.#store.read(patientByIdentifier(identifier));
    return row ? readRecord(row) : null;
  }

  async ids(
    filter: lists.PatientFilter,
    sort: lists.PatientSort,
    descending: boolean,
    after: lists.Keyset | null,
    first: number,
  ): Promise<Page<lists.Keyset>> {
    const rows = await this.#store.read<{ id: string; value: string }>(lists.patientIds(filter, sort, descending, after, first));
    return page(rows, first);
  }

  async count(filter: lists.PatientFilter): Promise<number> {
    return this.#count(lists.patientCount(filter));
  }

  async observations(
    patient: string,
    codes: readonly string[] | null,
    after: lists.Keyset | null,
    first: number,
  ): Promise<Page<Observation>> {
    const rows = await this.#store.read<{ observation: Observation }>(lists.observations(patient, codes, after, first));
    return page(
      rows.map(({ observation }) => wholeObservation(observation)),
      first,
    );
  }

  /** Numbers measured from `from` on, the oldest first; of more than `limit`, the last. */
  async recentMeasurements(patient: string, codes: readonly string[] | null, from: string, limit: number): Promise<Observation[]> {
    const rows = await this.#store.read<{ observation: Observation }>(lists.recentMeasurements(patient, codes, from, limit));
    return rows.map(({ observation }) => wholeObservation(observation)).reverse();
  }

  /** The latest observation of each code by `at`, for each patient in the order of `patients`. Two round trips. */
  async latestAt(patients: readonly string[], at: string): Promise<Observation[][]> {
    return latestAt(this.#store, patients, at);
  }

  /** The record, which has its latest observations by `at`, with the stay in intensive care at that time. */
  async withStay(record: PatientRecord, at: string): Promise<PatientRecord> {
    return withStay(this.#store, record, at);
  }

  async observationCount(patient: string, codes: readonly string[] | null): Promise<number> {
    return this.#count(lists.observationCount(patient, codes));
  }

  async search(text: string, first: number): Promise<readonly { id: string; label: string }[]> {
    return this.#store.read<{ id: string; label: string }>(lists.searchPatients(text, first));
  }

  async risks(
    filter: { patient?: string | null; models?: readonly string[] | null },
    afterSeq: string | null,
    first: number,
  ): Promise<Page<risk.StoredRisk>> {
    const rows = await this.#store.read(risk.riskEvents(filter, afterSeq, first));
    return page(rows.map(risk.readRisk), first);
  }

  async riskCount(filter: { patient?: string | null; models?: readonly string[] | null }): Promise<number> {
    return this.#count(risk.riskCount(filter));
  }

  /** What each patient was told last by one model by `at`, in the order of `patients`; null for none. Two round trips. */
  async lastRisksBy(patients: readonly string[], model: string, at: string): Promise<(risk.StoredRisk | null)[]> {
    const last = await this.#store.read<{ patient: string; seq: string }>(risk.lastRisksBy(patients, model, at));
    if (last.length === 0) return patients.map(() => null);
    const from = last.map(({ seq }) => seq).sort()[0] as string;
    const told = groupBy((await this.#store.read(risk.risksSince(patients, model, from, at))).map(risk.readRisk), (one) => one.patient);
    return patients.map((patient) => standingOf(told.get(patient) ?? []));
  }

  /** The payload of what one model says of a patient now, as JSON; null where it has told nothing. */
  async latestRisk(patient: string, model: string): Promise<string | null> {
    const rows = await this.#store.read<{ model: string; payload: string }>(risk.latestRisks(patient));
    return rows.find((row) => row.model === model)?.payload ?? null;
  }

  async risk(id: string): Promise<risk.StoredRisk | null> {
    const [row] = await this.#store.read(risk.riskById(id));
    return row ? risk.readRisk(row) : null;
  }

  async alerts(filter: alerts.AlertFilter, afterSeq: string | null, first: number): Promise<Page<alerts.StoredAlert>> {
    const rows = await this.#store.read(alerts.alerts(filter, afterSeq, first));
    return page(rows.map(alerts.readAlert), first);
  }

  async alertCount(filter: alerts.AlertFilter): Promise<number> {
    return this.#count(alerts.alertCount(filter));
  }

  async alert(id: string): Promise<alerts.StoredAlert | null> {
    const [row] = await this.#store.read(alerts.alertById(id));
    return row ? alerts.readAlert(row) : null;
  }

  /** What was not followed, the newest first. */
  async overrides(patient: string, first: number): Promise<overrides.StoredOverride[]> {
    return (await this.#store.read(overrides.overridesOf(patient, first))).map(overrides.readOverride);
  }

  /** What an event recorded as not followed; null where it recorded nothing of the kind. */
  async overrideOf(event: string): Promise<overrides.StoredOverride | null> {
    const [row] = await this.#store.read(overrides.overrideOfEvent(event));
    return row ? overrides.readOverride(row) : null;
  }

  /** Outcomes of some kinds, newest first, MOST_ROWS at most. */
  async outcomesOf(kinds: readonly string[]): Promise<outcomes.StoredOutcome[]> {
    return this.#store.read<outcomes.StoredOutcome>(outcomes.outcomesOf(kinds, MOST_ROWS));
  }

  /** All outcomes of some kinds of some patients, each patient's oldest first. */
  async outcomesOfPatients(kinds: readonly string[], patients: readonly string[]): Promise<outcomes.StoredOutcome[]> {
    return this.#inParts(patients, (some) => this.#store.read<outcomes.StoredOutcome>(outcomes.outcomesOfPatients(kinds, some)));
  }

  /** The first answer of a version for each patient, MOST_ROWS at most. */
  async firstAnswers(key: outcomes.ModelVersionKey): Promise<outcomes.StoredAnswer[]> {
    return this.#store.read<outcomes.StoredAnswer>(outcomes.firstAnswers(key, MOST_ROWS));
  }

  /** Every answer of a version for some patients, each patient's oldest first. */
  async answersOfPatients(key: outcomes.ModelVersionKey, patients: readonly string[]): Promise<outcomes.StoredAnswer[]> {
    return this.#inParts(patients, (some) => this.#store.read<outcomes.StoredAnswer>(outcomes.answersOfPatients(key, some)));
  }

  /** Risk events by their padded sequence. */
  async risksAt(places: readonly { readonly patient: string; readonly seq: string }[]): Promise<Map<string, risk.StoredRisk>> {
    const rows = await this.#inParts(places, (some) => {
      const patients = [...new Set(some.map(({ patient }) => patient))];
      const seqs = some.map(({ seq }) => seq);
      return this.#store.read(risk.risksBySeq(patients, seqs));
    });
    return new Map(rows.map(risk.readRisk).map((one) => [risk.padSeq(one.seq), one]));
  }

  /** Asks for AT_ONCE at a time: a round trip each. */
  async #inParts<T, R>(items: readonly T[], read: (some: readonly T[]) => Promise<R[]>): Promise<R[]> {
    const found: R[] = [];
    for (let from = 0; from < items.length; from += AT_ONCE)
      for (const row of await read(items.slice(from, from + AT_ONCE))) found.push(row);
    return found;
  }

  async #count(statement: Parameters<GraphStore['read']>[0]): Promise<number> {
    const [row] = await this.#store.read<{ n: number }>(statement);
    return row?.n ?? 0;
  }
}
