/** What one model has told of a patient, as a picture: with the thresholds of the alert rules and the alerts that were told. */
import { covers } from '../access/scopes.ts';
import { type TimelineMarks, timelineSvg } from '../explanation/timeline.ts';
import { readAlertPayload } from '../monitoring/alertEvent.ts';
import { type RiskPayload, readRiskPayload, standingAnswers } from '../monitoring/riskEvent.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import type { Context } from './context.ts';

/** Risk events and alerts that a picture shows at most. */
const MOST_EVENTS = 200;

/** A risk event is recorded just after the alert that it raises; an alert that time raises has none. */
const TOGETHER_MS = 1000;

interface Told {
  readonly recordedAt: string;
  readonly payload: RiskPayload;
}

/** An alert is drawn at the answer that stood when it was raised. */
async function marksOf(
  { card }: LoadedModel,
  patient: string,
  told: readonly Told[],
  { actor, reader, alertRules }: Context,
): Promise<TimelineMarks> {
  const thresholds = alertRules.flatMap(({ model, title, when }) =>
    model === card.name && when.kind === 'threshold' ? [{ value: when.value, label: title }] : [],
  );
  const items = covers(actor.scopes, 'DetectedIssue', 'r') ? (await reader.alerts({ patient }, null, MOST_EVENTS)).items : [];
  const alerts = items
    .map(({ payload }) => readAlertPayload(JSON.parse(payload)))
    .flatMap(({ model, startedAt, raisedAt, title, rule }) => {
      if (model !== card.name || raisedAt === null) return [];
      const until = new Date(Date.parse(raisedAt) + TOGETHER_MS).toISOString();
      // Raised by time, or by a silence: what is told just after it is not what raised it.
      const byTime = startedAt !== raisedAt || alertRules.some(({ name, when }) => name === rule && when.kind === 'silence');
      const raising = byTime ? undefined : told.find(({ recordedAt }) => recordedAt >= raisedAt && recordedAt <= until);
      const answer = (raising ?? told.findLast(({ recordedAt }) => recordedAt <= raisedAt))?.payload;
      return answer?.value == null ? [] : [{ at: answer.observedAt, value: answer.value, title }];
    });
  return { thresholds, alerts };
}

/** Null where the model has told nothing yet. */
export async function timelineOf(model: LoadedModel, patient: string, context: Context): Promise<string | null> {
  const { items } = await context.reader.risks({ patient, models: [model.card.name] }, null, MOST_EVENTS);
  const all = items.map(({ id, recordedAt, payload }) => ({ id, recordedAt, payload: readRiskPayload(JSON.parse(payload)) })).reverse();
  // The first answer, of somebody of whom nothing is known, is dated by the registration and says nothing of a course.
  const told = standingAnswers(all).filter(({ payload }) => payload.cause !== 'REGISTRATION');
  if (told.length === 0) return null;
  const answers = told.map(({ payload }) => payload);
  return timelineSvg(model.card, answers, await marksOf(model, patient, told, context));
}
