/** What a model's card says to the questions of a reporting standard. What it does not say is NOT_AVAILABLE, never filled in. */
import type { CardSubgroup, ModelCard } from './card.ts';

export type Availability = 'PROVIDED' | 'NOT_AVAILABLE' | 'NOT_APPLICABLE';

/** What cannot exist for a model. */
export const NONE = Symbol('not applicable');

/** Text of an answer; none where the card does not say it. */
export type CardAnswer = string | null | undefined | typeof NONE;

export interface CardStatement {
  readonly availability: Availability;
  readonly text: string;
}

export const isEquation = ({ artifact }: ModelCard) => 'equation' in artifact;
/** Texts one after the other; null where there are none. */
export const listed = (texts: readonly string[], between = '; ') => texts.map((text) => text.replace(/\.$/, '')).join(between) || null;

/** Why a group has no figures. */
export const NOT_SHOWN = 'not shown: under 11 people, or it would tell such a group';
const NOT_TESTED = 'not tested here';

/** How many people a group is, or why that is not said. */
export function sizeInWords({ n, nearest }: Pick<CardSubgroup, 'n' | 'nearest'>): string {
  if (n === null) return NOT_SHOWN;
  if (n === 0) return NOT_TESTED;
  return nearest ? `about ${n}` : String(n);
}

const people = (subgroup: CardSubgroup) => (subgroup.n ? `n = ${sizeInWords(subgroup)}` : sizeInWords(subgroup));

/** Groups that figures are of, and how many people they are. */
export const representedInWords = ({ subgroups }: ModelCard): string | null =>
  listed(subgroups.filter(({ n }) => n !== 0).map((subgroup) => `${subgroup.by} ${subgroup.level}: ${people(subgroup)}`));

/** What is said of the gap of each group. */
export const gapsInWords = ({ subgroups }: ModelCard): string | null =>
  listed(
    subgroups.map((subgroup) => [`${subgroup.by} ${subgroup.level}: ${people(subgroup)}`, subgroup.verdict].filter(Boolean).join(', ')),
  );

export const approachToFairness = ({ subgroups }: ModelCard) =>
  subgroups.length === 0
    ? null
    : 'Figures by group with a verdict on each gap, inconclusive where there are none; a group under 11 people is not shown, nor what would tell it';

export function shown(answer: CardAnswer): CardStatement {
  if (answer === NONE) return { availability: 'NOT_APPLICABLE', text: 'A published equation is not fitted here.' };
  if (answer == null) return { availability: 'NOT_AVAILABLE', text: 'The card does not say it.' };
  return { availability: 'PROVIDED', text: answer };
}
