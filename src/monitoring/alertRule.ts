/** Who is told of which risk, and when: rules as data (graph-seed/alert-rules.json, or the file of AVICENNA_ALERT_RULES). */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AvicennaError, faultsInWords } from '../errors.ts';

export const ALERT_SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

export const CROSSINGS = ['UP', 'DOWN'] as const;

const YEAR_MINUTES = 366 * 24 * 60;
const minutes = z.number().min(0).max(YEAR_MINUTES);
const text = z.string().trim().min(1).max(300);

/** Met while the value lies on the far side of `value`; once raised, until it has come back over `clearsAt` (hysteresis). */
const threshold = z
  .strictObject({
    kind: z.literal('threshold'),
    direction: z.enum(['AT_OR_ABOVE', 'AT_OR_BELOW']),
    value: z.number(),
    clearsAt: z.number().optional(),
  })
  .refine(
    ({ direction, value, clearsAt }) => clearsAt === undefined || (direction === 'AT_OR_ABOVE' ? clearsAt <= value : clearsAt >= value),
    {
      path: ['clearsAt'],
      message: 'lies on the wrong side of value: an alert would clear before it is raised',
    },
  );

const category = z.strictObject({ kind: z.literal('category'), is: z.array(text).min(1) });

/** Met where the value has moved by `by` (in its unit, or as a share of the earlier value) within so many minutes of measurement. */
const change = z.strictObject({
  kind: z.literal('change'),
  direction: z.enum(['RISE', 'FALL', 'EITHER']),
  by: z.number().positive(),
  relative: z.boolean().default(false),
  withinMinutes: minutes.positive(),
});

/** Met where nothing that the model asks for was measured for so long, while its last value lay at or above `whileAtOrAbove`. */
const silence = z.strictObject({ kind: z.literal('silence'), afterMinutes: minutes.positive(), whileAtOrAbove: z.number() });

const rule = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words with hyphens, as in news2-high'),
  title: text,
  model: text,
  severity: z.enum(ALERT_SEVERITIES),
  when: z.discriminatedUnion('kind', [threshold, category, change, silence]),
  /** How long the condition must hold before anyone is told. */
  forMinutes: minutes.default(0),
  /** How long after an alert is over none is raised by this rule. */
  refractoryMinutes: minutes.default(0),
  /** No second alert before somebody has acknowledged the first, even where the condition ended in between. */
  quietUntilAcknowledged: z.boolean().default(false),
  notify: text,
  escalate: z.strictObject({ afterMinutes: minutes.positive(), to: text }).nullable().default(null),
  /** Only these patients, by the hospital's identifier; null for all. */
  patients: z.array(text).min(1).nullable().default(null),
  /** Only patients of these hospitals or units, as the record names the one that sent it; null for all. */
  sites: z.array(text).min(1).nullable().default(null),
  /** Where the numbers come from. */
  source: text,
});

export type AlertRule = z.infer<typeof rule>;
export type AlertCondition = AlertRule['when'];

const ruleFile = z.strictObject({ note: text.optional(), rules: z.array(rule) });

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AvicennaError('CONFIG_INVALID', `The alert rules cannot be read: ${(error as Error).message}`, file);
  }
}

/** The rules of a file. Throws CONFIG_INVALID with the place in the file, `rules.3.when.value: ...`. */
export function readAlertRules(file: string): AlertRule[] {
  const parsed = ruleFile.safeParse(parse(file));
  if (!parsed.success) throw new AvicennaError('CONFIG_INVALID', `The alert rules are wrong: ${faultsInWords(parsed.error)}.`, file);
  const { rules } = parsed.data;
  const twice = rules.find(({ name }, place) => rules.findIndex((other) => other.name === name) < place);
  if (twice) throw new AvicennaError('CONFIG_INVALID', `Two alert rules are named '${twice.name}'.`, file);
  return rules;
}

/** Throws CONFIG_INVALID where a rule speaks of a model that is not loaded: it would never be heard. */
export function checkRuleModels(rules: readonly AlertRule[], models: ReadonlySet<string>, file: string): void {
  const lost = rules.find(({ model }) => !models.has(model));
  if (lost)
    throw new AvicennaError(
      'CONFIG_INVALID',
      `The alert rule '${lost.name}' speaks of the model '${lost.model}', which is not loaded.`,
      file,
    );
}

const MOVES = { RISE: 'risen', FALL: 'fallen', EITHER: 'moved' } as const;

/** A length of time as a person says it. */
export function spanText(span: number): string {
  if (span >= 120 && span % 60 === 0) return `${span / 60} h`;
  return `${span} min`;
}

/** The condition in words, to stand behind a value: `at or above 7`. */
export function conditionText(when: AlertCondition): string {
  switch (when.kind) {
    case 'threshold':
      return `${when.direction === 'AT_OR_ABOVE' ? 'at or above' : 'at or below'} ${when.value}`;
    case 'category':
      return when.is.map((one) => one.toLowerCase().replaceAll('_', ' ')).join(' or ');
    case 'change':
      return `${MOVES[when.direction]} by ${when.relative ? `${when.by * 100} %` : when.by} or more within ${spanText(when.withinMinutes)}`;
    case 'silence':
      return `at or above ${when.whileAtOrAbove} and not measured for ${spanText(when.afterMinutes)}`;
  }
}

/** The rules for one patient by one model. */
export function rulesFor(
  rules: readonly AlertRule[],
  model: string,
  { identifier, site }: { readonly identifier: string; readonly site: string | null },
): AlertRule[] {
  const isOf = ({ patients, sites }: AlertRule) =>
    (patients === null || patients.includes(identifier)) && (sites === null || (site !== null && sites.includes(site)));
  return rules.filter((one) => one.model === model && isOf(one));
}

/** A threshold of a rule that a value went over. */
export interface CrossedThreshold {
  readonly rule: string;
  readonly title: string;
  readonly severity: AlertSeverity;
  readonly value: number;
  readonly direction: (typeof CROSSINGS)[number];
}

/**
 * The thresholds that lie between two values; a value on a threshold is on the side that the rule speaks of.
 * @param previous null of a first value: it has crossed those that it lies beyond
 */
export function crossedThresholds(rules: readonly AlertRule[], previous: number | null, value: number): CrossedThreshold[] {
  return rules.flatMap(({ name: rule, title, severity, when }) => {
    if (when.kind !== 'threshold') return [];
    const isUp = (one: number) => (when.direction === 'AT_OR_ABOVE' ? one >= when.value : one > when.value);
    const wasUp = previous === null ? when.direction === 'AT_OR_BELOW' : isUp(previous);
    if (wasUp === isUp(value)) return [];
    return [{ rule, title, severity, value: when.value, direction: isUp(value) ? ('UP' as const) : ('DOWN' as const) }];
  });
}
