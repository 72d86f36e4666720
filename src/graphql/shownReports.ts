/** Molecular reports as the API shows them: each with the one that corrects it. */
import { corrections, type MolecularReport } from '../patients/molecularProfile.ts';

export function shownReports(reports: readonly MolecularReport[]): (MolecularReport & { readonly replacedBy: string | null })[] {
  const corrected = corrections(reports);
  return reports.map((report) => ({ ...report, replacedBy: corrected.get(report.id) ?? null }));
}
