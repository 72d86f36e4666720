/**
 * The one way in: a command is decided against the present record, its event is appended to the log, and the answer
 * waits until the graph shows it. A repeated idempotency key gives the first answer again.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { AvicennaError } from '../errors.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope, isGone, type PayloadCodec } from '../events/envelope.ts';
import type { EventLog } from '../events/eventLog.ts';
import type { Decision, DecisionContext, PatientContext } from '../patients/commands/decision.ts';
import { decideRegisterPatient, type RegisterPatient } from '../patients/commands/registerPatient.ts';
import { EVENT_VERSION, isPatientEventType, type PatientEvent, readPatientEvent } from '../patients/events.ts';
import { type UserError, userError } from '../patients/userError.ts';
import { patientsById, readRecord } from '../store/cypher/patientPage.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { stableId } from './derivedEvent.ts';
import type { Projector } from './projector.ts';
import { Turns } from './turns.ts';

export interface IntakeParts {
  readonly log: EventLog;
  readonly store: GraphStore;
  readonly codec: PayloadCodec;
  readonly projector: Projector;
  readonly now?: () => Date;
}

interface Refused {
  readonly userErrors: readonly UserError[];
  readonly patient?: string | undefined;
}

interface Durable {
  readonly eventId: string;
  readonly seq: string;
  readonly patient: string;
  /** What of a batch was not taken. */
  readonly refused: readonly UserError[];
  readonly recorded: PatientEvent;
}

type Appended = Refused | Durable;
export type Submitted = Refused | (Durable & { readonly visible: boolean });

/** Who submits a command, as the envelope records it. */
export interface Submitter {
  readonly id: string;
  readonly purpose: string;
}

export interface Command {
  readonly actor: Submitter;
  readonly idempotencyKey: string;
  /** Names the command, so that keys of different commands do not meet. */
  readonly name: string;
  /** What was sent: a repeated key must come with the same. */
  readonly input: unknown;
}

/** How long a mutation waits for its event to show in the graph. */
const VISIBLE_WITHIN_MS = 2000;
/** How long a command is decided anew while others, at other servers, change the record before it is appended. */
const DECIDE_WITHIN_MS = 10_000;
/** Beside the payload's own fields: the digest of the command's input. */
const INPUT_DIGEST = '$input';

const digestOf = (input: unknown) => createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 32);
const keyProblem = (key: string) =>
  /^[\x21-\x7e]{8,128}$/.test(key)
    ? []
    : [userError('INVALID', 'idempotencyKey', "'idempotencyKey' needs 8 to 128 printable characters without spaces.")];

export class Intake {
  readonly #parts: IntakeParts;
  readonly #now: () => Date;
  readonly #turns = new Turns();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => new Date());
  }

  /** Opens a record. The event's id is made from the identifier, so that the log itself admits one registration of it. */
  async register(command: Command, input: RegisterPatient): Promise<Submitted> {
    const wrongKey = keyProblem(command.idempotencyKey);
    if (wrongKey.length > 0) return { userErrors: wrongKey };
    const id = await this.#registrationOf(input.identifier.trim());
    const decision = decideRegisterPatient(input, await this.#context(id));
    if ('userErrors' in decision) return decision;
    const taken = [userError('ALREADY_EXISTS', 'identifier', 'A patient with this identifier is registered already.')];
    const keyed = { ...command, input: [command.actor.id, command.idempotencyKey, command.input] };
    const known = await this.#replay(id, keyed, taken);
    if (known) return this.#answer(known);
    const appended = await this.#append(id, keyed, randomUUID(), decision, '0', taken);
    if (appended === null) throw new AvicennaError('LOG_UNAVAILABLE', 'The log already knows the new patient: send the command again.');
    return this.#answer(appended);
  }

  /** Id of the registration under an identifier: the one that there is, or the next after those of patients who were erased. */
  async #registrationOf(identifier: string): Promise<string> {
    const { log } = this.#parts;
    const hidden = createHmac('sha256', await log.cursorKey())
      .update(identifier)
      .digest('hex');
    for (let erased = 0; ; erased += 1) {
      const id = stableId('register', hidden, ...(erased > 0 ? [String(erased)] : []));
      const known = await log.find(id);
      if (!known || !isGone(decodeEnvelope(known.seq, known.body))) return id;
    }
  }

  /** Decides a command about a patient on the record as it is now, and appends it only if nothing came in between. */
  async submit(command: Command, patient: string, decide: (context: PatientContext) => Promise<Decision> | Decision): Promise<Submitted> {
    const wrongKey = keyProblem(command.idempotencyKey);
    if (wrongKey.length > 0) return { userErrors: wrongKey };
    const id = stableId(command.actor.id, command.name, patient, command.idempotencyKey);
    const reused = [userError('IDEMPOTENCY_KEY_REUSED', 'idempotencyKey', 'The key was used before with another input.')];
    const appended = await this.#turns.take(patient, async () => {
      for (const deadline = Date.now() + DECIDE_WITHIN_MS; Date.now() < deadline; ) {
        const done = (await this.#replay(id, command, reused)) ?? (await this.#decideAndAppend(id, command, patient, decide, reused));
        if (done) return done;
      }
      throw new AvicennaError(
        'LOG_UNAVAILABLE',
        'The record kept changing while the command was decided: send it again with the same key.',
      );
    });
    return this.#answer(appended);
  }

  /** One attempt on the record as it is now; null where an event of the patient came in between. */
  async #decideAndAppend(
    id: string,
    command: Command,
    patient: string,
    decide: (context: PatientContext) => Promise<Decision> | Decision,
    reused: readonly UserError[],
  ): Promise<Appended | null> {
    const last = await this.#parts.log.lastBySubject(`patient.${patient}`);
    if (last && !(await this.#parts.projector.waitFor(last.seq, VISIBLE_WITHIN_MS))) {
      throw new AvicennaError(
        'GRAPH_UNAVAILABLE',
        'The graph does not show the last event of this patient yet: send the command again with the same key.',
      );
    }
    const [row] = await this.#parts.store.read(patientsById([patient]));
    if (!row) return { userErrors: [userError('UNKNOWN_PATIENT', 'patientId', 'No patient has this id.')] };
    const decision = await decide({ ...(await this.#context(id)), record: readRecord(row) });
    // The record may show this very command, sent at the same time to another server: then it is its answer that is wanted.
    if ('userErrors' in decision) return (await this.#replay(id, command, reused)) ?? { ...decision, patient };
    return this.#append(id, command, patient, decision, last?.seq ?? '0', reused);
  }

  /** Ids that are made of content are made with the log's secret: nobody finds the content by trying. */
  async #context(id: string): Promise<DecisionContext> {
    const secret = await this.#parts.log.cursorKey();
    const contentId = (...parts: readonly string[]) =>
      stableId('content', createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex'));
    return { now: this.#now().toISOString(), newId: (index) => stableId(id, String(index)), contentId };
  }

  /** The first answer of a command that is in the log already, or what is wrong with using its key again. */
  async #replay(id: string, command: Command, otherwise: readonly UserError[]): Promise<Appended | null> {
    const known = await this.#parts.log.find(id);
    if (!known) return null;
    const envelope = decodeEnvelope(known.seq, known.body);
    if (isGone(envelope)) return null;
    const stored = this.#parts.codec.decode(envelope) as Record<string, unknown>;
    if (stored[INPUT_DIGEST] !== digestOf(command.input)) return { userErrors: otherwise };
    if (!isPatientEventType(envelope.type)) return { userErrors: otherwise };
    const recorded = readPatientEvent(envelope.type, envelope.version, stored);
    const refused = recorded.type === 'observations.recorded' ? recorded.payload.refused : [];
    return { eventId: envelope.id, seq: known.seq, patient: envelope.subject, recorded, refused };
  }

  /** The answer once the graph shows the event, or without it after 2 s. */
  async #answer(appended: Appended): Promise<Submitted> {
    if ('userErrors' in appended) return appended;
    return { ...appended, visible: await this.#parts.projector.waitFor(appended.seq, VISIBLE_WITHIN_MS) };
  }

  /** Null where the subject's last sequence is not the one expected. */
  async #append(
    id: string,
    command: Command,
    patient: string,
    { event, observedAt, refused = [] }: Exclude<Decision, { userErrors: unknown }>,
    expectSubjectSeq: string,
    otherwise: readonly UserError[],
  ): Promise<Appended | null> {
    const encoded = this.#parts.codec.encode(patient, { ...event.payload, [INPUT_DIGEST]: digestOf(command.input) });
    const envelope: Omit<Envelope, 'seq'> = {
      id,
      type: event.type,
      version: EVENT_VERSION[event.type],
      subject: patient,
      actor: command.actor.id,
      purpose: command.actor.purpose,
      recordedAt: this.#now().toISOString(),
      observedAt,
      ...encoded,
    };
    const [result] = await this.#parts.log.append([
      { subject: `patient.${patient}`, msgId: id, body: encodeEnvelope(envelope), expectSubjectSeq },
    ]);
    if (!result || 'conflict' in result) return null;
    if (result.duplicate) return this.#replay(id, command, otherwise);
    return { eventId: id, seq: result.seq, patient, recorded: event, refused };
  }
}
