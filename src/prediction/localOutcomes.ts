/**
 * A model's answers beside what became of the patients here: the sample that its local validity is judged by, and the patients
 * most like one.
 */
import { bandText } from './bands.ts';
import type { CardInput, ModelCard } from './card.ts';
import { type Judged, type Levels, SMALLEST_CELL } from './evaluation/judge.ts';
import type { Sample } from './evaluation/sample.ts';
import { NOT_RECORDED } from './groupings.ts';
import type { RawRow } from './inputs.ts';
import { roundHalfUp } from './rounding.ts';

/** One patient's answer and what came after it. */
export interface LocalOutcome {
  readonly patient: string;
  readonly sexAtBirth: string;
  readonly race: string;
  readonly site: string | null;
  /** Completed years when the answer was given. */
  readonly age: number;
  /** The model's inputs when it answered. */
  readonly raw: RawRow;
  /** In the model's unit. */
  readonly predicted: number;
  /** The measured number; of an event 1 where it happened, 0 where it was not seen. */
  readonly outcome: number;
  /** Years from the answer to the event or the last look; NaN of a measured number. */
  readonly years: number;
  readonly answeredAt: string;
  /** When the outcome was observed, or the last look. */
  readonly observedAt: string;
}

/** An answer that was given, and where the rest of it lies. */
export interface GivenAnswer {
  readonly patient: string;
  readonly seq: string;
  readonly recordedAt: string;
}

export interface RecordedEvent {
  readonly patient: string;
  readonly kind: string;
  readonly observedAt: string;
}

/** An answer with the outcome that it is held against. */
export interface Pair<A extends GivenAnswer> {
  readonly answer: A;
  readonly outcome: number;
  readonly years: number;
  readonly observedAt: string;
}

const YEAR_MS = 365.25 * 86_400_000;
const yearsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / YEAR_MS;

function byPatient<T extends { readonly patient: string }>(items: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const item of items) {
    const own = grouped.get(item.patient) ?? [];
    own.push(item);
    grouped.set(item.patient, own);
  }
  return grouped;
}

/** Measured numbers, in the unit of the answer, each against the last answer before it. @param answers each patient's oldest first */
export function measuredPairs<A extends GivenAnswer>(
  answers: readonly A[],
  measured: readonly { readonly patient: string; readonly value: number; readonly observedAt: string }[],
): Pair<A>[] {
  const known = byPatient(answers);
  return measured.flatMap(({ patient, value, observedAt }) => {
    const answer = known.get(patient)?.findLast(({ recordedAt }) => recordedAt <= observedAt);
    return answer ? [{ answer, outcome: value, years: Number.NaN, observedAt }] : [];
  });
}

const DEATH = 'DEATH';

/**
 * Each patient's first answer against the first event after it. Who had the event, or had died, before the answer is no part of
 * it. Who had none is free of it until he died or until `now`: events are taken to be recorded where they happen.
 * @param events each patient's oldest first, deaths among them
 */
export function followedPairs<A extends GivenAnswer>(
  answers: readonly A[],
  events: readonly RecordedEvent[],
  kinds: readonly string[],
  now: string,
): Pair<A>[] {
  const known = byPatient(events);
  return [...byPatient(answers)].flatMap(([patient, [answer]]): Pair<A>[] => {
    const own = known.get(patient) ?? [];
    if (!answer || own.some(({ observedAt }) => observedAt < answer.recordedAt)) return [];
    const event = own.find(({ kind }) => kinds.includes(kind));
    const end = event?.observedAt ?? own.find(({ kind }) => kind === DEATH)?.observedAt ?? now;
    return [{ answer, outcome: event ? 1 : 0, years: yearsBetween(answer.recordedAt, end), observedAt: end }];
  });
}

const AGE_BANDS = [40, 65, 80];

/** A risk by a horizon as the risk by another, at an even pace: 1 - (1 - p)^(t/T). */
const riskBy = (risk: number, years: number, horizon: number) => 1 - (1 - risk) ** (years / horizon);

const TENTHS = 10;

/** The middle one of the times, in whole tenths of a year: no patient's own time is shown, and it does not move by the minute. */
function middleYears(years: readonly number[]): number {
  const middle = [...years].sort((a, b) => a - b)[Math.floor((years.length - 1) / 2)] ?? 0;
  return Math.floor(middle * TENTHS) / TENTHS;
}

export interface LocalSample {
  readonly judged: Judged;
  readonly sample: Sample;
  /** By sex, race, site and age, and by the year of the answer: a gap between years is drift. */
  readonly groupings: readonly Levels[];
  /** Years that a risk is judged over: the middle time to the event or the last look; null of a measured number. */
  readonly horizonYears: number | null;
}

/** Answers and outcomes as a sample. Risks are taken to the time that patients were followed. */
export function localSample({ recordedOutcome }: ModelCard, rows: readonly LocalOutcome[]): LocalSample {
  const event = recordedOutcome?.kind === 'event' ? recordedOutcome : null;
  const horizon = event ? Math.min(event.horizonYears, middleYears(rows.map(({ years }) => years))) : null;
  const people = new Map<string, number>();
  const numberOf = (patient: string) => people.get(patient) ?? people.set(patient, people.size).size - 1;
  const person = Int32Array.from(rows, ({ patient }) => numberOf(patient));
  const levels = (by: string, of: (row: LocalOutcome) => string): Levels => ({ by, levels: rows.map(of) });
  return {
    judged: horizon === null ? { kind: 'number' } : { kind: 'survival', horizon },
    sample: {
      predicted: Float64Array.from(rows, ({ predicted }) =>
        event && horizon !== null ? riskBy(predicted, horizon, event.horizonYears) : predicted,
      ),
      outcome: Float64Array.from(rows, ({ outcome }) => outcome),
      time: event ? Float64Array.from(rows, ({ years }) => years) : new Float64Array(),
      inside: new Float64Array(rows.length).fill(Number.NaN),
      person,
      people: people.size,
    },
    groupings: [
      levels('sex', ({ sexAtBirth }) => sexAtBirth.toLowerCase()),
      levels('race', ({ race }) => race.toLowerCase()),
      levels('site', ({ site }) => site ?? NOT_RECORDED),
      levels('age', ({ age }) => bandText(age, AGE_BANDS)),
      levels('year', ({ answeredAt }) => answeredAt.slice(0, 4)),
    ],
    horizonYears: horizon,
  };
}

/** How far two values of an input are apart, 0 to 1; null where neither row has one. */
function apart({ type, min, max }: CardInput, one: RawRow[string], other: RawRow[string]): number | null {
  if (type === 'identifier' || (one === null && other === null)) return null;
  if (one === null || other === null) return 1;
  if (type === 'number' && min != null && max != null && max > min) return Math.min(1, Math.abs(Number(one) - Number(other)) / (max - min));
  return String(one) === String(other) ? 0 : 1;
}

/**
 * Gower's distance of two rows (Biometrics 1971;27:857-71): the mean over inputs of the difference as a share of the range that
 * the card allows, 0 or 1 of a category; an input that only one of them has counts 1, one that neither has counts nothing.
 */
export function distance({ inputs }: ModelCard, a: RawRow, b: RawRow): number {
  const parts = inputs.map((input) => apart(input, a[input.name] ?? null, b[input.name] ?? null)).filter((part) => part !== null);
  return parts.length === 0 ? 1 : parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

const NEAREST = 50;
/** A quarter of them is no small cell. */
const FOR_QUARTILES = 4 * SMALLEST_CELL;

export interface SimilarPatients {
  /** How many the summary is of; null where there are fewer than 11. */
  readonly count: number | null;
  /** Of a measured number, rounded as answers are. */
  readonly median: number | null;
  /** Null below 44: a quarter of fewer is a small cell. */
  readonly quartiles: { readonly lower: number; readonly upper: number } | null;
  /** Of an event: how many had it; null where fewer than 11 did and where fewer than 11 did not. */
  readonly events: number | null;
  /** Largest distance among them, 0 (the same) to 1. */
  readonly farthest: number | null;
}

const NOBODY: SimilarPatients = { count: null, median: null, quartiles: null, events: null, farthest: null };

function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}

const isSmall = (count: number) => count > 0 && count < SMALLEST_CELL;

/** What became of the patients whose inputs were nearest; each patient once, by the latest outcome. */
export function similarPatients(card: ModelCard, raw: RawRow, rows: readonly LocalOutcome[]): SimilarPatients {
  const newest = new Map<string, LocalOutcome>();
  for (const row of rows) if ((newest.get(row.patient)?.observedAt ?? '') < row.observedAt) newest.set(row.patient, row);
  const nearest = [...newest.values()]
    .map((row) => ({ row, far: distance(card, raw, row.raw) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, NEAREST);
  if (nearest.length < SMALLEST_CELL) return NOBODY;
  const count = nearest.length;
  const farthest = nearest.at(-1)?.far ?? null;
  const outcomes = nearest.map(({ row }) => row.outcome).sort((a, b) => a - b);
  if (card.recordedOutcome?.kind === 'event') {
    const events = outcomes.filter((outcome) => outcome === 1).length;
    return { ...NOBODY, count, farthest, events: isSmall(events) || isSmall(count - events) ? null : events };
  }
  const shown = (share: number) => roundHalfUp(quantile(outcomes, share), card.output.decimals);
  const quartiles = count < FOR_QUARTILES ? null : { lower: shown(0.25), upper: shown(0.75) };
  return { ...NOBODY, count, farthest, median: shown(0.5), quartiles };
}
