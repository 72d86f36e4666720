/** The stream of a NATS JetStream, as a list of entries to which one can be added only where the list is known whole. */
import {
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AvicennaError } from '../../errors.ts';
import { weaknessOfServers } from './durability.ts';

export interface EntryStreamOptions {
  /** Addresses of the servers, comma-separated: `nats://host:4222`, `tls://host:4222`. */
  readonly servers: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Name of the stream. */
  readonly stream: string;
  /** Monitoring addresses of the servers, comma-separated; by them it is known whether what is acknowledged is kept. */
  readonly monitors?: string | undefined;
  /** Accept a server that may lose what it acknowledged. */
  readonly allowWeak: boolean;
}

export interface StreamEntry {
  readonly place: number;
  readonly bytes: Uint8Array;
}

/** Where an entry is to be added. */
export interface Addition {
  readonly id: string;
  /** Id and place of the message before it; empty where it is no entry, or there is none (place 0). */
  readonly after: string;
  readonly place: number;
}

const TIMEOUT_MS = 5000;
const WRONG_LAST_ID = 10070;
/** What a message has beside its payload. */
const HEADER_BYTES = 1024;
/** Of a stream that is made here, where the servers are that many; otherwise one. */
const REPLICAS = 3;
/** Answers of one server, or of too few. */
const CANNOT_REPLICATE = new Set([10074, 10005]);

const unavailable = (error: unknown) =>
  error instanceof AvicennaError
    ? error
    : new AvicennaError('LOG_UNAVAILABLE', `The event log failed: NATS says '${error instanceof Error ? error.message : String(error)}'.`);

/** Null where another entry is there already; otherwise throws. */
function asRefusal(error: unknown): null {
  if (codeOf(error) === JetStreamApiCodes.StreamWrongLastSequence) return null;
  throw unavailable(error);
}

const codeOf = (error: unknown) => (error instanceof JetStreamApiError ? error.code : 0);

export class EntryStream {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #client: JetStreamClient;
  readonly #name: string;
  readonly durability: 'fsync' | 'weak';

  private constructor(connection: NatsConnection, manager: JetStreamManager, name: string, durability: 'fsync' | 'weak') {
    this.#connection = connection;
    this.#manager = manager;
    this.#client = jetstream(connection, { timeout: TIMEOUT_MS });
    this.#name = name;
    this.durability = durability;
  }

  /**
   * Opens the stream, or makes it: on three servers where there are as many.
   * @throws AvicennaError LOG_UNAVAILABLE, LOG_TOO_WEAK
   */
  static async open({ servers, user, password, stream, monitors, allowWeak }: EntryStreamOptions): Promise<EntryStream> {
    let connection: NatsConnection | undefined;
    try {
      const weakness = await weaknessOfServers(monitors);
      if (weakness !== null && !allowWeak) throw tooWeak(weakness);
      connection = await connect({
        servers: servers.split(','),
        name: 'avicenna',
        maxReconnectAttempts: -1,
        timeout: TIMEOUT_MS,
        ...(user !== undefined && { user }),
        ...(password !== undefined && { pass: password }),
      });
      const manager = await jetstreamManager(connection, { timeout: TIMEOUT_MS });
      await makeStream(manager, stream);
      return new EntryStream(connection, manager, stream, weakness === null ? 'fsync' : 'weak');
    } catch (error) {
      await connection?.close();
      throw unavailable(error);
    }
  }

  /** Bytes that an entry may have. */
  get maxBytes(): number {
    return (this.#connection.info?.max_payload ?? 1_048_576) - HEADER_BYTES;
  }

  /**
   * Adds an entry after the one that is named; null where another is there already. It is kept once this returns.
   * @throws AvicennaError LOG_UNAVAILABLE; the entry may have been added all the same
   */
  async append(entry: Uint8Array, { id, after, place }: Addition): Promise<number | null> {
    const publish = async (expect: { readonly lastSequence: number; readonly lastMsgID?: string }) =>
      (await this.#client.publish(subjectOf(this.#name), entry, { msgID: id, expect, timeout: TIMEOUT_MS })).seq;
    try {
      return await publish({ lastSequence: place, ...(after !== '' && { lastMsgID: after }) });
    } catch (error) {
      if (codeOf(error) === WRONG_LAST_ID) return this.#appendAfterLook(publish, after, place);
      return asRefusal(error);
    }
  }

  /** The server does not know the id of its last message, as after a restart, or it is another one: the message itself says which. */
  async #appendAfterLook(publish: (expect: { readonly lastSequence: number }) => Promise<number>, after: string, place: number) {
    try {
      const last = await this.#manager.streams.getMessage(this.#name, { seq: place });
      if (last?.header.get('Nats-Msg-Id') === after) return await publish({ lastSequence: place });
    } catch (error) {
      return asRefusal(error);
    }
    throw new AvicennaError('LOG_UNAVAILABLE', `The stream has lost entries: its entry ${place} is another than was read.`);
  }

  /** Place of the last entry; 0 of an empty stream. @throws AvicennaError LOG_UNAVAILABLE */
  async lastPlace(): Promise<number> {
    try {
      return (await this.#manager.streams.info(this.#name)).state.last_seq;
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** @throws AvicennaError LOG_UNAVAILABLE */
  async entry(place: number): Promise<Uint8Array | null> {
    try {
      return (await this.#manager.streams.getMessage(this.#name, { seq: place }))?.data ?? null;
    } catch (error) {
      if (codeOf(error) === JetStreamApiCodes.NoMessageFound) return null;
      throw unavailable(error);
    }
  }

  /** The entries after `place`, and those that come, until `signal` aborts. @throws AvicennaError LOG_UNAVAILABLE */
  async *follow(place: number, signal: AbortSignal): AsyncGenerator<StreamEntry> {
    try {
      const consumer = await this.#client.consumers.get(this.#name, {
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: place + 1,
      });
      const messages = await consumer.consume();
      const stop = () => messages.stop();
      signal.addEventListener('abort', stop);
      try {
        if (signal.aborted) return;
        for await (const { seq, data } of messages) yield { place: seq, bytes: data };
      } finally {
        signal.removeEventListener('abort', stop);
        messages.stop();
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

const subjectOf = (stream: string) => `${stream}.entries`;

const tooWeak = (why: string) =>
  new AvicennaError('LOG_TOO_WEAK', `NATS may lose events that it acknowledged: ${why}. --allow-weak-log accepts that.`, 'NATS_URL');

/** What a stream is made with: whatever was added is there until somebody removes it, and what finds no room is refused. */
const SETTINGS = {
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_age: 0,
  max_msgs_per_subject: -1,
  deny_delete: true,
} as const;

/** A stream that somebody else made. */
function checkSettings(config: StreamConfig): void {
  const subject = subjectOf(config.name);
  const wrong = Object.entries(SETTINGS).find(([setting, wanted]) => config[setting as keyof typeof SETTINGS] !== wanted);
  const asked = wrong ? `${wrong[0]} must be ${wrong[1]}` : config.subjects.join() === subject ? null : `subjects must be ${subject} alone`;
  if (asked !== null) throw new AvicennaError('LOG_UNAVAILABLE', `The stream would lose events: of its settings, ${asked}.`, 'NATS_STREAM');
}

/** Makes the stream where it is not there. @throws AvicennaError LOG_UNAVAILABLE where it has settings that lose events */
async function makeStream(manager: JetStreamManager, name: string): Promise<void> {
  const make = (replicas: number) => manager.streams.add({ name, subjects: [subjectOf(name)], ...SETTINGS, num_replicas: replicas });
  try {
    const { config } = await manager.streams.info(name);
    return checkSettings(config);
  } catch (error) {
    if (codeOf(error) !== JetStreamApiCodes.StreamNotFound) throw error;
  }
  try {
    await make(REPLICAS);
  } catch (error) {
    if (!CANNOT_REPLICATE.has(codeOf(error))) throw error;
    await make(1);
  }
}
