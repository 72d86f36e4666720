/**
 * One message of the stream: the events that were written together, as protobuf.
 *
 *     message Entry    { string id = 1; string first_seq = 2; repeated Event events = 3; Identity identity = 4; string after = 5; }
 *     message Event    { string subject = 1; string msg_id = 2; bytes body = 3; }
 *     message Identity { string epoch = 1; bytes cursor_key = 2; string holds = 3; }
 */
import { randomUUID } from 'node:crypto';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { CopiedEntry } from '../sqlite/protocol.ts';
import type { EntryStream } from './entryStream.ts';

export interface Identity {
  readonly epoch: string;
  readonly cursorKey: Uint8Array;
  /** Last sequence that the log was made with, by a restore; `0` of one that began empty. */
  readonly holds: string;
}

export interface Entry extends Omit<CopiedEntry, 'place'> {
  readonly identity?: Identity;
}

type EntryEvent = CopiedEntry['events'][number];

/** Bytes that an event takes in an entry, at most. */
export const sizeOfEvent = ({ subject, msgId, body }: EntryEvent): number => 3 * (subject.length + msgId.length) + body.length + 24;

export function encodeEntry({ id, after, firstSeq, events, identity }: Entry): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(id).tag(2, WireType.LengthDelimited).string(firstSeq);
  for (const { subject, msgId, body } of events) {
    writer.tag(3, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(subject).tag(2, WireType.LengthDelimited).string(msgId);
    writer.tag(3, WireType.LengthDelimited).bytes(body).join();
  }
  if (identity) {
    writer.tag(4, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(identity.epoch).tag(2, WireType.LengthDelimited).bytes(identity.cursorKey);
    writer.tag(3, WireType.LengthDelimited).string(identity.holds).join();
  }
  return writer.tag(5, WireType.LengthDelimited).string(after).finish();
}

/** The fields of one message by number; those that are not known are passed over. */
function fieldsOf(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, Uint8Array[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) fields.set(field, [...(fields.get(field) ?? []), reader.bytes()]);
    else reader.skip(type, field);
  }
  return fields;
}

function textOf(fields: Map<number, Uint8Array[]>, field: number): string {
  const [bytes] = fields.get(field) ?? [];
  if (!bytes) throw new Error(`field ${field} is missing`);
  return Buffer.from(bytes).toString('utf8');
}

function readEvent(bytes: Uint8Array): EntryEvent {
  const fields = fieldsOf(bytes);
  return { subject: textOf(fields, 1), msgId: textOf(fields, 2), body: fields.get(3)?.[0] ?? new Uint8Array(0) };
}

function readIdentity(bytes: Uint8Array): Identity {
  const fields = fieldsOf(bytes);
  return { epoch: textOf(fields, 1), cursorKey: fields.get(2)?.[0] ?? new Uint8Array(0), holds: textOf(fields, 3) };
}

/** Null where the bytes are no entry. */
export function decodeEntry(bytes: Uint8Array): Entry | null {
  try {
    const fields = fieldsOf(bytes);
    const [identity] = fields.get(4) ?? [];
    const events = (fields.get(3) ?? []).map(readEvent);
    const about = { id: textOf(fields, 1), after: textOf(fields, 5), firstSeq: textOf(fields, 2), events };
    return { ...about, ...(identity && { identity: readIdentity(identity) }) };
  } catch {
    return null;
  }
}

/** The first entry of a stream that has none. Gives its id; null where another is there already. @throws AvicennaError LOG_UNAVAILABLE */
export async function addFirst(stream: EntryStream, identity: Identity): Promise<string | null> {
  const first = { id: randomUUID(), after: '', firstSeq: '1', events: [], identity };
  return (await stream.append(encodeEntry(first), { ...first, place: 0 })) === null ? null : first.id;
}
