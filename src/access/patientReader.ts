import { AvicennaError } from '../errors.ts';
import { groupBy } from '../groupBy.ts';
import type { DataCategory } from '../patients/dataCategories.ts';
import type { PatientRecord } from '../patients/record.ts';
import { accessFacts } from '../store/cypher/access.ts';
import * as alerts from '../store/cypher/alerts.ts';
import * as overrides from '../store/cypher/overrides.ts';
import * as lists from '../store/cypher/patientLists.ts';
import { patientByIdentifier, patientsById, readRecord } from '../store/cypher/patientPage.ts';
import * as risk from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Actor } from './actor.ts';
import type { Noted } from './audit/noted.ts';
import { type CohortQuestion, countCohort } from './cohort/countCohort.ts';
import { type AccessDecision, ceilingOf, type PatientFacts } from './decide.ts';
import { type ExplainedDecision, explainDecision } from './explainDecision.ts';
import { FigureReader } from './figureReader.ts';
import { clinical, Gate, type Guarded, guardOf, type ReadBy, readFacts } from './gate.ts';
import { ObservationReader } from './observationReader.ts';
import { filled, type Page } from './pages.ts';
import { redact } from './redact.ts';

export interface ReaderParts {
  readonly store: GraphStore;
  readonly readBy: ReadBy;
}

type Listed = { readonly id: string; readonly value: string } & { readonly facts: PatientFacts };
type RiskFilter = Parameters<typeof risk.riskEvents>[0];

const NOTHING_MORE: readonly DataCategory[] = [];
const factsOf = ({ facts }: { readonly facts: PatientFacts }) => readFacts(facts);
/** Who is found by a genotype must be one whose genotypes may be seen. */
const categoriesOf = ({ gene }: lists.PatientFilter): readonly DataCategory[] => (gene ? ['GENOMIC'] : NOTHING_MORE);

const MOST_OVERRIDES = 1000;

/** Of what was told one after another, the last; a correction counts where it speaks of no earlier time than what stands. */
function standingOf(told: readonly risk.StoredRisk[]): risk.StoredRisk | null {
  let standing: { readonly risk: risk.StoredRisk; readonly observedAt: string } | null = null;
  for (const one of told) {
    const { cause, observedAt } = JSON.parse(one.payload) as { readonly cause: string; readonly observedAt: string };
    if (!standing || cause !== 'CORRECTION' || observedAt >= standing.observedAt) standing = { risk: one, observedAt };
  }
  return standing?.risk ?? null;
}

const WHY_CLOSED: Partial<Record<NonNullable<AccessDecision['denial']>, string>> = {
  CONSENT: 'The patient does not agree to it.',
  OTHER_SITE: 'The patient is of another unit.',
};

/** Of a patient who is there and may not be seen: said only to those who could open the record in an emergency. */
function refusal({ denial }: AccessDecision): AvicennaError | null {
  const why = denial && WHY_CLOSED[denial];
  return why ? new AvicennaError('FORBIDDEN', `${why} In an emergency the record can be opened (breakGlass).`, 'identifier') : null;
}

/**
 * The only store that resolvers are given: every read of patient data passes here, for one actor and one request. What may not be seen
 * is not there: left out of lists and counts, and taken out of records.
 */
export class PatientReader {
  readonly actor: Actor;
  /** What figures are made of. */
  readonly figures: FigureReader;
  /** What was measured. */
  readonly observed: ObservationReader;
  readonly #store: GraphStore;
  readonly #now: string;
  readonly #readBy: ReaderParts['readBy'];
  readonly #gate: Gate;
  readonly #noted: Noted;
  readonly #ofModel: ReturnType<typeof guardOf>;

  /** @param noted where it is noted who was seen: whoever makes the reader sees to it that it is written */
  constructor(actor: Actor, { store, readBy }: ReaderParts, now: string, noted: Noted) {
    this.actor = actor;
    this.#store = store;
    this.#now = now;
    this.#readBy = readBy;
    this.#gate = new Gate(actor, store, now, noted);
    this.#noted = noted;
    this.#ofModel = guardOf(readBy);
    this.figures = new FigureReader(store, this.#gate, readBy);
    this.observed = new ObservationReader(store, this.#gate);
  }

  /** What the actor may not be shown of anybody is not a way to find anybody either. @throws AvicennaError FORBIDDEN */
  requires(category: DataCategory, at: string): void {
    if (!ceilingOf(this.actor).has(category))
      throw new AvicennaError('FORBIDDEN', `Your role does not see ${category} data: patients cannot be found by them.`, at);
  }

  #shown(record: PatientRecord): PatientRecord | null {
    const decision = this.actor.role === 'SYSTEM' ? null : this.#gate.decide(record);
    if (decision?.sees.size === 0) {
      this.#noted.refused(record.id, decision);
      return null;
    }
    this.#gate.note([record.id]);
    return decision ? redact(record, decision) : record;
  }

  /** Records in the order of `ids`; null for an id that is not there or may not be seen. One round trip. */
  async byIds(ids: readonly string[]): Promise<(PatientRecord | null)[]> {
    const rows = await this.#store.read(patientsById(ids));
    const records = new Map(rows.map((row) => readRecord(row)).map((record) => [record.id, record]));
    return ids.map((id) => {
      const record = records.get(id);
      return record ? this.#shown(record) : null;
    });
  }

  /** Notes a patient who was named and may not be seen: a list of theirs is empty all the same. */
  async #noteNamed(patient: string | null | undefined): Promise<void> {
    if (patient) await this.known([patient]);
  }

  /** Those of the ids that are patients' who may be seen. */
  async known(ids: readonly string[]): Promise<string[]> {
    if (this.actor.role === 'SYSTEM') return [...ids];
    const asked = [...new Set(ids)];
    const open = await this.#gate.only(asked, clinical, 'LOOKED_AT');
    this.#gate.refuse(asked.filter((id) => !open.includes(id)));
    return open;
  }

  /** Null where there is none, or none that the actor may know of. @throws AvicennaError FORBIDDEN of one who could be seen in an emergency */
  async byIdentifier(identifier: string): Promise<PatientRecord | null> {
    const [row] = await this.#store.read(patientByIdentifier(identifier));
    if (!row) return null;
    const record = readRecord(row);
    const shown = this.#shown(record);
    const refused = shown ? null : refusal(this.#gate.decide(record));
    if (refused && this.actor.role === 'CLINICIAN') throw refused;
    return shown;
  }

  /**
   * What somebody else would be shown of a patient, and why: for operators, who see nothing of it. Null where there is none.
   * @param asker who is about one patient is so by the surrogate here
   */
  async explain(asker: Actor, patient: string): Promise<ExplainedDecision | null> {
    if (this.actor.role !== 'OPERATOR') throw new AvicennaError('FORBIDDEN', 'Decisions are explained to operators.', 'patient');
    const [row] = await this.#store.read<{ facts: PatientFacts }>(accessFacts([patient]));
    if (!row) return null;
    const facts = readFacts(row.facts);
    const own = asker.patient === patient ? facts.identifier : '';
    const decision = explainDecision({ ...asker, patient: asker.patient === null ? null : own }, facts, this.#now);
    this.#noted.saw(patient);
    return decision;
  }

  /** The patient whose record the actor could open in an emergency, whether or not it is open already; null for none. */
  async toOpen(identifier: string): Promise<string | null> {
    const [row] = await this.#store.read(patientByIdentifier(identifier));
    if (!row) return null;
    const record = readRecord(row);
    const { denial } = this.#gate.decide(record);
    return denial === null || WHY_CLOSED[denial] !== undefined ? record.id : null;
  }

  async ids(
    filter: lists.PatientFilter,
    sort: lists.PatientSort,
    descending: boolean,
    after: lists.Keyset | null,
    first: number,
  ): Promise<Page<lists.Keyset>> {
    return filled(first, after, {
      read: (from, limit) => this.#store.read<Listed>(lists.patientIds(filter, sort, descending, from, limit)),
      placeOf: ({ id, value }) => ({ id, value }),
      // Which of them are given is known when their records are.
      only: async (rows) => this.#gate.onFacts(rows, factsOf, categoriesOf(filter), 'LOOKED_AT'),
    });
  }

  async count(filter: lists.PatientFilter): Promise<number> {
    const rows = await this.#store.read<Pick<Listed, 'facts'>>(lists.patientsInFilter(filter));
    return this.#gate.onFacts(rows, factsOf, categoriesOf(filter), 'COUNTED').length;
  }

  readonly cohort = (asked: CohortQuestion) => countCohort(asked, this.#store, this.#gate);

  /** Patients whose identifier begins with the text; none for those who see no identifiers. */
  async search(text: string, first: number): Promise<readonly { id: string; label: string }[]> {
    const { items } = await filled(first, null, {
      read: (after: string | null, limit) =>
        this.#store.read<{ label: string; facts: PatientFacts }>(lists.searchPatients(text, after, limit)),
      placeOf: ({ label }) => label,
      only: async (rows) => this.#gate.onFacts(rows, factsOf, ['IDENTIFIERS'], 'LOOKED_AT'),
    });
    return items.map(({ label, facts: { id } }) => ({ id, label }));
  }

  /** Notes that what was found of the patients is given. */
  gives(patients: readonly string[]): void {
    this.#gate.note(patients);
  }

  async risks(filter: RiskFilter, afterSeq: string | null, first: number): Promise<Page<risk.StoredRisk>> {
    await this.#noteNamed(filter.patient);
    const page = await filled(first, afterSeq, {
      read: async (after, limit) => (await this.#store.read(risk.riskEvents(filter, after, limit - 1))).map(risk.readRisk),
      placeOf: ({ seq }) => seq,
      only: (rows) => this.#gate.only(rows, this.#ofModel, 'LOOKED_AT'),
    });
    return this.#given(page);
  }

  async riskCount(filter: RiskFilter): Promise<number> {
    const rows = await this.#store.read<{ patient: string; model: string; payload: string }>(risk.riskCounts(filter));
    return (await this.#gate.only(rows, this.#ofModel, 'COUNTED')).length;
  }

  /** What each patient was told last by one model by `at`, in the order of `patients`; null for none. Two round trips. */
  async lastRisksBy(patients: readonly string[], model: string, at: string): Promise<(risk.StoredRisk | null)[]> {
    const last = await this.#store.read<{ patient: string; seq: string }>(risk.lastRisksBy(patients, model, at));
    if (last.length === 0) return patients.map(() => null);
    const from = last.map(({ seq }) => seq).sort()[0] as string;
    const rows = (await this.#store.read(risk.risksSince(patients, model, from, at))).map(risk.readRisk);
    const told = groupBy(await this.#gate.only(rows, this.#ofModel), (one) => one.patient);
    return patients.map((patient) => standingOf(told.get(patient) ?? []));
  }

  /** The payload of what one model says of a patient now, as JSON; null where it has told nothing. */
  async latestRisk(patient: string, model: string): Promise<string | null> {
    if (!(await this.#gate.sees(patient, ...this.#readBy({ model })))) return null;
    const rows = await this.#store.read<{ model: string; payload: string }>(risk.latestRisks(patient));
    return rows.find((row) => row.model === model)?.payload ?? null;
  }

  async risk(id: string): Promise<risk.StoredRisk | null> {
    const rows = (await this.#store.read(risk.riskById(id))).map(risk.readRisk);
    return (await this.#gate.only(rows, this.#ofModel))[0] ?? null;
  }

  async alerts(filter: alerts.AlertFilter, afterSeq: string | null, first: number): Promise<Page<alerts.StoredAlert>> {
    await this.#noteNamed(filter.patient);
    const page = await filled(first, afterSeq, {
      read: async (after, limit) => (await this.#store.read(alerts.alerts(filter, after, limit - 1))).map(alerts.readAlert),
      placeOf: ({ seq }) => seq,
      only: (rows) => this.#gate.only(rows, this.#ofAlert, 'LOOKED_AT'),
    });
    return this.#given(page);
  }

  async alertCount(filter: alerts.AlertFilter): Promise<number> {
    const rows = await this.#store.read<{ patient: string; payload: string }>(alerts.alertCounts(filter));
    return (await this.#gate.only(rows, this.#ofAlert, 'COUNTED')).length;
  }

  async alert(id: string): Promise<alerts.StoredAlert | null> {
    const rows = (await this.#store.read(alerts.alertById(id))).map(alerts.readAlert);
    return (await this.#gate.only(rows, this.#ofAlert))[0] ?? null;
  }

  /** What was not followed, the newest first: as far as what was shown may be seen. */
  async overrides(patient: string, first: number): Promise<overrides.StoredOverride[]> {
    const all = (await this.#store.read(overrides.overridesOf(patient, MOST_OVERRIDES))).map(overrides.readOverride);
    const seen: overrides.StoredOverride[] = [];
    for (const one of all) if (seen.length < first && (await this.#seesShown(patient, one))) seen.push(one);
    return seen;
  }

  /** What was shown says what it rests on: a recommendation on genotypes, an answer on what its model reads, an alert on its model's. */
  async #seesShown(patient: string, { subject, key }: overrides.StoredOverride): Promise<boolean> {
    if (subject === 'ALERT') return (await this.alert(key)) !== null;
    return this.#gate.sees(patient, ...(subject === 'RECOMMENDATION' ? (['GENOMIC'] as const) : this.#readBy({ model: key })));
  }

  /** What an event of the actor's own command recorded as not followed; null where it recorded nothing of the kind. */
  async overrideOf(event: string): Promise<overrides.StoredOverride | null> {
    const [row] = await this.#store.read(overrides.overrideOfEvent(event));
    return row ? overrides.readOverride(row) : null;
  }

  /** Of a page what it has: the rows that were looked at to fill it are not given. */
  #given<T extends { readonly patient: string }>(page: Page<T>): Page<T> {
    this.#gate.note(page.items.map(({ patient }) => patient));
    return page;
  }

  readonly #ofAlert = ({ patient, payload }: { readonly patient: string; readonly payload: string }): Guarded =>
    this.#ofModel({ patient, model: (JSON.parse(payload) as { readonly model: string }).model });
}
