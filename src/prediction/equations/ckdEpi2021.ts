/**
 * CKD-EPI 2021 creatinine equation, race-free: Inker LA et al., New creatinine- and cystatin C-based equations to estimate
 * GFR without race, N Engl J Med 2021;385:1737-1749 (doi:10.1056/NEJMoa2102953).
 */
import type { Equation, EquationRow } from './equation.ts';

const CONSTANTS = {
  scale: 142,
  kappa: { female: 0.7, male: 0.9 },
  alpha: { female: -0.241, male: -0.302 },
  aboveKappa: -1.2,
  perYear: 0.9938,
  female: 1.012,
} as const;

/** eGFR in mL/min/1.73 m2, not rounded, from serum creatinine in mg/dL, age in years and sex. */
export function eGfr(creatinine: number, ageYears: number, female: boolean): number {
  const sex = female ? 'female' : 'male';
  const ratio = creatinine / CONSTANTS.kappa[sex];
  return (
    CONSTANTS.scale *
    Math.min(ratio, 1) ** CONSTANTS.alpha[sex] *
    Math.max(ratio, 1) ** CONSTANTS.aboveKappa *
    CONSTANTS.perYear ** ageYears *
    (female ? CONSTANTS.female : 1)
  );
}

/** KDIGO 2024, categories of GFR: the lower bound of each, in mL/min/1.73 m2. */
const CATEGORIES = [
  ['G1', 90],
  ['G2', 60],
  ['G3A', 45],
  ['G3B', 30],
  ['G4', 15],
  ['G5', 0],
] as const;

const answer = ({ cr = Number.NaN, age = Number.NaN, female }: EquationRow) => {
  const value = eGfr(cr, age, female === 1);
  return { margin: value, value };
};

export const ckdEpi2021: Equation = {
  name: 'ckd-epi-2021',
  revision: '1',
  constants: { ...CONSTANTS, categories: CATEGORIES },
  columns: ['cr', 'age', 'female'],
  answer,
  // The category is that of the figure as it is reported, a whole number.
  detail: (row) => ({ category: CATEGORIES.find(([, from]) => Math.round(answer(row).value) >= from)?.[0] ?? null }),
};
