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

/** The dose that is expected to reach the target on the same interval, and what is known of it. */
function plan(row: EquationRow, total: number, spread: number): Record<string, number> {
  const interval = column(row, 'interval');
  const exact = (column(row, 'targetAuc') * total * interval) / 24;
  const dose = Math.max(DOSE_STEP, Math.round(exact / DOSE_STEP) * DOSE_STEP);
  const auc = (dose * 24) / interval / total;
  const below = (limit: number) => normal((Z * Math.log(limit / auc)) / spread);
  return {
    nextDose: exact,
    nextDoseLow: exact * Math.exp(-spread),
    nextDoseHigh: exact * Math.exp(spread),
    nextDoseRounded: dose,
    nextDoseInterval: interval,
    nextDoseAuc24: auc,
    nextDoseAuc24Low: auc * Math.exp(-spread),
    nextDoseAuc24High: auc * Math.exp(spread),
    nextDoseInRange: below(RANGE.to) - below(RANGE.from),
  };
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
    auc24: (column(row, 'dose') * 24) / column(row, 'interval') / clearance,
    auc24Given: column(row, 'auc24Given'),
    ...plan(row, clearance, spreadOf(row, clearance)),
  };
}

/** What to be careful about: what was assumed, and levels that fit two patients. */
function warningsOf(row: EquationRow): string[] {
  const interval = column(row, 'interval');
  const warnings: string[] = [];
  if (column(row, 'intervalIsKnown') !== 1) warnings.push(`one dose says no interval: a dose every ${interval} h is assumed`);
  if (!(column(row, 'levels') > 0)) warnings.push('no level was measured: the parameters are those of a typical patient');
  const rival = column(row, 'rivalEtaCL');
  if (rival !== column(row, 'etaCL')) {
    const covariates = covariatesOf(row);
    const auc = (column(row, 'dose') * 24) / interval / (ownClearance(covariates, rival) + covariates.dialysisClearance);
    warnings.push(`the levels fit an AUC24 of ${auc.toFixed(0)} mg.h/L nearly as well: another level would settle it`);
  }
  return warnings;
}

export const thomson2009: Equation = {
  name: 'thomson-2009',
  revision: '1',
  constants: { THOMSON, Z, RANGE, DOSE_STEP },
  columns: [
    ...[
      'WT',
      'CRCL',
      'CL_HEMO',
      'targetAuc',
      'etaCL',
      'etaV',
      'etaQ',
      'etaV2',
      'sdEtaCL',
      'rivalEtaCL',
      'dose',
      'interval',
      'intervalIsKnown',
    ],
    ...['pred', 'ipred', 'auc24Given', 'last', 'levels'],
  ],
  answer: (row) => {
    const { clearance } = parametersOf(covariatesOf(row), etasOf(row));
    const margin = Math.log((column(row, 'dose') * 24) / column(row, 'interval') / clearance);
    return { margin, value: Math.exp(margin), spread: spreadOf(row, clearance) };
  },
  detail: (row) => ({
    components: components(row),
    warnings: warningsOf(row),
  }),
};
