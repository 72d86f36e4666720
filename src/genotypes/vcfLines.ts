import { Readable } from 'node:stream';
import { AvicennaError } from '../errors.ts';
import { unpacked } from './unpacked.ts';

const MAX_LINE = 64 * 1024 * 1024;

/** Lines of a plain, gzip or bgzip file or text, one at a time; the file is never held whole. */
async function* linesOf(open: () => Promise<Readable> | Readable, at: string): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  let number = 1;
  const take = () => {
    const line = parts.join('');
    parts = [];
    length = 0;
    number += 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  try {
    const source = await open();
    for await (const chunk of source.setEncoding('utf8')) {
      const pieces = (chunk as string).split('\n');
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) yield take();
        parts.push(piece);
        length += piece.length;
      }
      if (length > MAX_LINE) throw new AvicennaError('VCF_INVALID', 'The line is longer than 64 MB.', `${at}:${number}`);
    }
  } catch (error) {
    throw unreadable(error, at, number);
  }
  if (length > 0) yield take();
}

/** Why a file cannot be read on, with its place. */
function unreadable(error: unknown, at: string, line: number): AvicennaError {
  if (error instanceof AvicennaError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new AvicennaError('FILE_UNREADABLE', 'The file does not exist.', at);
  if (code?.startsWith('Z_')) return new AvicennaError('VCF_INVALID', 'The compressed data end early or are damaged.', `${at}:${line}`);
  return new AvicennaError('FILE_UNREADABLE', `The file cannot be read (${code ?? 'unknown reason'}).`, at);
}

/** The lines of a VCF file, plain or packed. */
export async function* vcfFileLines(path: string): AsyncGenerator<string> {
  yield* linesOf(() => unpacked(path), path);
}

/** The lines of a VCF given as text. */
export function vcfTextLines(text: string): AsyncGenerator<string> {
  return linesOf(() => Readable.from([Buffer.from(text, 'utf8')]), 'vcf');
}
