/** Which of a patient's molecular reports speak of the tumour that is asked about. */
import type { TumourTree } from '../knowledge/oncology/tumours.ts';
import { type MolecularReport, reportsInForce } from '../patients/molecularProfile.ts';
import type { OpenQuestion } from './openQuestion.ts';
import type { AskedTumour } from './tumourOf.ts';

export interface TumourReports {
  /** Corrected ones left out; of one of another tumour only what is inherited. */
  readonly reports: readonly MolecularReport[];
  /** Whether one of them does not say of which tumour it is. */
  readonly isTumourUnsaid: boolean;
  readonly open: readonly OpenQuestion[];
}

/** What the patient was born with is in every tumour; what was tested in another, and the rest of what was found there, is not. */
const inherited = (report: MolecularReport): MolecularReport => ({
  ...report,
  genesTested: null,
  fusionsTested: null,
  copiesTested: null,
  variants: report.variants.filter(({ origin }) => origin === 'GERMLINE'),
  fusions: [],
  copyNumbers: [],
  signatures: [],
});

/** A correction that says nothing took another back: it is no report. */
const saysSomething = (report: MolecularReport) =>
  [report.variants, report.fusions, report.copyNumbers, report.signatures].some(({ length }) => length > 0) ||
  [report.genesTested, report.fusionsTested, report.copiesTested].some((genes) => genes !== null);

const called = ({ assay, reportedAt }: MolecularReport) => `The report of ${assay} of ${reportedAt.slice(0, 10)}`;

/** Null of a report that does not say its tumour, says one that the release does not know, or a group that several of the patient's are of. */
function isOfOther(
  tree: TumourTree,
  { id }: AskedTumour,
  recorded: readonly Pick<AskedTumour, 'id'>[],
  { tumour }: MolecularReport,
): boolean | null {
  if (tumour === null || !tree.has(tumour)) return null;
  const match = tree.match(id, tumour);
  const ofGroup = recorded.filter((one) => tree.match(one.id, tumour) !== 'OTHER');
  return match === 'PARENT' && ofGroup.length > 1 ? null : match === 'OTHER';
}

/** @param recorded the tumours on record, none a kind of another */
export function tumourReports(
  tree: TumourTree,
  asked: AskedTumour,
  recorded: readonly Pick<AskedTumour, 'id'>[],
  all: readonly MolecularReport[],
): TumourReports {
  const judged = reportsInForce(all)
    .filter(saysSomething)
    .map((report) => ({ report, isOther: isOfOther(tree, asked, recorded, report) }));
  const open = judged.flatMap(({ report, isOther }): OpenQuestion[] => {
    const { tumour } = report;
    if (isOther === true)
      return [
        {
          question: `What is in ${asked.name}: ${called(report)} is of ${tree.nameOf(String(tumour))}, and only what is inherited counts`,
          settledBy: `A molecular profile of ${asked.name}`,
        },
      ];
    if (isOther === null && tumour !== null && !tree.has(tumour))
      return [
        {
          question: `Whether ${called(report)} is of ${asked.name}: the release has no tumour ${tumour}`,
          settledBy: 'A correction of the report with a tumour that the release has (importMolecularProfile, replaces)',
        },
      ];
    return [];
  });
  return {
    reports: judged.map(({ report, isOther }) => (isOther ? inherited(report) : report)),
    isTumourUnsaid: judged.some(({ isOther }) => isOther === null),
    open,
  };
}
