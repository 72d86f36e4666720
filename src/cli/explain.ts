import { AvicennaError, errorLine } from '../errors.ts';
import { type Counterfactuals, counterfactuals, narrateCounterfactuals } from '../explanation/counterfactuals.ts';
import { type Explanation, explain } from '../explanation/explain.ts';
import type { Method } from '../explanation/explainGraph.ts';
import { modelGame, pathDependentGame } from '../explanation/modelGame.ts';
import { narrate } from '../explanation/narrative.ts';
import { describeInputs } from '../prediction/features.ts';
import type { CheckedRow } from '../prediction/inputs.ts';
import { lastOfEach, readCheckedRows } from '../prediction/readCheckedRows.ts';
import { type LoadedModel, loadModels } from '../prediction/registry.ts';
import { explainOnnx } from './explainOnnx.ts';
import { type ExplainOptions, writePicture } from './explainOptions.ts';
import { modelAsked, modelsFolder } from './models.ts';
import { EXIT, endProgress, line, note, progress } from './output.ts';
import { warnOfHeader } from './predict.ts';

/** Milliseconds after which progress is told. */
const SLOW = 1000;

/** Methods that a model with a card is explained by: the interventional game unless the path-dependent one of its trees is asked for. */
const ANSWERED = new Set<Method>(['auto', 'exact', 'interventional', 'path-dependent']);

function checkMethod({ method, output, class: classIndex }: ExplainOptions, model: LoadedModel): void {
  if (classIndex !== undefined)
    throw new AvicennaError('BAD_USER_INPUT', `'${model.card.name}' answers one number: it has no classes.`, '--class');
  if (!ANSWERED.has(method))
    throw new AvicennaError(
      'METHOD_NOT_AVAILABLE',
      `'${model.card.name}' is explained exactly by its players, interventional or path-dependent; '${method}' is not available for it.`,
      '--method',
    );
  if (output === 'probability')
    throw new AvicennaError(
      'METHOD_NOT_AVAILABLE',
      `'${model.card.name}' answers in ${model.card.output.unit}: it has no probability.`,
      '--output',
    );
}

async function readAll({ card }: LoadedModel, file: string): Promise<CheckedRow[]> {
  const rows: CheckedRow[] = [];
  for await (const batch of readCheckedRows(card, file, { onHeader: warnOfHeader(file) })) {
    for (const { at, row } of batch) {
      const [problem] = row.problems;
      if (problem !== undefined) throw new AvicennaError('ROWS_INVALID', problem, at);
      rows.push(row);
    }
  }
  if (rows.length === 0) throw new AvicennaError('ROWS_INVALID', 'The table has no rows.', file);
  return rows;
}

/** The whole answer as one object: rows x players. */
function shape(model: LoadedModel, explanations: readonly Explanation[], options: ExplainOptions) {
  const features = model.card.players.map(({ name }) => name);
  const values = explanations.map(({ attributions }) =>
    features.map((feature) => attributions.find((one) => one.feature === feature)?.contribution ?? 0),
  );
  return {
    method: options.method === 'path-dependent' ? options.method : 'exact',
    output: options.output,
    baseValue: explanations[0]?.baseValue ?? 0,
    features,
    values,
    predictions: explanations.map(({ prediction }) => prediction),
    residual: explanations.reduce((largest, { residual }) => Math.max(largest, Math.abs(residual)), 0),
    ...(options.interactions && {
      interactions: explanations.map(({ interactions }) =>
        features.map((_, player) => [...(interactions?.subarray(player * features.length, (player + 1) * features.length) ?? [])]),
      ),
    }),
  };
}

/** The counterfactuals of each row; none where they are not asked for. */
async function otherwise(model: LoadedModel, rows: readonly CheckedRow[], options: ExplainOptions): Promise<Counterfactuals[]> {
  if (!options.counterfactuals) return [];
  if (model.card.history)
    throw new AvicennaError(
      'METHOD_NOT_AVAILABLE',
      `'${model.card.name}' reads a history: one row of it is not changed by itself.`,
      '--counterfactuals',
    );
  const found: Counterfactuals[] = [];
  for (const { raw } of rows) found.push(await counterfactuals(model, raw, { threshold: options.threshold }));
  return found;
}

async function tell(model: LoadedModel, explanations: readonly Explanation[], ways: readonly Counterfactuals[], options: ExplainOptions) {
  if (options.json) {
    await line(JSON.stringify({ ...shape(model, explanations, options), ...(options.counterfactuals && { counterfactuals: ways }) }));
    return;
  }
  for (const [index, explanation] of explanations.entries()) {
    const way = ways[index];
    await line([narrate(model.card, explanation, null), ...(way ? [narrateCounterfactuals(model.card, way)] : [])].join(' '));
  }
}

/** The model with another table of reference rows. */
async function against(model: LoadedModel, file: string): Promise<LoadedModel> {
  const rows = lastOfEach(model.card, await readAll(model, file));
  return { ...model, background: async () => rows, backgroundId: file };
}

async function explainCarded(name: string, options: ExplainOptions): Promise<void> {
  const registry = await loadModels(modelsFolder());
  try {
    const loaded = modelAsked(registry, name);
    checkMethod(options, loaded);
    const rows = await readAll(loaded, options.rows);
    const model = options.background === undefined ? loaded : await against(loaded, options.background);
    const space = options.output === 'raw' ? 'MARGIN' : 'VALUE';
    const ways = await otherwise(model, rows, options);
    const explanations: Explanation[] = [];
    const play = options.method === 'path-dependent' ? pathDependentGame : modelGame;
    const { interactions } = options;
    const { covers } = model.card;
    if (play === pathDependentGame)
      note(`${model.card.name}: covers ${covers ? `of the card (${covers.madeFrom})` : 'counted on the background'}`);
    const started = Date.now();
    for (const row of rows) {
      explanations.push(await explain(model, row, describeInputs(model.card, row.raw), space, { interactions, play }));
      if (Date.now() - started > SLOW && explanations.length < rows.length)
        progress(`Explained ${explanations.length} of ${rows.length} rows`);
    }
    endProgress();
    if (options.svg !== undefined && explanations[0]) {
      const { waterfallSvg } = await import('../explanation/plot.ts');
      writePicture(options.svg, waterfallSvg(model.card, explanations[0]));
    }
    await tell(model, explanations, ways, options);
  } finally {
    await registry.close();
  }
}

/** All or nothing: trouble is one error line on stdout and the same in words on stderr, exit code 1. */
export async function explainCommand(name: string | undefined, options: ExplainOptions): Promise<void> {
  if ((name === undefined) === (options.onnx === undefined)) {
    note('explain takes either the name of a model or --onnx FILE');
    process.exitCode = EXIT.usage;
    return;
  }
  try {
    if (name === undefined) await explainOnnx(options.onnx ?? '', options);
    else await explainCarded(name, options);
  } catch (error) {
    const refusal = errorLine(error);
    await line(JSON.stringify(refusal));
    note(`${refusal.error.at ? `${refusal.error.at}: ` : ''}${refusal.error.message}`);
    process.exitCode = EXIT.refused;
  }
}
