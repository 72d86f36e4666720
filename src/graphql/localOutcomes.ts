/** What became of patients after a model had answered, read from the graph: for local validity and for patients like one. */
import { MOST_ROWS } from '../access/figureReader.ts';
import { readRiskPayload } from '../monitoring/riskEvent.ts';
import { convertUnit } from '../patients/units.ts';
import type { ModelCard } from '../prediction/card.ts';
import { type Judgement, SMALLEST_CELL } from '../prediction/evaluation/judge.ts';
import { judgeApart } from '../prediction/evaluation/judgeApart.ts';
import { followedPairs, type LocalOutcome, localSample, measuredPairs, type Pair } from '../prediction/localOutcomes.ts';
import { yearsOld } from '../prediction/recordFeatures.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import type { StoredAnswer } from '../store/cypher/localOutcomes.ts';
import type { Context } from './context.ts';

type Recorded = NonNullable<ModelCard['recordedOutcome']>;

export interface LocalOutcomes {
  readonly rows: readonly LocalOutcome[];
  /** Outcomes or patients that are left out, as a person reads it. */
  readonly leftOut: readonly string[];
}

interface Found {
  readonly pairs: readonly Pair<StoredAnswer>[];
  readonly leftOut: readonly string[];
}

const keyOf = ({ card, digest }: LoadedModel) => ({ model: card.name, digest, version: card.version });
const atMost = (count: number, what: string) => (count < MOST_ROWS ? [] : [`Only ${MOST_ROWS} ${what} are looked at.`]);

async function measured(
  model: LoadedModel,
  { unit, outcomes: kinds }: Extract<Recorded, { kind: 'number' }>,
  { reader }: Context,
): Promise<Found> {
  const outcomes = await reader.figures.outcomesOf(kinds);
  const converted = await Promise.all(
    outcomes.map(async ({ patient, value, unit: own, observedAt }) => ({
      patient,
      observedAt,
      value: value === null ? null : await convertUnit(value, own ?? unit, unit),
    })),
  );
  const usable = converted.flatMap(({ value, ...outcome }) => (value === null ? [] : [{ ...outcome, value }]));
  const answers = await reader.figures.answersOfPatients(keyOf(model), [...new Set(usable.map(({ patient }) => patient))]);
  const pairs = measuredPairs(answers, usable);
  const out = [
    ...(usable.length < outcomes.length ? [`Outcomes in a unit that does not convert to ${unit} are left out.`] : []),
    ...(pairs.length < usable.length ? ['Outcomes before the first answer of this version are left out.'] : []),
  ];
  return { pairs, leftOut: [...out, ...atMost(outcomes.length, 'outcomes, the newest,')] };
}

async function followed(
  model: LoadedModel,
  { outcomes: kinds }: Extract<Recorded, { kind: 'event' }>,
  { reader, now }: Context,
): Promise<Found> {
  const answers = await reader.figures.firstAnswers(keyOf(model));
  const events = await reader.figures.outcomesOfPatients(
    [...kinds, 'DEATH'],
    answers.map(({ patient }) => patient),
  );
  const pairs = followedPairs(answers, events, kinds, now);
  const out = pairs.length < answers.length ? ['Patients who had it, or had died, before the answer are left out.'] : [];
  return { pairs, leftOut: [...out, ...atMost(answers.length, 'patients, those answered first,')] };
}

/** Recorded outcomes of a model's patients beside the answers before them; null where its card names none. */
export async function localOutcomes(model: LoadedModel, context: Context): Promise<LocalOutcomes | null> {
  const { recordedOutcome } = model.card;
  if (!recordedOutcome) return null;
  const { pairs, leftOut } =
    recordedOutcome.kind === 'event' ? await followed(model, recordedOutcome, context) : await measured(model, recordedOutcome, context);
  const risks = await context.reader.figures.risksAt(pairs.map(({ answer }) => answer));
  const rows = pairs.flatMap(({ answer, ...seen }): LocalOutcome[] => {
    const risk = risks.get(answer.seq);
    if (!risk) return [];
    const { raw, value } = readRiskPayload(JSON.parse(risk.payload));
    const { patient, sexAtBirth, race, site, birthDate, recordedAt } = answer;
    const about = { patient, sexAtBirth, race, site, age: yearsOld(birthDate, recordedAt), answeredAt: recordedAt };
    return value === null ? [] : [{ ...seen, ...about, raw, predicted: value }];
  });
  return { rows, leftOut };
}

const DRAWS = 200;
const SEED = 20_260_101;

/** A risk over years is not judged by weeks. */
const SHORTEST_YEARS = 0.3;

export interface LocalValidity {
  /** Null below 11. */
  readonly people: number | null;
  readonly horizonYears: number | null;
  /** Null where nothing may or can be said. */
  readonly judgement: Judgement | null;
  /** Why nothing is said; null where something is. */
  readonly silence: string | null;
}

/** Why nothing is said of a sample; null where something may be. */
function silenceOf({ judged, sample, horizonYears }: ReturnType<typeof localSample>): string | null {
  if (sample.people < SMALLEST_CELL) return 'Fewer than 11 patients have one after an answer of this version: nothing is shown.';
  if (judged.kind !== 'survival') return null;
  if ((horizonYears ?? 0) < SHORTEST_YEARS) return 'Half of them were followed for less than four months: nothing is shown yet.';
  const events = sample.outcome.reduce((sum, one) => sum + one, 0);
  const few = events < SMALLEST_CELL || sample.outcome.length - events < SMALLEST_CELL;
  return few ? 'Fewer than 11 patients had the outcome, or all but fewer than 11: nothing is shown.' : null;
}

/** How a model did on the patients here. */
export async function localValidity({ card }: LoadedModel, found: LocalOutcomes): Promise<LocalValidity> {
  const local = localSample(card, found.rows);
  const { judged, sample, groupings, horizonYears } = local;
  const people = sample.people < SMALLEST_CELL ? null : sample.people;
  const silence = silenceOf(local);
  if (silence !== null) return { people, horizonYears: null, judgement: null, silence };
  return { people, horizonYears, silence, judgement: await judgeApart({ card, judged, sample, groupings, draws: DRAWS, seed: SEED }) };
}
