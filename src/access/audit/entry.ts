/**
 * What an entry of the audit says, and its form: JSON in UTF-8. An entry has its writer's number, counted from 1, and the SHA-256 of the
 * writer's entry before it, so that none can be changed, left out or put elsewhere unnoticed. It says of patients their random id alone.
 */
import { z } from 'zod';
import { DATA_CATEGORIES } from '../../patients/dataCategories.ts';

/**
 * READ: data of a patient were given. WRITE: a command was recorded. REFUSED: a patient who was named may not be seen, or a command was
 * not allowed. COUNTED: patients went into a count or a figure, none by name. STREAM_STARTED and STREAM_ENDED: a subscription.
 * STREAM_DELIVERED: a patient's first event in a subscription.
 */
export const AUDIT_ACTIONS = ['READ', 'WRITE', 'REFUSED', 'COUNTED', 'STREAM_STARTED', 'STREAM_DELIVERED', 'STREAM_ENDED'] as const;

const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const link = {
  writer: text,
  n: z.number().int().positive(),
  /** SHA-256 of the writer's entry before; empty of the first. */
  prev: z.union([hash, z.literal('')]),
  at: z.iso.datetime(),
};
/** The last entry of a writer that another one knew of. */
const head = z.strictObject({ writer: text, n: z.number().int().positive(), hash });
export type Head = z.infer<typeof head>;

/** Who did what about whom. */
const access = {
  action: z.enum(AUDIT_ACTIONS),
  actor: text,
  role: text,
  purpose: text,
  /** Surrogate; null where no one patient is meant. */
  patient: text.nullable(),
  /** How many patients, of COUNTED. */
  patients: z.number().int().nonnegative().nullable(),
  /** What could be seen; empty where nothing could. */
  sees: z.array(z.enum(DATA_CATEGORIES)),
  denial: text.nullable(),
  emergency: z.boolean(),
  /** SHA-256 of the operation without its values: its fields are in a DOCUMENT entry. Null of a command of the command line. */
  document: hash.nullable(),
  operation: text.nullable(),
  /** The event of a WRITE. */
  event: text.nullable(),
  /** Of a stream that ended: the first and the last cursor. */
  cursors: z.tuple([text, text]).nullable(),
};

const entry = z.discriminatedUnion('kind', [
  /** A writer begins: it signs with this key (SPKI, base64), and these were the heads before it. Older ones are not signed. */
  z.strictObject({ ...link, kind: z.literal('OPENED'), publicKey: text, after: z.array(head), signature: text.optional() }),
  /** An operation without its values, and which fields of patients' data it asks for. */
  z.strictObject({ ...link, kind: z.literal('DOCUMENT'), document: hash, fields: z.array(text) }),
  z.strictObject({ ...link, kind: z.literal('ACCESS'), ...access }),
  /** Signs all entries before it, and what was known of the other writers. */
  z.strictObject({ ...link, kind: z.literal('SEAL'), key: text, after: z.array(head), signature: text }),
]);
export type AuditEntry = z.infer<typeof entry>;
export type AccessEntry = Extract<AuditEntry, { kind: 'ACCESS' }>;
export type OpenedEntry = Extract<AuditEntry, { kind: 'OPENED' }>;
export type SealEntry = Extract<AuditEntry, { kind: 'SEAL' }>;
export type Access = Omit<AccessEntry, keyof typeof link | 'kind'>;
type Unlinked<E> = E extends unknown ? Omit<E, keyof typeof link> : never;
/** What an entry says, before it has its place. */
export type Said = Unlinked<AuditEntry>;

export const encodeEntry = (one: AuditEntry): Buffer => Buffer.from(JSON.stringify(one), 'utf8');

/** Null where the bytes are no entry. */
export function decodeEntry(bytes: Uint8Array): AuditEntry | null {
  try {
    return entry.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}

/** What a seal signs. */
export const sealedText = ({ writer, n, prev, at, after }: Pick<SealEntry, 'writer' | 'n' | 'prev' | 'at' | 'after'>): Buffer =>
  Buffer.from(JSON.stringify(['avicenna-audit-seal', writer, n, prev, at, after]), 'utf8');

/** What the first entry of a chain signs: whoever begins one has the key that it names. */
export const openedText = ({ writer, at, publicKey, after }: Pick<OpenedEntry, 'writer' | 'at' | 'publicKey' | 'after'>): Buffer =>
  Buffer.from(JSON.stringify(['avicenna-audit-opened', writer, at, publicKey, after]), 'utf8');

/** Under which subject of the log an entry is found again. */
export function subjectOf(one: AuditEntry): string {
  if (one.kind === 'ACCESS') return one.patient === null ? `writer.${one.writer}` : `patient.${one.patient}`;
  return one.kind === 'DOCUMENT' ? `document.${one.document}` : SEALS;
}

/** Where all writers begin and seal. */
export const SEALS = 'seals';
