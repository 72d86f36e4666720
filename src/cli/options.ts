import { pino } from 'pino';
import { systemActor } from '../access/actor.ts';
import { Noted } from '../access/audit/noted.ts';
import { optionsFor } from '../graphql/treatmentView.ts';
import { callApi } from './api.ts';
import { readConfig } from './config.ts';
import { openPlatform } from './openPlatform.ts';
import { line, progress } from './output.ts';
import { patientAtServer, patientInGraph } from './patientAddress.ts';

export interface OptionsOptions {
  readonly patient: string;
  readonly condition: string;
  readonly url?: string;
  readonly data: string;
  readonly json?: boolean;
}

const QUERY = `query Options($id: ID!, $condition: ID!) {
  node(id: $id) {
    ... on Patient {
      treatmentOptions(condition: $condition) {
        condition name release reports order
        options {
          therapies together drugs { name } standing reasons
          evidence {
            id speaks alone text profile level direction significance rating disease diseaseMatch citation url reviewed
            findings { label origin assay reportedAt }
          }
          cautions { drug basis severity text because source url }
          open { question settledBy }
          paths { nodes { kind label } relations source url level asOf release }
        }
        adjuvantBenefit { model version years untreated arms { arm survival benefit } warnings open { question settledBy } }
        open { question settledBy }
      }
    }
  }
}`;

interface Question {
  readonly question: string;
  readonly settledBy: string;
}

/** What is printed, from the graph as from a server. */
interface Shown {
  readonly condition: string;
  readonly name: string;
  readonly release: string;
  readonly reports: number;
  readonly order: string;
  readonly options: readonly {
    readonly therapies: readonly string[];
    readonly together: string | null;
    readonly drugs: readonly { readonly name: string }[];
    readonly standing: string;
    readonly reasons: readonly string[];
    readonly evidence: readonly object[];
    readonly cautions: readonly object[];
    readonly open: readonly Question[];
    readonly paths: readonly object[];
  }[];
  readonly adjuvantBenefit: {
    readonly model: string;
    readonly version: string;
    readonly years: number;
    readonly untreated: number | null;
    readonly arms: readonly { readonly arm: string; readonly survival: number; readonly benefit: number }[];
    readonly warnings: readonly string[];
    readonly open: readonly Question[];
  } | null;
  readonly open: readonly Question[];
}

const questionText = ({ question, settledBy }: Question) => `  ? ${question}. Settled by: ${settledBy}.`;

function optionText({ therapies, together, standing, reasons, open }: Shown['options'][number]): string {
  const name = therapies.join(together === 'SEQUENTIAL' ? ', then ' : ' + ');
  // Where all depends on a test, the reasons are the questions.
  const told = standing === 'UNKNOWN' ? [] : reasons.map((reason) => `  - ${reason}`);
  return [`${standing}  ${name}`, ...told, ...open.map(questionText)].join('\n');
}

function benefitText({ years, untreated, arms, warnings, open, model, version }: NonNullable<Shown['adjuvantBenefit']>): string {
  const head = `Benefit of treatment after surgery (${model} ${version})`;
  if (untreated === null) return [`${head}: cannot be told`, ...open.map(questionText)].join('\n');
  return [
    `${head}: alive after ${years} years with surgery alone ${untreated.toFixed(1)} %`,
    ...arms.map(
      ({ arm, survival, benefit }) => `  ${arm}: ${benefit >= 0 ? '+' : ''}${benefit.toFixed(1)} points (${survival.toFixed(1)} %)`,
    ),
    ...warnings.map((warning) => `  ! ${warning}`),
    ...open.map(questionText),
  ].join('\n');
}

function inWords({ name, condition, release, reports, options, adjuvantBenefit: benefit, open, order }: Shown): string {
  return [
    `${name} (${condition}), evidence of ${release}, ${reports} molecular report${reports === 1 ? '' : 's'}`,
    ...open.map(questionText),
    ...(benefit ? [benefitText(benefit)] : []),
    ...(options.length === 0 ? ['No therapy with evidence for this tumour in the release.'] : options.map(optionText)),
    `Order: ${order}`,
  ].join('\n');
}

/** The same fields in the same order as the API gives them. */
function shape({ condition, name, release, reports, order, options, adjuvantBenefit: benefit, open }: Shown) {
  return {
    condition,
    name,
    release,
    reports,
    order,
    options: options.map(({ therapies, together, drugs, standing, reasons, evidence, cautions, open: asked, paths }) => {
      return { therapies, together, drugs: drugs.map((drug) => drug.name), standing, reasons, evidence, cautions, open: asked, paths };
    }),
    adjuvantBenefit: benefit,
    open,
  };
}

async function fromGraph({ data, patient, condition }: OptionsOptions): Promise<Shown> {
  const platform = await openPlatform({ data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    const noted = new Noted();
    const actor = systemActor('command-line');
    const record = await patientInGraph(platform.readerFor(actor, noted), patient, '--patient');
    await platform.audit.record(noted.take(actor, { document: null, operation: 'options' }));
    return await optionsFor(platform, { record, condition, at: new Date().toISOString() });
  } finally {
    await platform.close();
  }
}

async function throughServer(url: string, { patient, condition }: OptionsOptions): Promise<Shown> {
  const id = await patientAtServer(url, patient, '--patient');
  const { node } = await callApi<{ node: { treatmentOptions: Shown } }>(url, QUERY, { id, condition });
  return node.treatmentOptions;
}

/** The treatment options for one tumour of a patient, in the order that the answer states. */
export async function optionsCommand(options: OptionsOptions): Promise<void> {
  const found = options.url === undefined ? await fromGraph(options) : await throughServer(options.url, options);
  await line(options.json ? JSON.stringify(shape(found)) : inWords(found));
}
