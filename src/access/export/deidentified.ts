/**
 * A record without what names its patient, as rows of an export. The identifiers of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i)(A) to (R),
 * are left out or, of dates (C), moved: codes and numbers stay, words that a person wrote do not. Pure.
 */
import type { GeneCall } from '../../genotypes/call.ts';
import { diplotypeName } from '../../genotypes/call.ts';
import { EGFR, observationCode } from '../../patients/observationCodes.ts';
import { type Condition, isWithheld, type Medication, type Observation, type Outcome, type PatientRecord } from '../../patients/record.ts';
import type { ToldOf } from './kAnonymous.ts';

/** One patient's stand-in in one export: kept in memory, written nowhere but for the study id. */
export interface StandIn {
  /** Random: made of nothing of the patient (164.514(c)). */
  readonly studyId: string;
  /** Whole days that all dates of the patient are moved by; never 0. */
  readonly days: number;
  readonly birthYear: number;
  /** Year of the export. */
  readonly year: number;
}

const DAY_MS = 86_400_000;
/** "2026-01-01T08:30": what is finer could be looked up elsewhere. */
const TO_THE_MINUTE = 16;
const OLDEST_TOLD = 89;

/**
 * A time, moved. Null where it would tell an age: longer ago than anybody of 89 was born, or in the year of birth or the one after (what
 * was found at birth has the date of birth).
 */
export function moved(time: string, { days, birthYear, year }: StandIn): string | null {
  const its = Number(time.slice(0, 4));
  if (its < year - OLDEST_TOLD || its <= birthYear + 1) return null;
  return `${new Date(Date.parse(time) + days * DAY_MS).toISOString().slice(0, TO_THE_MINUTE)}Z`;
}

const movedOrNull = (time: string | null, standIn: StandIn) => (time === null ? null : moved(time, standIn));

/** UCUM lets anybody write words in braces. */
const bareUnit = (unit: string | null): string | null => (unit === null ? null : unit.replace(/\{[^}]*\}/g, '') || '1');

/** Units of numbers that can be an age or a name in digits. */
const TELLING_UNITS: ReadonlySet<string> = new Set(['1', 'a', 'a_j', 'a_g', 'a_t', 'mo', 'mo_j', 'mo_g', 'mo_s', 'wk', 'd']);

/** Computed from creatinine, sex and age by a published equation: with the creatinine beside it the age could be solved for. */
const isOfAge = (code: string, unit: string | null) => code === EGFR || (unit?.startsWith('mL/min') ?? false);

/**
 * Null for an observation that is left out: words of a code that allows any, and numbers under a code that is not known here where they
 * have no unit (a number may be somebody's) or one of time (it may be an age).
 */
export function observationRow({ code, system, value, text, unit, flag, observedAt }: Observation, standIn: StandIn) {
  const known = observationCode(code);
  const bare = bareUnit(unit);
  const listed = text !== null && known?.texts?.includes(text) ? text : null;
  const isTold = value === null ? listed !== null : known !== undefined || (bare !== null && !TELLING_UNITS.has(bare));
  if (!isTold || isOfAge(code, bare)) return null;
  return { studyId: standIn.studyId, code, system, value, text: listed, unit: bare, flag, observedAt: moved(observedAt, standIn) };
}

function conditionRow({ code, system, onsetAt, abatedAt }: Condition, standIn: StandIn) {
  return { studyId: standIn.studyId, code, system, onsetAt: moved(onsetAt, standIn), abatedAt: movedOrNull(abatedAt, standIn) };
}

/** Null for a drug that the release does not know: its name is as somebody wrote it. */
function medicationRow({ name, rxcui, startedAt, stoppedAt }: Medication, standIn: StandIn) {
  if (rxcui === null) return null;
  return { studyId: standIn.studyId, drug: name, rxcui, startedAt: moved(startedAt, standIn), stoppedAt: movedOrNull(stoppedAt, standIn) };
}

function outcomeRow({ kind, value, unit, observedAt }: Outcome, standIn: StandIn) {
  return { studyId: standIn.studyId, kind, value, unit: bareUnit(unit), observedAt: moved(observedAt, standIn) };
}

function genotypeRow({ gene, status, source, diplotypes, lookup }: GeneCall, { studyId }: StandIn) {
  const phenotypes = [...new Set(lookup.flatMap(({ phenotype }) => phenotype ?? []))];
  const named = diplotypes.filter(({ alleles }) => alleles.length > 0).map(diplotypeName);
  return { studyId, gene, status, source, diplotypes: named, phenotypes };
}

const present = <T>(rows: readonly (T | null)[]): T[] => rows.filter((row) => row !== null);

/**
 * The rows of what the record has by itself, by the name of their file. Answers of models are not among them: most read age and race, and
 * could be solved for them.
 * @param record as an analyst sees it: without sensitive conditions and refused genotypes
 */
export function rowsOf(record: PatientRecord, standIn: StandIn, told: ToldOf) {
  const { studyId } = standIn;
  const seesGenomes = !isWithheld(record, 'GENOMIC');
  return {
    patients: [{ studyId, ...told, synthetic: record.synthetic, genotypesAgreed: seesGenomes }],
    conditions: record.conditions.map((condition) => conditionRow(condition, standIn)),
    medications: present(record.medications.map((medication) => medicationRow(medication, standIn))),
    outcomes: record.outcomes.map((outcome) => outcomeRow(outcome, standIn)),
    genotypes: record.calls.map(({ call }) => genotypeRow(call, standIn)),
  };
}
