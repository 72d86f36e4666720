/** The worked examples. Their text is that of schema/operations, which the tests run too: there is one source. */
import analystPatients from '../schema/operations/AnalystPatients.graphql?raw';
import cohortCounts from '../schema/operations/CohortCounts.graphql?raw';
import earlyWarning from '../schema/operations/EarlyWarning.graphql?raw';
import evidencePaths from '../schema/operations/EvidencePaths.graphql?raw';
import genotypeToPrescription from '../schema/operations/GenotypeToPrescription.graphql?raw';
import mutations from '../schema/operations/Mutations.graphql?raw';
import patientList from '../schema/operations/PatientList.graphql?raw';
import patientPage from '../schema/operations/PatientPage.graphql?raw';
import watchRisk from '../schema/operations/WatchRisk.graphql?raw';
import whatChanged from '../schema/operations/WhatChanged.graphql?raw';
import whatWouldLowerRisk from '../schema/operations/WhatWouldLowerRisk.graphql?raw';
import whichDrugFits from '../schema/operations/WhichDrugFits.graphql?raw';
import whichTrial from '../schema/operations/WhichTrial.graphql?raw';
import whoSeesWhat from '../schema/operations/WhoSeesWhat.graphql?raw';
import whyNotThisDrug from '../schema/operations/WhyNotThisDrug.graphql?raw';
import whyThisDose from '../schema/operations/WhyThisDose.graphql?raw';
import { pickOperation } from './pickOperation.ts';

interface Example {
  readonly title: string;
  /** Name of the operation, by which GraphiQL knows the tab. */
  readonly operation: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** On warfarin and not on amiodarone, which lowers the warfarin need. */
export const AMIODARONE_PATIENT = 'DEMO-0002';

const ABOUT_ONE = { identifier: 'DEMO-0001' };

/** Smokes, with high blood pressure and a gene that speaks against simvastatin. */
const AT_RISK = { identifier: 'DEMO-0016' };

/** In septic shock at that hour, on oxygen and confused. */
const VERY_ILL = { identifier: 'DEMO-0010', at: '2026-09-13T02:00:00Z' };

/** Several genes speak at once, one cannot be settled, and a drug slows CYP2D6. */
const PANEL = {
  identifier: 'DEMO-0015',
  genes: ['CYP2C19', 'CYP2D6', 'SLCO1B1', 'TPMT', 'UGT1A1'],
  drugs: ['clopidogrel', 'simvastatin', 'azathioprine', 'codeine', 'atazanavir'],
};

/** Lung cancer with EGFR L858R that has outgrown erlotinib by T790M. */
const TUMOUR = { identifier: 'DEMO-0017', condition: 'DOID:3910' };

const LIVE_HINT = `# Run this and leave it open. Then open this page in a
# second window and run "Start amiodarone" there: the new
# dose appears here by itself, with what moved it.

`;
const START_HINT = `# ${AMIODARONE_PATIENT} takes warfarin. Amiodarone slows its
# breakdown: the dose that the model gives falls. Watch it
# under "Live: risk as it changes" in a second window, or
# ask "What changed" for ${AMIODARONE_PATIENT} afterwards.
`;

function startAmiodarone(patientId: string | null): Example {
  const input = {
    idempotencyKey: `explorer-${Date.now()}`,
    patientId: patientId ?? `the id of ${AMIODARONE_PATIENT}, from "A clinician's patient page"`,
    drug: 'amiodarone',
    doseText: '200 mg daily',
    startedAt: new Date().toISOString(),
  };
  return {
    title: 'Start amiodarone',
    operation: 'StartMedication',
    query: START_HINT + pickOperation(mutations, 'StartMedication'),
    variables: { input },
  };
}

/** The examples in the order of the tabs. `patientId` is the global id of AMIODARONE_PATIENT, null where it is unknown. */
export function makeExamples(patientId: string | null): readonly Example[] {
  return [
    { title: "A clinician's patient page", operation: 'PatientPage', query: patientPage, variables: ABOUT_ONE },
    { title: 'Why this dose', operation: 'WhyThisDose', query: whyThisDose, variables: ABOUT_ONE },
    { title: 'What would lower the risk', operation: 'WhatWouldLowerRisk', query: whatWouldLowerRisk, variables: AT_RISK },
    { title: 'How ill, hour by hour', operation: 'EarlyWarning', query: earlyWarning, variables: VERY_ILL },
    { title: 'Genotype to prescription', operation: 'GenotypeToPrescription', query: genotypeToPrescription, variables: PANEL },
    { title: 'Which drug fits this tumour', operation: 'WhichDrugFits', query: whichDrugFits, variables: TUMOUR },
    { title: 'Why not this drug', operation: 'WhyNotThisDrug', query: whyNotThisDrug, variables: { ...TUMOUR, therapy: 'erlotinib' } },
    { title: 'Which trial', operation: 'WhichTrial', query: whichTrial, variables: TUMOUR },
    {
      title: 'What links two things',
      operation: 'EvidencePaths',
      query: evidencePaths,
      variables: { from: 'osimertinib', to: 'DOID:3908', maxLength: 2, first: 8 },
    },
    { title: 'What changed', operation: 'WhatChanged', query: whatChanged, variables: { ...ABOUT_ONE, first: 10 } },
    { title: 'Live: risk as it changes', operation: 'WatchRisk', query: LIVE_HINT + watchRisk, variables: {} },
    startAmiodarone(patientId),
    { title: 'Who sees what', operation: 'WhoSeesWhat', query: whoSeesWhat, variables: { first: 5 } },
    { title: 'How many of which kind', operation: 'CohortCounts', query: cohortCounts, variables: { by: ['SEX', 'AGE_BAND'] } },
    { title: "A frontend's list", operation: 'PatientList', query: patientList, variables: { first: 10 } },
    {
      title: "An analyst's filtered list",
      operation: 'AnalystPatients',
      query: analystPatients,
      variables: { first: 10, filter: { drug: 'warfarin' } },
    },
  ];
}

/** An example as GraphiQL wants a tab. */
export function tabOf({ query, variables }: Example): { readonly query: string; readonly variables: string } {
  return { query, variables: JSON.stringify(variables, null, 2) };
}
