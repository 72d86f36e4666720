import { Readable } from 'node:stream';
import { AvicennaError } from '../errors.ts';
import { unpacked, unpackedStream } from './unpacked.ts';

const MAX_LINE = 64 * 1024 * 1024;

/** Lines of a VCF, in order, as many at a time as came together. */
export type VcfLines = AsyncIterable<readonly string[]>;

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Lines of a plain, gzip or bgzip file or text; the file is never held whole. */
async function* linesOf(open: () => Promise<Readable> | Readable, at: string, most = Number.POSITIVE_INFINITY): VcfLines {
  let parts: string[] = [];
  let length = 0;
  let number = 1;
  let total = 0;
  try {
    const source = await open();
    for await (const chunk of source.setEncoding('utf8')) {
      total += (chunk as string).length;
      if (total > most) throw new AvicennaError('VCF_INVALID', `Unpacked it has more than ${most} characters.`, `${at}:${number}`);
      const [rest = '', ...begun] = (chunk as string).split('\n');
      parts.push(rest);
      length += rest.length;
      const last = begun.pop();
      if (last !== undefined) {
        const whole = [parts.join(''), ...begun];
        parts = [last];
        length = last.length;
        number += whole.length;
        yield whole.map(withoutReturn);
      }
      if (length > MAX_LINE) throw new AvicennaError('VCF_INVALID', 'The line is longer than 64 MB.', `${at}:${number}`);
    }
  } catch (error) {
    throw unreadable(error, at, number);
  }
  if (length > 0) yield [withoutReturn(parts.join(''))];
}

/** Why a file cannot be read on, with its place. */
function unreadable(error: unknown, at: string, line: number): AvicennaError {
  if (error instanceof AvicennaError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new AvicennaError('FILE_UNREADABLE', 'The file does not exist.', at);
  if (code?.startsWith('Z_')) return new AvicennaError('VCF_INVALID', 'The compressed data end early or are damaged.', `${at}:${line}`);
  return new AvicennaError('FILE_UNREADABLE', `The file cannot be read (${code ?? 'unknown reason'}).`, at);
}

/** The first line without a byte order mark. @throws AvicennaError VCF_INVALID where it is none of a VCF */
export function firstLine(line: string, at: string): string {
  if (!/^\uFEFF?##fileformat=VCF/.test(line))
    throw new AvicennaError('VCF_INVALID', "Not a VCF: the first line must be '##fileformat=VCFv4.x'.", `${at}:1`);
  return line.replace(/^\uFEFF/, '');
}

/** The lines of a VCF file, plain or packed. */
export function vcfFileLines(path: string): VcfLines {
  return linesOf(() => unpacked(path), path);
}

/** The lines of a VCF that arrives, plain or packed, of so many characters at most. */
export function vcfStreamLines(source: Readable, at: string, most: number): VcfLines {
  return linesOf(() => unpackedStream(source), at, most);
}

/** The lines of a VCF given as text. */
export function vcfTextLines(text: string): VcfLines {
  return linesOf(() => Readable.from([Buffer.from(text, 'utf8')]), 'vcf');
}
