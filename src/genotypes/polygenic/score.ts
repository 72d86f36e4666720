/** A polygenic score for each sample of a VCF: the sum of weight times copies of the effect allele. */
import { AvicennaError } from '../../errors.ts';
import { checkAssembly } from '../assembly.ts';
import { firstLine, type VcfLines } from '../vcfLines.ts';
import { chromosomeName, type ScoredVariant, type ScoringFile } from './scoringFile.ts';

export interface PolygenicScore {
  readonly sample: string;
  /** Null where too few of the score's variants were read. */
  readonly score: number | null;
  /** Variants of the score that were read in this sample; `ambiguous` of them look the same on both strands. */
  readonly matched: number;
  readonly ambiguous: number;
  /** Variants of the score that this sample says nothing of. */
  readonly missing: number;
  /** matched / all, 0 to 1. */
  readonly coverage: number;
  readonly warnings: readonly string[];
}

const COMPLEMENT: Readonly<Record<string, string>> = { A: 'T', C: 'G', G: 'C', T: 'A' };
const complement = (allele: string) =>
  [...allele]
    .map((base) => COMPLEMENT[base] ?? base)
    .reverse()
    .join('');

/** Whether two alleles are each other on the opposite strand. */
const isAmbiguous = (effect: string, other: string) => complement(effect) === other;

interface Match {
  readonly variant: ScoredVariant;
  /** Index of the effect allele among REF and ALTs. */
  readonly allele: number;
  readonly ambiguous: boolean;
}

/** Where a variant's alleles are those of a line; null where they are not. */
function matchOf(variant: ScoredVariant, alleles: readonly string[]): Match | null {
  const allele = alleles.indexOf(variant.effectAllele);
  if (allele < 0) return null;
  const other = variant.otherAllele ?? (alleles.length === 2 ? (alleles[1 - allele] as string) : null);
  if (other !== null && !alleles.includes(other)) return null;
  return { variant, allele, ambiguous: other !== null && isAmbiguous(variant.effectAllele, other) };
}

function fitsOtherStrand({ effectAllele, otherAllele }: ScoredVariant, alleles: readonly string[]): boolean {
  return otherAllele !== null && [effectAllele, otherAllele].every((allele) => alleles.includes(complement(allele)));
}

/** Copies that count for a genotype. */
const DIPLOID = 2;

/**
 * What a genotype adds per unit of weight; null where an allele of it was not read. A single allele (a man's X) counts as
 * two, as in plink 2 (`--xchr-model 2`, its default) and the PGS Catalog's calculator with it.
 */
function countOf(genotype: string, { allele, variant }: Match): number | null {
  const called = genotype.split(/[|/]/);
  if (!called.every((one) => /^\d+$/.test(one))) return null;
  const copies = (DIPLOID / called.length) * called.filter((one) => Number(one) === allele).length;
  if (variant.inheritance === 'additive') return copies;
  return copies >= (variant.inheritance === 'dominant' ? 1 : DIPLOID) ? 1 : 0;
}

const FIXED_COLUMNS = 9;
const PASSED = new Set(['PASS', '.']);

class Scoring {
  readonly #file: ScoringFile;
  readonly #at: string;
  readonly #header: string[] = [];
  readonly #used = new Set<ScoredVariant>();
  #samples: readonly string[] = [];
  #sums = new Float64Array();
  #matched = new Int32Array();
  #ambiguous = new Int32Array();
  #otherStrand = 0;
  #notPassed = 0;
  /** Variants whose site stands on several lines that both fit: counted once, by the first line. */
  readonly #divided = new Set<ScoredVariant>();

  constructor(file: ScoringFile, at: string) {
    this.#file = file;
    this.#at = at;
  }

  take(line: string, number: number): void {
    if (line.startsWith('##')) {
      this.#header.push(line);
      return;
    }
    if (line.startsWith('#CHROM')) {
      checkAssembly(this.#header, this.#at);
      this.#samples = line.split('\t').slice(FIXED_COLUMNS);
      if (this.#samples.length === 0) throw new AvicennaError('VCF_INVALID', 'The file has no samples.', `${this.#at}:${number}`);
      this.#sums = new Float64Array(this.#samples.length);
      this.#matched = new Int32Array(this.#samples.length);
      this.#ambiguous = new Int32Array(this.#samples.length);
      return;
    }
    if (line.trim() === '') return;
    if (this.#samples.length === 0)
      throw new AvicennaError('VCF_INVALID', "Expected the line '#CHROM ...' before the first variant.", `${this.#at}:${number}`);
    this.#takeVariant(line, number);
  }

  #takeVariant(line: string, number: number): void {
    const [chromosome = '', position = ''] = line.split('\t', 2);
    const there = this.#file.variants.get(`${chromosomeName(chromosome)}:${position}`);
    if (!there) return;
    const cells = line.split('\t');
    if (cells.length !== FIXED_COLUMNS + this.#samples.length)
      throw new AvicennaError(
        'VCF_INVALID',
        `The line has ${cells.length} columns, the header ${FIXED_COLUMNS + this.#samples.length}.`,
        `${this.#at}:${number}`,
      );
    const alleles = [cells[3] ?? '', ...(cells[4] ?? '').split(',')].map((allele) => allele.toUpperCase());
    const gt = (cells[8] ?? '').split(':').indexOf('GT');
    if (!PASSED.has(cells[6] ?? '')) this.#notPassed += 1;
    for (const variant of there) this.#match(variant, alleles, cells, gt);
  }

  #match(variant: ScoredVariant, alleles: readonly string[], cells: readonly string[], gt: number): void {
    const match = matchOf(variant, alleles);
    if (!match) {
      if (fitsOtherStrand(variant, alleles)) this.#otherStrand += 1;
      return;
    }
    // A site divided over lines: copies of REF in one line may be another ALT in the next, so that they cannot be counted.
    if (this.#used.has(variant)) {
      if (match.allele === 0 || variant.otherAllele === null) this.#divided.add(variant);
    } else if (gt >= 0) this.#add(match, cells, gt);
  }

  #add(match: Match, cells: readonly string[], gt: number): void {
    this.#used.add(match.variant);
    for (let sample = 0; sample < this.#samples.length; sample += 1) {
      const count = countOf((cells[FIXED_COLUMNS + sample] ?? '').split(':')[gt] ?? '', match);
      if (count === null) continue;
      this.#sums[sample] = (this.#sums[sample] as number) + match.variant.weight * count;
      this.#matched[sample] = (this.#matched[sample] as number) + 1;
      if (match.ambiguous) this.#ambiguous[sample] = (this.#ambiguous[sample] as number) + 1;
    }
  }

  result(minCoverage: number): PolygenicScore[] {
    return this.#samples.map((sample, index) => {
      const matched = this.#matched[index] as number;
      const ambiguous = this.#ambiguous[index] as number;
      const coverage = matched / this.#file.rows;
      const score = coverage >= minCoverage ? (this.#sums[index] as number) : null;
      const missing = this.#file.rows - matched;
      return { sample, score, matched, ambiguous, missing, coverage, warnings: this.#warnings(score, coverage, ambiguous, minCoverage) };
    });
  }

  #warnings(score: number | null, coverage: number, ambiguous: number, minCoverage: number): string[] {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const warnings = [...this.#file.warnings];
    if (score === null)
      warnings.push(
        `No score: ${percent(coverage)} of its variants were read, under the ${percent(minCoverage)} needed. A VCF that lists only differences from the reference leaves out what is needed; one with all sites of the score would settle it.`,
      );
    if (this.#divided.size > 0)
      warnings.push(
        `${this.#divided.size} variants stand on several lines that fit, and were counted by the first: join the lines of a site.`,
      );
    if (this.#notPassed > 0) warnings.push(`${this.#notPassed} lines that were used did not pass the VCF's filters.`);
    if (this.#file.unreadable > 0) warnings.push(`${this.#file.unreadable} variants of the score have no effect allele in bases.`);
    if (this.#file.unplaced > 0) warnings.push(`${this.#file.unplaced} variants of the score have no position on GRCh38.`);
    if (ambiguous > 0) warnings.push(`${ambiguous} variants read the same on both strands and were taken on the strand of the reference.`);
    if (this.#otherStrand > 0) warnings.push(`${this.#otherStrand} variants fit only on the other strand and were left out.`);
    warnings.push(ANCESTRY);
    return warnings;
  }
}

const ANCESTRY =
  'A polygenic score moves with ancestry: its value is not comparable between people of different ancestry, predicts less well away from the ancestry that it was made in, and has no percentile without a matched reference.';

/**
 * Scores all samples of a VCF on GRCh38.
 * @param minCoverage share of the score's variants that a sample needs for a score
 * @throws AvicennaError VCF_INVALID with the line, or FILE_UNREADABLE
 */
export async function polygenicScores(lines: VcfLines, file: ScoringFile, minCoverage: number, at: string): Promise<PolygenicScore[]> {
  const scoring = new Scoring(file, at);
  let number = 0;
  for await (const some of lines)
    for (const line of some) {
      number += 1;
      scoring.take(number === 1 ? firstLine(line, at) : line, number);
    }
  const scores = scoring.result(minCoverage);
  if (scores.length === 0) throw new AvicennaError('VCF_INVALID', 'The file ends before its samples are named.', at);
  return scores;
}
