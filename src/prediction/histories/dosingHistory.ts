/**
 * Columns from a patient's doses and levels, as a NONMEM data set gives them: all levels of the patient make his own
 * parameters, which hold for every row.
 */
import type { ModelCard } from '../card.ts';
import type { CheckedRow, RawRow } from '../inputs.ts';
import { courseOf, type DosingRecord } from './dosing.ts';
import type { HistoryEncoder } from './encoder.ts';
import { mapEstimate } from './mapEstimate.ts';

/** EVID of a NONMEM data set. */
const EVENT = { level: 0, dose: 1, other: 2, reset: 3, resetAndDose: 4 } as const;

/** Hours between doses that are taken where there was only one. */
const ASSUMED_INTERVAL = 12;

const DAY = 24;

const numberIn = (raw: RawRow, name: string) => (raw[name] == null ? Number.NaN : Number(raw[name]));

/** A number that is zero where it is not given. */
const amountIn = (raw: RawRow, name: string) => (raw[name] == null ? 0 : Number(raw[name]));

function kindOf(raw: RawRow): DosingRecord['kind'] {
  const event = Number(raw['EVID']);
  if (event === EVENT.dose || event === EVENT.resetAndDose) return 'dose';
  return event === EVENT.level && amountIn(raw, 'MDV') === 0 ? 'level' : 'other';
}

function recordOf({ raw }: CheckedRow, time: string): DosingRecord {
  return {
    time: numberIn(raw, time),
    kind: kindOf(raw),
    amount: amountIn(raw, 'AMT'),
    rate: amountIn(raw, 'RATE'),
    level: numberIn(raw, 'DV'),
    reset: Number(raw['EVID']) === EVENT.reset || Number(raw['EVID']) === EVENT.resetAndDose,
    covariates: {
      weight: numberIn(raw, 'WT'),
      creatinineClearance: numberIn(raw, 'CRCL'),
      dialysisClearance: amountIn(raw, 'CL_HEMO'),
    },
  };
}

/** What is wrong with a record beside its cells. */
function fault({ time, kind, amount, level }: DosingRecord, before: DosingRecord | undefined): string | null {
  if (before && time < before.time) return 'TIME: earlier than the row before';
  if (kind === 'dose' && !(amount > 0)) return 'AMT: missing for a dose';
  if (kind !== 'dose' && amount > 0) return 'AMT: given in a row that is no dose (EVID 1)';
  return kind === 'level' && Number.isNaN(level) ? 'DV: missing for a level' : null;
}

/** The regimen up to a record: the last dose, and the hours between the last two. */
function regimen(records: readonly DosingRecord[]) {
  const doses = records.filter(({ kind }) => kind === 'dose');
  const [last, before] = [doses.at(-1), doses.at(-2)];
  const interval = last && before && last.time > before.time ? last.time - before.time : null;
  return { dose: last?.amount ?? Number.NaN, interval: interval ?? ASSUMED_INTERVAL, intervalIsKnown: interval === null ? 0 : 1 };
}

/** Area under the concentration over the day that ends with the last record, mg.h/L. */
function areaOfLastDay(records: readonly DosingRecord[], etas: readonly number[]): number {
  const end = records.at(-1);
  if (!end) return 0;
  const start = end.time - DAY;
  const next = records.findIndex(({ time }) => time > start);
  const at = records[next];
  if (!at || next === 0) return courseOf(records, etas).areas.at(-1) ?? 0;
  const mark: DosingRecord = { ...at, time: start, kind: 'other', amount: 0, rate: 0, reset: false };
  const { areas } = courseOf([...records.slice(0, next), mark, ...records.slice(next)], etas);
  return (areas.at(-1) ?? 0) - (areas[next] ?? 0);
}

/** The columns of every record by what they take. */
function taken(records: readonly DosingRecord[]): Record<string, number>[] {
  const { etas, covariance, rival } = mapEstimate(records);
  const typical = courseOf(records, [0, 0, 0, 0]).concentrations;
  const own = courseOf(records, etas).concentrations;
  const [etaCL = 0, etaV = 0, etaQ = 0, etaV2 = 0] = etas;
  const patient = { etaCL, etaV, etaQ, etaV2, sdEtaCL: Math.sqrt(covariance[0]?.[0] ?? Number.NaN), rivalEtaCL: rival?.[0] ?? etaCL };
  const levels = records.filter(({ kind }) => kind === 'level').length;
  const auc24Given = areaOfLastDay(records, etas);
  return records.map((_, index) => ({
    ...patient,
    ...regimen(records.slice(0, index + 1)),
    pred: typical[index] as number,
    ipred: own[index] as number,
    auc24Given,
    last: index === records.length - 1 ? 1 : 0,
    levels,
  }));
}

export class DosingEncoder implements HistoryEncoder {
  readonly #takes: readonly (string | null)[];
  readonly #time: string;

  constructor({ columns }: ModelCard, { time }: NonNullable<ModelCard['history']>) {
    this.#takes = columns.map((column) => (column.encode === 'history' ? column.take : null));
    this.#time = time;
  }

  encode(rows: readonly CheckedRow[]): CheckedRow[] {
    const records = rows.map((row) => recordOf(row, this.#time));
    const checked = rows.map((row, index): CheckedRow => {
      const wrong = row.problems.length === 0 ? fault(records[index] as DosingRecord, records[index - 1]) : null;
      return wrong === null ? row : { ...row, problems: [wrong] };
    });
    // A dose or a level that cannot be read would make every other number of the patient wrong.
    if (checked.some(({ problems }) => problems.length > 0))
      return checked.map((row) => (row.problems.length > 0 ? row : { ...row, problems: ['another row of this patient cannot be used'] }));
    const made = taken(records);
    return checked.map((row, index) => {
      const columns = row.columns.map((value, column) => {
        const take = this.#takes[column];
        return take == null ? value : (made[index]?.[take] ?? Number.NaN);
      });
      return { ...row, columns };
    });
  }
}
