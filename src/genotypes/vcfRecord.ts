/**
 * One line of a VCF at one defined position: its alleles, and what a sample's genotype means there. Rules for genotypes
 * that are not used: PharmCAT, VCF Requirements (another REF, symbolic or ambiguous ALT where called, `./0`, a
 * heterozygous GT whose read depths show one base).
 */
import type { Position } from './definitions.ts';
import { type Observation, type Reading, type ReadingNote, UNREAD, type UnusableCode } from './observation.ts';

export interface RecordLine {
  readonly line: number;
  readonly position: Position;
  /** REF and ALTs in upper case, in the form of the table. */
  readonly alleles: readonly string[];
  /** Where the file had another form of the same change. */
  readonly realignedFrom: string | null;
}

export interface SampleFields {
  readonly gt: string;
  readonly phaseSet: string | null;
  /** True where the file gives read depths by allele and only one allele has reads. */
  readonly oneAlleleRead: boolean;
}

const BASES = /^[ACGT]+$/;
const place = ({ position }: RecordLine) => `${position.rsid} (${position.chromosome}:${position.position})`;

function unusable(record: RecordLine, code: UnusableCode, reason: string): Reading {
  return { kind: 'unusable', line: record.line, code, reason: `Line ${record.line}: ${place(record)}: ${reason}` };
}

/** True where AD (`12,0`) says that only one allele has reads. */
export function saysOneAllele(depths: string | null): boolean {
  if (depths === null) return false;
  const numbers = depths.split(',').filter((depth) => depth !== '.');
  return numbers.every((depth) => /^\d+$/.test(depth)) && numbers.filter((depth) => Number(depth) > 0).length === 1;
}

/** Called bases that no allele is defined by; none where a repeat is defined and the line has single bases only. */
function undocumentedIn({ position, alleles }: RecordLine, called: readonly number[]): string[] {
  const alts = alleles.slice(1).filter((alt) => !alt.startsWith('<'));
  const expectsLonger = position.alts.some((alt) => alt.length > 1);
  if (expectsLonger && !alts.some((alt) => alt.length > 1)) return [];
  return [...new Set(called.filter((index) => index > 0).map((index) => alleles[index] as string))].filter(
    (alt) => !position.alts.includes(alt),
  );
}

/** Chromosomes of which a person may have one copy. */
const SINGLE = new Set(['chrX', 'chrY', 'chrM']);

function notesOn(record: RecordLine, copies: number, called: readonly number[], undocumented: readonly string[]): ReadingNote[] {
  const notes: ReadingNote[] = [];
  const add = (code: ReadingNote['code'], text: string) => notes.push({ code, message: `Line ${record.line}: ${place(record)}: ${text}` });
  const documented = record.position.alts.join(' or ');
  if (undocumented.length > 0)
    add(
      'UNDOCUMENTED_BASE',
      `${undocumented.map((base) => base.slice(0, 20)).join(', ')} is not among the bases that alleles are defined by (${documented}).`,
    );
  const alts = called.filter((index) => index > 0);
  if (undocumented.length === 0 && alts.some((index) => !record.position.alts.includes(record.alleles[index] as string)))
    add('INDEL_EXPECTED', `a single base where ${documented} is defined.`);
  if (called.length === 1 && (copies > 1 || !SINGLE.has(record.position.chromosome))) add('GENOTYPE_MISSING', 'only one copy was read.');
  if (copies > 2) add('MORE_THAN_TWO_COPIES', `a genotype of ${copies} copies; the first two count.`);
  if (record.realignedFrom !== null) add('REALIGNED', `read from ${record.realignedFrom.slice(0, 60)}.`);
  return notes;
}

/** What is wrong with the alleles that a genotype names; null where nothing is. */
function wrongAllele(record: RecordLine, called: readonly number[]): string | null {
  if (!BASES.test(record.alleles[0] ?? '')) return 'REF is not a sequence of bases.';
  for (const index of called) {
    const allele = record.alleles[index];
    if (allele === undefined) return `the genotype names allele ${index}, the line has ${record.alleles.length - 1} besides REF.`;
    if (!BASES.test(allele)) return `ALT ${index} is called and is not a sequence of bases.`;
  }
  return null;
}

/** What a sample's genotype at this line means. */
export function readSample(record: RecordLine, { gt, phaseSet, oneAlleleRead }: SampleFields): Reading {
  if (!/^(\.|\d+)([/|](\.|\d+))*$/.test(gt)) return unusable(record, 'GENOTYPE_UNREADABLE', 'GT is not a genotype.');
  const copies = gt.split(/[/|]/).map((index) => (index === '.' ? null : Number(index)));
  const called = copies.filter((index) => index !== null);
  if (called.length === 0) return unusable(record, 'GENOTYPE_MISSING', 'no genotype.');
  const wrong = wrongAllele(record, called);
  if (wrong !== null) return unusable(record, 'GENOTYPE_UNREADABLE', wrong);
  if (oneAlleleRead && new Set(called).size > 1)
    return unusable(record, 'DEPTH_CONFLICT', `GT ${gt.slice(0, 20)} says two bases, the read depths say one; not used.`);
  if (called.length === 1 && called[0] === 0 && !SINGLE.has(record.position.chromosome))
    return unusable(record, 'GENOTYPE_MISSING', `only one copy was read (${gt.slice(0, 20)}), and it shows the reference.`);
  const base = (index: number | null | undefined): string =>
    index === null || index === undefined ? UNREAD : (record.alleles[index] as string);
  const phased = !gt.includes('/');
  const undocumented = undocumentedIn(record, called);
  const observation: Observation = {
    bases: copies.length === 1 ? [base(copies[0]), null] : [base(copies[0]), base(copies[1])],
    phased,
    phaseSet: phased ? phaseSet : null,
    undocumented,
  };
  return { kind: 'genotype', line: record.line, observation, notes: notesOn(record, copies.length, called, undocumented) };
}
