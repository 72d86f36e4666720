/** The decisions of one actor about the patients of one request, each made once. */
import type { DataCategory } from '../patients/dataCategories.ts';
import { accessFacts } from '../store/cypher/access.ts';
import { wholeConsents } from '../store/cypher/patientPage.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Actor } from './actor.ts';
import type { Noted } from './audit/noted.ts';
import { type AccessDecision, ceilingOf, decide, type PatientFacts } from './decide.ts';

/** What a thing is guarded by: whose it is, and which data of theirs it tells of. */
export interface Guarded {
  readonly patient: string;
  readonly categories: readonly DataCategory[];
}

/** A model's answer; of one that was told, with its payload as JSON. */
export interface Told {
  readonly model: string;
  readonly payload?: string;
}

/** What a model's answer tells of a patient besides clinical data. */
export type ReadBy = (told: Told) => readonly DataCategory[];

export const clinical = (patient: string): Guarded => ({ patient, categories: [] });

/** Guards what a model answered of a patient. */
export const guardOf =
  (readBy: ReadBy) =>
  ({ patient, ...told }: Told & { readonly patient: string }): Guarded => ({ patient, categories: readBy(told) });

export const readFacts = (stored: PatientFacts): PatientFacts => ({
  ...stored,
  site: stored.site ?? null,
  consents: wholeConsents(stored.consents),
});

/** What becomes of data that may be seen: they are given, they go into a figure, or into nothing that leaves (they are looked at on the way). */
export type Use = 'GIVEN' | 'COUNTED' | 'LOOKED_AT';

const NOTHING: ReadonlySet<DataCategory> = new Set();

const isOpen = ({ sees }: AccessDecision, categories: readonly DataCategory[]) =>
  sees.size > 0 && categories.every((category) => sees.has(category));

export class Gate {
  readonly actor: Actor;
  readonly #store: GraphStore;
  readonly #now: string;
  readonly #noted: Noted;
  readonly #decided = new Map<string, AccessDecision>();

  /** @param now the instant that the request is answered for */
  constructor(actor: Actor, store: GraphStore, now: string, noted: Noted) {
    this.actor = actor;
    this.#store = store;
    this.#now = now;
    this.#noted = noted;
  }

  /** Notes that the patients' data were given, or went into a figure. */
  note(patients: readonly string[], use: Use = 'GIVEN'): void {
    if (use === 'COUNTED') this.#noted.counted(new Set(patients).size);
    if (use !== 'GIVEN') return;
    for (const patient of patients) this.#noted.saw(patient, this.#decided.get(patient) ?? this.#asSystem());
  }

  #asSystem(): Pick<AccessDecision, 'sees' | 'denial' | 'emergency'> {
    return { sees: ceilingOf(this.actor), denial: null, emergency: false };
  }

  /** Decides on facts that were read with something else. */
  decide(facts: PatientFacts): AccessDecision {
    const decision = this.#decided.get(facts.id) ?? decide(this.actor, facts, this.#now);
    this.#decided.set(facts.id, decision);
    return decision;
  }

  /** Decides on patients; one round trip for those not decided on yet. A patient that is not there is not in the answer. */
  async #decideOn(patients: readonly string[]): Promise<void> {
    const unknown = [...new Set(patients)].filter((patient) => !this.#decided.has(patient));
    if (unknown.length === 0) return;
    for (const { facts } of await this.#store.read<{ facts: PatientFacts }>(accessFacts(unknown))) this.decide(readFacts(facts));
  }

  /** Those that may be seen, in their order. */
  async only<T>(items: readonly T[], guardedBy: (item: T) => Guarded, use: Use = 'GIVEN'): Promise<T[]> {
    const open = this.actor.role === 'SYSTEM' ? [...items] : await this.#onlyOpen(items, guardedBy);
    this.note(
      open.map((item) => guardedBy(item).patient),
      use,
    );
    return open;
  }

  async #onlyOpen<T>(items: readonly T[], guardedBy: (item: T) => Guarded): Promise<T[]> {
    await this.#decideOn(items.map((item) => guardedBy(item).patient));
    return items.filter((item) => {
      const { patient, categories } = guardedBy(item);
      const decision = this.#decided.get(patient);
      return decision !== undefined && isOpen(decision, categories);
    });
  }

  /** What of each patient is given, in their order; nothing of one who may not be seen. One round trip. */
  async seenOf(patients: readonly string[]): Promise<ReadonlySet<DataCategory>[]> {
    const open = new Set(await this.only(patients, clinical));
    const ofOpen = (patient: string) =>
      this.actor.role === 'SYSTEM' ? ceilingOf(this.actor) : (this.#decided.get(patient)?.sees ?? NOTHING);
    return patients.map((patient) => (open.has(patient) ? ofOpen(patient) : NOTHING));
  }

  /** Notes of those that are patients' that they were named and may not be seen. */
  refuse(patients: readonly string[]): void {
    for (const patient of patients) {
      const decision = this.#decided.get(patient);
      if (decision) this.#noted.refused(patient, decision);
    }
  }

  async sees(patient: string, ...categories: DataCategory[]): Promise<boolean> {
    return (await this.only([patient], () => ({ patient, categories }))).length > 0;
  }

  /** As `only`, of facts that came with the items. */
  onFacts<T>(items: readonly T[], factsOf: (item: T) => PatientFacts, categories: readonly DataCategory[], use: Use = 'GIVEN'): T[] {
    const open = items.filter((item) => isOpen(this.decide(factsOf(item)), categories));
    this.note(
      open.map((item) => factsOf(item).id),
      use,
    );
    return open;
  }
}
