/** Molecular reports as the API shows them: each with the one that corrects it. */
import { corrections, type MolecularReport } from '../patients/molecularProfile.ts';
import type { PatientRecord } from '../patients/record.ts';

export type ShownReport = MolecularReport & { readonly replacedBy: string | null };

/** Null where genomic data are not shown. */
export function shownReports({ molecular: reports, withheld }: PatientRecord): ShownReport[] | null {
  if (withheld.some(({ category }) => category === 'GENOMIC')) return null;
  const corrected = corrections(reports);
  return reports.map((report) => ({ ...report, replacedBy: corrected.get(report.id) ?? null }));
}
