/**
 * Items of TRIPOD+AI (Collins et al., BMJ 2024;385:e078378) that can be answered of a model that is served, read from its card.
 */
import { figuresOf, type ModelCard } from './card.ts';
import { approachToFairness, type CardAnswer, type CardStatement, gapsInWords, isEquation, listed, NONE, shown } from './cardStatements.ts';
import { figuresInWords, metricLabel } from './metrics.ts';

export interface TripodItem extends CardStatement {
  /** Number in the checklist, as 12e. */
  readonly item: string;
  readonly name: string;
}

interface Item {
  readonly item: string;
  readonly name: string;
  readonly of: (card: ModelCard) => CardAnswer;
}

const sentences = (texts: readonly (string | null | undefined)[]) =>
  listed(
    texts.filter((text) => text != null),
    '. ',
  );

function outcome(card: ModelCard): string | null {
  const { output, evaluation, reporting } = card;
  const horizon =
    evaluation?.outcome.kind === 'survival' ? `within ${evaluation.outcome.horizon} (the unit of ${evaluation.outcome.time})` : null;
  return sentences([`${output.label} (${output.unit})${horizon ? `, ${horizon}` : ''}`, reporting?.outcomeDefinition]);
}

const sampleSize = ({ trainedOn, performance, reporting }: ModelCard) =>
  listed([
    ...(trainedOn.rows === null ? [] : [`${trainedOn.rows} rows to make it`]),
    ...(performance.n === null ? [] : [`${performance.n} to test it`]),
  ]) ?? reporting?.externalValidation?.people;

function missingData({ inputs }: ModelCard): string | null {
  const texts = new Map<string, string[]>();
  for (const { label, whenMissing } of inputs) texts.set(whenMissing, [...(texts.get(whenMissing) ?? []), label]);
  return listed(
    [...texts].map(([text, labels]) => `${labels.join(', ')}: ${text}`),
    '. ',
  );
}

function answerText({ output, interval }: ModelCard): string {
  const categories = (output.categories ?? []).map(({ name, from }) => `${name} from ${from}`);
  return [
    `${output.label} in ${output.unit}`,
    ...(interval ? [`with an interval that holds ${100 * interval.coverage} %`] : []),
    ...(categories.length > 0 ? [`categories: ${categories.join(', ')}`] : []),
    ...(output.decision ? [`threshold ${output.decision.threshold}: ${output.decision.source}`] : []),
  ].join('; ');
}

const measures = ({ performance, reporting }: ModelCard) =>
  listed(figuresOf(performance).map(([metric]) => metricLabel(metric))) ?? reporting?.externalValidation?.process;

const code = (card: ModelCard) => (isEquation(card) ? 'src/prediction/equations/ of Avicenna, Apache-2.0' : card.reporting?.code);

function specification({ artifact, inputs, columns }: ModelCard): string {
  const what =
    'equation' in artifact
      ? `The equation ${artifact.equation} with all constants`
      : `The ONNX file ${artifact.file} (operator set ${artifact.opset})`;
  return `${what}, SHA-256 ${artifact.sha256}; ${inputs.length} inputs, ${columns.length} columns, as the card says`;
}

const required = ({ inputs }: ModelCard) => {
  const names = inputs.filter((input) => input.required).map(({ label }) => label);
  return names.length === 0 ? 'No input is required' : `No answer without: ${names.join(', ')}`;
};

const ITEMS: readonly Item[] = [
  { item: '3c', name: 'Known health inequalities between groups', of: ({ reporting }) => reporting?.inequalities },
  { item: '5', name: 'Sources and dates of the data', of: (card) => sentences([card.trainedOn.data, card.trainedOn.dates]) },
  { item: '8', name: 'Outcome, and how it was found', of: outcome },
  { item: '10', name: 'Number of people', of: sampleSize },
  { item: '11', name: 'Missing data', of: missingData },
  { item: '12e', name: 'Measures of performance', of: measures },
  {
    item: '12f',
    name: 'Updating of the model',
    of: (card) => (isEquation(card) ? NONE : card.reporting?.updating),
  },
  { item: '14', name: 'Approaches to fairness', of: approachToFairness },
  { item: '15', name: 'What it answers', of: answerText },
  { item: '18a', name: 'Funding', of: ({ reporting }) => reporting?.funding },
  { item: '18b', name: 'Conflicts of interest', of: ({ reporting }) => reporting?.conflicts },
  { item: '18c', name: 'Protocol', of: ({ reporting }) => reporting?.protocol },
  { item: '18d', name: 'Registration', of: ({ reporting }) => reporting?.registration },
  { item: '18e', name: 'Sharing of data', of: ({ trainedOn }) => `${trainedOn.licence}. ${trainedOn.attribution}` },
  { item: '18f', name: 'Sharing of code', of: code },
  { item: '22', name: 'The full model', of: specification },
  {
    item: '23a',
    name: 'Performance with intervals, by group',
    of: (card) => sentences([listed(figuresInWords(card, card.performance)), gapsInWords(card)]),
  },
  { item: '26', name: 'Limits', of: ({ limits }) => listed(limits) },
  {
    item: '27a',
    name: 'Inputs of poor quality or not there',
    of: (card) => `${required(card)}. A value outside its range or category is not used: the model abstains and names it`,
  },
  {
    item: '27b',
    name: 'What users have to do and know',
    of: ({ intendedUse }) => `Inputs are read of the record or of a table; the answer names those that are missing. ${intendedUse}`,
  },
];

/** All items, in the checklist's order. */
export function tripodItems(card: ModelCard): TripodItem[] {
  return ITEMS.map(({ item, name, of }) => ({ item, name, ...shown(of(card)) }));
}
