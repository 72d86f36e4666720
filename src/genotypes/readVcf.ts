import { Readable } from 'node:stream';
import VcfParser from '@gmod/vcf';
import { AvicennaError } from '../errors.ts';
import type { Position } from './definitions.ts';
import { unpacked } from './unpacked.ts';

/** A genotype as a file states it at a defined position. `bases` has a null where the file says `.`. */
export interface ReadGenotype {
  readonly bases: readonly (string | null)[];
  readonly phased: boolean;
}

export type PositionReading =
  | { readonly kind: 'genotype'; readonly genotype: ReadGenotype }
  | { readonly kind: 'refMismatch'; readonly line: number; readonly ref: string }
  | { readonly kind: 'unreadable'; readonly line: number; readonly reason: string };

/** Per sample: what was read at each position (rsid), and repeated lines that were ignored. */
export interface SampleReading {
  readonly sample: string;
  readonly readings: ReadonlyMap<string, PositionReading>;
  readonly duplicates: readonly string[];
}

const MAX_LINE = 64 * 1024 * 1024;

/** Lines of a plain, gzip or bgzip file or text, one at a time; the file is never held whole. */
async function* linesOf(open: () => Promise<Readable> | Readable, at: string): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  const take = () => {
    const line = parts.join('');
    parts = [];
    length = 0;
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
      if (length > MAX_LINE) throw new AvicennaError('VCF_INVALID', 'A line is longer than 64 MB.', at);
    }
  } catch (error) {
    throw unreadable(error, at);
  }
  if (length > 0) yield take();
}

/** Why a file cannot be read on, with its place. */
function unreadable(error: unknown, at: string): AvicennaError {
  if (error instanceof AvicennaError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new AvicennaError('FILE_UNREADABLE', 'The file does not exist.', at);
  if (code?.startsWith('Z_')) return new AvicennaError('VCF_INVALID', 'The compressed data end early or are damaged.', at);
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

/** Refuses an assembly other than GRCh38, where the header names one. */
function checkAssembly(header: readonly string[], at: string): void {
  for (const [index, line] of header.entries()) {
    if (/^##(reference|assembly|contig)/i.test(line) && /(GRCh37|hg19|b37|hs37|NCBI36|hg18|T2T|CHM13)/i.test(line)) {
      throw new AvicennaError(
        'VCF_INVALID',
        'The file says another assembly than GRCh38; positions would be read at the wrong place.',
        `${at}:${index + 1}`,
      );
    }
  }
}

function makeParser(header: readonly string[], at: string): VcfParser {
  const last = header.at(-1);
  if (!last?.startsWith('#CHROM')) {
    throw new AvicennaError('VCF_INVALID', "No '#CHROM' header line before the first record.", `${at}:${header.length + 1}`);
  }
  if (last.split('\t').length < 10) {
    throw new AvicennaError(
      'VCF_INVALID',
      'The file has no samples: expected FORMAT and at least one sample column.',
      `${at}:${header.length}`,
    );
  }
  checkAssembly(header, at);
  try {
    return new VcfParser({ header: header.join('\n'), strict: false });
  } catch (error) {
    throw new AvicennaError('VCF_INVALID', `The header cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}.`, at);
  }
}

function readGenotype(text: string, alleles: readonly string[], line: number): PositionReading {
  if (!/^(\.|\d+)([/|](\.|\d+))*$/.test(text)) return { kind: 'unreadable', line, reason: `GT '${text.slice(0, 20)}' is not a genotype` };
  const bases: (string | null)[] = [];
  for (const index of text.split(/[/|]/)) {
    if (index === '.') bases.push(null);
    else if (alleles[Number(index)] === undefined)
      return { kind: 'unreadable', line, reason: `GT '${text.slice(0, 20)}' names an allele that the line does not have` };
    else bases.push(alleles[Number(index)] as string);
  }
  return { kind: 'genotype', genotype: { bases, phased: text.includes('|') || bases.length === 1 } };
}

interface Target {
  readonly position: Position;
  readonly readings: Map<string, PositionReading>[];
}

class VcfReading {
  readonly header: string[] = [];
  parser: VcfParser | null = null;
  samples: string[] = [];
  readings: Map<string, PositionReading>[] = [];
  readonly duplicates = new Set<string>();
  readonly #at: string;
  readonly #wanted: ReadonlyMap<string, Position>;

  constructor(positions: readonly Position[], at: string) {
    this.#at = at;
    this.#wanted = new Map(positions.map((position) => [`${position.chromosome}:${position.position}`, position]));
  }

  take(line: string, number: number): void {
    if (line.startsWith('#')) {
      this.header.push(line);
      return;
    }
    if (line === '') return;
    if (!this.parser) this.begin();
    const [chrom, pos] = line.split('\t', 2);
    const position = this.#wanted.get(`${chrom?.startsWith('chr') ? chrom : `chr${chrom}`}:${pos}`);
    if (position) this.#takeRecord(line, number, { position, readings: this.readings });
  }

  begin(): void {
    this.parser = makeParser(this.header, this.#at);
    this.samples = this.parser.samples;
    this.readings = this.samples.map(() => new Map());
  }

  #takeRecord(line: string, number: number, { position, readings }: Target): void {
    const fields = line.split('\t');
    if (fields.length !== 9 + this.samples.length) {
      const reason = `the line has ${fields.length} columns, the header ${9 + this.samples.length}`;
      for (const reading of readings) this.#set(reading, position.rsid, { kind: 'unreadable', line: number, reason });
      return;
    }
    const variant = this.parser?.parseLine(line);
    const ref = variant?.REF ?? '';
    if (ref.toUpperCase() !== position.ref) {
      for (const reading of readings) this.#set(reading, position.rsid, { kind: 'refMismatch', line: number, ref: ref.slice(0, 20) });
      return;
    }
    const alleles = [ref, ...(variant?.ALT ?? [])].map((base) => base.toUpperCase());
    const gtIndex = (fields[8] ?? '').split(':').indexOf('GT');
    for (const [index, reading] of readings.entries()) {
      const text = gtIndex < 0 ? undefined : (fields[9 + index] ?? '').split(':')[gtIndex];
      const read: PositionReading =
        text === undefined ? { kind: 'unreadable', line: number, reason: 'no GT' } : readGenotype(text, alleles, number);
      this.#set(reading, position.rsid, read);
    }
  }

  /** The first usable line wins; a later one is reported as a duplicate. */
  #set(readings: Map<string, PositionReading>, rsid: string, reading: PositionReading): void {
    const before = readings.get(rsid);
    if (before?.kind === 'genotype') this.duplicates.add(rsid);
    else readings.set(rsid, reading);
  }
}

/**
 * Reads the genotypes at the given positions for every sample, line by line.
 * Throws VCF_INVALID (with `file:line`) where the file as a whole cannot be used.
 */
export async function readVcf(lines: AsyncIterable<string>, positions: readonly Position[], at: string): Promise<SampleReading[]> {
  const reading = new VcfReading(positions, at);
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1 && !line.startsWith('##fileformat=VCF')) {
      throw new AvicennaError('VCF_INVALID', "Not a VCF: the first line must be '##fileformat=VCFv4.x'.", `${at}:1`);
    }
    reading.take(line, number);
  }
  if (number === 0) throw new AvicennaError('VCF_INVALID', 'The file is empty.', at);
  if (!reading.parser) reading.begin();
  return reading.samples.map((sample, index) => ({
    sample,
    readings: reading.readings[index] ?? new Map(),
    duplicates: [...reading.duplicates],
  }));
}
