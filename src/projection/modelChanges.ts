/**
 * A model that came into force: every patient of whom an earlier file of it spoke last is told of anew, with the cause MODEL, where
 * the answer is another. What is not reached before a stop is found again at the next start: the graph says which file spoke last.
 */
import { decodeEnvelope } from '../events/envelope.ts';
import type { EventLog, LogEvent } from '../events/eventLog.ts';
import { isPatientEventType } from '../patients/events.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { patientsOfOtherDigest } from '../store/cypher/risk.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { Monitor } from './monitor.ts';

export interface ModelChangesParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly models: () => readonly LoadedModel[];
  readonly monitor: Pick<Monitor, 'afterModel'>;
  /** Waits until the event is in the graph and, where `monitored`, the monitor has looked at it. False where it takes too long. */
  readonly waitFor: (seq: string, monitored: boolean) => Promise<boolean>;
  readonly onError: (error: Error) => void;
}

const PAGE = 100;
const ATTEMPTS = 5;

export class ModelChanges {
  readonly #parts: ModelChangesParts;
  #started = false;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ModelChangesParts) {
    this.#parts = parts;
  }

  /** Goes through the patients now, and again whenever `look` is called. */
  start(): void {
    this.#started = true;
    this.look();
  }

  /** The models may be others: nothing is done before the start. */
  look(): void {
    if (!this.#started) return;
    this.#running = this.#running.then(() => this.#goThrough()).catch(this.#parts.onError);
  }

  async #goThrough(): Promise<void> {
    for (const model of this.#parts.models()) {
      for (let after: string | undefined = ''; after !== undefined && !this.#stopped; ) after = await this.#page(model, after);
    }
  }

  /** The last patient of the page; none where it was the last page. */
  async #page(model: LoadedModel, after: string): Promise<string | undefined> {
    const rows = await this.#parts.store.read<{ patient: string }>(patientsOfOtherDigest(model.card.name, model.digest, after, PAGE));
    // One patient of whom it fails does not keep the others waiting.
    for (const { patient } of rows) if (!this.#stopped) await this.#renew(patient, model).catch(this.#parts.onError);
    return rows.length < PAGE ? undefined : rows.at(-1)?.patient;
  }

  async #renew(patient: string, model: LoadedModel): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS && !this.#stopped; attempt += 1) {
      const last = await this.#parts.log.lastBySubject(`patient.${patient}`);
      if (!last || !(await this.#parts.waitFor(last.seq, isRecorded(last)))) continue;
      if (await this.#parts.monitor.afterModel(patient, model, last.seq)) return;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}

/** Something that was recorded, at which the monitor looks too; what the monitor told itself is only to be in the graph. */
function isRecorded({ seq, body }: LogEvent): boolean {
  try {
    return isPatientEventType(decodeEnvelope(seq, body).type);
  } catch {
    return false;
  }
}
