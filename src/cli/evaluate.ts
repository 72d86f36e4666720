import { calibrationSvg } from '../explanation/calibrationPlot.ts';
import type { Figure, ModelCard } from '../prediction/card.ts';
import { NOT_SHOWN } from '../prediction/cardStatements.ts';
import { type Evaluation, evaluate, unknownOutcomeText } from '../prediction/evaluation/evaluate.ts';
import type { Group } from '../prediction/evaluation/judge.ts';
import { figuresInWords } from '../prediction/metrics.ts';
import { loadModels } from '../prediction/registry.ts';
import { writePicture } from './explainOptions.ts';
import { modelAsked, modelsFolder } from './models.ts';
import { line, refuse } from './output.ts';

export interface EvaluateOptions {
  readonly data: string;
  readonly draws: number;
  readonly seed: number;
  readonly svg?: string;
  readonly json?: boolean;
}

function groupLine(card: ModelCard, leading: string, { by, level, n, figures, gap, verdict }: Group): string {
  const cells = n === null ? [NOT_SHOWN, '', ''] : [String(n), figuresInWords(card, figures).join('; '), gapText(card, leading, gap)];
  return `| ${by} | ${level} | ${cells.join(' | ')} | ${verdict ?? ''} |`;
}

const gapText = (card: ModelCard, leading: string, gap: Group['gap']) => (gap ? (figuresInWords(card, { [leading]: gap })[0] ?? '') : '');

const unreadableText = ({ rows, first }: Evaluation['unreadable']) => (rows === 0 ? '' : `, ${rows} ${unknownOutcomeText(first)}`);

const DECIMALS = 3;
const share = (value: number) => value.toFixed(DECIMALS);
const withInterval = (figure: Figure | null) =>
  figure ? `${share(figure.value)} (${share(figure.low)} to ${share(figure.high)})` : 'cannot be told';

function calibrationLines(bins: Evaluation['calibration']): string[] {
  if (bins.length === 0) return [];
  const rows = bins.map(({ people, predicted, observed }) => `| ${people} | ${share(predicted)} | ${withInterval(observed)} |`);
  return ['', 'Calibration, by rising answer (a picture with --svg FILE):', '', '| people | said | came |', '|---|---|---|', ...rows];
}

function decisionLines(points: Evaluation['decisionCurve']): string[] {
  if (points.length === 0) return [];
  const rows = points.map(({ threshold, model, everyone }) => `| ${threshold} | ${withInterval(model)} | ${withInterval(everyone)} |`);
  const head = ['| acted on from | net benefit of the model | of acting on everyone |', '|---|---|---|'];
  return ['', 'Decision curve (acting on nobody: 0):', '', ...head, ...rows];
}

function inWords(card: ModelCard, file: string, { people, rows, abstained, withoutOutcome, ...said }: Evaluation, draws: number): string[] {
  return [
    `# ${card.title} (${card.name} ${card.version}) on ${file}`,
    '',
    `${people} people, ${rows} rows; ${abstained} rows were not answered, ${withoutOutcome} have no outcome${unreadableText(said.unreadable)}. Intervals: 95 %, ${draws} bootstrap draws of people.`,
    `The model was made from: ${card.trainedOn.data}. Rows that it was made from flatter it.`,
    '',
    ...figuresInWords(card, said.figures, ': ').map((figure) => `- ${figure}`),
    '',
    '| by | group | people | figures | less the rest | verdict |',
    '|---|---|---|---|---|---|',
    ...said.groups.map((group) => groupLine(card, said.leading, group)),
    ...calibrationLines(said.calibration),
    ...decisionLines(said.decisionCurve),
  ];
}

/** Figures of a model on recorded outcomes, overall and by group. */
export async function evaluateCommand(name: string, options: EvaluateOptions): Promise<void> {
  const json = options.json ?? false;
  const registry = await loadModels(modelsFolder());
  try {
    const model = modelAsked(registry, name);
    const evaluation = await evaluate(model, options.data, options);
    if (options.svg !== undefined) writePicture(options.svg, calibrationSvg(model.card.output.label, evaluation.calibration));
    const { draws, seed } = options;
    if (json) await line(JSON.stringify({ model: name, digest: model.digest, draws, seed, ...evaluation }));
    else for (const text of inWords(model.card, options.data, evaluation, draws)) await line(text);
  } catch (error) {
    await refuse(error, json);
  } finally {
    await registry.close();
  }
}
