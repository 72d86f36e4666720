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
  /** Index of the effect allele among REF and ALTs; -1 where the line does not have it. */
  readonly allele: number;
  readonly ambiguous: boolean;
  /** The line has both alleles. */
  readonly full: boolean;
}

const BASES = /^[ACGT]+$/;
const isBase = (allele: string) => /^[ACGT]$/.test(allele);
const hasNoAlt = (alleles: readonly string[]) => !alleles.slice(1).some((alt) => BASES.test(alt));

/**
 * Where a variant's alleles are those of a line; null where they are not. `alleles` are REF and ALTs; an ALT that is no sequence (`.`,
 * `<NON_REF>`, `<*>`, `*`) fits none. A line that has no ALT says that everybody has REF, and of single bases that is enough. Of more
 * it is not: `A` is REF before an insertion, and what a deletion leaves.
 */
function matchOf(variant: ScoredVariant, alleles: readonly string[]): Match | null {
  const { effectAllele, otherAllele } = variant;
  const allele = alleles.indexOf(effectAllele);
  const others = alleles.filter((one, index) => index !== allele && BASES.test(one));
  const other = otherAllele ?? (allele >= 0 && others.length === 1 ? (others[0] as string) : null);
  const ambiguous = other !== null && isAmbiguous(effectAllele, other);
  if (allele >= 0 && (other === null ? others.length > 0 : alleles.includes(other))) return { variant, allele, ambiguous, full: true };
  const single = otherAllele !== null && isBase(effectAllele) && isBase(otherAllele);
  const onlyRef = single && hasNoAlt(alleles) && [effectAllele, otherAllele].includes(alleles[0] ?? '');
  return onlyRef ? { variant, allele, ambiguous, full: false } : null;
}

function fitsOtherStrand({ effectAllele, otherAllele }: ScoredVariant, alleles: readonly string[]): boolean {
  if (otherAllele === null) return false;
  const turned = [complement(effectAllele), complement(otherAllele)];
  return (
    turned.every((allele) => alleles.includes(allele)) || (hasNoAlt(alleles) && turned.every(isBase) && turned.includes(alleles[0] ?? ''))
  );
}

/** Copies that count for a genotype. */
const DIPLOID = 2;

/** Indices of the alleles of a genotype; null where one of them was not read, or where it is of more than two copies. */
function calledOf(genotype: string): number[] | null {
  const called = genotype.split(/[|/]/);
  return called.length <= DIPLOID && called.every((one) => /^\d+$/.test(one)) ? called.map(Number) : null;
}

/**
 * What a genotype adds per unit of weight. A single allele (a man's X) counts as two, as in plink 2 (`--xchr-model 2`, its
 * default) and the PGS Catalog's calculator with it.
 */
function countOf(called: readonly number[], { allele, variant }: Match): number {
  const copies = (DIPLOID / called.length) * called.filter((one) => one === allele).length;
  if (variant.inheritance === 'additive') return copies;
  return copies >= (variant.inheritance === 'dominant' ? 1 : DIPLOID) ? 1 : 0;
}

/** A line of the VCF at a place of the score. */
interface Site {
  readonly alleles: readonly string[];
  readonly cells: readonly string[];
  /** Where GT stands in a sample's cell. */
  readonly gt: number;
  /** `file:line`. */
  readonly at: string;
}

const FIXED_COLUMNS = 9;
/** Characters that the fixed columns of a block's line fit in. */
const HEAD = 300;
/** A line without ALT that stands for the positions up to END: `G . or <NON_REF> or <*>, QUAL, FILTER, END=`. */
const BLOCK = /^(?:[^\t]*\t){4}(?:\.|<[^\t>]*>)\t[^\t]*\t[^\t]*\t(?:[^\t]*;)?END=/;
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
  /** Genotypes of one allele, by sample. */
  #single = new Int32Array();
  /** Lines of blocks that stand for more positions than their own. */
  #blocks = 0;
  /** Variants whose site stands on several lines that both fit: counted once, by the first line. */
  readonly #divided = new Set<ScoredVariant>();
  /** Lines of the place at hand that have REF alone: taken where no other has both alleles of the variant. */
  #partial: { readonly match: Match; readonly site: Site }[] = [];
  #place = '';

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
      this.#single = new Int32Array(this.#samples.length);
      return;
    }
    if (line.trim() === '') return;
    if (this.#samples.length === 0)
      throw new AvicennaError('VCF_INVALID', "Expected the line '#CHROM ...' before the first variant.", `${this.#at}:${number}`);
    this.#takeVariant(line, number);
  }

  #takeVariant(line: string, number: number): void {
    const [chromosome = '', position = ''] = line.split('\t', 2);
    const place = `${chromosomeName(chromosome)}:${position}`;
    if (place !== this.#place) this.#takePartial();
    this.#place = place;
    // A block may cover places of the score wherever it begins.
    if (BLOCK.test(line.slice(0, HEAD))) this.#blocks += 1;
    const there = this.#file.variants.get(place);
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
    const site = { alleles, cells, gt, at: `${this.#at}:${number}` };
    if (gt >= 0) for (const variant of there) this.#match(variant, site);
  }

  #match(variant: ScoredVariant, site: Site): void {
    const match = matchOf(variant, site.alleles);
    if (!match) {
      if (fitsOtherStrand(variant, site.alleles)) this.#otherStrand += 1;
      return;
    }
    if (!match.full) {
      this.#partial.push({ match, site });
      return;
    }
    // A site divided over lines: copies of REF in one line may be another ALT in the next, so that they cannot be counted.
    if (this.#used.has(variant)) {
      if (match.allele === 0 || variant.otherAllele === null) this.#divided.add(variant);
    } else this.#add(match, site);
  }

  #takePartial(): void {
    for (const { match, site } of this.#partial) if (!this.#used.has(match.variant)) this.#add(match, site);
    this.#partial = [];
  }

  /** Alleles of a sample's genotype; null where one was not read or is no sequence. */
  #called(sample: number, { alleles, cells, gt, at }: Site): number[] | null {
    const called = calledOf((cells[FIXED_COLUMNS + sample] ?? '').split(':')[gt] ?? '');
    const wrong = called?.find((one) => one >= alleles.length);
    if (wrong !== undefined)
      throw new AvicennaError('VCF_INVALID', `Sample ${sample + 1} has allele ${wrong}, the line has ${alleles.length - 1} ALT.`, at);
    return called?.every((one) => BASES.test(alleles[one] ?? '')) ? called : null;
  }

  #add(match: Match, site: Site): void {
    this.#used.add(match.variant);
    for (let sample = 0; sample < this.#samples.length; sample += 1) {
      const called = this.#called(sample, site);
      if (called === null) continue;
      if (called.length < DIPLOID) this.#single[sample] = (this.#single[sample] as number) + 1;
      this.#sums[sample] = (this.#sums[sample] as number) + match.variant.weight * countOf(called, match);
      this.#matched[sample] = (this.#matched[sample] as number) + 1;
      if (match.ambiguous) this.#ambiguous[sample] = (this.#ambiguous[sample] as number) + 1;
    }
  }

  result(minCoverage: number): PolygenicScore[] {
    this.#takePartial();
    return this.#samples.map((sample, index) => {
      const matched = this.#matched[index] as number;
      const ambiguous = this.#ambiguous[index] as number;
      const coverage = matched / this.#file.rows;
      const score = matched > 0 && coverage >= minCoverage ? (this.#sums[index] as number) : null;
      const missing = this.#file.rows - matched;
      return { sample, score, matched, ambiguous, missing, coverage, warnings: this.#warnings(index, score, coverage, minCoverage) };
    });
  }

  #warnings(sample: number, score: number | null, coverage: number, minCoverage: number): string[] {
    const [ambiguous, single] = [this.#ambiguous[sample] as number, this.#single[sample] as number];
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const warnings = [...this.#file.warnings];
    if (score === null)
      warnings.push(
        `No score: ${percent(coverage)} of its variants were read, ${coverage < minCoverage ? `under the ${percent(minCoverage)} needed` : 'none'}. A VCF that lists only differences from the reference leaves out what is needed; one with all sites of the score would settle it.`,
      );
    if (this.#divided.size > 0)
      warnings.push(
        `${this.#divided.size} variants stand on several lines that fit, and were counted by the first: join the lines of a site.`,
      );
    if (this.#blocks > 0)
      warnings.push(
        `${this.#blocks} lines of the file stand for a block of positions and are read at the first only: give each position its line (bcftools convert --gvcf2vcf).`,
      );
    if (single > 0) warnings.push(`${single} genotypes of a single allele (X or Y of a man) were counted as two copies, as plink 2 does.`);
    if (this.#notPassed > 0) warnings.push(`${this.#notPassed} lines of the file that were used did not pass the VCF's filters.`);
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
