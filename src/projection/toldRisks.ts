/** What the models have told of each patient: from the graph, and from the log where the graph does not have it yet. */
import { compareSeq } from '../events/eventLog.ts';
import { readRiskPayload, standingAnswers, type ToldRisk } from '../monitoring/riskEvent.ts';
import { latestRisks, readRisk, riskEvents } from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';

/** Answers that a late measurement is held against, at most. */
const MOST_PAST = 500;

interface Ahead extends ToldRisk {
  readonly seq: string;
}

export class ToldRisks {
  readonly #store: GraphStore;
  /** Risk events that are in the log but not yet in the graph, by patient and model, in the order of the log. */
  readonly #ahead = new Map<string, Ahead[]>();

  constructor(store: GraphStore) {
    this.#store = store;
  }

  /** A risk event seen in the log that the graph does not have yet. */
  noteAhead(patient: string, seq: string, risk: ToldRisk): void {
    const key = `${patient}|${risk.payload.model}`;
    const before = this.#ahead.get(key) ?? [];
    if (!before.some((one) => one.seq === seq)) this.#ahead.set(key, [...before, { seq, ...risk }]);
  }

  noteProjected(patient: string, seq: string, model: string): void {
    const key = `${patient}|${model}`;
    const left = (this.#ahead.get(key) ?? []).filter((one) => one.seq !== seq);
    if (left.length > 0) this.#ahead.set(key, left);
    else this.#ahead.delete(key);
  }

  /**
   * The last answer of each model: a correction of an earlier time is none.
   * @param upTo sequence of the event that is looked at: what was told because of a later one is not yet said
   */
  async last(patient: string, models: readonly string[], upTo: string): Promise<Map<string, ToldRisk>> {
    const rows = await this.#store.read<{ model: string; payload: string; event: string | null }>(latestRisks(patient));
    const found = new Map<string, ToldRisk>();
    for (const { model, payload, event } of rows) found.set(model, { id: event ?? '', payload: readRiskPayload(JSON.parse(payload)) });
    for (const model of models)
      for (const risk of this.#ahead.get(`${patient}|${model}`) ?? []) {
        if (compareSeq(risk.payload.causeSeq, upTo) > 0) continue;
        const before = found.get(model)?.payload.observedAt;
        if (risk.payload.cause !== 'CORRECTION' || before === undefined || before <= risk.payload.observedAt) found.set(model, risk);
      }
    return found;
  }

  /** The answers of one model that still hold, in the order of the log; of older ones than the last MOST_PAST, none. */
  async standing(patient: string, model: string): Promise<ToldRisk[]> {
    const rows = await this.#store.read(riskEvents({ patient, models: [model] }, null, MOST_PAST));
    const shown = rows.map(readRisk).map(({ id, payload }) => ({ id, payload: readRiskPayload(JSON.parse(payload)) }));
    return standingAnswers([...shown.reverse(), ...(this.#ahead.get(`${patient}|${model}`) ?? [])]);
  }
}
