import { AvicennaError } from '../errors.ts';
import type { RawRow } from '../prediction/inputs.ts';
import type { Prediction } from '../prediction/predict.ts';
import { type AnsweredRow, predictTable } from '../prediction/predictTable.ts';
import { type LoadedModel, loadModels } from '../prediction/registry.ts';
import { roundHalfUp } from '../prediction/rounding.ts';
import type { RowReport } from '../prediction/rows.ts';
import { intervalText, valueText } from '../prediction/valueText.ts';
import { modelAsked, modelsFolder } from './models.ts';
import { line, note, refuse } from './output.ts';

export interface PredictOptions {
  readonly rows: string;
  readonly json?: boolean;
}

export function warnOfHeader(file: string): (report: RowReport) => void {
  return ({ missing, extra }) => {
    if (extra.length > 0) note(`${file}:1: columns that the model does not take are ignored: ${extra.join(', ')}`);
    if (missing.length > 0) note(`${file}:1: columns that are not there are taken as missing: ${missing.join(', ')}`);
  };
}

/** As the publisher's own tool rounds. */
function rounded({ output }: LoadedModel['card'], value: number): number {
  return output.roundTo == null ? value : roundHalfUp(value, output.roundTo);
}

const roundedEach = (card: LoadedModel['card'], components: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(components).map(([name, value]) => [name, rounded(card, value)]));

function shape({ card, digest }: LoadedModel, prediction: Prediction) {
  const answer = prediction.status === 'OK' ? prediction : null;
  const { interval = null, category = null, components = {}, warnings = [] } = answer ?? {};
  return {
    model: card.name,
    digest,
    value: answer && rounded(card, answer.value),
    unit: card.output.unit,
    category,
    interval: interval && { low: interval.low, high: interval.high, coverage: interval.coverage },
    components: card.output.roundTo == null ? components : roundedEach(card, components),
    status: prediction.status,
    abstainReason: prediction.status === 'OK' ? null : prediction.reason,
    ...(warnings.length > 0 && { warnings }),
  };
}

/** Whose row it is and of when, where the model reads histories. */
function whose({ history, inputs }: LoadedModel['card'], raw: RawRow): string {
  if (!history) return '';
  const unit = inputs.find(({ name }) => name === history.time)?.unit ?? '';
  return `${raw[history.subject] ?? '?'}, ${history.time} ${raw[history.time] ?? '?'}${unit && ` ${unit}`}: `;
}

function inWords({ card }: LoadedModel, prediction: Prediction): string {
  const head = whose(card, prediction.raw);
  if (prediction.status === 'ABSTAINED') return `${head}ABSTAINED: ${prediction.reason}`;
  const { interval, category, warnings, statement } = prediction;
  const range = interval && intervalText(card, interval);
  const answer = [valueText(card, prediction.value), range, category].filter(Boolean).join(' ');
  const more = [statement, ...warnings.map((warning) => `[${warning}]`)].filter(Boolean).join(' ');
  return `${head}${card.output.label}: ${answer}${more && `. ${more}`}`;
}

async function print(model: LoadedModel, answered: readonly AnsweredRow[], json: boolean): Promise<void> {
  const waiting: string[] = [];
  const flush = () => (waiting.length === 0 ? undefined : line(waiting.splice(0).join('\n')));
  for (const { at, wrongLength, prediction } of answered) {
    if (wrongLength === undefined) {
      waiting.push(json ? JSON.stringify(shape(model, prediction)) : inWords(model, prediction));
      continue;
    }
    await flush();
    await refuse(new AvicennaError('ROWS_INVALID', wrongLength, at), json);
  }
  await flush();
}

/** One line per row, in order; a row that the card does not allow abstains and names the input. */
export async function predict(name: string, options: PredictOptions): Promise<void> {
  const registry = await loadModels(modelsFolder());
  try {
    const model = modelAsked(registry, name);
    let count = 0;
    for await (const answered of predictTable(model, options.rows, warnOfHeader(options.rows))) {
      await print(model, answered, options.json ?? false);
      count += answered.length;
    }
    if (count === 0) note(`${options.rows}: the table has no rows`);
  } finally {
    await registry.close();
  }
}
