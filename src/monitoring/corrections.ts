/**
 * A measurement that comes late: what a model would have said at its time, and afterwards, had it been there. An answer that would
 * have been another is corrected by a new event that names the one it replaces; nothing is taken back. Measurements of several
 * times that come together are told of as if each had come by itself.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Observation, PatientRecord } from '../patients/record.ts';
import { type FeatureVector, featuresOf } from '../prediction/features.ts';
import { type Prediction, predictRows } from '../prediction/predict.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { givenOf, isMoved, measurements, type RiskBasis, riskOf, type Trigger } from './assess.ts';
import type { RiskPayload, ToldRisk } from './riskEvent.ts';

/** By the time that they speak of; of one time, the last told last. */
export function inTheirOrder(told: readonly ToldRisk[]): ToldRisk[] {
  return [...told].sort((a, b) => (a.payload.observedAt < b.payload.observedAt ? -1 : a.payload.observedAt > b.payload.observedAt ? 1 : 0));
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

/** When the measurements of an event were made, and what of it a model had been given before. */
export interface Placed {
  /** Earliest and latest of the event's measurements. */
  readonly from: string;
  readonly to: string;
  /** The last measurement that the model had been given, or had answered, before the event; empty where there was none. */
  readonly known: string;
}

const isOfMeasurement = ({ payload: { cause } }: ToldRisk) => cause === 'OBSERVATION' || cause === 'CORRECTION';

/** Where an event lies among what a model was given before; null where it measured nothing. */
export function placed({ inputs }: FeatureVector, trigger: Trigger, told: readonly ToldRisk[]): Placed | null {
  const own = new Set<string | null>(measurements(trigger).map(({ id }) => id));
  const times = measurements(trigger).map(({ observedAt }) => observedAt);
  const given = inputs.flatMap(({ observation, observedAt }) => (observation === null || own.has(observation) ? [] : [observedAt ?? '']));
  const answered = told.filter(isOfMeasurement).map(({ payload }) => payload.observedAt);
  const [from, to] = [times.sort()[0], times.at(-1)];
  return from === undefined || to === undefined ? null : { from, to, known: [...given, ...answered].sort().at(-1) ?? '' };
}

/** Whether a model is to be asked about times before now too: something came late, or was measured at several times. */
export const hasEarlierMoments = ({ from, to, known }: Placed): boolean => from < known || from < to;

interface Moment {
  readonly at: string;
  /** Without what the event brought, and with it. */
  readonly before: FeatureVector;
  readonly after: FeatureVector;
}

/** Times before now that one event is looked at, at most: of more the last. */
const MOST_MOMENTS = 200;

/** The times to be looked at; `always` those of the event and of the answers, the others as long as what came late still counts. */
function timesOf({ trigger, since }: LateMeasurement, told: readonly ToldRisk[], { from, to, known }: Placed, hasHistory: boolean) {
  const own = measurements(trigger).map(({ observedAt }) => observedAt);
  const answered = told.map(({ payload }) => payload.observedAt).filter((at) => at <= known);
  const always = new Set([...own, ...answered]);
  const others = hasHistory ? [] : since.map(({ observedAt }) => observedAt).filter((at) => at <= known);
  const now = to > known ? to : null;
  const times = [...new Set([...always, ...others])].filter((at) => at >= from && at !== now).sort();
  return { always, times };
}

/** What the model is given at each time, without and with what the event brought: where that differs, and where it no longer does. */
function momentsOf(model: LoadedModel, measurement: LateMeasurement, told: readonly ToldRisk[], place: Placed): Moment[] {
  const { record, trigger, before, since } = measurement;
  const own = new Map(measurements(trigger).map(({ id, observedAt }) => [id, observedAt]));
  const { always, times } = timesOf(measurement, told, place, model.card.history !== undefined);
  const without = new LatestByCode(before);
  const having = new LatestByCode(before);
  let [next, differed] = [0, false];
  const moments: Moment[] = [];
  for (const at of times) {
    for (; next < since.length && (since[next]?.observedAt ?? '') <= at; next += 1) {
      const observation = since[next] as Observation;
      having.add(observation);
      if (!own.has(observation.id)) without.add(observation);
    }
    if (!differed && !always.has(at)) continue;
    const earlier = featuresOf(model.card, { ...record, latest: without.all, stay: stayWithout(record, own) }, at);
    const later = featuresOf(model.card, { ...record, latest: having.all }, at);
    const differs = !isDeepStrictEqual([earlier.raw, earlier.columns], [later.raw, later.columns]);
    if (differs || differed) moments.push({ at, before: earlier, after: later });
    differed = differs;
  }
  return moments.slice(-MOST_MOMENTS);
}

function isSame(one: Prediction | undefined, other: Prediction | undefined): boolean {
  if (one?.status !== other?.status) return false;
  return one?.status !== 'OK' || other?.status !== 'OK' || (one.value === other.value && one.category === other.category);
}

/**
 * What one model says of the times before now that an event tells of, oldest first: a correction where a later measurement was known
 * already, otherwise an answer as if each had come by itself. Null where no measurement was answered yet: that is history.
 * @param told the model's answers that still hold, in their order (`inTheirOrder`)
 * @param idAt the id of the answer for a time
 */
export async function earlierAnswers(
  basis: Pick<RiskBasis, 'model' | 'release' | 'rules'>,
  measurement: LateMeasurement,
  told: readonly ToldRisk[],
  place: Placed,
  idAt: (at: string) => string,
): Promise<ToldRisk[] | null> {
  if (!told.some(isOfMeasurement)) return null;
  const { trigger } = measurement;
  const moments = momentsOf(basis.model, measurement, told, place);
  if (moments.length === 0) return [];
  const answers = await predictRows(
    basis.model,
    moments.flatMap(({ before, after }) => [before, after]),
  );
  const made: ToldRisk[] = [];
  for (const [index, { at, after: vector }] of moments.entries()) {
    const [without, prediction] = answers.slice(2 * index, 2 * index + 2);
    const stood = inTheirOrder([...told, ...made]).findLast(({ payload }) => payload.observedAt <= at);
    if (!stood || !prediction || (isSame(without, prediction) && !made.includes(stood))) continue;
    if (!isMoved(stood.payload, prediction)) continue;
    const isLate = at <= place.known;
    const payload: RiskPayload = await riskOf({
      ...basis,
      vector,
      prediction,
      previous: stood.payload,
      cause: isLate ? 'CORRECTION' : 'OBSERVATION',
      causeSeq: trigger.seq,
      observationIds: givenOf(vector, trigger).flatMap(({ id, observedAt }) => (observedAt <= at ? [id] : [])),
      observedAt: at,
      replaces: isLate ? stood.id : null,
    });
    made.push({ id: idAt(at), payload });
  }
  return made;
}
