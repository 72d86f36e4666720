/** The way in for one actor: what may not be done is refused before anything is appended. */
import { AvicennaError } from '../errors.ts';
import type { Decision, PatientContext } from '../patients/commands/decision.ts';
import type { ImportMolecularProfile } from '../patients/commands/importMolecularProfile.ts';
import type { RegisterPatient } from '../patients/commands/registerPatient.ts';
import type { SetConsent } from '../patients/commands/setConsent.ts';
import { userError } from '../patients/userError.ts';
import type { Actor, Role } from './actor.ts';
import type { Noted } from './audit/noted.ts';
import { refusalAhead } from './consent.ts';
import { type AccessDecision, barred, decide } from './decide.ts';
import { covers, type Letter, type Resource } from './scopes.ts';

/** What each command needs: a role, and a scope of the token. */
const COMMANDS = {
  registerPatient: { roles: ['CLINICIAN'], resource: 'Patient', letter: 'c' },
  recordObservations: { roles: ['CLINICIAN', 'DEVICE'], resource: 'Observation', letter: 'c' },
  recordCondition: { roles: ['CLINICIAN'], resource: 'Condition', letter: 'c' },
  recordAllergy: { roles: ['CLINICIAN'], resource: 'AllergyIntolerance', letter: 'c' },
  recordImaging: { roles: ['CLINICIAN'], resource: 'ImagingStudy', letter: 'c' },
  recordOutcome: { roles: ['CLINICIAN'], resource: 'Observation', letter: 'c' },
  startMedication: { roles: ['CLINICIAN'], resource: 'MedicationStatement', letter: 'c' },
  stopMedication: { roles: ['CLINICIAN'], resource: 'MedicationStatement', letter: 'u' },
  importGenotype: { roles: ['CLINICIAN'], resource: 'MolecularSequence', letter: 'c' },
  importMolecularProfile: { roles: ['CLINICIAN'], resource: 'MolecularSequence', letter: 'c' },
  acknowledgeAlert: { roles: ['CLINICIAN'], resource: 'DetectedIssue', letter: 'u' },
  recordOverride: { roles: ['CLINICIAN'], resource: 'DetectedIssue', letter: 'c' },
  setConsent: { roles: ['CLINICIAN', 'PATIENT'], resource: 'Consent', letter: 'c' },
  erasePatient: { roles: ['OPERATOR'], resource: 'Patient', letter: 'd' },
  breakGlass: { roles: ['CLINICIAN'], resource: 'Patient', letter: 'r' },
} as const satisfies Record<string, { readonly roles: readonly Role[]; readonly resource: Resource; readonly letter: Letter }>;

export type CommandName = keyof typeof COMMANDS;

/** What commands are handed to: the intake, whose types are the projection's own. */
export interface Intake<Submitted> {
  register(command: Sent, input: RegisterPatient): Promise<Submitted>;
  submit(command: Sent, patient: string, decide: (context: PatientContext) => Promise<Decision> | Decision): Promise<Submitted>;
}

/** A command as it came, without who sent it. */
export interface ActorsCommand {
  readonly name: CommandName;
  readonly idempotencyKey: string;
  readonly input: unknown;
}

interface Sent extends ActorsCommand {
  readonly actor: Actor;
}

/** @throws AvicennaError FORBIDDEN */
export function checkCommand(actor: Actor, name: CommandName): void {
  const { roles, resource, letter } = COMMANDS[name];
  if (actor.role !== 'SYSTEM' && !(roles as readonly Role[]).includes(actor.role))
    throw new AvicennaError('FORBIDDEN', `${name} is for the roles ${roles.join(' and ')}.`, name);
  if (!covers(actor.scopes, resource, letter)) throw new AvicennaError('FORBIDDEN', `The token's scopes lack ${resource}.${letter}.`, name);
}

/** Patients are named by random UUIDs. */
const SURROGATE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const UNKNOWN = { userErrors: [userError('UNKNOWN_PATIENT', 'patientId', 'No patient has this id.')] };

/** What is noted of an answer: which event recorded the command, of whom. */
interface Recorded {
  readonly patient?: string | undefined;
  readonly eventId?: string;
}

export class PatientWriter<Submitted extends Recorded> {
  readonly #actor: Actor;
  readonly #intake: Intake<Submitted>;
  readonly #noted: Noted;

  constructor(actor: Actor, intake: Intake<Submitted>, noted: Noted) {
    this.#actor = actor;
    this.#intake = intake;
    this.#noted = noted;
  }

  #note(submitted: Submitted): Submitted {
    if (submitted.patient !== undefined && submitted.eventId !== undefined) this.#noted.wrote(submitted.patient, submitted.eventId);
    return submitted;
  }

  /** Before anything is read or looked for on behalf of a command. @throws AvicennaError FORBIDDEN */
  check(name: CommandName): void {
    checkCommand(this.#actor, name);
  }

  /** @throws AvicennaError FORBIDDEN */
  async register(command: ActorsCommand, input: RegisterPatient): Promise<Submitted> {
    checkCommand(this.#actor, command.name);
    const { sites, syntheticOnly, patient } = this.#actor;
    if (patient !== null) throw new AvicennaError('FORBIDDEN', 'A token about one patient registers no other.', command.name);
    if (sites !== null && !sites.includes(input.site ?? ''))
      throw new AvicennaError('FORBIDDEN', `You register patients of your own units only: 'site' is one of ${sites.join(', ')}.`, 'site');
    // Who may see made-up patients only makes up patients.
    return this.#note(
      await this.#intake.register({ ...command, actor: this.#actor }, syntheticOnly ? { ...input, synthetic: true } : input),
    );
  }

  /** @throws AvicennaError FORBIDDEN */
  async submit(
    command: ActorsCommand,
    patient: string,
    decideOn: (context: PatientContext) => Promise<Decision> | Decision,
  ): Promise<Submitted> {
    try {
      checkCommand(this.#actor, command.name);
    } catch (error) {
      // Whatever was sent as an id is not a patient's for that.
      if (SURROGATE.test(patient)) this.#noted.refused(patient);
      throw error;
    }
    return this.#note(
      await this.#intake.submit(
        { ...command, actor: this.#actor },
        patient,
        (context) => this.#closed(command, context) ?? decideOn(context),
      ),
    );
  }

  /**
   * A clinician records what the patient says where nothing is refused to the clinician: what is, now or for a time to come, the patient
   * alone gives back; and so is research, unless the clinician recorded that refusal.
   */
  #checkSaysForPatient({ record, now }: PatientContext, input: SetConsent, decision: AccessDecision): void {
    const { role, id } = this.#actor;
    const ahead = input.granted ? refusalAhead(record.consents, input.purpose, input.category, now) : null;
    const isOwnWord = input.purpose === 'RESEARCH' && ahead?.recordedBy === id;
    const refuses = decision.emergency || decision.withheld.some(({ reason }) => reason === 'CONSENT') || (ahead && !isOwnWord);
    if (role !== 'CLINICIAN' || !refuses) return;
    this.#noted.refused(record.id, decision);
    throw new AvicennaError('FORBIDDEN', 'The patient refuses you something: only the patient can change that.', 'setConsent');
  }

  #unknown(patient: string): Decision {
    this.#noted.refused(patient);
    return UNKNOWN;
  }

  /** Whoever may not see what a report says does not correct it either. */
  #checkCorrects(patient: string, input: ImportMolecularProfile, decision: AccessDecision): void {
    if (!input.replaces || decision.sees.has('GENOMIC')) return;
    this.#noted.refused(patient, decision);
    throw new AvicennaError('FORBIDDEN', 'Genomic data of the patient are withheld from you: you correct no report.', 'replaces');
  }

  /** Why the command about this patient is not decided at all; null where it is. */
  #closed({ name, input }: ActorsCommand, context: PatientContext): Decision | null {
    const { record, now } = context;
    const actor = this.#actor;
    if (actor.role === 'SYSTEM') return null;
    if (barred(actor, record)) return this.#unknown(record.id);
    // A device sends what it measures, of the patients of its units, and sees nothing; an emergency opens what is closed.
    if (actor.role === 'DEVICE') return actor.sites === null || actor.sites.includes(record.site ?? '') ? null : this.#unknown(record.id);
    // An operator sees no patient and may erase one.
    if (name === 'breakGlass' || name === 'erasePatient') return null;
    const decision = decide(actor, record, now);
    if (name === 'setConsent') this.#checkSaysForPatient(context, input as SetConsent, decision);
    if (decision.denial === null && name === 'importMolecularProfile')
      this.#checkCorrects(record.id, input as ImportMolecularProfile, decision);
    if (decision.denial === null) return null;
    this.#noted.refused(record.id, decision);
    throw new AvicennaError('FORBIDDEN', 'The record is closed to you: the patient does not agree, or is of another unit.', name);
  }
}
