/**
 * A measurement that comes late: what a model would have said at its time, and at each later answer, had it been there. An
 * answer that would have been another is corrected by a new event that names the one it replaces; nothing is taken back.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Observation, PatientRecord } from '../patients/record.ts';
import { type FeatureVector, featuresOf } from '../prediction/features.ts';
import { type Prediction, predictRows } from '../prediction/predict.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { isMoved, type RiskBasis, riskOf, type Trigger } from './assess.ts';
import type { RiskPayload, ToldRisk } from './riskEvent.ts';

/** What was measured in an event, flagged values left out. */
function measurements({ event }: Trigger): readonly Omit<Observation, 'recordedAt'>[] {
  return event.type === 'observations.recorded' ? event.payload.observations.filter(({ flag }) => flag === null) : [];
}

/** The earliest time that something was measured with the event; null where nothing was. */
export function earliestMeasurement(trigger: Trigger): string | null {
  return (
    measurements(trigger)
      .map(({ observedAt }) => observedAt)
      .sort()[0] ?? null
  );
}

/** By the time that they speak of; of one time, the last told last. */
export function inTheirOrder(told: readonly ToldRisk[]): ToldRisk[] {
  return [...told].sort((a, b) => (a.payload.observedAt < b.payload.observedAt ? -1 : a.payload.observedAt > b.payload.observedAt ? 1 : 0));
}

/** Whether a measurement later than `from` was answered before it came: history that is entered into a new record is not late. */
export function isLate(from: string, told: readonly ToldRisk[]): boolean {
  return told.some(({ payload: { cause, observedAt } }) => (cause === 'OBSERVATION' || cause === 'CORRECTION') && observedAt > from);
}

/** Latest observations by code, led on in the order of measurement. */
class LatestByCode {
  readonly #byCode: Map<string, Observation>;

  constructor(before: readonly Observation[]) {
    this.#byCode = new Map(before.map((one) => [one.code, one]));
  }

  add(observation: Observation): void {
    this.#byCode.set(observation.code, observation);
  }

  get all(): Observation[] {
    return [...this.#byCode.values()];
  }
}

export interface LateMeasurement {
  readonly record: PatientRecord;
  readonly trigger: Trigger;
  /** The latest of each code that was measured before anything of the trigger. */
  readonly before: readonly Observation[];
  /** All that was measured since, those of the trigger among them, in the order of measurement and of recording. */
  readonly since: readonly Observation[];
}

/** The stay as it was known before: one that began later than what came late says nothing of that time. */
function stayWithout({ stay }: PatientRecord, late: ReadonlyMap<string, string>): PatientRecord['stay'] {
  return stay && { ...stay, observations: stay.observations.filter(({ id }) => !late.has(id)) };
}

interface Moment {
  readonly at: string;
  readonly before: FeatureVector;
  readonly after: FeatureVector;
}

/** What the model is given at each moment, without and with what came late; the moments at which that is the same are left out. */
function momentsOf(model: LoadedModel, { record, trigger, before, since }: LateMeasurement, told: readonly ToldRisk[]): Moment[] {
  const late = new Map(measurements(trigger).map(({ id, observedAt }) => [id, observedAt]));
  const from = earliestMeasurement(trigger) ?? trigger.observedAt;
  const last = told.at(-1)?.payload.observedAt ?? from;
  const times = [...new Set([...late.values(), ...told.map(({ payload }) => payload.observedAt)])];
  const without = new LatestByCode(before);
  const having = new LatestByCode(before);
  let next = 0;
  const moments: Moment[] = [];
  for (const at of times.filter((time) => time >= from && time <= last).sort()) {
    for (; next < since.length && (since[next]?.observedAt ?? '') <= at; next += 1) {
      const observation = since[next] as Observation;
      having.add(observation);
      if (!late.has(observation.id)) without.add(observation);
    }
    const earlier = featuresOf(model.card, { ...record, latest: without.all, stay: stayWithout(record, late) }, at);
    const later = featuresOf(model.card, { ...record, latest: having.all }, at);
    if (!isDeepStrictEqual([earlier.raw, earlier.columns], [later.raw, later.columns])) moments.push({ at, before: earlier, after: later });
  }
  return moments;
}

function isSame(one: Prediction | undefined, other: Prediction | undefined): boolean {
  if (one?.status !== other?.status) return false;
  return one?.status !== 'OK' || other?.status !== 'OK' || (one.value === other.value && one.category === other.category);
}

/**
 * The corrections of one model's answers, oldest first.
 * @param told the model's answers that still hold, in their order (`inTheirOrder`)
 * @param idAt the id of the correction for a time
 */
export async function corrections(
  basis: Pick<RiskBasis, 'model' | 'release' | 'rules'>,
  measurement: LateMeasurement,
  told: readonly ToldRisk[],
  idAt: (at: string) => string,
): Promise<ToldRisk[]> {
  const moments = momentsOf(basis.model, measurement, told);
  if (moments.length === 0) return [];
  const answers = await predictRows(
    basis.model,
    moments.flatMap(({ before, after }) => [before, after]),
  );
  const made: ToldRisk[] = [];
  for (const [place, { at, after }] of moments.entries()) {
    const [without, prediction] = answers.slice(2 * place, 2 * place + 2);
    const stood = inTheirOrder([...told, ...made]).findLast(({ payload }) => payload.observedAt <= at);
    if (!stood || !prediction || isSame(without, prediction) || !isMoved(stood.payload, prediction)) continue;
    const ids = measurements(measurement.trigger).flatMap(({ id, observedAt }) => (observedAt <= at ? [id] : []));
    const payload: RiskPayload = await riskOf({
      ...basis,
      vector: after,
      prediction,
      previous: stood.payload,
      cause: 'CORRECTION',
      causeSeq: measurement.trigger.seq,
      observationIds: ids,
      observedAt: at,
      replaces: stood.id,
    });
    made.push({ id: idAt(at), payload });
  }
  return made;
}
