import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { agrees } from '../../access/consent.ts';
import { ceilingOf } from '../../access/decide.ts';
import { decideErasePatient } from '../../patients/commands/erasePatient.ts';
import { decideOpenEmergency } from '../../patients/commands/openEmergency.ts';
import { decideSetConsent } from '../../patients/commands/setConsent.ts';
import type { DataCategory } from '../../patients/dataCategories.ts';
import type * as record from '../../patients/record.ts';
import { userError } from '../../patients/userError.ts';
import type { Context } from '../context.ts';
import { answer, INPUT, REFUSED, submit } from '../submit.ts';
import { Actor, EmergencyAccess, Withheld } from '../types/accessTypes.ts';
import { BreakGlassInput, ErasePatientInput, SetConsentInput } from '../types/inputs.ts';
import { Consent, Patient } from '../types/patientTypes.ts';
import { PatientPayload } from '../types/payloads.ts';

const DATA: Readonly<Record<DataCategory, string>> = {
  CLINICAL: 'Clinical data',
  IDENTIFIERS: 'Identifier, date of birth and free text',
  GENOMIC: 'Genotypes and what follows from them',
  SENSITIVE: 'Conditions that are sensitive (mental health, substance use, HIV, sexual health, violence)',
};

const WHY: Readonly<Record<record.Withheld['reason'], string>> = {
  ROLE: 'are not shown to your role.',
  TOKEN: 'are not shown for your token: its scopes lack MolecularSequence.r.',
  CONSENT: 'are held back: the patient does not agree. The patient can change it (setConsent).',
};

@Resolver(() => Patient)
export class PatientAccessResolver {
  @FieldResolver(() => [Withheld], { description: 'What of the record you are not shown, and why; empty where you are shown all.' })
  withheld(@Root() { withheld }: record.PatientRecord) {
    return withheld.map((one) => ({ ...one, text: `${DATA[one.category]} ${WHY[one.reason]}` }));
  }

  @FieldResolver(() => [Consent], { nullable: true, description: 'What the patient agreed to or refused, newest first.' })
  consents(@Root() { consents }: record.PatientRecord) {
    return consents.filter(({ openedBy }) => openedBy === null);
  }

  @FieldResolver(() => [EmergencyAccess], { nullable: true, description: 'When the record was opened in an emergency, newest first.' })
  emergencyAccess(@Root() { consents }: record.PatientRecord) {
    return consents.filter(({ openedBy }) => openedBy !== null);
  }
}

@Resolver()
export class AccessResolver {
  @Query(() => Actor, { description: 'Who you are to this server, and what you may see.' })
  me(@Ctx() { actor }: Context) {
    const scopes = actor.scopes.map(({ context, resource, letters }) => `${context}/${resource}.${letters}`);
    return { ...actor, scopes, sees: [...ceilingOf(actor)] };
  }

  @Mutation(() => PatientPayload, {
    description: 'Records what the patient agrees to or refuses: from the next read and the next delivery on.',
  })
  setConsent(@Arg('input', () => SetConsentInput, INPUT) input: SetConsentInput, @Ctx() context: Context) {
    return submit('setConsent', input, context, (decision) => decideSetConsent(input, decision));
  }

  @Mutation(() => PatientPayload, {
    description:
      "For operators: makes all that was recorded of a patient unreadable, for good. The patient's key is destroyed and the patient leaves the graph; that it was done, when and why, and who had seen what, stays. `visible` says that it is done.",
  })
  erasePatient(@Arg('input', () => ErasePatientInput, INPUT) input: ErasePatientInput, @Ctx() context: Context) {
    context.writer.check('erasePatient');
    context.log.checkErasable();
    return submit('erasePatient', input, context, (decision) => decideErasePatient(input.reason, decision));
  }

  @Mutation(() => PatientPayload, {
    description:
      'Opens a record that is closed to you, in an emergency: for a time, with a reason that stays on the record and that the patient can read.',
  })
  async breakGlass(@Arg('input', () => BreakGlassInput, INPUT) input: BreakGlassInput, @Ctx() context: Context) {
    context.writer.check('breakGlass');
    const patient = await context.reader.toOpen(input.identifier.trim());
    if (patient === null)
      return { ...REFUSED, userErrors: [userError('UNKNOWN_PATIENT', 'identifier', 'No patient is registered under that identifier.')] };
    const command = { idempotencyKey: input.idempotencyKey, name: 'breakGlass', input } as const;
    const submitted = await context.writer.submit(command, patient, (decision) =>
      decideOpenEmergency({ ...input, isRefused: ({ record, now }) => !agrees(record.consents, 'EMERGENCY', 'ALL', now) }, decision),
    );
    if ('eventId' in submitted) context.emergencies.opened(submitted.eventId);
    // What could not be seen when the request came can be seen now.
    const reader = context.readerNow();
    return answer(submitted, { ...context, reader });
  }
}
