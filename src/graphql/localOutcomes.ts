/** What became of patients after a model had answered, from the graph: for local validity and for patients like one. */
import { readRiskPayload } from '../monitoring/riskEvent.ts';
import { convertUnit } from '../patients/units.ts';
import type { ModelCard } from '../prediction/card.ts';
import { type Judgement, SMALLEST_CELL } from '../prediction/evaluation/judge.ts';
import { judgeApart } from '../prediction/evaluation/judgeApart.ts';
import { type LocalOutcome, localSample } from '../prediction/localOutcomes.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import type { AnsweredPatient, StoredOutcome } from '../store/cypher/localOutcomes.ts';
import type { Context } from './context.ts';

type Recorded = NonNullable<ModelCard['recordedOutcome']>;

export interface LocalOutcomes {
  readonly rows: readonly LocalOutcome[];
  /** Recorded outcomes that no answer of this version came before, or whose unit does not convert. */
  readonly notCompared: number;
}

/** An answer that an outcome is held against; what is asked of the graph for it comes later. */
interface Pair {
  readonly answer: AnsweredPatient;
  readonly outcome: number;
  readonly years: number;
  readonly observedAt: string;
}

const YEAR_MS = 365.25 * 86_400_000;
const yearsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / YEAR_MS;

function byPatient<T extends { readonly patient: string }>(items: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const item of items) grouped.set(item.patient, [...(grouped.get(item.patient) ?? []), item]);
  return grouped;
}

/** Each measured number against the last answer before it. */
async function measured(
  { unit }: Extract<Recorded, { kind: 'number' }>,
  answers: readonly AnsweredPatient[],
  outcomes: readonly StoredOutcome[],
) {
  const known = byPatient(answers);
  const pairs: Pair[] = [];
  for (const { patient, value, unit: own, observedAt } of outcomes) {
    const answer = known.get(patient)?.findLast(({ recordedAt }) => recordedAt <= observedAt);
    const outcome = answer && value !== null ? await convertUnit(value, own ?? unit, unit) : null;
    if (answer && outcome !== null) pairs.push({ answer, outcome, years: Number.NaN, observedAt });
  }
  return { pairs, notCompared: outcomes.length - pairs.length };
}

/**
 * Each patient's first answer against the first event after it. Who had none is free of it until he died or until today: events
 * are taken to be recorded where they happen.
 */
function followed(
  { outcomes: kinds }: Extract<Recorded, { kind: 'event' }>,
  answers: readonly AnsweredPatient[],
  outcomes: readonly StoredOutcome[],
  now: string,
) {
  const known = byPatient(outcomes);
  const pairs = [...byPatient(answers)].flatMap(([patient, [answer]]): Pair[] => {
    if (!answer) return [];
    const after = (known.get(patient) ?? [])
      .filter(({ observedAt }) => observedAt >= answer.recordedAt)
      .sort((a, b) => (a.observedAt < b.observedAt ? -1 : 1));
    const event = after.find(({ kind }) => (kinds as readonly string[]).includes(kind));
    const end = event?.observedAt ?? after.find(({ kind }) => kind === 'DEATH')?.observedAt ?? now;
    return [{ answer, outcome: event ? 1 : 0, years: Math.max(0, yearsBetween(answer.recordedAt, end)), observedAt: end }];
  });
  const events = outcomes.filter(({ kind }) => (kinds as readonly string[]).includes(kind)).length;
  return { pairs, notCompared: events - pairs.filter(({ outcome }) => outcome === 1).length };
}

/** Recorded outcomes of a model's patients beside the answers before them; null where its card names none. */
export async function localOutcomes({ card, digest }: LoadedModel, { reader, now }: Context): Promise<LocalOutcomes | null> {
  const { recordedOutcome } = card;
  if (!recordedOutcome) return null;
  const isEvent = recordedOutcome.kind === 'event';
  const kinds = isEvent ? [...recordedOutcome.outcomes, 'DEATH'] : recordedOutcome.outcomes;
  const [answers, outcomes] = await Promise.all([reader.answersOf(card.name, digest), reader.outcomesOf(kinds)]);
  const { pairs, notCompared } = isEvent
    ? followed(recordedOutcome, answers, outcomes, now)
    : await measured(recordedOutcome, answers, outcomes);
  const risks = await reader.risksAt(pairs.map(({ answer }) => answer));
  const rows = pairs.flatMap(({ answer, ...seen }): LocalOutcome[] => {
    const risk = risks.get(answer.seq);
    if (!risk) return [];
    const { raw, value } = readRiskPayload(JSON.parse(risk.payload));
    const { patient, sexAtBirth, race } = answer;
    const age = Math.floor(yearsBetween(answer.birthDate, answer.recordedAt));
    return value === null ? [] : [{ ...seen, patient, sexAtBirth, race, age, raw, answeredAt: answer.recordedAt, predicted: value }];
  });
  return { rows, notCompared };
}

const DRAWS = 200;
const SEED = 20_260_101;

/** A risk over years is not judged by weeks. */
export const SHORTEST_YEARS = 0.25;

export interface LocalValidity {
  /** Null below 11. */
  readonly people: number | null;
  readonly notCompared: number;
  readonly horizonYears: number | null;
  readonly judgement: Judgement | null;
}

/** How a model did on the patients here. Nothing is said of fewer than 11. */
export async function localValidity(model: LoadedModel, found: LocalOutcomes): Promise<LocalValidity> {
  const { judged, sample, groupings, horizonYears } = localSample(model.card, found.rows);
  const hidden = sample.people < SMALLEST_CELL;
  const tooEarly = horizonYears !== null && horizonYears < SHORTEST_YEARS;
  const judgement = hidden || tooEarly ? null : await judgeApart({ card: model.card, judged, sample, groupings, draws: DRAWS, seed: SEED });
  return {
    people: hidden ? null : sample.people,
    notCompared: found.notCompared,
    horizonYears: hidden ? null : horizonYears,
    judgement,
  };
}
