/** The figures that cards carry, in words. */
import { type Figure, figuresOf, type ModelCard } from './card.ts';

interface Metric {
  readonly label: string;
  /** `answer`: in the unit of the answer; `share`: 0 to 1, shown as %; `number`: has no unit. */
  readonly scale: 'answer' | 'share' | 'number';
}

const METRICS: Readonly<Record<string, Metric>> = {
  mae: { label: 'mean absolute error', scale: 'answer' },
  within20: { label: 'within 20 % of the truth', scale: 'share' },
  bias: { label: 'mean of prediction less truth', scale: 'answer' },
  medianBias: { label: 'median of prediction less truth', scale: 'answer' },
  genotypeGain: { label: 'gain of the genotype', scale: 'answer' },
  coverage: { label: 'true values inside the interval', scale: 'share' },
  coverageWithoutByRace: { label: 'true values inside the interval without groups by race', scale: 'share' },
  auroc: { label: 'area under the ROC curve', scale: 'number' },
  auprc: { label: 'area under the precision-recall curve', scale: 'number' },
  cIndex: { label: "Harrell's C", scale: 'number' },
  brier: { label: 'Brier score', scale: 'number' },
  utility: { label: 'normalised utility (PhysioNet 2019)', scale: 'number' },
  calibrationIntercept: { label: 'calibration intercept', scale: 'number' },
  calibrationSlope: { label: 'calibration slope', scale: 'number' },
  observedToExpected: { label: 'observed to expected', scale: 'number' },
  sensitivity: { label: 'sensitivity', scale: 'share' },
  specificity: { label: 'specificity', scale: 'share' },
  alertHours: { label: 'hours with an alert', scale: 'share' },
  maeLessRest: { label: 'mean absolute error less that of the rest', scale: 'answer' },
  cIndexLessRest: { label: "Harrell's C less that of the rest", scale: 'number' },
  utilityLessRest: { label: 'utility less that of the rest', scale: 'number' },
  ppv: { label: 'positive predictive value', scale: 'share' },
};

/** A metric in words. */
export const metricLabel = (metric: string) => METRICS[metric]?.label ?? metric;

const NUMBER_DECIMALS = 3;

/** `8.06 mg/week (95 % interval 7.54 to 8.65)`, `47.9 % (…)`, `0.861 (…)`. */
function figureText(card: ModelCard, metric: string, { value, low, high }: Figure): string {
  const scale = METRICS[metric]?.scale ?? 'number';
  if (scale === 'share') return `${(100 * value).toFixed(1)} % (95 % interval ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
  const decimals = scale === 'answer' ? card.output.decimals + 1 : NUMBER_DECIMALS;
  const unit = scale === 'answer' ? ` ${card.output.unit}` : '';
  return `${value.toFixed(decimals)}${unit} (95 % interval ${low.toFixed(decimals)} to ${high.toFixed(decimals)})`;
}

/** The figures of a card's performance or subgroup, each after its name: `mean absolute error 8.06 mg/week (…)`. */
export function figuresInWords(card: ModelCard, described: Readonly<Record<string, unknown>>, between = ' '): string[] {
  return figuresOf(described).map(([metric, figure]) => `${metricLabel(metric)}${between}${figureText(card, metric, figure)}`);
}
