import { type CardSubgroup, figuresOf, type ModelCard } from './card.ts';
import { sizeInWords } from './cardStatements.ts';
import { levelOf, NOT_RECORDED } from './groupings.ts';
import type { RawRow } from './inputs.ts';
import { figuresInWords } from './metrics.ts';

/** Figures of a group that the statement tells. */
const TOLD = 2;
/** Between the things that a group is formed by, and between its levels. */
const TOGETHER = '+';
const UNKNOWN = 'UNKNOWN';
/** How the metric of a gap ends. */
const LESS_REST = 'LessRest';

export interface UnusualInput {
  readonly feature: string;
  readonly label: string;
  readonly value: number;
  readonly unit: string | null;
  /** 1st and 99th percentile of the people that the model was trained on. */
  readonly low: number;
  readonly high: number;
}

/** How well a model did for people like this one, from the card's tests: shown before any driver. */
export interface Applicability {
  readonly statement: string;
  /** The groups that this person belongs to and that were tested, the most specific first. */
  readonly subgroups: readonly CardSubgroup[];
  readonly missingInputs: number;
  readonly totalInputs: number;
  /** Inputs whose value few of the people had that the model was trained on. */
  readonly unusual: readonly UnusualInput[];
  readonly warnings: readonly string[];
}

/** What a person may be by one thing: by the card's grouping where it has one, else by the input of that name. */
function levelsBy(card: ModelCard, by: string, raw: RawRow): readonly string[] {
  const grouping = card.evaluation?.groups.find((one) => one.by === by);
  const value = raw[grouping?.column ?? by];
  if (value == null) return [NOT_RECORDED, UNKNOWN];
  return [grouping ? levelOf(grouping, String(value)) : String(value)];
}

function belongs(card: ModelCard, { by, level }: CardSubgroup, raw: RawRow): boolean {
  const levels = level.split(TOGETHER);
  return by.split(TOGETHER).every((name, index) => levelsBy(card, name, raw).includes(levels[index] ?? ''));
}

/** A group by more things before one by fewer, a smaller before a larger. */
const bySpecificity = (a: CardSubgroup, b: CardSubgroup) =>
  b.by.split(TOGETHER).length - a.by.split(TOGETHER).length || (a.n ?? 0) - (b.n ?? 0);

const groupText = ({ by, level }: CardSubgroup) =>
  by
    .split(TOGETHER)
    .map((name, index) => `${name} ${level.split(TOGETHER)[index]}`)
    .join(' and ');

/** A sentence for each group of this person's in which the model does otherwise than in everyone else. */
function gapWarnings(card: ModelCard, subgroups: readonly CardSubgroup[]): string[] {
  return subgroups
    .filter(({ verdict }) => verdict === 'GAP_SHOWN')
    .map((subgroup) => {
      const gap = figuresInWords(card, Object.fromEntries(figuresOf(subgroup).filter(([metric]) => metric.endsWith(LESS_REST))));
      const figures = gap.length > 0 ? gap : figuresInWords(card, subgroup).slice(-1);
      return `The model does not do equally well for everyone: in people of ${groupText(subgroup)}, ${figures.join(', ')}.`;
    });
}

function statementFor(card: ModelCard, subgroup: CardSubgroup | undefined): string {
  if (subgroup) {
    const told = figuresInWords(card, subgroup).slice(0, TOLD);
    return `Among ${sizeInWords(subgroup)} people recorded as ${groupText(subgroup)} whom the model had not seen: ${told.join(', ')}.`;
  }
  const [overall] = figuresInWords(card, card.performance);
  if (!overall) return `The model was not tested here for people like this one. ${card.performance.evaluatedOn}`;
  return `The model was not tested for people like this one in numbers that can be shown; over everyone: ${overall}.`;
}

/** A sentence for the gap that matters most here: whether the genotype helped people of this group at all. */
function genotypeWarning(subgroups: readonly CardSubgroup[]): string | null {
  const byRace = subgroups.find(({ by }) => by === 'race');
  if (byRace?.genotypeVerdict !== 'NO_GENOTYPE_BENEFIT_SHOWN') return null;
  return `In patients recorded as ${byRace.level} using CYP2C9 *2, *3 and VKORC1 was not shown to make the dose more accurate than clinical data alone (n = ${byRace.n}); variants common in this group (CYP2C9 *5, *6, *8, *11, rs12777823) are not in the model and would have to be tested.`;
}

function unusualInputs({ inputs }: ModelCard, raw: RawRow): UnusualInput[] {
  return inputs.flatMap(({ name: feature, label, unit, trainedRange }) => {
    const value = raw[feature];
    if (!trainedRange || typeof value !== 'number') return [];
    const [low, high] = trainedRange;
    return value >= low && value <= high ? [] : [{ feature, label, value, unit: unit ?? null, low, high }];
  });
}

function unusualWarning({ label, value, unit, low, high }: UnusualInput): string {
  const shown = unit ? ` ${unit}` : '';
  return `${label} ${value}${shown} is unusual for this model: 98 in 100 of the people that it was trained on had ${low} to ${high}${shown}.`;
}

export function applicabilityOf(card: ModelCard, raw: RawRow): Applicability {
  const subgroups = card.subgroups.filter((subgroup) => belongs(card, subgroup, raw)).sort(bySpecificity);
  const missing = card.inputs.filter(({ name, eligibility }) => !eligibility && raw[name] == null);
  const warnings: string[] = [];
  const genotype = genotypeWarning(subgroups);
  if (genotype) warnings.push(genotype);
  warnings.push(...gapWarnings(card, subgroups));
  const unusual = unusualInputs(card, raw);
  warnings.push(...unusual.map(unusualWarning));
  if (missing.length > 0)
    warnings.push(`${missing.length} of ${card.inputs.length} inputs are missing: ${missing.map(({ label }) => label).join(', ')}.`);
  return {
    statement: statementFor(
      card,
      subgroups.find((subgroup) => figuresOf(subgroup).length > 0),
    ),
    subgroups,
    missingInputs: missing.length,
    totalInputs: card.inputs.length,
    unusual,
    warnings,
  };
}
