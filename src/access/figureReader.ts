/** Reads of what goes into figures about many patients (local validity, similar patients): counted, and shown of nobody by name. */
import * as outcomes from '../store/cypher/localOutcomes.ts';
import * as risk from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { clinical, type Gate, guardOf, type ReadBy } from './gate.ts';

/** Patients or outcomes that a figure rests on, at most. */
export const MOST_ROWS = 20_000;
const AT_ONCE = 500;

export class FigureReader {
  readonly #store: GraphStore;
  readonly #gate: Gate;
  readonly #ofModel: ReturnType<typeof guardOf>;

  constructor(store: GraphStore, gate: Gate, readBy: ReadBy) {
    this.#store = store;
    this.#gate = gate;
    this.#ofModel = guardOf(readBy);
  }

  /** Outcomes of some kinds, newest first, MOST_ROWS at most. */
  async outcomesOf(kinds: readonly string[]): Promise<outcomes.StoredOutcome[]> {
    const rows = await this.#store.read<outcomes.StoredOutcome>(outcomes.outcomesOf(kinds, MOST_ROWS));
    return this.#gate.only(rows, ({ patient }) => clinical(patient), 'COUNTED');
  }

  /** All outcomes of some kinds of some patients, each patient's oldest first. */
  async outcomesOfPatients(kinds: readonly string[], patients: readonly string[]): Promise<outcomes.StoredOutcome[]> {
    const seen = await this.#gate.only(patients, clinical, 'COUNTED');
    return this.#inParts(seen, (some) => this.#store.read<outcomes.StoredOutcome>(outcomes.outcomesOfPatients(kinds, some)));
  }

  /** The first answer of a version for each patient, MOST_ROWS at most. */
  async firstAnswers(key: outcomes.ModelVersionKey): Promise<outcomes.StoredAnswer[]> {
    const rows = await this.#store.read<outcomes.StoredAnswer>(outcomes.firstAnswers(key, MOST_ROWS));
    return this.#gate.only(rows, ({ patient }) => this.#ofModel({ patient, model: key.model }), 'COUNTED');
  }

  /** Every answer of a version for some patients, each patient's oldest first. */
  async answersOfPatients(key: outcomes.ModelVersionKey, patients: readonly string[]): Promise<outcomes.StoredAnswer[]> {
    const seen = await this.#gate.only(patients, (patient) => this.#ofModel({ patient, model: key.model }), 'COUNTED');
    return this.#inParts(seen, (some) => this.#store.read<outcomes.StoredAnswer>(outcomes.answersOfPatients(key, some)));
  }

  /** Risk events by their padded sequence. */
  async risksAt(places: readonly { readonly patient: string; readonly seq: string }[]): Promise<Map<string, risk.StoredRisk>> {
    const rows = await this.#inParts(places, (some) => {
      const patients = [...new Set(some.map(({ patient }) => patient))];
      const seqs = some.map(({ seq }) => seq);
      return this.#store.read(risk.risksBySeq(patients, seqs));
    });
    const seen = await this.#gate.only(rows.map(risk.readRisk), this.#ofModel, 'COUNTED');
    return new Map(seen.map((one) => [risk.padSeq(one.seq), one]));
  }

  /** Asks for AT_ONCE at a time: a round trip each. */
  async #inParts<T, R>(items: readonly T[], read: (some: readonly T[]) => Promise<R[]>): Promise<R[]> {
    const found: R[] = [];
    for (let from = 0; from < items.length; from += AT_ONCE)
      for (const row of await read(items.slice(from, from + AT_ONCE))) found.push(row);
    return found;
  }
}
