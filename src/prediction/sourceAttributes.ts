/**
 * The 31 source attributes of a predictive decision support intervention (ONC HTI-1, 45 CFR 170.315(b)(11)(iv)(B)), read from a
 * model's card. What the card does not say is NOT_AVAILABLE, never filled in; what cannot exist for a model is NOT_APPLICABLE.
 */
import type { ModelCard } from './card.ts';
import {
  approachToFairness,
  type CardAnswer,
  type CardStatement,
  gapsInWords,
  isEquation,
  listed,
  NONE,
  representedInWords,
  shown,
} from './cardStatements.ts';
import { figuresInWords } from './metrics.ts';

export interface SourceAttribute extends CardStatement {
  /** Category and place in it, as in 3.2. */
  readonly code: string;
  readonly category: string;
  readonly name: string;
}

/** Inputs that are about who somebody is. */
const PERSONAL = /\b(pregnan\w*|race|ethnic\w*|sex|gender|age\w*|birth\w*|language|deprivation|zip)\b/i;

function personalInputs({ inputs }: ModelCard): string {
  const used = inputs.filter(({ name, label }) => PERSONAL.test(name) || PERSONAL.test(label)).map(({ label }) => label);
  return used.length === 0 ? 'None of these is an input.' : `Used as inputs: ${used.join(', ')}. No other of these is an input.`;
}

/** Figures of the model elsewhere than where it was made: none is external where it was tested on a part of its own data. */
const external = (card: ModelCard) => (isEquation(card) ? card.performance.evaluatedOn : card.reporting?.externalValidation?.data);

interface Attribute {
  readonly name: string;
  readonly of: (card: ModelCard) => CardAnswer;
}

const VALIDITY_REFERENCE = 'avicenna evaluate NAME --data FILE: figures with intervals, overall and by group';

/** The command that anyone can hold the model against outcomes with. */
const references = ({ evaluation }: ModelCard) => (evaluation ? VALIDITY_REFERENCE : null);

/** Where a site finds how the model does on its own patients. */
function local({ evaluation, recordedOutcome }: ModelCard): string | null {
  const recorded = recordedOutcome
    ? ['Model.localValidity: outcomes recorded here against the answers before them, by group and year']
    : [];
  const tables = evaluation ? [`on a table of one's own: ${VALIDITY_REFERENCE}`] : [];
  return listed([...recorded, ...tables]);
}

/** What is looked at, and how often; a schedule is a site's own to set. */
function monitoring(card: ModelCard): string | null {
  const where = local(card);
  return where && `${where}. Worked out anew whenever it is asked for; how often it is looked at is for the site to set`;
}

const CATEGORIES: readonly (readonly [category: string, attributes: readonly Attribute[]])[] = [
  [
    'Details and output',
    [
      { name: 'Developer and contact', of: (card) => `${card.trainedOn.attribution.replace(/\.$/, '')}. Served by Avicenna.` },
      { name: 'Funding', of: ({ reporting }) => reporting?.funding },
      { name: 'Output value', of: ({ output }) => `${output.label} (${output.unit})` },
      {
        name: 'Kind of output',
        of: ({ output, interval }) => `${output.link === 'identity' ? 'number' : 'prediction'}${interval ? ' with an interval' : ''}`,
      },
    ],
  ],
  [
    'Purpose',
    [
      { name: 'Intended use', of: ({ intendedUse }) => intendedUse },
      { name: 'Intended population', of: ({ reporting }) => reporting?.population },
      { name: 'Intended users', of: () => 'Clinicians, beside their own judgement' },
      { name: 'Role in the decision', of: () => 'Informs and explains; decides nothing by itself' },
    ],
  ],
  [
    'Out of scope',
    [
      { name: 'Uses and people that it is not for', of: ({ notFor }) => listed(notFor) },
      { name: 'Known risks and limits', of: ({ limits }) => listed(limits) },
    ],
  ],
  [
    'Development',
    [
      {
        name: 'Training data: who was included and excluded',
        of: (card) => [card.trainedOn.data, card.trainedOn.inclusion, card.trainedOn.exclusion].filter(Boolean).join('. '),
      },
      { name: 'Use of race, ethnicity, language, gender, sex, age and social inputs', of: personalInputs },
      { name: 'Whom the data represent', of: (card) => representedInWords(card) ?? card.reporting?.externalValidation?.people },
      { name: 'Relevance to where it is used', of: ({ reporting }) => reporting?.relevance },
    ],
  ],
  [
    'Fairness of the process',
    [
      {
        name: 'Approach to fair output',
        of: approachToFairness,
      },
      { name: 'Reduction of bias', of: ({ reporting }) => reporting?.biasReduction },
    ],
  ],
  [
    'External validation',
    [
      { name: 'Data and setting', of: external },
      { name: 'Who tested', of: ({ reporting }) => reporting?.externalValidation?.by },
      { name: 'Whom', of: ({ reporting }) => reporting?.externalValidation?.people },
      { name: 'How', of: ({ reporting }) => reporting?.externalValidation?.process },
    ],
  ],
  [
    'Performance',
    [
      {
        name: 'Validity in data of the same source',
        of: (card) => (isEquation(card) ? NONE : listed([card.performance.evaluatedOn, ...figuresInWords(card, card.performance)])),
      },
      { name: 'Fairness in data of the same source', of: (card) => (isEquation(card) ? NONE : gapsInWords(card)) },
      { name: 'Validity in external data', of: external },
      {
        name: 'Fairness in external data',
        of: (card) => card.reporting?.externalValidation?.fairness ?? (isEquation(card) ? gapsInWords(card) : null),
      },
      { name: 'References of evaluation', of: references },
    ],
  ],
  [
    'Maintenance',
    [
      { name: 'Monitoring of validity: process and frequency', of: (card) => card.reporting?.monitoring ?? monitoring(card) },
      { name: 'Local validity', of: local },
      { name: 'Monitoring of fairness: process and frequency', of: (card) => card.reporting?.fairnessMonitoring ?? monitoring(card) },
      { name: 'Local fairness', of: local },
    ],
  ],
  [
    'Updates',
    [
      {
        name: 'Process and frequency of updates',
        of: ({ version }) => `Version ${version}; a new version has another digest, and a change of answer by it is told as such`,
      },
      {
        name: 'Frequency of corrections',
        of: ({ reporting }) => reporting?.corrections ?? 'When a fault is found; each is a version of its own in the change log',
      },
    ],
  ],
];

/** All 31, in order. */
export function sourceAttributes(card: ModelCard): SourceAttribute[] {
  return CATEGORIES.flatMap(([category, attributes], index) =>
    attributes.map(({ name, of }, place) => ({ code: `${index + 1}.${place + 1}`, category, name, ...shown(of(card)) })),
  );
}
