/** One patient's doses, levels and covariates in time order, and the concentrations that parameters make of them. */
import { type Covariates, type Etas, parametersOf, THOMSON } from '../equations/thomson2009.ts';
import { advance, EMPTY, type State } from './twoCompartments.ts';

export interface DosingRecord {
  /** Hours. */
  readonly time: number;
  readonly kind: 'dose' | 'level' | 'other';
  /** mg; 0 where nothing is given. */
  readonly amount: number;
  /** mg/h; 0 for a bolus. */
  readonly rate: number;
  /** mg/L; NaN where nothing was measured. */
  readonly level: number;
  /** The compartments are emptied before the record. */
  readonly reset: boolean;
  /** As NONMEM takes them: a record's covariates hold from the record before up to it. */
  readonly covariates: Covariates;
}

export interface Course {
  /** mg/L at each record, before what it gives. */
  readonly concentrations: readonly number[];
  /** mg.h/L from the first record up to each. */
  readonly areas: readonly number[];
}

interface Infusion {
  readonly rate: number;
  readonly until: number;
}

/** From one record's time to the next, stopping where an infusion ends. */
function upTo(start: State, from: number, to: number, running: readonly Infusion[], record: DosingRecord, etas: Etas): State {
  const parameters = parametersOf(record.covariates, etas);
  const stops = [...running.map(({ until }) => until).filter((until) => until > from && until < to), to].sort((a, b) => a - b);
  let state = start;
  let now = from;
  for (const stop of stops) {
    const rate = running.reduce((sum, infusion) => (infusion.until > now ? sum + infusion.rate : sum), 0);
    state = advance(state, parameters, rate, stop - now);
    now = stop;
  }
  return state;
}

export function courseOf(records: readonly DosingRecord[], etas: Etas): Course {
  const concentrations: number[] = [];
  const areas: number[] = [];
  let running: Infusion[] = [];
  let state = EMPTY;
  let now = records[0]?.time ?? 0;
  for (const record of records) {
    state = upTo(state, now, record.time, running, record, etas);
    now = record.time;
    running = record.reset ? [] : running.filter(({ until }) => until > now);
    if (record.reset) state = { ...EMPTY, area: state.area };
    concentrations.push(state.central / parametersOf(record.covariates, etas).central);
    areas.push(state.area);
    if (record.kind !== 'dose') continue;
    if (record.rate > 0) running.push({ rate: record.rate, until: now + record.amount / record.rate });
    else state = { ...state, central: state.central + record.amount };
  }
  return { concentrations, areas };
}

/** Variance of a level's error, (mg/L)². */
export function errorVariance(concentration: number): number {
  return (THOMSON.proportionalError * concentration) ** 2 + THOMSON.additiveError ** 2;
}
