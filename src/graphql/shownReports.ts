/** Molecular reports as the API shows them: each with the one that corrects it. */
import { corrections, type MolecularReport } from '../patients/molecularProfile.ts';
import { isWithheld, type PatientRecord } from '../patients/record.ts';

export type ShownReport = MolecularReport & { readonly replacedBy: string | null };

/** Null where genomic data are not shown. */
export function shownReports(record: PatientRecord): ShownReport[] | null {
  if (isWithheld(record, 'GENOMIC')) return null;
  const corrected = corrections(record.molecular);
  return record.molecular.map((report) => ({ ...report, replacedBy: corrected.get(report.id) ?? null }));
}
