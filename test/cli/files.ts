/** Small files for the commands, in every packing that they read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync, crc32 as nodeCrc32 } from 'node:zlib';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
let made = 0;

/** Writes a file and gives its path; each call another one. */
export function file(name: string, content: string | Uint8Array): string {
  made += 1;
  const path = join(folder, `${made}-${name}`);
  writeFileSync(path, content);
  return path;
}

export const gzip = (text: string): Buffer => gzipSync(text);

function crc32(bytes: Uint8Array): number {
  if (nodeCrc32) return nodeCrc32(bytes);
  return gzipSync(bytes).readUInt32LE(gzipSync(bytes).length - 8);
}

/** One BGZF block: a gzip member whose extra field `BC` holds its size. Source: SAM specification, 4.1. */
function block(data: Uint8Array): Buffer {
  const deflated = deflateRawSync(data);
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0, 0]);
  head.writeUInt16LE(head.length + deflated.length + 8 - 1, 16);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(data), 0);
  tail.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, deflated, tail]);
}

/** The text as bgzip packs it: many small members and an empty one at the end. */
export function bgzip(text: string, blockSize = 50): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const blocks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += blockSize) blocks.push(block(bytes.subarray(start, start + blockSize)));
  const packed = Buffer.concat([...blocks, block(new Uint8Array(0))]);
  if (gunzipSync(packed).toString('utf8') !== text) throw new Error('this is no bgzip');
  return packed;
}

export const COLUMNS = [
  'age',
  'heightCm',
  'weightKg',
  'sex',
  'race',
  'cyp2c9',
  'vkorc1',
  'amiodarone',
  'enzymeInducer',
  'smoker',
  'aspirin',
  'statin',
  'diabetes',
  'heartFailure',
  'valveReplacement',
  'indication',
  'targetInr',
];

const ROW: Readonly<Record<string, string>> = {
  age: '67',
  heightCm: '170',
  weightKg: '75',
  sex: 'male',
  race: 'WHITE',
  cyp2c9: '*1/*1',
  vkorc1: 'A/G',
  amiodarone: '0',
  indication: '3',
  targetInr: '2.5',
};

/** A table of rows that differ from a usual patient in the cells given. */
export function table(rows: readonly Readonly<Record<string, string>>[], delimiter = ',', columns: readonly string[] = COLUMNS): string {
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ROW[column] ?? ''))]
    .map((cells) => `${cells.join(delimiter)}\n`)
    .join('');
}
