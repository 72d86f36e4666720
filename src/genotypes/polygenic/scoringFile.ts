/**
 * A scoring file of the PGS Catalog: harmonised (`hm_chr`, `hm_pos`), or with `chr_name` and `chr_position` in GRCh38
 * (format 2.0, https://www.pgscatalog.org/downloads/#dl_scoring_files).
 */
import { AvicennaError } from '../../errors.ts';
import { type VcfLines, vcfFileLines } from '../vcfLines.ts';

/** How copies of the effect allele count: each, one at least, or both. */
export type Inheritance = 'additive' | 'dominant' | 'recessive';

export interface ScoredVariant {
  readonly effectAllele: string;
  /** Null where the file does not say it. */
  readonly otherAllele: string | null;
  readonly weight: number;
  readonly inheritance: Inheritance;
}

export interface ScoringFile {
  /** The publisher's name of the score, or the file's. */
  readonly name: string;
  /** Variants by `chromosome:position` in GRCh38; more than one may stand at a place. */
  readonly variants: ReadonlyMap<string, readonly ScoredVariant[]>;
  /** Rows of the file, those without a place included. */
  readonly rows: number;
  /** Rows that have no position on GRCh38, and rows whose effect allele is not written in bases: no VCF says anything of them. */
  readonly unplaced: number;
  readonly unreadable: number;
  readonly warnings: readonly string[];
}

type Cells = (name: string) => string;

const invalid = (message: string, at: string) => new AvicennaError('SCORE_INVALID', message, at);

/** `hm_` columns are in the build that the header says; the others in `genome_build`. */
function placesOf(header: ReadonlyMap<string, string>, columns: readonly string[], at: string) {
  const harmonised = columns.includes('hm_chr') && columns.includes('hm_pos');
  const names = harmonised ? { chromosome: 'hm_chr', position: 'hm_pos' } : { chromosome: 'chr_name', position: 'chr_position' };
  const missing = [names.chromosome, names.position, 'effect_allele', 'effect_weight'].filter((name) => !columns.includes(name));
  if (missing.length > 0)
    throw invalid(
      `Not a scoring file of the PGS Catalog with positions: it has no column ${missing.join(', ')}; take the file harmonised to GRCh38.`,
      at,
    );
  const build = header.get(harmonised ? 'HmPOS_build' : 'genome_build');
  if (build !== undefined && !/^(GRCh38|hg38)$/i.test(build))
    throw invalid(`Its positions are on ${build.slice(0, 20)}, expected GRCh38: take the harmonised file.`, at);
  const warnings = build === undefined ? ['The scoring file does not say its assembly: its positions are taken as GRCh38.'] : [];
  return { ...names, warnings };
}

const BASES = /^[ACGT]+$/;

const NUMBERED: Readonly<Record<string, string>> = { '23': 'X', '24': 'Y' };

/** `X` from `chrX` and from `23`. */
export function chromosomeName(text: string): string {
  const bare = text.trim().replace(/^chr/i, '');
  return NUMBERED[bare] ?? bare;
}

const isTrue = (cell: string) => cell.toLowerCase() === 'true';

function inheritanceOf(cell: Cells, at: string): Inheritance {
  const stated = cell('effect_type') || 'additive';
  if (isTrue(cell('is_dominant'))) return 'dominant';
  if (isTrue(cell('is_recessive'))) return 'recessive';
  if (stated === 'additive' || stated === 'dominant' || stated === 'recessive') return stated;
  throw invalid(`The effect type '${stated.slice(0, 30)}' is not one of additive, dominant, recessive.`, at);
}

const REFUSED = ['is_haplotype', 'is_diplotype', 'is_interaction'] as const;

function variantOf(cell: Cells, at: string): ScoredVariant {
  const special = REFUSED.find((name) => isTrue(cell(name)));
  if (special) throw invalid(`A row with ${special} is not a weight of one variant; such scores are not computed.`, at);
  const text = cell('effect_weight');
  const weight = Number(text);
  if (text === '' || !Number.isFinite(weight)) throw invalid('The effect weight is not a number.', at);
  const effectAllele = cell('effect_allele').toUpperCase();
  const other = (cell('other_allele') || cell('hm_inferOtherAllele')).toUpperCase();
  if (other !== '' && other === effectAllele) throw invalid('The effect allele and the other allele are the same.', at);
  return { effectAllele, otherAllele: BASES.test(other) ? other : null, weight, inheritance: inheritanceOf(cell, at) };
}

interface Reading {
  readonly variants: Map<string, ScoredVariant[]>;
  readonly header: Map<string, string>;
  columns: readonly string[] | null;
  places: ReturnType<typeof placesOf> | null;
  rows: number;
  unplaced: number;
  unreadable: number;
}

function take(reading: Reading, line: string, at: string): void {
  if (line.startsWith('#')) {
    const [, key, value] = /^#(\w+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) reading.header.set(key, value.trim());
    return;
  }
  if (line.trim() === '') return;
  const cells = line.split('\t');
  if (reading.columns === null || reading.places === null) {
    reading.columns = cells.map((name) => name.trim());
    reading.places = placesOf(reading.header, reading.columns, at);
    return;
  }
  const { columns, places } = reading;
  if (cells.length > columns.length) throw invalid(`The line has ${cells.length} cells, the header ${columns.length}.`, at);
  const cell: Cells = (name) => cells[columns.indexOf(name)]?.trim() ?? '';
  const variant = variantOf(cell, at);
  const chromosome = chromosomeName(cell(places.chromosome));
  const position = cell(places.position);
  reading.rows += 1;
  if (chromosome === '' || !/^\d+$/.test(position)) {
    reading.unplaced += 1;
    return;
  }
  if (!BASES.test(variant.effectAllele)) {
    reading.unreadable += 1;
    return;
  }
  const key = `${chromosome}:${position}`;
  const there = reading.variants.get(key);
  if (there) there.push(variant);
  else reading.variants.set(key, [variant]);
}

/** Weights that are ratios do not add up to anything; the score is their sum all the same, as the file is meant to be read. */
function weightWarnings(header: ReadonlyMap<string, string>): string[] {
  const type = header.get('weight_type') ?? '';
  return /^(OR|HR|RR)\b/i.test(type)
    ? [`The scoring file says that its weights are ratios (${type.slice(0, 20)}), not their logarithms: they are summed as they stand.`]
    : [];
}

function repeatWarnings(variants: Reading['variants']): string[] {
  const repeated = [...variants.values()].reduce((sum, there) => {
    const different = new Set(there.map(({ effectAllele, otherAllele, inheritance }) => [effectAllele, otherAllele, inheritance].join()));
    return sum + there.length - different.size;
  }, 0);
  return repeated === 0 ? [] : [`${repeated} rows of the scoring file name a variant a second time: each is counted.`];
}

/** @throws AvicennaError SCORE_INVALID with the line, or FILE_UNREADABLE */
export async function readScoringFile(file: string, lines: VcfLines = vcfFileLines(file)): Promise<ScoringFile> {
  const reading: Reading = { variants: new Map(), header: new Map(), columns: null, places: null, rows: 0, unplaced: 0, unreadable: 0 };
  let number = 0;
  for await (const some of lines)
    for (const line of some) {
      number += 1;
      take(reading, line, `${file}:${number}`);
    }
  const { variants, rows, unplaced, unreadable, header, places } = reading;
  if (rows === 0) throw invalid('The scoring file has no variants.', file);
  const warnings = [...(places?.warnings ?? []), ...weightWarnings(header), ...repeatWarnings(variants)];
  return { name: header.get('pgs_id') ?? file, variants, rows, unplaced, unreadable, warnings };
}
