/** A record without what its reader may not see. */
import { type DataCategory, isGeneticCondition, isGeneticObservation, isSensitive } from '../patients/dataCategories.ts';
import type { Condition, Observation, PatientRecord } from '../patients/record.ts';
import type { AccessDecision } from './decide.ts';

const isSeenCondition = (condition: Condition, sees: ReadonlySet<DataCategory>) =>
  (sees.has('SENSITIVE') || !isSensitive(condition)) && (sees.has('GENOMIC') || !isGeneticCondition(condition));

/** Observations without those that state a genotype where that may not be seen. */
export const seenObservations = (all: readonly Observation[], sees: ReadonlySet<DataCategory>): readonly Observation[] =>
  sees.has('GENOMIC') ? all : all.filter((one) => !isGeneticObservation(one));

/**
 * Genotypes and sensitive conditions are taken out, so that nothing is made of them. Of the date of birth the year stays, for the
 * age is needed. That identifiers are not shown is the schema's business (graphql/fieldRules.ts).
 */
export function redact(record: PatientRecord, { sees, withheld }: AccessDecision): PatientRecord {
  if (withheld.length === 0) return record;
  return {
    ...record,
    withheld,
    // The day could be found by asking for the age as of one day after another.
    birthDate: sees.has('IDENTIFIERS') ? record.birthDate : `${record.birthDate.slice(0, 4)}-07-01`,
    calls: sees.has('GENOMIC') ? record.calls : [],
    molecular: sees.has('GENOMIC') ? record.molecular : [],
    conditions: record.conditions.filter((condition) => isSeenCondition(condition, sees)),
    latest: seenObservations(record.latest, sees),
  };
}
