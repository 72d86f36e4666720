/**
 * Reads the genotypes at defined positions for every sample of a VCF, line by line. What is kept of a sample is one
 * small number per position: which of the genotypes seen at that position it has.
 */
import VcfParser from '@gmod/vcf';
import { AvicennaError } from '../errors.ts';
import { checkAssembly } from './assembly.ts';
import { findColumns, isSameTwice, shortGenotype } from './cohortCells.ts';
import { byLocation, Column, VcfReadings } from './cohortColumns.ts';
import type { Position } from './definitions.ts';
import { formsOf, trimmed } from './indelForms.ts';
import type { Reading } from './observation.ts';
import { firstLine, type VcfLines } from './vcfLines.ts';
import { type RecordLine, readSample, type SampleFields, saysOneAllele } from './vcfRecord.ts';

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

/** AD counts reads by allele only where its header says one number for each (VCF 4.3: Number=R), or nothing. */
function depthsCount(header: readonly string[]): boolean {
  const line = header.find((one) => /^##FORMAT=<ID=AD,/.test(one));
  return line === undefined || /[,<]Number=R[,>]/.test(line);
}

/** Where defined changes may be written: the location, and the change itself without shared bases. */
interface Wanted {
  readonly byLocation: ReadonlyMap<string, number>;
  /** `chr10:94949281 GA G` -> position and its alternative. */
  readonly byForm: ReadonlyMap<string, { readonly index: number; readonly alt: string }>;
  readonly locationsOfForms: ReadonlySet<string>;
}

function wantedOf(positions: readonly Position[]): Wanted {
  const byForm = new Map<string, { index: number; alt: string }>();
  const locationsOfForms = new Set<string>();
  const bases = new Map(
    positions.flatMap(({ chromosome, position, ref }) =>
      [...ref].map((base, index) => [`${chromosome}:${position + index}`, base] as const),
    ),
  );
  for (const [index, position] of positions.entries()) {
    for (const [alternative, alt] of position.alts.entries()) {
      for (const form of formsOf(position, alternative, (at) => bases.get(`${position.chromosome}:${at}`))) {
        const location = `${position.chromosome}:${form.position}`;
        locationsOfForms.add(location);
        byForm.set(`${location} ${form.ref} ${form.alt}`, { index, alt });
      }
    }
  }
  return { byLocation: byLocation(positions), byForm, locationsOfForms };
}

/** Where FORMAT has the fields that are read; -1 for one that it does not have. */
interface FieldPlaces {
  readonly gt: number;
  readonly ps: number;
  readonly ad: number;
}

/** The fields of one sample column, `0/1:12,3:5` with the keys of FORMAT. */
function sampleFields(text: string, keys: FieldPlaces): SampleFields {
  if (keys.gt === 0 && keys.ps < 0 && keys.ad < 0) {
    const end = text.indexOf(':');
    return { gt: end < 0 ? text : text.slice(0, end), phaseSet: null, oneAlleleRead: false };
  }
  const fields = text.split(':');
  const field = (index: number) => {
    const value = index < 0 ? undefined : fields[index];
    return value === undefined || value === '.' || value === '' ? null : value;
  };
  return { gt: field(keys.gt) ?? '.', phaseSet: field(keys.ps), oneAlleleRead: saysOneAllele(field(keys.ad)) };
}

const ZERO = 48;

/** True where a part of a line has digits only, and at least one. */
function isNumber(line: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const digit = line.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return false;
  }
  return end > start;
}

class VcfReading {
  readonly header: string[] = [];
  #parser: VcfParser | null = null;
  #columns: (Column | null)[] = [];
  #samples: readonly string[] = [];
  #starts = new Uint32Array(1);
  #depths = true;
  #records = 0;
  #unreadable = { first: 0, count: 0 };
  readonly #at: string;
  readonly #positions: readonly Position[];
  readonly #wanted: Wanted;

  constructor(positions: readonly Position[], at: string) {
    this.#at = at;
    this.#positions = positions;
    this.#wanted = wantedOf(positions);
  }

  take(line: string, number: number): void {
    if (line.startsWith('#')) {
      // Some files have comments of one # below the header.
      if (!this.#parser && (line.startsWith('##') || line.startsWith('#CHROM'))) this.header.push(line);
      return;
    }
    if (line === '') return;
    if (!this.#parser) this.begin();
    const first = line.indexOf('\t');
    const second = line.indexOf('\t', first + 1);
    if (second < 0 || !isNumber(line, first + 1, second)) {
      this.#unreadable = { first: this.#unreadable.first || number, count: this.#unreadable.count + 1 };
      return;
    }
    this.#records += 1;
    const chromosome = line.slice(0, first);
    const location = `${chromosome.startsWith('chr') ? chromosome : `chr${chromosome === 'MT' ? 'M' : chromosome}`}:${line.slice(first + 1, second)}`;
    if (this.#wanted.byLocation.has(location) || this.#wanted.locationsOfForms.has(location)) this.#takeRecord(line, number, location);
  }

  begin(): void {
    this.#parser = makeParser(this.header, this.#at);
    this.#samples = this.#parser.samples;
    this.#starts = new Uint32Array(this.#samples.length + 1);
    this.#columns = this.#positions.map(() => null);
    this.#depths = depthsCount(this.header);
  }

  result(): VcfReadings {
    if (!this.#parser) this.begin();
    const { first, count } = this.#unreadable;
    if (count > 0 && this.#records === 0)
      throw new AvicennaError(
        'VCF_INVALID',
        'The lines after the header are no records: expected columns separated by tabs.',
        `${this.#at}:${first}`,
      );
    const columns = this.#columns.map((column) => column && { readings: column.readings, codes: column.codes });
    return new VcfReadings(this.#samples, columns, this.#positions, count > 0 ? this.#unreadable : null);
  }

  #takeRecord(line: string, number: number, location: string): void {
    const found = findColumns(line, this.#starts);
    const direct = this.#wanted.byLocation.get(location);
    if (found !== 9 + this.#samples.length) {
      const reason = `Line ${number}: ${found} columns where the header has ${9 + this.#samples.length}.`;
      if (direct !== undefined) this.#fill(direct, { kind: 'unusable', line: number, code: 'GENOTYPE_UNREADABLE', reason });
      return;
    }
    const fixed = line.slice(0, (this.#starts[0] ?? 0) - 1);
    const variant = this.#parser?.parseLine(fixed);
    const alleles = [variant?.REF ?? '', ...(variant?.ALT ?? [])].map((base) => base.toUpperCase());
    const records = this.#recordsAt(location, direct, alleles, number);
    if (records.length === 0 && direct !== undefined) {
      const { rsid, ref } = this.#positions[direct] as Position;
      const reason = `Line ${number}: ${rsid} (${location}): REF is ${/^[ACGTN]{1,20}/.exec(alleles[0] ?? '')?.[0] ?? 'no sequence of bases'}, GRCh38 has ${ref}; the genotype is not used.`;
      this.#fill(direct, { kind: 'unusable', line: number, code: 'REFERENCE_MISMATCH', reason });
    }
    const format = fixed.slice(fixed.lastIndexOf('\t') + 1).split(':');
    const keys = { gt: format.indexOf('GT'), ps: format.indexOf('PS'), ad: this.#depths ? format.indexOf('AD') : -1 };
    for (const { index, record } of records) this.#takeSamples(index, record, line, keys);
  }

  /** The defined positions that a line speaks of: the one at its place, or those whose change it writes in another form. */
  #recordsAt(
    location: string,
    direct: number | undefined,
    alleles: readonly string[],
    line: number,
  ): { index: number; record: RecordLine }[] {
    const own = direct === undefined ? undefined : this.#positions[direct];
    const [ref = '', ...alts] = alleles;
    const [chromosome = '', at = ''] = location.split(':');
    const isPlain = own?.ref === ref;
    const forms = alts.map((alt) => {
      if (direct !== undefined && isPlain && own.alts.includes(alt)) return { index: direct, alt };
      const form = trimmed({ position: Number(at), ref, alt });
      return this.#wanted.byForm.get(`${chromosome}:${form.position} ${form.ref} ${form.alt}`);
    });
    const seen = new Set(forms.flatMap((form) => (form ? [form.index] : [])));
    if (direct !== undefined && isPlain && (alts.length === 0 || forms.some((form) => !form))) seen.add(direct);
    return [...seen].map((index) => {
      const position = this.#positions[index] as Position;
      // A change of another position leaves the bases of this one as they are.
      const named = forms.map((form, place) => (form ? (form.index === index ? form.alt : position.ref) : (alts[place] as string)));
      const realignedFrom = index === direct && isPlain ? null : `${location} ${alleles.join('>')}`;
      return { index, record: { line, position, alleles: [position.ref, ...named], realignedFrom } };
    });
  }

  #takeSamples(index: number, record: RecordLine, line: string, keys: FieldPlaces): void {
    const isFirst = this.#columns[index] === null;
    const column = this.#column(index);
    if (keys.gt < 0) {
      const reason = `Line ${record.line}: ${record.position.rsid}: no GT.`;
      this.#fill(index, { kind: 'unusable', line: record.line, code: 'GENOTYPE_UNREADABLE', reason });
      return;
    }
    // A short genotype that is the first at its position is known by its characters.
    const short = isFirst && keys.gt === 0 && keys.ps < 0;
    const codes = new Map<number, number>();
    const starts = this.#starts;
    for (let sample = 0; sample < this.#samples.length; sample += 1) {
      const start = starts[sample] as number;
      const end = (starts[sample + 1] as number) - 1;
      const key = short ? shortGenotype(line, start, end) : -1;
      if (key < 0 || (keys.ad >= 0 && !isSameTwice(key))) {
        this.#takeSample(column, sample, record, sampleFields(line.slice(start, end), keys));
        continue;
      }
      let code = codes.get(key);
      if (code === undefined) {
        this.#takeSample(column, sample, record, sampleFields(line.slice(start, end), { ...keys, ad: -1 }));
        code = column.codes[sample] as number;
        codes.set(key, code);
      } else column.codes[sample] = code;
    }
  }

  #takeSample(column: Column, sample: number, record: RecordLine, fields: SampleFields): void {
    const before = column.readings[column.codes[sample] ?? 0] ?? null;
    if (before?.kind === 'genotype') {
      this.#repeat(column, sample, before, record);
      return;
    }
    const key = `${record.line} ${fields.gt} ${fields.phaseSet ?? ''} ${fields.oneAlleleRead}`;
    column.put(sample, key, () => readSample(record, fields));
  }

  /** The first usable line wins; a later one leaves a note. */
  #repeat(column: Column, sample: number, before: Reading & { kind: 'genotype' }, record: RecordLine): void {
    if (before.notes.some(({ code }) => code === 'DUPLICATE_POSITION')) return;
    const message = `${record.position.rsid} is in the file more than once (lines ${before.line} and ${record.line}); the first usable line counts.`;
    const repeated: Reading = { ...before, notes: [...before.notes, { code: 'DUPLICATE_POSITION', message }] };
    column.put(sample, `repeated ${column.codes[sample]}`, () => repeated);
  }

  #column(index: number): Column {
    let column = this.#columns[index];
    if (!column) {
      column = new Column(this.#samples.length);
      this.#columns[index] = column;
    }
    return column;
  }

  /** One reading for all samples that have no usable one yet. */
  #fill(index: number, reading: Reading): void {
    const column = this.#column(index);
    const code = column.codeOf(`line ${reading.line}`, () => reading);
    for (let sample = 0; sample < this.#samples.length; sample += 1) {
      if (column.readings[column.codes[sample] ?? 0]?.kind !== 'genotype') column.codes[sample] = code;
    }
  }
}

/**
 * Throws VCF_INVALID (with `file:line`) where the file as a whole cannot be used.
 * @param watched told the line that is being read
 */
export async function readVcf(
  lines: VcfLines,
  positions: readonly Position[],
  at: string,
  watched: { line: number } = { line: 0 },
): Promise<VcfReadings> {
  const reading = new VcfReading(positions, at);
  let number = 0;
  for await (const some of lines) {
    for (const line of some) {
      number += 1;
      watched.line = number;
      reading.take(number === 1 ? firstLine(line, at) : line, number);
    }
  }
  if (number === 0) throw new AvicennaError('VCF_INVALID', 'The file is empty.', at);
  return reading.result();
}
