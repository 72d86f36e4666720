/** The decisions of one actor about the patients of one request, each made once. */
import type { DataCategory } from '../patients/dataCategories.ts';
import { accessFacts } from '../store/cypher/access.ts';
import { wholeConsents } from '../store/cypher/patientPage.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Actor } from './actor.ts';
import { type AccessDecision, decide, type PatientFacts } from './decide.ts';

/** What a thing is guarded by: whose it is, and which data of theirs it tells of. */
export interface Guarded {
  readonly patient: string;
  readonly categories: readonly DataCategory[];
}

export const readFacts = (stored: PatientFacts): PatientFacts => ({
  ...stored,
  site: stored.site ?? null,
  consents: wholeConsents(stored.consents),
});

const isOpen = ({ sees }: AccessDecision, categories: readonly DataCategory[]) =>
  sees.size > 0 && categories.every((category) => sees.has(category));

export class Gate {
  readonly actor: Actor;
  readonly #store: GraphStore;
  readonly #now: string;
  readonly #decided = new Map<string, AccessDecision>();

  /** @param now the instant that the request is answered for */
  constructor(actor: Actor, store: GraphStore, now: string) {
    this.actor = actor;
    this.#store = store;
    this.#now = now;
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
  async only<T>(items: readonly T[], guardedBy: (item: T) => Guarded): Promise<T[]> {
    if (this.actor.role === 'SYSTEM') return [...items];
    await this.#decideOn(items.map((item) => guardedBy(item).patient));
    return items.filter((item) => {
      const { patient, categories } = guardedBy(item);
      const decision = this.#decided.get(patient);
      return decision !== undefined && isOpen(decision, categories);
    });
  }

  async sees(patient: string, ...categories: DataCategory[]): Promise<boolean> {
    return (await this.only([patient], () => ({ patient, categories }))).length > 0;
  }

  /** As `only`, of facts that came with the items. */
  onFacts<T>(items: readonly T[], factsOf: (item: T) => PatientFacts, categories: readonly DataCategory[]): T[] {
    return items.filter((item) => isOpen(this.decide(factsOf(item)), categories));
  }
}
