/** Figures of a model that answers a measured number. */
import { type Metric, mean } from './sample.ts';

const FIFTH = 0.2;

export const mae: Metric = ({ predicted, outcome }, weights) =>
  mean(weights, (row) => Math.abs((predicted[row] as number) - (outcome[row] as number)));

/** Share of rows whose answer is within 20 % of the truth. */
export const within20: Metric = ({ predicted, outcome }, weights) =>
  mean(weights, (row) =>
    Math.abs((predicted[row] as number) - (outcome[row] as number)) <= FIFTH * Math.abs(outcome[row] as number) ? 1 : 0,
  );

export const bias: Metric = ({ predicted, outcome }, weights) =>
  mean(weights, (row) => (predicted[row] as number) - (outcome[row] as number));

/** Share of true values inside the answer's interval. */
export const coverage: Metric = ({ inside }, weights) => mean(weights, (row) => inside[row] as number);
