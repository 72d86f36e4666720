/** A change of a patient's risk (or dose) by one model: the payload of `risk.changed` in the log. */
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import type { EarlierAnswer } from '../explanation/contrast.ts';
import { ALERT_SEVERITIES, CROSSINGS } from './alertRule.ts';

export const RISK_EVENT_TYPE = 'risk.changed';
export const RISK_EVENT_VERSION = 1;

export const RISK_CAUSES = [
  'REGISTRATION',
  'OBSERVATION',
  'MEDICATION',
  'GENOTYPE',
  'CONDITION',
  'ALLERGY',
  'IMAGING',
  'MODEL',
  'CORRECTION',
] as const;
export type RiskCause = (typeof RISK_CAUSES)[number];

const attribution = z.object({
  feature: z.string(),
  label: z.string(),
  value: z.string().nullable(),
  unit: z.string().nullable(),
  observedAt: z.string().nullable(),
  missing: z.boolean(),
  contribution: z.number(),
  modifiable: z.boolean(),
});

const threshold = z.object({
  rule: z.string(),
  title: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  value: z.number(),
  /** UP: from below it to it or above; DOWN: the other way. */
  direction: z.enum(CROSSINGS),
});

export const riskPayload = z.object({
  model: z.string(),
  modelDigest: z.string(),
  /** Left out by events that were told before versions stood side by side. */
  modelVersion: z.string().optional(),
  release: z.string(),
  cause: z.enum(RISK_CAUSES),
  /** Sequence of the event that moved it. */
  causeSeq: z.string(),
  observationIds: z.array(z.string()),
  unit: z.string(),
  status: z.enum(['OK', 'ABSTAINED']),
  abstainReason: z.string().nullable(),
  previous: z.number().nullable(),
  value: z.number().nullable(),
  /** The card's word for the value; null where it has none. Left out by events that were told before it was kept. */
  category: z.string().nullable().default(null),
  delta: z.number().nullable(),
  /** Thresholds of the alert rules that lie between `previous` and `value`. Left out by older events. */
  crossed: z.array(threshold).default([]),
  /** What changed, in the unit of the value; sums to `delta`. Empty where one side has no value. */
  because: z.array(attribution),
  /** The model's inputs at this moment: what the next contrast is made against. */
  raw: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** Of a model that reads a history: what its file was given, in the order of its card; null of what was missing. */
  columns: z.array(z.number().nullable()).nullish(),
  observedAt: z.string(),
  /** Id of the event whose answer stood for `observedAt` before this correction; null where nothing is corrected. Left out by older events. */
  replaces: z.string().nullable().default(null),
});

export type RiskPayload = z.infer<typeof riskPayload>;
export type RiskAttribution = z.infer<typeof attribution>;

export function readRiskPayload(raw: unknown): RiskPayload {
  const parsed = riskPayload.safeParse(raw);
  if (!parsed.success) throw new AvicennaError('EVENT_INVALID', 'The payload of a risk event does not fit its type.');
  return parsed.data;
}

/** What was answered, as `changeSince` takes it. */
export function earlierAnswer({ raw, columns, value, modelDigest }: RiskPayload): EarlierAnswer {
  return { raw, columns: columns ? Float64Array.from(columns, (one) => one ?? Number.NaN) : null, value: value ?? 0, modelDigest };
}

/** A risk event with its id. */
export interface ToldRisk {
  readonly id: string;
  readonly payload: RiskPayload;
}

/** The answers that still hold for their own time, in the order given: a correction takes the place of what it corrects. */
export function standingAnswers<T extends ToldRisk>(told: readonly T[]): T[] {
  const byId = new Map(told.map((one) => [one.id, one]));
  const replaced = new Set(
    told.flatMap(({ payload: { replaces, observedAt } }) =>
      replaces !== null && byId.get(replaces)?.payload.observedAt === observedAt ? [replaces] : [],
    ),
  );
  return told.filter(({ id }) => !replaced.has(id));
}
