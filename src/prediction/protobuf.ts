/**
 * Protobuf messages field by field. Nothing is allocated by what a length claims: every length is checked against the
 * bytes that are there, so what is read stays a small multiple of the file.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Reads one field; `wire` is how it is written. */
export type FieldReader = (reader: MessageReader, wire: WireType) => void;

/** Whole numbers as JavaScript numbers. Throws where one is beyond 2^53. */
export class MessageReader extends BinaryReader {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#bytes = bytes;
  }

  integer(): number {
    const first = this.#bytes[this.pos] ?? 0x80;
    if (first < 0x80) {
      this.pos += 1;
      return first;
    }
    const value = Number(this.int64());
    if (!Number.isSafeInteger(value)) throw new Error('a whole number is too large');
    return value;
  }

  text(): string {
    return Buffer.from(this.bytes()).toString('utf8');
  }
}

/** Reads a message; fields without a reader are skipped. Throws an Error in words where the bytes are no message. */
export function readMessage(bytes: Uint8Array, fields: Readonly<Record<number, FieldReader>>): void {
  const reader = new MessageReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const read = fields[field];
    if (read) read(reader, wire);
    else reader.skip(wire, field);
    if (reader.pos > reader.len) throw new Error('the file ends early');
  }
}

function expectWire(actual: WireType, expected: WireType): void {
  if (actual !== expected) throw new Error('a field is not of its type');
}

/** A field that is written once, or whose every writing is taken. */
function single<T>(kind: WireType, read: (reader: MessageReader) => T) {
  return (take: (value: T) => void): FieldReader =>
    (reader, wire) => {
      expectWire(wire, kind);
      take(read(reader));
    };
}

export const message = single<Uint8Array>(WireType.LengthDelimited, (reader) => reader.bytes());
export const text = single(WireType.LengthDelimited, (reader) => reader.text());
export const integer = single(WireType.Varint, (reader) => reader.integer());
export const float = single(WireType.Bit32, (reader) => reader.float());

/** A repeated number, packed into one field or not. */
function repeated(kind: WireType, read: (reader: MessageReader) => number, into: number[]): FieldReader {
  return (reader, wire) => {
    if (wire === kind) {
      into.push(read(reader));
      return;
    }
    expectWire(wire, WireType.LengthDelimited);
    const packed = new MessageReader(reader.bytes());
    while (packed.pos < packed.len) into.push(read(packed));
  };
}

export const integers = (into: number[]) => repeated(WireType.Varint, (reader) => reader.integer(), into);
export const floats = (into: number[]) => repeated(WireType.Bit32, (reader) => reader.float(), into);
export const doubles = (into: number[]) => repeated(WireType.Bit64, (reader) => reader.double(), into);
