import { type CardSubgroup, figuresOf, type ModelCard } from './card.ts';
import type { RawRow } from './inputs.ts';
import { figuresInWords } from './metrics.ts';

/** Figures of a group that the statement tells. */
const TOLD = 2;

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

function belongs(subgroup: CardSubgroup, raw: RawRow): boolean {
  const names = subgroup.by.split('+');
  const levels = subgroup.level.split('+');
  return names.every((name, index) => String(raw[name] ?? 'UNKNOWN') === levels[index]);
}

function statementFor(card: ModelCard, subgroup: CardSubgroup | undefined): string {
  if (subgroup) {
    const told = figuresInWords(card, subgroup).slice(0, TOLD);
    return `Among ${subgroup.n} people recorded as ${subgroup.level.split('+').join(' and ')} whom the model had not seen: ${told.join(', ')}.`;
  }
  const [overall] = figuresInWords(card, card.performance);
  if (!overall) return `The model was not tested here for people like this one. ${card.performance.evaluatedOn}`;
  return `The model was not tested for people like this one in numbers that can be shown; over everyone: ${overall}.`;
}

/** A sentence for the gap that matters most here: whether the genotype helped people of this group at all. */
function genotypeWarning(subgroups: readonly CardSubgroup[]): string | null {
  const byRace = subgroups.find(({ by, genotypeGain }) => by === 'race' && genotypeGain);
  if (byRace?.verdict !== 'NO_GENOTYPE_BENEFIT_SHOWN') return null;
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
  const subgroups = card.subgroups.filter((subgroup) => belongs(subgroup, raw)).sort((a, b) => b.by.length - a.by.length);
  const missing = card.inputs.filter(({ name }) => raw[name] == null);
  const warnings: string[] = [];
  const genotype = genotypeWarning(subgroups);
  if (genotype) warnings.push(genotype);
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
