/**
 * Counts of patients over fixed dimensions, safe to be passed on. Whom the asker may not see is in no count. What is asked of a patient
 * is one of few things (no free filter, no date), so that two tables differ by known groups and not by one person.
 */
import { AvicennaError } from '../../errors.ts';
import { isGeneticCondition, isSensitive } from '../../patients/dataCategories.ts';
import { RACES, SEXES } from '../../patients/record.ts';
import { type CountedPatient, countedPatients } from '../../store/cypher/cohort.ts';
import type { GraphStore } from '../../store/graphStore.ts';
import type { Role } from '../actor.ts';
import { AGE_BANDS, ageBandOf } from '../ageBand.ts';
import type { PatientFacts } from '../decide.ts';
import { type Gate, readFacts } from '../gate.ts';
import { covers, type Resource } from '../scopes.ts';
import { type Counts, type ShownCounts, suppress } from './suppress.ts';

export const COHORT_DIMENSIONS = ['SEX', 'AGE_BAND', 'RACE', 'PHENOTYPE'] as const;
export type CohortDimension = (typeof COHORT_DIMENSIONS)[number];

export interface CohortQuestion {
  /** Two at most, each once. */
  readonly by: readonly CohortDimension[];
  /** Of the dimension PHENOTYPE: the gene, with every phenotype that the release knows of it; null where it is not asked for. */
  readonly gene: { readonly symbol: string; readonly phenotypes: readonly string[] } | null;
  /** Only those who take or took this drug, by its generic name in the release; null for all. */
  readonly drug: string | null;
  /** Only those who have or had a condition of this ICD-10-CM category (as I48); null for all. */
  readonly condition: string | null;
  /** The year that ages are of. */
  readonly year: number;
}

export interface CohortTable {
  readonly counts: ShownCounts;
  /** Of each dimension that was asked for its values, in the order of the rows (or columns). */
  readonly values: readonly (readonly string[])[];
}

/** Patients that are looked at, at most. */
export const MOST_PATIENTS = 20_000;
const MOST_DIMENSIONS = 2;
/** Who sees one patient alone has nothing to count. */
const COUNTING: ReadonlySet<Role> = new Set<Role>(['CLINICIAN', 'ANALYST', 'SYSTEM']);

export const NOT_KNOWN = 'not known';
function valuesOf(dimension: CohortDimension, { gene }: CohortQuestion): readonly string[] {
  if (dimension === 'SEX') return SEXES;
  if (dimension === 'RACE') return RACES;
  return dimension === 'AGE_BAND' ? AGE_BANDS : [...(gene?.phenotypes ?? []), NOT_KNOWN];
}

type CountedRow = CountedPatient & { readonly facts: PatientFacts };

interface Counted {
  readonly patient: CountedPatient;
  readonly seesGenomes: boolean;
}

/** Whose genotypes may not be seen is of no known phenotype: the sum is the same as in a table without it. */
function phenotypeOf({ patient, seesGenomes }: Counted, { gene }: CohortQuestion): string {
  const known = seesGenomes ? patient.phenotypes?.[0] : null;
  return known && gene?.phenotypes.includes(known) ? known : NOT_KNOWN;
}

function levelOf(dimension: CohortDimension, counted: Counted, asked: CohortQuestion): string {
  if (dimension === 'SEX') return counted.patient.sexAtBirth;
  if (dimension === 'RACE') return counted.patient.race;
  return dimension === 'AGE_BAND'
    ? (AGE_BANDS[ageBandOf(counted.patient.birthDate, asked.year)] ?? NOT_KNOWN)
    : phenotypeOf(counted, asked);
}

/** What is counted is passed on: a sensitive condition counts for nobody, whoever asks, nor does one that states a genotype. */
function isUncounted(code: string): boolean {
  const condition = { system: 'ICD-10-CM', code };
  return isSensitive(condition) || isGeneticCondition(condition);
}

function isInFilter({ drugs, codes }: CountedPatient, { drug, condition }: CohortQuestion): boolean {
  if (drug !== null && !drugs?.length) return false;
  return condition === null || (codes ?? []).some((code) => !isUncounted(code));
}

const zeros = (length: number) => new Array<number>(length).fill(0);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** The counts of some patients by the dimensions asked for. */
export function tableOf(
  patients: readonly (readonly string[])[],
  [rowValues = [], columnValues = []]: readonly (readonly string[])[],
): Counts {
  const rows = zeros(rowValues.length);
  const cells = columnValues.length === 0 ? [] : rowValues.map(() => zeros(columnValues.length));
  const placeIn = (values: readonly string[]) => new Map(values.map((value, at) => [value, at]));
  const [rowAt, columnAt] = [placeIn(rowValues), placeIn(columnValues)];
  for (const [rowValue = '', columnValue = ''] of patients) {
    const row = rowAt.get(rowValue);
    if (row === undefined) continue;
    rows[row] = (rows[row] ?? 0) + 1;
    const column = columnAt.get(columnValue);
    const cell = cells[row];
    if (cell && column !== undefined) cell[column] = (cell[column] ?? 0) + 1;
  }
  const columns = columnValues.map((_, column) => sum(cells.map((row) => row[column] ?? 0)));
  return { total: patients.length, rows, columns, cells };
}

function needs(actor: Gate['actor'], resource: Resource, at: string): void {
  if (!covers(actor.scopes, resource, 's')) throw new AvicennaError('FORBIDDEN', `The token's scopes lack ${resource}.s.`, at);
}

/** @throws AvicennaError FORBIDDEN, BAD_USER_INPUT with the argument's name */
function check({ actor }: Gate, { by, gene, drug, condition }: CohortQuestion): void {
  if (!COUNTING.has(actor.role)) throw new AvicennaError('FORBIDDEN', `The role ${actor.role} does not count patients.`, 'cohort');
  if (by.length > MOST_DIMENSIONS || new Set(by).size < by.length)
    throw new AvicennaError('BAD_USER_INPUT', 'Two dimensions at most, each once.', 'by');
  if (by.includes('PHENOTYPE') !== (gene !== null))
    throw new AvicennaError('BAD_USER_INPUT', "The dimension PHENOTYPE and 'gene' go together.", 'gene');
  if (drug !== null && condition !== null)
    throw new AvicennaError('BAD_USER_INPUT', 'One filter at most: a drug or a condition.', 'filter');
  if (condition !== null && isUncounted(condition))
    throw new AvicennaError('FORBIDDEN', 'Conditions that are sensitive or state a genotype are not counted.', 'filter.condition');
  needs(actor, 'Patient', 'cohort');
  if (gene) needs(actor, 'MolecularSequence', 'gene');
  if (drug !== null) needs(actor, 'MedicationStatement', 'filter.drug');
  if (condition !== null) needs(actor, 'Condition', 'filter.condition');
}

function suppressed(countOf: (patients: readonly CountedRow[]) => Counts, seen: readonly CountedRow[], asked: CohortQuestion): ShownCounts {
  const counts = countOf(seen);
  const shown = suppress(counts);
  if (asked.drug === null && asked.condition === null) return shown;
  return suppress(countOf(seen.filter((patient) => isInFilter(patient, asked))), { counts, shown });
}

/** The same table with its rows as columns. */
const transposed = ({ total, rows, columns, cells }: ShownCounts): ShownCounts => ({
  total,
  rows: columns,
  columns: rows,
  cells: columns.map((_, column) => cells.map((row) => row[column] ?? null)),
});

/**
 * One round trip, whatever is asked for. The table is made in one order of the dimensions, whichever way round it is asked for: what is
 * hidden beside a count goes by place, and the two ways round together would show more than one.
 * @throws AvicennaError FORBIDDEN, BAD_USER_INPUT; QUERY_TOO_COMPLEX where there are more than MOST_PATIENTS
 */
export async function countCohort(asked: CohortQuestion, store: GraphStore, gate: Gate): Promise<CohortTable> {
  check(gate, asked);
  const { gene, drug, condition } = asked;
  const parts = { gene: gene?.symbol ?? null, drug, category: condition };
  const rows = await store.read<CountedRow>(countedPatients(parts, MOST_PATIENTS + 1));
  if (rows.length > MOST_PATIENTS)
    throw new AvicennaError('QUERY_TOO_COMPLEX', `Counts are made of ${MOST_PATIENTS} patients at most, and here are more.`, 'cohort');
  const seen = gate.onFacts(rows, ({ facts }) => readFacts(facts), [], 'COUNTED');
  const order = COHORT_DIMENSIONS.filter((dimension) => asked.by.includes(dimension));
  const values = order.map((dimension) => valuesOf(dimension, asked));
  const countOf = (patients: readonly CountedRow[]): Counts => {
    const keys = patients.map((patient) => {
      const counted = { patient, seesGenomes: gene !== null && gate.decide(readFacts(patient.facts)).sees.has('GENOMIC') };
      return order.map((dimension) => levelOf(dimension, counted, asked));
    });
    return tableOf(keys, values);
  };
  const shown = suppressed(countOf, seen, asked);
  const isAsAsked = order[0] === asked.by[0];
  return isAsAsked ? { counts: shown, values } : { counts: transposed(shown), values: values.toReversed() };
}
