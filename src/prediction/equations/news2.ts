/**
 * NEWS2: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017: charts 1 (scoring) and 2
 * (thresholds and triggers). The charts are in whole numbers and in tenths of a degree; a measurement between two of them is
 * rounded to the nearer, half upwards.
 */
import { roundHalfUp } from '../rounding.ts';
import type { Equation, EquationRow } from './equation.ts';

/** Points up to and including each upper bound; the last is open. */
type Bands = readonly (readonly [upTo: number, points: number])[];

const OPEN = 9999;

const BANDS = {
  respirationRate: [
    [8, 3],
    [11, 1],
    [20, 0],
    [24, 2],
    [OPEN, 3],
  ],
  spo2Scale1: [
    [91, 3],
    [93, 2],
    [95, 1],
    [OPEN, 0],
  ],
  /** Scale 2, target 88-92 %: what is above the target counts only on oxygen. */
  spo2Scale2Air: [
    [83, 3],
    [85, 2],
    [87, 1],
    [OPEN, 0],
  ],
  spo2Scale2Oxygen: [
    [83, 3],
    [85, 2],
    [87, 1],
    [92, 0],
    [94, 1],
    [96, 2],
    [OPEN, 3],
  ],
  systolicBP: [
    [90, 3],
    [100, 2],
    [110, 1],
    [219, 0],
    [OPEN, 3],
  ],
  pulse: [
    [40, 3],
    [50, 1],
    [90, 0],
    [110, 1],
    [130, 2],
    [OPEN, 3],
  ],
  temperatureC: [
    [35.0, 3],
    [36.0, 1],
    [38.0, 0],
    [39.0, 1],
    [OPEN, 2],
  ],
} as const satisfies Record<string, Bands>;

const SUPPLEMENTAL_OXYGEN = 2;
const NOT_ALERT = 3;
const MEDIUM_FROM = 5;
const HIGH_FROM = 7;
const RED = 3;

const points = (bands: Bands, value: number) => bands.find(([upTo]) => value <= upTo)?.[1] ?? Number.NaN;
const whole = (value: number) => Math.round(value);
const tenths = (value: number) => roundHalfUp(value, 1);

function saturation({ spo2 = Number.NaN, scale2, oxygen }: EquationRow): number {
  if (scale2 !== 1) return points(BANDS.spo2Scale1, whole(spo2));
  return points(oxygen === 1 ? BANDS.spo2Scale2Oxygen : BANDS.spo2Scale2Air, whole(spo2));
}

/** Points of each parameter, by name. */
function parameters(row: EquationRow): Record<string, number> {
  const { respirationRate = Number.NaN, oxygen, systolicBP = Number.NaN, pulse = Number.NaN, alert, temperatureC = Number.NaN } = row;
  return {
    respirationRate: points(BANDS.respirationRate, whole(respirationRate)),
    spo2: saturation(row),
    supplementalOxygen: oxygen === 1 ? SUPPLEMENTAL_OXYGEN : 0,
    systolicBP: points(BANDS.systolicBP, whole(systolicBP)),
    pulse: points(BANDS.pulse, whole(pulse)),
    consciousness: alert === 1 ? 0 : NOT_ALERT,
    temperatureC: points(BANDS.temperatureC, tenths(temperatureC)),
  };
}

const aggregate = (given: readonly number[]) => given.reduce((sum, one) => sum + one, 0);

/** Chart 2: 7 or more HIGH, 5 or 6 MEDIUM, 3 in any one parameter LOW_MEDIUM. */
function category(given: readonly number[]): string {
  const total = aggregate(given);
  if (total >= HIGH_FROM) return 'HIGH';
  if (total >= MEDIUM_FROM) return 'MEDIUM';
  return given.includes(RED) ? 'LOW_MEDIUM' : 'LOW';
}

export const news2: Equation = {
  name: 'news2',
  revision: '1',
  constants: { BANDS, SUPPLEMENTAL_OXYGEN, NOT_ALERT, MEDIUM_FROM, HIGH_FROM, RED },
  columns: ['respirationRate', 'spo2', 'scale2', 'oxygen', 'systolicBP', 'pulse', 'alert', 'temperatureC', 'pregnant'],
  answer: (row) => {
    const value = aggregate(Object.values(parameters(row)));
    return { margin: value, value };
  },
  detail: (row) => {
    const components = parameters(row);
    return {
      components,
      category: category(Object.values(components)),
      refusal: row['pregnant'] === 1 ? 'pregnant: NEWS2 is not valid in pregnancy (RCP 2017)' : null,
    };
  },
};
