/** The commands of a patient, sent to a platform in this process as the API sends them. */

import { randomUUID } from 'node:crypto';
import { Noted } from '../../src/access/audit/noted.ts';

import type { OpenPlatform } from '../../src/cli/openPlatform.ts';
import { genotypeKnowledge } from '../../src/knowledge/genotypePanel.ts';
import { drugsNamed } from '../../src/knowledge/names.ts';
import { decideAcknowledgeAlert } from '../../src/patients/commands/acknowledgeAlert.ts';
import type { Decision, PatientContext } from '../../src/patients/commands/decision.ts';
import { readGenotypeText } from '../../src/patients/commands/genotypeFile.ts';
import { decideImportGenotype, type ImportGenotype, type SentGenotypes } from '../../src/patients/commands/importGenotype.ts';
import {
  decideStartMedication,
  decideStopMedication,
  type StartMedication,
  type StopMedication,
} from '../../src/patients/commands/medications.ts';
import { decideRecordOutcome, type RecordOutcome } from '../../src/patients/commands/recordFindings.ts';
import { decideRecordObservations, type ObservationInput } from '../../src/patients/commands/recordObservations.ts';
import type { RegisterPatient } from '../../src/patients/commands/registerPatient.ts';
import type { PatientRecord } from '../../src/patients/record.ts';
import type { Intake, Submitted } from '../../src/projection/intake.ts';
import { TESTER } from './actors.ts';

export type Accepted = Exclude<Submitted, { userErrors: unknown }>;

export function accepted(submitted: Submitted): Accepted {
  if ('userErrors' in submitted) throw new Error(`refused: ${JSON.stringify(submitted.userErrors)}`);
  return submitted;
}

export function refusals(submitted: Submitted): string[] {
  return 'userErrors' in submitted ? submitted.userErrors.map(({ code, field }) => `${code} ${field}`) : [];
}

export const PERSON = { birthDate: '1953-04-02', sexAtBirth: 'FEMALE', race: 'WHITE' } as const;

const key = () => `key-${randomUUID()}`;

export function commandsTo(platform: OpenPlatform, intake: Intake = platform.intake) {
  const send = (
    name: string,
    patient: string,
    input: unknown,
    idempotencyKey: string,
    decide: (context: PatientContext) => Promise<Decision> | Decision,
  ) => intake.submit({ actor: TESTER, name, input, idempotencyKey }, patient, decide);
  const { knowledge } = platform;
  const genotypes = genotypeKnowledge(knowledge);
  return {
    register: (input: RegisterPatient, idempotencyKey = key()) =>
      intake.register({ actor: TESTER, name: 'registerPatient', input, idempotencyKey }, { synthetic: true, ...input }),
    observe: (patient: string, observations: readonly ObservationInput[], idempotencyKey = key()) =>
      send('recordObservations', patient, observations, idempotencyKey, (context) => decideRecordObservations(observations, context)),
    start: (patient: string, input: StartMedication, idempotencyKey = key()) =>
      send('startMedication', patient, input, idempotencyKey, (context) =>
        decideStartMedication(input, context, (term) => drugsNamed(knowledge, term)),
      ),
    stop: (patient: string, input: StopMedication, idempotencyKey = key()) =>
      send('stopMedication', patient, input, idempotencyKey, (context) => decideStopMedication(input, context)),
    genotype: async (patient: string, input: ImportGenotype & { readonly vcf?: string }, idempotencyKey = key()) => {
      const { vcf } = input;
      const sent: SentGenotypes | null = vcf ? { field: 'vcf', file: await readGenotypeText(vcf, genotypes.panel.positions) } : null;
      return send('importGenotype', patient, input, idempotencyKey, (context) => decideImportGenotype(input, sent, context, genotypes));
    },
    acknowledge: async (patient: string, alert: string, idempotencyKey = key()) =>
      send('acknowledgeAlert', patient, { alert }, idempotencyKey, async (context) =>
        decideAcknowledgeAlert({}, await platform.readerFor(TESTER, new Noted()).alert(alert), context),
      ),
    outcome: (patient: string, input: RecordOutcome, idempotencyKey = key()) =>
      send('recordOutcome', patient, input, idempotencyKey, (context) => decideRecordOutcome(input, context)),
  };
}

let people = 0;

/** Registers a patient of whom nothing more is known, and gives its id. */
export async function newPatient(platform: OpenPlatform): Promise<string> {
  people += 1;
  const { patient } = accepted(
    await commandsTo(platform).register({ ...PERSON, identifier: `T-${process.pid}-${people}-${randomUUID().slice(0, 8)}` }),
  );
  return patient;
}

export async function recordOf(platform: OpenPlatform, patient: string): Promise<PatientRecord> {
  const [record] = await platform.readerFor(TESTER, new Noted()).byIds([patient]);
  if (!record) throw new Error('no such record');
  return record;
}
