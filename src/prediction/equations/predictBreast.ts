/**
 * PREDICT breast 3.2: Grootes I et al., Updating PREDICT breast v3, npj Breast Cancer 2024;10:6 (doi:10.1038/s41523-024-00612-y), with
 * the tool's treatment effects as its authors publish them (graph-seed/SOURCES.json). Two hazards, death of breast cancer and of
 * anything else, over 15 years after surgery; the calendar year is held at 2017, as in the authors' tool.
 */
import type { Equation, EquationRow } from './equation.ts';

const YEARS = 15;

const COEFFICIENTS = {
  erNegative: {
    age1: 1.7560679383953317,
    age2: 4.555274634880487,
    size: 0.7443277265210039,
    nodes: 0.6308590364310884,
    grade: 0.3462287839000938,
    screen: -0.2110969326598672,
    year: -0.045504610416172736,
    baseline: [-3.0153139765165835, -0.5755380524044251, -0.1028439317178058],
    baselinePower: -1,
    her2: { positive: new Array<number>(YEARS).fill(0.2316), negative: new Array<number>(YEARS).fill(-0.08589) },
    ki67: { positive: 0, negative: 0 },
    pr: { positive: -0.2231, negative: 0.0296 },
    radiotherapyBaseline: 0.55,
  },
  erPositive: {
    age1: 0.1958986203588129,
    age2: 2.929125051895787,
    size: 2.27417420673498,
    nodes: 0.6724828209061207,
    grade: 0.7050339629739382,
    screen: -0.32039363353015476,
    year: -0.048251370712776756,
    baseline: [-2.3193510039281637, -3.622538332641392, -0.542240944493945],
    baselinePower: -0.5,
    /** HER2 loses its weight over the years after surgery. */
    her2: {
      positive: [0.608, 0.532, 0.457, 0.382, 0.307, 0.231, 0.156, 0.081, 0.006, 0, 0, 0, 0, 0, 0],
      negative: [-0.053, -0.046, -0.04, -0.033, -0.027, -0.02, -0.014, -0.007, 0, 0, 0, 0, 0, 0, 0],
    },
    ki67: { positive: 0.14904, negative: -0.11333 },
    pr: { positive: -0.0619, negative: 0.2624 },
    radiotherapyBaseline: 0.7,
  },
  other: { age1: 4.211443507724736, age2: -31.41202815365277, year: -0.021186462111818898, radiotherapyBaseline: -0.062 },
  otherBaseline: [-4.845654758283992, 1.341348310005262, 0.49539394353046057],
} as const;

const CALENDAR_YEAR = 2017 - 2000;
/** Ages are counted from 24. */
const AGE_FROM = 24;
/** What stands for an answer that is not known: the share found by screening and the mean grade of the cohort. */
const UNKNOWN = { screen: 0.204, grade: 2.13 };

/** Log hazard ratios of breast cancer death, from trials; of other death, per Gy to the heart and for chemotherapy. */
const TREATMENT = {
  chemotherapySecond: -0.248,
  chemotherapyThird: -0.446,
  hormone: -0.3857,
  /** Ten years of hormone therapy instead of five, from year 11 on. */
  hormoneTenYears: -0.301,
  trastuzumab: -0.3567,
  bisphosphonates: -0.198,
  radiotherapy: Math.log(0.82),
  otherPerGray: Math.log(1.02),
  otherChemotherapy: Math.log(1.2),
};

/** Current smokers: a tenth of women, at twice the risk of the quarter of other deaths that smoking causes. */
const SMOKING = { share: 0.1, hazardRatio: 2, ofOtherDeaths: 0.25 };

const YEAR_LIST = Array.from({ length: YEARS }, (_, index) => index + 1);
const yearly = (cumulative: readonly number[]) => cumulative.map((value, index) => value - (cumulative[index - 1] ?? 0));

function breastBaseline(er: boolean): number[] {
  const { baseline, baselinePower } = er ? COEFFICIENTS.erPositive : COEFFICIENTS.erNegative;
  const [at, power, logPower] = baseline;
  return yearly(
    YEAR_LIST.map((year) => {
      const scaled = (year / 10) ** baselinePower;
      return Math.exp(at + power * scaled + logPower * scaled * Math.log(year / 10));
    }),
  );
}

function otherBaseline(): number[] {
  const [at, log, linear] = COEFFICIENTS.otherBaseline;
  return yearly(YEAR_LIST.map((year) => Math.exp(at + log * Math.log(year / 10) + linear * (year / 10))));
}

const BASELINES = { erPositive: breastBaseline(true), erNegative: breastBaseline(false), other: otherBaseline() };

/** A marker's weight: none where it was not tested. */
function marker<T>(state: number | undefined, weights: { readonly positive: T; readonly negative: T }, none: T): T {
  if (state === 1) return weights.positive;
  return state === 0 ? weights.negative : none;
}

/** Prognostic index of breast cancer death by year after surgery, untreated. */
function breastIndex(row: EquationRow): number[] {
  const er = row['er'] === 1;
  const weights = er ? COEFFICIENTS.erPositive : COEFFICIENTS.erNegative;
  const value = (name: string) => row[name] ?? Number.NaN;
  const age = (value('age') - AGE_FROM) / 100;
  const first = er ? age ** -0.5 : age;
  const second = er ? age ** 2 : age * Math.log(age);
  const size = er ? 1 - Math.exp(-value('size') / 20) : Math.log(value('size'));
  const fixed =
    weights.age1 * first +
    weights.age2 * second +
    weights.size * size +
    weights.nodes * Math.log(value('nodes') + 1) +
    weights.grade * (row['grade'] === 9 ? UNKNOWN.grade : value('grade')) +
    weights.screen * (row['screen'] === 2 ? UNKNOWN.screen : value('screen')) +
    weights.year * CALENDAR_YEAR +
    marker(row['ki67'], weights.ki67, 0) +
    marker(row['pr'], weights.pr, 0) +
    weights.radiotherapyBaseline;
  const her2 = marker<readonly number[]>(row['her2'], weights.her2, []);
  return YEAR_LIST.map((year) => fixed + (her2[year - 1] ?? 0));
}

/** Prognostic index of death of anything else, untreated. */
function otherIndex(row: EquationRow): number {
  const { age1, age2, year, radiotherapyBaseline } = COEFFICIENTS.other;
  const age = ((row['age'] ?? Number.NaN) - AGE_FROM) / 100;
  const smoker = SMOKING.ofOtherDeaths * SMOKING.hazardRatio + 1 - SMOKING.ofOtherDeaths;
  const average = 1 - SMOKING.share + smoker * SMOKING.share;
  const smoking = Math.log((row['smoker'] === 1 ? smoker : 1) / average);
  return age1 * age ** 3 + age2 * age ** 3 * Math.log(age) + year * CALENDAR_YEAR + radiotherapyBaseline + smoking;
}

interface Arm {
  /** Log hazard ratio of breast cancer death, by year. */
  readonly breast: (year: number) => number;
  /** Of other death. */
  readonly other: number;
}

/** The tool's ladder of treatments: r radiotherapy, h hormone, c chemotherapy, t trastuzumab, b bisphosphonates. */
function arms(row: EquationRow): Record<string, Arm> {
  const radiotherapy = row['radio'] === 1 ? TREATMENT.radiotherapy : 0;
  const hormone = row['horm'] === 1 && row['er'] === 1 ? TREATMENT.hormone : 0;
  const longer = hormone === 0 ? 0 : TREATMENT.hormoneTenYears;
  const generation = row['generation'] ?? 0;
  const givenChemotherapy = generation === 2 ? TREATMENT.chemotherapySecond : TREATMENT.chemotherapyThird;
  const chemotherapy = generation === 0 ? 0 : givenChemotherapy;
  const trastuzumab = row['her2'] === 1 && row['traz'] === 1 ? TREATMENT.trastuzumab : 0;
  const bisphosphonates = row['bis'] === 1 ? TREATMENT.bisphosphonates : 0;
  const heart = TREATMENT.otherPerGray * (row['heartGy'] ?? 0);
  const toxicity = generation === 0 ? 0 : TREATMENT.otherChemotherapy;
  const constant = (breast: number, other: number): Arm => ({ breast: () => breast, other });
  const all = radiotherapy + hormone + chemotherapy + trastuzumab + bisphosphonates;
  return {
    none: constant(0, 0),
    r: constant(radiotherapy, heart),
    rh: constant(radiotherapy + hormone, heart),
    rhc: constant(radiotherapy + hormone + chemotherapy, heart + toxicity),
    rhct: constant(radiotherapy + hormone + chemotherapy + trastuzumab, heart + toxicity),
    rhctb: constant(all, heart + toxicity),
    rh10ctb: { breast: (year) => all + (year > 10 ? longer : 0), other: heart + toxicity },
  };
}

interface Course {
  /** Alive after each year, %. */
  readonly survival: readonly number[];
  /** Dead of breast cancer by the end of each year, %: the share of all deaths of a year that is of breast cancer. */
  readonly breastDeaths: readonly number[];
}

/** A woman's prognosis before any treatment. */
interface Untreated {
  readonly breast: readonly number[];
  readonly other: number;
  /** Yearly baseline hazard of breast cancer death. */
  readonly baseline: readonly number[];
}

const untreated = (row: EquationRow): Untreated => ({
  breast: breastIndex(row),
  other: otherIndex(row),
  baseline: row['er'] === 1 ? BASELINES.erPositive : BASELINES.erNegative,
});

function course({ breast, other, baseline }: Untreated, arm: Arm): Course {
  const survival: number[] = [];
  const breastDeaths: number[] = [];
  let breastHazard = 0;
  let otherHazard = 0;
  let before = { breast: 1, other: 1, dead: 0 };
  for (const year of YEAR_LIST) {
    breastHazard += (baseline[year - 1] ?? 0) * Math.exp((breast[year - 1] ?? 0) + arm.breast(year));
    otherHazard += (BASELINES.other[year - 1] ?? 0) * Math.exp(other + arm.other);
    const now = { breast: Math.exp(-breastHazard), other: Math.exp(-otherHazard) };
    const ofBreast = before.breast - now.breast;
    const ofOther = before.other - now.other;
    const deaths = before.breast * before.other - now.breast * now.other;
    const dead = before.dead + (ofBreast / (ofBreast + ofOther)) * deaths;
    survival.push(100 * now.breast * now.other);
    breastDeaths.push(100 * dead);
    before = { ...now, dead };
  }
  return { survival, breastDeaths };
}

const SHOWN_YEARS = [5, 10, 15];
const BREAST_DEATHS_OF = ['none', 'rhctb'];

function components(row: EquationRow): Record<string, number> {
  const woman = untreated(row);
  const found: Record<string, number> = { pi: woman.breast[0] ?? Number.NaN, mi: woman.other };
  for (const [name, arm] of Object.entries(arms(row))) {
    const { survival, breastDeaths } = course(woman, arm);
    for (const year of SHOWN_YEARS) {
      found[`surv_${name}_${year}`] = survival[year - 1] ?? Number.NaN;
      if (BREAST_DEATHS_OF.includes(name)) found[`brdeath_${name}_${year}`] = breastDeaths[year - 1] ?? Number.NaN;
    }
  }
  return found;
}

export const predictBreast: Equation = {
  name: 'predict-breast',
  revision: '1',
  constants: { COEFFICIENTS, CALENDAR_YEAR, AGE_FROM, UNKNOWN, TREATMENT, SMOKING },
  columns: [
    ...['age', 'screen', 'size', 'grade', 'nodes', 'er', 'her2', 'ki67', 'pr', 'generation', 'horm', 'traz', 'bis', 'radio'],
    ...['heartGy', 'smoker'],
  ],
  answer: (row) => {
    const { rhctb = { breast: () => 0, other: 0 } } = arms(row);
    const value = course(untreated(row), rhctb).survival[9] ?? Number.NaN;
    return { margin: value, value };
  },
  detail: (row) => ({ components: components(row) }),
};
