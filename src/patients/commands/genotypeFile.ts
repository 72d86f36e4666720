/** A VCF as it was sent, as text or as a file: read once, before the command that records its calls is decided. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AvicennaError } from '../../errors.ts';
import type { VcfReadings } from '../../genotypes/cohortColumns.ts';
import type { Position } from '../../genotypes/definitions.ts';
import { readVcf } from '../../genotypes/readVcf.ts';
import { vcfStreamLines, vcfTextLines } from '../../genotypes/vcfLines.ts';
import { sha256Of } from '../../sha256.ts';
import type { UserError } from '../userError.ts';

/** Bytes of a file as sent, packed or not. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Characters of a file once unpacked, and of a VCF sent as text. */
const MAX_UNPACKED = 512 * 1024 * 1024;
const MAX_TEXT = 5_000_000;

export interface ReadGenotypes {
  /** SHA-256 of the bytes as sent. */
  readonly digest: string;
  readonly readings: VcfReadings;
}

/** What was sent, or what is wrong with it. */
export type GenotypeFile = ReadGenotypes | { readonly code: UserError['code']; readonly message: string };

function problem(error: unknown): GenotypeFile {
  if (error instanceof AvicennaError) return { code: 'VCF_INVALID', message: `${error.at ?? 'vcf'}: ${error.message}` };
  throw error;
}

/** A file with lines that are no records was cut or damaged: it is sent anew rather than recorded in part. */
function whole(readings: VcfReadings, digest: string, at: string): GenotypeFile {
  const { unreadable } = readings;
  if (!unreadable) return { digest, readings };
  const message = `${at}:${unreadable.first}: The line is no VCF record${unreadable.count > 1 ? `, nor are ${unreadable.count - 1} more` : ''}.`;
  return { code: 'VCF_INVALID', message };
}

/** The genotypes of a VCF sent as text. */
export async function readGenotypeText(text: string, positions: readonly Position[]): Promise<GenotypeFile> {
  if (text.length > MAX_TEXT)
    return { code: 'TOO_LARGE', message: `A VCF sent as text may have ${MAX_TEXT} characters; send a file instead.` };
  try {
    const readings = await readVcf(vcfTextLines(text), positions, 'vcf');
    return whole(readings, sha256Of(text), 'vcf');
  } catch (error) {
    return problem(error);
  }
}

/** The genotypes of a VCF sent as a file, plain, gzip or bgzip, while it arrives; it is never held whole or written to disk. */
export async function readGenotypeStream(source: Readable, positions: readonly Position[]): Promise<GenotypeFile> {
  const hash = createHash('sha256');
  async function* hashed() {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
    }
  }
  let tooLarge = false;
  source.once('limit', () => {
    tooLarge = true;
  });
  let file: GenotypeFile;
  try {
    const readings = await readVcf(vcfStreamLines(Readable.from(hashed(), { objectMode: false }), 'file', MAX_UNPACKED), positions, 'file');
    file = whole(readings, hash.digest('hex'), 'file');
  } catch (error) {
    file = problem(error);
  }
  source.resume();
  // What is over the limit is cut off without an error: the part before it may well be a VCF.
  return tooLarge ? { code: 'TOO_LARGE', message: `A file may have ${MAX_FILE_BYTES} bytes.` } : file;
}
