/**
 * PREVENT, the American Heart Association's equations for the risk of cardiovascular disease in people of 30 to 79 years without
 * it, race-free: Khan SS et al., Circulation 2024;149:430-449 (doi:10.1161/CIRCULATIONAHA.123.067626), supplemental tables S12:
 * logistic, by sex. The base model, with HbA1c, and with the urine albumin-creatinine ratio, over 10 and 30 years.
 */
import { LINKS } from '../link.ts';
import type { Equation, EquationRow } from './equation.ts';
import { TEN_YEARS } from './preventTenYears.ts';
import { THIRTY_YEARS } from './preventThirtyYears.ts';

/** Predictors of every model after age, in the order of table S12. */
const SHARED_TERMS = [
  ...['nonHdl', 'hdl', 'sbpLow', 'sbpHigh', 'diabetes', 'smoking', 'bmiLow', 'bmiHigh', 'egfrLow', 'egfrHigh', 'treated', 'statin'],
  ...['treatedSbpHigh', 'statinNonHdl', 'ageNonHdl', 'ageHdl', 'ageSbpHigh', 'ageDiabetes', 'ageSmoking', 'ageBmiHigh', 'ageEgfrLow'],
];
const OWN_TERMS = { base: [], hba1c: ['hba1cDiabetes', 'hba1cNoDiabetes', 'hba1cMissing'], uacr: ['lnUacr', 'uacrMissing'] };

type ModelName = keyof typeof OWN_TERMS;

/** A model over both horizons: the names of its predictors, the square of age among them over 30 years only, and their weights. */
function horizons(model: ModelName) {
  const after = [...SHARED_TERMS, ...OWN_TERMS[model], 'constant'];
  return {
    10: { terms: ['age', ...after], betas: TEN_YEARS[model] },
    30: { terms: ['age', 'age2', ...after], betas: THIRTY_YEARS[model] },
  };
}

const PREVENT_COEFFICIENTS = { base: horizons('base'), hba1c: horizons('hba1c'), uacr: horizons('uacr') };

/** mg/dL of cholesterol to mmol/L, as the paper's calculator converts. */
const MMOL_PER_MG = 0.02586;

const CENTRES = { age: 55, nonHdl: 3.5, hdl: 1.3, sbp: 130, sbpKnot: 110, bmi: 25, bmiKnot: 30, egfr: 90, egfrKnot: 60, hba1c: 5.3 };
const STEPS = { age: 10, hdl: 0.3, sbp: 20, bmi: 5, egfr: -15 };

const OUTCOMES = ['total_cvd', 'ascvd', 'heart_failure', 'chd', 'stroke'] as const;
const YEARS = [10, 30] as const;

/** Over 59 years the paper shows no 30-year risk; it is answered with this warning. */
const LAST_AGE_FOR_30_YEARS = 59;

/** Table S12's predictors of one person, by the names of the coefficients. */
function predictors(row: EquationRow): Record<string, number> {
  const value = (name: string) => row[name] ?? Number.NaN;
  const age = (value('age') - CENTRES.age) / STEPS.age;
  const nonHdl = (value('total_c') - value('hdl_c')) * MMOL_PER_MG - CENTRES.nonHdl;
  const hdl = (value('hdl_c') * MMOL_PER_MG - CENTRES.hdl) / STEPS.hdl;
  const sbpHigh = (Math.max(value('sbp'), CENTRES.sbpKnot) - CENTRES.sbp) / STEPS.sbp;
  const bmiHigh = (Math.max(value('bmi'), CENTRES.bmiKnot) - CENTRES.bmiKnot) / STEPS.bmi;
  const egfrLow = (Math.min(value('egfr'), CENTRES.egfrKnot) - CENTRES.egfrKnot) / STEPS.egfr;
  const hba1c = value('hba1c') - CENTRES.hba1c;
  const diabetes = value('dm');
  return {
    age,
    age2: age ** 2,
    nonHdl,
    hdl,
    sbpLow: (Math.min(value('sbp'), CENTRES.sbpKnot) - CENTRES.sbpKnot) / STEPS.sbp,
    sbpHigh,
    diabetes,
    smoking: value('smoking'),
    bmiLow: (Math.min(value('bmi'), CENTRES.bmiKnot) - CENTRES.bmi) / STEPS.bmi,
    bmiHigh,
    egfrLow,
    egfrHigh: (Math.max(value('egfr'), CENTRES.egfrKnot) - CENTRES.egfr) / STEPS.egfr,
    treated: value('bp_tx'),
    statin: value('statin'),
    treatedSbpHigh: value('bp_tx') * sbpHigh,
    statinNonHdl: value('statin') * nonHdl,
    ageNonHdl: age * nonHdl,
    ageHdl: age * hdl,
    ageSbpHigh: age * sbpHigh,
    ageDiabetes: age * diabetes,
    ageSmoking: age * value('smoking'),
    ageBmiHigh: age * bmiHigh,
    ageEgfrLow: age * egfrLow,
    hba1cDiabetes: diabetes * hba1c,
    hba1cNoDiabetes: (1 - diabetes) * hba1c,
    hba1cMissing: 0,
    lnUacr: Math.log(value('uacr')),
    uacrMissing: 0,
    constant: 1,
  };
}

function logOdds(model: ModelName, years: 10 | 30, outcome: string, female: boolean, given: Readonly<Record<string, number>>): number {
  const { terms, betas } = PREVENT_COEFFICIENTS[model][years];
  const list = betas[female ? 'female' : 'male'][outcome] ?? [];
  return terms.reduce((sum, term, index) => sum + (list[index] ?? Number.NaN) * (given[term] ?? Number.NaN), 0);
}

/** MODEL_YEARS_OUTCOME -> risk; a model whose own measurement is missing is not there. */
function components(row: EquationRow): Record<string, number> {
  const given = predictors(row);
  const found: Record<string, number> = {};
  for (const model of Object.keys(PREVENT_COEFFICIENTS) as ModelName[]) {
    for (const years of YEARS) {
      for (const outcome of OUTCOMES) {
        const value = LINKS.logistic(logOdds(model, years, outcome, row['female'] === 1, given));
        if (Number.isFinite(value)) found[`${model}_${years}_${outcome}`] = value;
      }
    }
  }
  return found;
}

const tooOld = (age = Number.NaN) =>
  age > LAST_AGE_FOR_30_YEARS ? [`age: the 30-year risk of people over ${LAST_AGE_FOR_30_YEARS} years is questionable (Khan 2024)`] : [];

export const prevent: Equation = {
  name: 'prevent',
  revision: '1',
  constants: { PREVENT_COEFFICIENTS, MMOL_PER_MG, CENTRES, STEPS },
  columns: ['age', 'female', 'sbp', 'bp_tx', 'total_c', 'hdl_c', 'statin', 'dm', 'smoking', 'egfr', 'bmi', 'hba1c', 'uacr'],
  answer: (row) => {
    const margin = logOdds('base', 10, 'total_cvd', row['female'] === 1, predictors(row));
    return { margin, value: LINKS.logistic(margin) };
  },
  detail: (row) => ({ components: components(row), warnings: tooOld(row['age']) }),
};
