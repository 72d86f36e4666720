/** What alerts cost and what they find: rules on labelled rows, or what the log has of the alerts that were told. */
import { AvicennaError } from '../errors.ts';
import { decodeEnvelope, plainCodec } from '../events/envelope.ts';
import { type Burden, type BurdenFigures, burdenOf } from '../monitoring/alertBurden.ts';
import { type AlertRule, readAlertRules } from '../monitoring/alertRule.ts';
import { RecordedBurden, type RuleBurden } from '../monitoring/recordedBurden.ts';
import type { Figure, ModelCard } from '../prediction/card.ts';
import { NOT_SHOWN } from '../prediction/cardStatements.ts';
import { SMALLEST_CELL } from '../prediction/evaluation/judge.ts';
import { readLabelledHours } from '../prediction/evaluation/labelledHours.ts';
import { Draws } from '../prediction/evaluation/sample.ts';
import { loadModels } from '../prediction/registry.ts';
import { readConfig } from './config.ts';
import { modelAsked, modelsFolder } from './models.ts';
import { openExistingLog } from './openLog.ts';
import { line, refuse } from './output.ts';
import { PLACES } from './places.ts';

export interface EvaluateAlertsOptions {
  readonly rows?: string;
  readonly rules?: string;
  readonly within: number;
  readonly acknowledgedAfter: number;
  readonly draws: number;
  readonly seed: number;
  readonly data: string;
  readonly json?: boolean;
}

const DECIMALS = 3;
const text = (figure: Figure | null) =>
  figure ? `${figure.value.toFixed(DECIMALS)} (${figure.low.toFixed(DECIMALS)} to ${figure.high.toFixed(DECIMALS)})` : 'cannot be told';

/** Every hour in which the card's word is the most urgent one: what people would be told without a rule. */
function bareThreshold({ name, output }: ModelCard): AlertRule {
  const [most] = [...(output.categories ?? [])].sort((a, b) => b.from - a.from);
  if (!most)
    throw new AvicennaError('BAD_USER_INPUT', `The card of '${name}' has no categories: give the rules with --rules FILE.`, '--rules');
  return {
    name: 'category-of-the-card',
    title: `${most.name} by the card, told once until it ends`,
    model: name,
    severity: 'WARNING',
    when: { kind: 'category', is: [most.name] },
    forMinutes: 0,
    refractoryMinutes: 0,
    quietUntilAcknowledged: false,
    notify: 'nobody',
    escalate: null,
    patients: null,
    sites: null,
    source: 'the card of the model',
  };
}

function rulesOf(card: ModelCard, file: string | undefined): AlertRule[] {
  const own = readAlertRules(file ?? PLACES.alertRules).filter(({ model, when }) => model === card.name && when.kind !== 'silence');
  if (file !== undefined && own.length === 0)
    throw new AvicennaError(
      'CONFIG_INVALID',
      `No rule of '${card.name}' is in the file, but for rules of silence, which rows do not tell.`,
      file,
    );
  return [bareThreshold(card), ...own];
}

function figureCells({ alertsPerPatientDay, positivePredictiveValue, sensitivity, medianLeadHours }: BurdenFigures): string[] {
  return [alertsPerPatientDay, positivePredictiveValue, sensitivity, medianLeadHours].map(text);
}

const HEAD = ['alerts per patient-day', 'positive predictive value', 'sensitivity', 'median lead, hours'];

function burdenLines({ rule, title, people, withEvent, patientDays, alerts, figures, groups }: Burden): string[] {
  const rows = groups.map((group) => {
    const cells = group.figures === null ? [NOT_SHOWN, '', '', '', ''] : [String(group.people), ...figureCells(group.figures)];
    return `| ${group.by}: ${group.level} | ${cells.join(' | ')} |`;
  });
  return [
    '',
    `## ${rule}: ${title}`,
    '',
    `${alerts} alerts on ${people} people (${withEvent} with the event) in ${patientDays.toFixed(0)} patient-days.`,
    '',
    `| who | people | ${HEAD.join(' | ')} |`,
    `|---|---|${HEAD.map(() => '---|').join('')}`,
    `| all | ${people} | ${figureCells(figures).join(' | ')} |`,
    ...rows,
  ];
}

async function onRows(name: string, file: string, options: EvaluateAlertsOptions): Promise<void> {
  const registry = await loadModels(modelsFolder());
  try {
    const model = modelAsked(registry, name);
    const rules = rulesOf(model.card, options.rules);
    const { people, groupings, unlabelled } = await readLabelledHours(model, file);
    const events = people.filter(({ hours }) => hours.some(({ event }) => event)).length;
    if (Math.min(people.length, events) < SMALLEST_CELL)
      throw new AvicennaError('ROWS_INVALID', `Fewer than ${SMALLEST_CELL} people, or with the event: nothing is shown of so few.`, file);
    const { draws: count, seed, within: withinHours, acknowledgedAfter: acknowledgedAfterMinutes } = options;
    const draws = new Draws(people.length, count, seed);
    const burdens = rules.map((rule) => burdenOf(rule, people, groupings, { withinHours, acknowledgedAfterMinutes }, draws));
    const head = { model: name, digest: model.digest, draws: count, seed, withinHours, acknowledgedAfterMinutes, unlabelled };
    if (options.json) for (const burden of burdens) await line(JSON.stringify({ ...head, ...burden }));
    else {
      await line(`# Alerts of ${model.card.title} (${name} ${model.card.version}) on ${file}`);
      await line('');
      await line(
        `An alert is right where the event is labelled in its hour or within ${withinHours} h after it; each is acknowledged after ${acknowledgedAfterMinutes} min. ${unlabelled} rows have no label. Intervals: 95 %, ${count} bootstrap draws of people. The model was made from: ${model.card.trainedOn.data}. Rows that it was made from flatter it.`,
      );
      for (const burden of burdens) for (const one of burdenLines(burden)) await line(one);
    }
  } finally {
    await registry.close();
  }
}

function ruleLine({ rule, alerts, patients, alertsPerPatientDay, escalated, acknowledged, overridden, ...one }: RuleBurden): string {
  const minutes = one.medianMinutesToAcknowledge?.toFixed(1) ?? '';
  return `| ${rule} | ${alerts} | ${patients} | ${alertsPerPatientDay.toFixed(DECIMALS)} | ${escalated} | ${acknowledged} | ${minutes} | ${overridden} |`;
}

/** Also beside a running server: the log can be read while it is written. */
async function fromLog({ data, json }: EvaluateAlertsOptions): Promise<void> {
  const log = await openExistingLog(data, readConfig(process.env));
  const burden = new RecordedBurden();
  try {
    for await (const item of log.read({ after: '0' })) {
      if (item.kind !== 'event') continue;
      const envelope = decodeEnvelope(item.seq, item.body);
      burden.take(envelope, () => plainCodec.decode(envelope));
    }
  } finally {
    await log.close();
  }
  const { rules, patientDays } = burden;
  if (json) {
    for (const rule of rules) await line(JSON.stringify({ ...rule, patientDays }));
    return;
  }
  await line(`${patientDays} patient-days with a measurement.`);
  await line('');
  await line('| rule | alerts | patients | per patient-day | escalated | acknowledged | median minutes to it | not followed |');
  await line('|---|---|---|---|---|---|---|---|');
  for (const rule of rules) await line(ruleLine(rule));
}

export async function evaluateAlerts(model: string | undefined, options: EvaluateAlertsOptions): Promise<void> {
  try {
    if (model !== undefined && options.rows !== undefined) await onRows(model, options.rows, options);
    else if (model === undefined && options.rows === undefined) await fromLog(options);
    else
      throw new AvicennaError('BAD_USER_INPUT', 'Give a model and --rows FILE, or neither: then the log in --data DIR is read.', '--rows');
  } catch (error) {
    await refuse(error, options.json ?? false);
  }
}
