import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Position } from '../../genotypes/definitions.ts';
import { genotypeKnowledge } from '../../knowledge/genotypePanel.ts';
import { interactionsWith } from '../../knowledge/interactions.ts';
import { drugsNamed } from '../../knowledge/names.ts';
import { decideAcknowledgeAlert } from '../../patients/commands/acknowledgeAlert.ts';
import { readGenotypeStream, readGenotypeText } from '../../patients/commands/genotypeFile.ts';
import { decideImportGenotype, type SentGenotypes } from '../../patients/commands/importGenotype.ts';
import { decideImportMolecularProfile } from '../../patients/commands/importMolecularProfile.ts';
import { decideStartMedication, decideStopMedication } from '../../patients/commands/medications.ts';
import {
  decideRecordAllergy,
  decideRecordCondition,
  decideRecordImaging,
  decideRecordOutcome,
} from '../../patients/commands/recordFindings.ts';
import { decideRecordObservations } from '../../patients/commands/recordObservations.ts';
import { decideRecordOverride } from '../../patients/commands/recordOverride.ts';
import { takenAt } from '../../patients/record.ts';
import { userError } from '../../patients/userError.ts';
import { showStoredAlert } from '../alertStream.ts';
import type { Context } from '../context.ts';
import { showCall } from '../diplotypeCalls.ts';
import { keyOf } from '../ids.ts';
import { overridden, showOverride } from '../overridden.ts';
import { shownReports } from '../shownReports.ts';
import { answer, INPUT, REFUSED, submit } from '../submit.ts';
import * as inputs from '../types/inputs.ts';
import { ImportMolecularProfileInput } from '../types/molecularInputs.ts';
import {
  AlertPayload,
  ImportGenotypePayload,
  ImportMolecularProfilePayload,
  MedicationPayload,
  PatientPayload,
  RecordObservationsPayload,
  RecordOverridePayload,
} from '../types/payloads.ts';

async function sentGenotypes({ vcf, file }: inputs.ImportGenotypeInput, positions: readonly Position[]): Promise<SentGenotypes | null> {
  if (!file) return vcf ? { field: 'vcf', file: await readGenotypeText(vcf, positions) } : null;
  const upload = await file.catch(() => null);
  if (!upload) return { field: 'file', file: { code: 'INVALID', message: 'The file is not in the request.' } };
  if (vcf) return { field: 'file', file: { code: 'INVALID', message: "Either 'vcf' or 'file', not both." } };
  return { field: 'file', file: await readGenotypeStream(upload.createReadStream(), positions) };
}

@Resolver()
export class MutationResolver {
  @Mutation(() => PatientPayload, { description: 'Opens a record.' })
  async registerPatient(
    @Arg('input', () => inputs.RegisterPatientInput, INPUT) input: inputs.RegisterPatientInput,
    @Ctx() context: Context,
  ) {
    const command = { idempotencyKey: input.idempotencyKey, name: 'registerPatient', input } as const;
    const consents = (input.consents ?? []).map((consent) => ({ ...consent, until: consent.until ?? null }));
    return answer(await context.writer.register(command, { ...input, race: input.race ?? 'UNKNOWN', consents }), context);
  }

  @Mutation(() => RecordObservationsPayload, { description: 'Records measurements, item by item; units are converted.' })
  async recordObservations(
    @Arg('input', () => inputs.RecordObservationsInput, INPUT) input: inputs.RecordObservationsInput,
    @Ctx() context: Context,
  ) {
    const command = { idempotencyKey: input.idempotencyKey, name: 'recordObservations', input } as const;
    const patient = keyOf('Patient', input.patientId, 'patientId');
    const submitted = await context.writer.submit(command, patient, (decision) => decideRecordObservations(input.observations, decision));
    const answered = await answer(submitted, context);
    const codes = new Set(input.observations.map(({ code }) => code));
    const observations = answered.eventId === null ? null : (answered.patient?.latest.filter(({ code }) => codes.has(code)) ?? null);
    const recorded = 'recorded' in submitted && submitted.recorded.type === 'observations.recorded' ? submitted.recorded : null;
    const flagged = recorded?.payload.observations.flatMap(({ flag, index }) => (flag === null ? [] : [index])) ?? [];
    return { ...answered, observations, flagged };
  }

  @Mutation(() => PatientPayload, { description: 'Records a condition.' })
  recordCondition(@Arg('input', () => inputs.RecordConditionInput, INPUT) input: inputs.RecordConditionInput, @Ctx() context: Context) {
    return submit('recordCondition', input, context, (decision) =>
      decideRecordCondition({ ...input, system: input.system ?? 'ICD-10-CM' }, decision),
    );
  }

  @Mutation(() => PatientPayload, { description: 'Records an allergy.' })
  recordAllergy(@Arg('input', () => inputs.RecordAllergyInput, INPUT) input: inputs.RecordAllergyInput, @Ctx() context: Context) {
    return submit('recordAllergy', input, context, (decision) => decideRecordAllergy(input, decision));
  }

  @Mutation(() => PatientPayload, { description: 'Records an imaging study with its measured findings.' })
  recordImaging(@Arg('input', () => inputs.RecordImagingInput, INPUT) input: inputs.RecordImagingInput, @Ctx() context: Context) {
    return submit('recordImaging', input, context, (decision) => decideRecordImaging(input, decision));
  }

  @Mutation(() => PatientPayload, { description: 'Records what happened, to be held against what was predicted.' })
  recordOutcome(@Arg('input', () => inputs.RecordOutcomeInput, INPUT) input: inputs.RecordOutcomeInput, @Ctx() context: Context) {
    return submit('recordOutcome', input, context, (decision) => decideRecordOutcome(input, decision));
  }

  @Mutation(() => MedicationPayload, { description: 'Starts a medication.' })
  async startMedication(
    @Arg('input', () => inputs.StartMedicationInput, INPUT) input: inputs.StartMedicationInput,
    @Ctx() context: Context,
  ) {
    const before = new Set<string>();
    const answered = await submit('startMedication', input, context, (decision) => {
      for (const { id } of decision.record.medications) before.add(id);
      return decideStartMedication(input, decision, (term) => drugsNamed(context.knowledge, term));
    });
    const names = new Set([...drugsNamed(context.knowledge, input.drug).map(({ name }) => name), input.drug.trim().toLowerCase()]);
    const medication =
      answered.eventId === null
        ? null
        : (answered.patient?.medications.find(({ name, id }) => names.has(name) && !before.has(id)) ??
          answered.patient?.medications.find(({ name }) => names.has(name)));
    const taken = answered.patient ? takenAt(answered.patient, context.now) : [];
    const calls = answered.patient?.calls.map(({ call }) => call) ?? [];
    const interactions = medication ? interactionsWith(context.knowledge, medication.name, taken, calls) : [];
    return { ...answered, medication: medication ?? null, interactions };
  }

  @Mutation(() => MedicationPayload, { description: 'Stops a medication.' })
  async stopMedication(@Arg('input', () => inputs.StopMedicationInput, INPUT) input: inputs.StopMedicationInput, @Ctx() context: Context) {
    const medicationId = keyOf('Medication', input.medicationId, 'medicationId');
    const answered = await submit('stopMedication', input, context, (decision) =>
      decideStopMedication({ ...input, medicationId }, decision),
    );
    return { ...answered, medication: answered.patient?.medications.find(({ id }) => id === medicationId) ?? null, interactions: [] };
  }

  @Mutation(() => AlertPayload, { description: 'Takes an alert upon oneself: it is not escalated any more.' })
  async acknowledgeAlert(
    @Arg('input', () => inputs.AcknowledgeAlertInput, INPUT) input: inputs.AcknowledgeAlertInput,
    @Ctx() context: Context,
  ) {
    context.writer.check('acknowledgeAlert');
    const id = keyOf('Alert', input.alertId, 'alertId');
    const stored = await context.reader.alert(id);
    if (!stored) return { ...REFUSED, userErrors: [userError('UNKNOWN_ALERT', 'alertId', 'No alert has this id.')], alert: null };
    const command = { idempotencyKey: input.idempotencyKey, name: 'acknowledgeAlert', input } as const;
    const submitted = await context.writer.submit(command, stored.patient, async (decision) =>
      decideAcknowledgeAlert(input, await context.reader.alert(id), decision),
    );
    const now = await context.reader.alert(id);
    return { ...(await answer(submitted, context)), alert: now && showStoredAlert(now) };
  }

  @Mutation(() => RecordOverridePayload, {
    description: 'Records that a recommendation, a prediction or an alert was not followed, as it is shown now, with the reason.',
  })
  async recordOverride(@Arg('input', () => inputs.RecordOverrideInput, INPUT) input: inputs.RecordOverrideInput, @Ctx() context: Context) {
    const answered = await submit('recordOverride', input, context, async (decision) =>
      decideRecordOverride(input, await overridden(input, decision.record, context), decision),
    );
    const recorded = answered.eventId === null ? null : await context.reader.overrideOf(answered.eventId);
    return { ...answered, override: recorded && showOverride(recorded) };
  }

  @Mutation(() => ImportGenotypePayload, {
    description: 'Calls the genotypes of a VCF, sent as text or as a file (GraphQL multipart request), and takes stated results.',
  })
  async importGenotype(@Arg('input', () => inputs.ImportGenotypeInput, INPUT) input: inputs.ImportGenotypeInput, @Ctx() context: Context) {
    context.writer.check('importGenotype');
    const knowledge = genotypeKnowledge(context.knowledge);
    const { file, ...told } = input;
    const sent = await sentGenotypes(input, knowledge.panel.positions);
    // What identifies the command is what the file says, not the upload.
    const identified = { ...told, file: sent && 'digest' in sent.file ? sent.file.digest : null };
    const answered = await submit('importGenotype', identified, context, (decision) =>
      decideImportGenotype(input, sent, decision, knowledge),
    );
    const { patient } = answered;
    return { ...answered, diplotypes: patient?.calls.map((call) => showCall(call, patient)) ?? null };
  }

  @Mutation(() => ImportMolecularProfilePayload, { description: "Records an assay's report on the patient's tumour." })
  async importMolecularProfile(
    @Arg('input', () => ImportMolecularProfileInput, INPUT) input: ImportMolecularProfileInput,
    @Ctx() context: Context,
  ) {
    const answered = await submit('importMolecularProfile', input, context, (decision) => decideImportMolecularProfile(input, decision));
    return { ...answered, molecularProfile: answered.patient ? shownReports(answered.patient) : null };
  }
}
