/**
 * Columns from a patient's doses and levels, as a NONMEM data set gives them: all levels of the patient make his own
 * parameters, which hold for every row.
 */
import type { ModelCard } from '../card.ts';
import type { CheckedRow, RawRow } from '../inputs.ts';
import { courseOf, type DosingRecord, errorVariance } from './dosing.ts';
import type { HistoryEncoder } from './encoder.ts';
import { mapEstimate } from './mapEstimate.ts';

/** EVID of a NONMEM data set. */
const EVENT = { level: 0, dose: 1, other: 2, reset: 3, resetAndDose: 4 } as const;

/** Hours between doses that are taken where the doses do not say it. */
const ASSUMED_INTERVAL = 12;

/** Doses that begin within so many hours are one dose in several bags. */
const ONE_DOSE = 3;

/** Hours between doses of a regimen; a longer pause is an interruption. */
const REGIMEN = { from: 6, to: 48 } as const;

/** Hours that an infusion takes at most. */
const LONGEST_INFUSION = 24;

const DAY = 24;

/** AUC24 aimed at where no row says one: the middle of 400 to 600 mg.h/L (Rybak 2020). */
const DEFAULT_TARGET = 500;

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

/** What is wrong with a dose; null where it can be used. */
function doseFault({ amount, rate }: DosingRecord): string | null {
  if (!(amount > 0)) return 'AMT: missing for a dose';
  return rate > 0 && amount / rate > LONGEST_INFUSION ? `RATE: the infusion would take longer than ${LONGEST_INFUSION} h` : null;
}

/** What is wrong with a record beside its cells. */
function fault(record: DosingRecord, before: DosingRecord | undefined): string | null {
  const { time, kind, amount, level } = record;
  if (before && time < before.time) return 'TIME: earlier than the row before';
  if (kind === 'dose') return doseFault(record);
  if (amount > 0) return 'AMT: given in a row that is no dose (EVID 1)';
  return kind === 'level' && !(level > 0) ? 'DV: expected a level over 0 (one below the limit of detection is no number)' : null;
}

interface Regimen {
  /** The last dose with all its bags, mg, and the hour that it began. */
  readonly dose: number;
  readonly since: number;
  /** Hours between the last two doses that are no interruption; null where there are none. */
  readonly interval: number | null;
  readonly interrupted: boolean;
}

function afterDose(before: Regimen | null, { time, amount }: DosingRecord): Regimen {
  if (before === null) return { dose: amount, since: time, interval: null, interrupted: false };
  const gap = time - before.since;
  if (gap <= ONE_DOSE) return { ...before, dose: before.dose + amount };
  const isUsual = gap >= REGIMEN.from && gap <= REGIMEN.to;
  return { dose: amount, since: time, interval: isUsual ? gap : before.interval, interrupted: !isUsual };
}

/** The regimen up to each record, as columns. */
function regimens(records: readonly DosingRecord[]) {
  let regimen: Regimen | null = null;
  return records.map((record) => {
    if (record.kind === 'dose') regimen = afterDose(regimen, record);
    const { dose = Number.NaN, interval = null, interrupted = false } = regimen ?? {};
    return { dose, interval: interval ?? ASSUMED_INTERVAL, intervalIsKnown: interval === null ? 0 : 1, interrupted: interrupted ? 1 : 0 };
  });
}

/** Standard deviations that the level furthest from its prediction is away from it; 0 without levels. */
function worstResidual(records: readonly DosingRecord[], predicted: readonly number[]): number {
  return records.reduce((worst, { kind, level }, index) => {
    const own = predicted[index] as number;
    return kind === 'level' ? Math.max(worst, Math.abs(level - own) / Math.sqrt(errorVariance(own))) : worst;
  }, 0);
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
function taken(records: readonly DosingRecord[], targets: readonly (number | null)[]): Record<string, number>[] {
  const { etas, covariance, rival } = mapEstimate(records);
  const typical = courseOf(records, [0, 0, 0, 0]).concentrations;
  const own = courseOf(records, etas).concentrations;
  const [etaCL = 0, etaV = 0, etaQ = 0, etaV2 = 0] = etas;
  const patient = { etaCL, etaV, etaQ, etaV2, sdEtaCL: Math.sqrt(covariance[0]?.[0] ?? Number.NaN), rivalEtaCL: rival?.[0] ?? etaCL };
  const levels = records.filter(({ kind }) => kind === 'level').length;
  const auc24Given = areaOfLastDay(records, etas);
  const residual = worstResidual(records, own);
  const regimen = regimens(records);
  let aim = DEFAULT_TARGET;
  const aims = targets.map((target) => {
    aim = target ?? aim;
    return aim;
  });
  return records.map((_, index) => ({
    ...patient,
    ...regimen[index],
    pred: typical[index] as number,
    ipred: own[index] as number,
    auc24Given,
    residual,
    targetAuc: aims[index] as number,
    last: index === records.length - 1 ? 1 : 0,
    levels,
  }));
}

export class DosingEncoder implements HistoryEncoder {
  readonly needsAllRows = true;
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
    const spoilt = checked.find(({ problems }) => problems.length > 0);
    if (spoilt) {
      const which = `another row of this patient cannot be used (${this.#time} ${spoilt.raw[this.#time] ?? 'missing'}; ${spoilt.problems.join('; ')})`;
      return checked.map((row) => (row.problems.length > 0 ? row : { ...row, problems: [which] }));
    }
    const made = taken(
      records,
      checked.map(({ raw }) => (raw['targetAuc'] == null ? null : Number(raw['targetAuc']))),
    );
    return checked.map((row, index) => {
      const columns = row.columns.map((value, column) => {
        const take = this.#takes[column];
        return take == null ? value : (made[index]?.[take] ?? Number.NaN);
      });
      return { ...row, columns };
    });
  }
}
