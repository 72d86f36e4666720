/**
 * Vancomycin in adults: Thomson AH et al., J Antimicrob Chemother 2009;63:1050-7 (doi:10.1093/jac/dkp085), table 3: two
 * compartments, clearance by creatinine clearance, volumes by weight. A clearance by dialysis is added to the patient's own.
 * AUC at steady state is the daily dose over the total clearance; the range aimed at is that of Rybak MJ et al., Am J
 * Health Syst Pharm 2020;77:835-64: 400 to 600 mg.h/L.
 */
import type { Equation, EquationRow } from './equation.ts';

export const THOMSON = {
  /** L/h at a creatinine clearance of 66 mL/min. */
  clearance: 2.99,
  /** Per mL/min of creatinine clearance away from 66. */
  perCreatinineClearance: 0.0154,
  referenceCreatinineClearance: 66,
  /** mL/min in 1 L/h. */
  mlPerMinute: 16.66667,
  /** Volume of the central compartment, L/kg. */
  central: 0.675,
  /** Clearance between the compartments, L/h. */
  between: 2.28,
  /** Volume of the peripheral compartment, L/kg. */
  peripheral: 0.732,
  /** Covariance between people of the logarithms of clearance, central volume, clearance between, peripheral volume. */
  omega: [
    [0.0729, 0.01, 0, 0],
    [0.01, 0.0225, 0, 0],
    [0, 0, 0.2401, 0],
    [0, 0, 0, 1.69],
  ],
  /** Error of a level: share of the level, and mg/L. */
  proportionalError: 0.15,
  additiveError: 1.6,
} as const;

/** 97.5 % quantile of the normal distribution. */
const Z = 1.959964;
const RANGE = { from: 400, to: 600 } as const;
/** Doses are made up in steps of this, mg. */
const DOSE_STEP = 250;

export interface Covariates {
  /** kg */
  readonly weight: number;
  /** L/h */
  readonly creatinineClearance: number;
  /** L/h */
  readonly dialysisClearance: number;
}

/** Clearance in L/h, volumes in L. */
export interface Parameters {
  readonly clearance: number;
  readonly central: number;
  readonly between: number;
  readonly peripheral: number;
}

/** How far a patient is from the typical one, as logarithms: clearance, central volume, clearance between, peripheral volume. */
export type Etas = readonly number[];

/** A patient's own clearance without dialysis, L/h. */
function ownClearance({ creatinineClearance }: Covariates, eta: number): number {
  const { clearance, perCreatinineClearance, referenceCreatinineClearance, mlPerMinute } = THOMSON;
  return clearance * Math.exp(eta) * (1 + perCreatinineClearance * (creatinineClearance * mlPerMinute - referenceCreatinineClearance));
}

export function parametersOf(covariates: Covariates, [cl = 0, v = 0, q = 0, v2 = 0]: Etas): Parameters {
  return {
    clearance: ownClearance(covariates, cl) + covariates.dialysisClearance,
    central: THOMSON.central * covariates.weight * Math.exp(v),
    between: THOMSON.between * Math.exp(q),
    peripheral: THOMSON.peripheral * covariates.weight * Math.exp(v2),
  };
}

const column = (row: EquationRow, name: string) => row[name] as number;

function covariatesOf(row: EquationRow): Covariates {
  return {
    weight: column(row, 'WT'),
    creatinineClearance: column(row, 'CRCL'),
    dialysisClearance: column(row, 'CL_HEMO'),
  };
}

const etasOf = (row: EquationRow): Etas => ['etaCL', 'etaV', 'etaQ', 'etaV2'].map((name) => column(row, name));

/** AUC24 at steady state of a dose on the present interval, mg.h/L. */
const aucOf = (row: EquationRow, dose: number, clearance: number) => (dose * 24) / column(row, 'interval') / clearance;

/** Half the width of the 95 % interval of the logarithm of the total clearance, by the delta method. */
function spreadOf(row: EquationRow, total: number): number {
  return (Z * column(row, 'sdEtaCL') * ownClearance(covariatesOf(row), column(row, 'etaCL'))) / total;
}

/** Standard normal distribution function: Abramowitz and Stegun 26.2.17, error under 7.5e-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce((sum, one) => (sum + one) * t, 0);
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
  return z > 0 ? 1 - above : above;
}

/** A single dose as it is given: the steps that it is made up in, and the most of it. */
const USUAL_DOSE = { least: 250, most: 3000 } as const;

/** The dose that reaches the target exactly, on the same interval. */
function exactDose(row: EquationRow, total: number): number {
  return (column(row, 'targetAuc') * total * column(row, 'interval')) / 24;
}

const inRange = (auc: number) => auc >= RANGE.from && auc <= RANGE.to;

/**
 * The dose as it can be made up; null where none that is usual comes near the target. Of the two steps beside the exact dose the
 * one that keeps the expected AUC24 in the range, where the target is in it; of two such, or none, the nearer to the target.
 */
function roundedDose(row: EquationRow, total: number): number | null {
  const exact = exactDose(row, total);
  const steps = [Math.floor(exact / DOSE_STEP), Math.ceil(exact / DOSE_STEP)].map((step) => step * DOSE_STEP);
  const kept = inRange(column(row, 'targetAuc')) ? steps.filter((dose) => inRange(aucOf(row, dose, total))) : [];
  const [dose = 0] = (kept.length > 0 ? kept : steps).sort((a, b) => Math.abs(a - exact) - Math.abs(b - exact));
  return dose >= USUAL_DOSE.least && dose <= USUAL_DOSE.most ? dose : null;
}

interface Expected {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
  /** Probability that the AUC24 is in the range aimed at. */
  readonly inRange: number;
}

/** What a dose is expected to give. */
function expectedOf(row: EquationRow, total: number, dose: number): Expected {
  const spread = spreadOf(row, total);
  const auc = aucOf(row, dose, total);
  const below = (limit: number) => normal((Z * Math.log(limit / auc)) / spread);
  return { auc, low: auc * Math.exp(-spread), high: auc * Math.exp(spread), inRange: below(RANGE.to) - below(RANGE.from) };
}

/** The next dose and what is known of it; nothing to be given where none that is usual comes near the target. */
function plan(row: EquationRow, total: number): Record<string, number> {
  const spread = spreadOf(row, total);
  const exact = exactDose(row, total);
  const dose = roundedDose(row, total);
  const told = dose === null ? null : expectedOf(row, total, dose);
  return {
    nextDose: exact,
    nextDoseLow: exact * Math.exp(-spread),
    nextDoseHigh: exact * Math.exp(spread),
    nextDoseInterval: column(row, 'interval'),
    ...(told && {
      nextDoseRounded: dose as number,
      nextDoseAuc24: told.auc,
      nextDoseAuc24Low: told.low,
      nextDoseAuc24High: told.high,
      nextDoseInRange: told.inRange,
    }),
  };
}

/** The plan in words, on a patient's last row. */
function planInWords(row: EquationRow): string | null {
  if (column(row, 'last') !== 1) return null;
  const { clearance } = parametersOf(covariatesOf(row), etasOf(row));
  const dose = roundedDose(row, clearance);
  if (dose === null) return null;
  const { auc, low, high, inRange } = expectedOf(row, clearance, dose);
  const percent = (100 * inRange).toFixed(0);
  return `Clearance ${clearance.toFixed(2)} L/h. For an AUC24 of ${column(row, 'targetAuc')}: ${dose} mg every ${column(row, 'interval')} h, expected to give ${auc.toFixed(0)} mg.h/L (95 % interval ${low.toFixed(0)} to ${high.toFixed(0)}), with ${percent} % in ${RANGE.from} to ${RANGE.to}.`;
}

function components(row: EquationRow): Record<string, number> {
  const levels = { pred: column(row, 'pred'), ipred: column(row, 'ipred') };
  if (column(row, 'last') !== 1) return levels;
  const { clearance, central, between, peripheral } = parametersOf(covariatesOf(row), etasOf(row));
  return {
    ...levels,
    CL: clearance,
    V: central,
    Q: between,
    V2: peripheral,
    auc24: aucOf(row, column(row, 'dose'), clearance),
    auc24Given: column(row, 'auc24Given'),
    ...plan(row, clearance),
  };
}

/** Standard deviations from which on a level contradicts the doses. */
const CONTRADICTS = 3;

/** The other exposure that the levels fit nearly as well. */
function rivalWarning(row: EquationRow): string[] {
  const rival = column(row, 'rivalEtaCL');
  if (rival === column(row, 'etaCL')) return [];
  const covariates = covariatesOf(row);
  const auc = aucOf(row, column(row, 'dose'), ownClearance(covariates, rival) + covariates.dialysisClearance);
  return [`the levels fit an AUC24 of ${auc.toFixed(0)} mg.h/L nearly as well: another level would settle it`];
}

/** Steps too coarse for the interval: neither dose beside the exact one keeps the range that the target is in. */
function coarseWarning(row: EquationRow, dose: number, auc: number): string[] {
  if (!inRange(column(row, 'targetAuc')) || inRange(auc)) return [];
  return [
    `no dose in steps of ${DOSE_STEP} mg every ${column(row, 'interval')} h keeps ${RANGE.from} to ${RANGE.to} mg.h/L: ${dose} mg gives ${auc.toFixed(0)}; another interval would`,
  ];
}

function planWarning(row: EquationRow): string[] {
  const total = parametersOf(covariatesOf(row), etasOf(row)).clearance;
  if (column(row, 'last') !== 1) return [];
  const dose = roundedDose(row, total);
  if (dose !== null) return coarseWarning(row, dose, aucOf(row, dose, total));
  return [
    `no dose is proposed: ${exactDose(row, total).toFixed(0)} mg every ${column(row, 'interval')} h would reach the target, outside the usual ${USUAL_DOSE.least} to ${USUAL_DOSE.most} mg; another interval is needed`,
  ];
}

/** What to be careful about: what was assumed, levels that contradict the doses, a dose that nobody gives. */
function warningsOf(row: EquationRow): string[] {
  const interval = column(row, 'interval');
  const on = (name: string, text: string) => (column(row, name) === 1 ? [text] : []);
  return [
    ...(column(row, 'intervalIsKnown') === 1 ? [] : [`the doses say no interval: a dose every ${interval} h is assumed`]),
    ...on('interrupted', `the last two doses are no regimen: a dose every ${interval} h is assumed from here on`),
    ...(column(row, 'levels') > 0 ? [] : ['no level was measured: the parameters are those of a typical patient']),
    ...(column(row, 'residual') > CONTRADICTS
      ? ['a level is far from what the doses explain: check when it was drawn and what was really given']
      : []),
    ...rivalWarning(row),
    ...planWarning(row),
  ];
}

export const thomson2009: Equation = {
  name: 'thomson-2009',
  revision: '2',
  constants: { THOMSON, Z, RANGE, DOSE_STEP, USUAL_DOSE, CONTRADICTS },
  columns: [
    ...['WT', 'CRCL', 'CL_HEMO', 'targetAuc', 'etaCL', 'etaV', 'etaQ', 'etaV2', 'sdEtaCL', 'rivalEtaCL'],
    ...['dose', 'interval', 'intervalIsKnown', 'interrupted', 'pred', 'ipred', 'auc24Given', 'last', 'levels', 'residual'],
  ],
  answer: (row) => {
    const { clearance } = parametersOf(covariatesOf(row), etasOf(row));
    const margin = Math.log(aucOf(row, column(row, 'dose'), clearance));
    return { margin, value: Math.exp(margin), spread: spreadOf(row, clearance) };
  },
  detail: (row) => ({
    components: components(row),
    warnings: warningsOf(row),
    statement: planInWords(row),
    refusal: Number.isNaN(column(row, 'dose')) ? 'AMT: no dose up to this row' : null,
  }),
};
