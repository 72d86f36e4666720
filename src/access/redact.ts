/** A record without what its reader may not see. */
import { isSensitive } from '../patients/dataCategories.ts';
import type { PatientRecord } from '../patients/record.ts';
import type { AccessDecision } from './decide.ts';

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
    conditions: sees.has('SENSITIVE') ? record.conditions : record.conditions.filter((condition) => !isSensitive(condition)),
  };
}
