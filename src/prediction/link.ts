/** The unit of the answer from the margin, by the names that cards use. */
import type { ModelCard } from './card.ts';

export const LINKS: Readonly<Record<ModelCard['output']['link'], (margin: number) => number>> = {
  identity: (margin) => margin,
  square: (margin) => Math.max(0, margin) ** 2,
  logistic: (margin) => 1 / (1 + Math.exp(-margin)),
  exp: Math.exp,
  /** From the logarithm of a cumulative hazard to the probability of the event. */
  cloglog: (margin) => -Math.expm1(-Math.exp(margin)),
};
