/**
 * Which exon a residue lies in, for the genes whose exons name drugs' indications. RefSeq Select transcripts: EGFR NM_005228,
 * KIT NM_000222; first and last residue of the exon. Reports that give the exon need none of this.
 */
const EXONS: Readonly<Record<string, readonly (readonly [exon: number, first: number, last: number])[]>> = {
  EGFR: [
    [18, 688, 728],
    [19, 729, 761],
    [20, 762, 823],
    [21, 824, 875],
  ],
  KIT: [
    [9, 449, 513],
    [11, 550, 591],
    [13, 627, 663],
    [17, 788, 828],
  ],
};

/** Null where it is not known here. */
export function exonOfResidue(gene: string, residue: number): number | null {
  return EXONS[gene]?.find(([, first, last]) => residue >= first && residue <= last)?.[0] ?? null;
}

/** Whether the table knows the exon: a residue elsewhere in the gene is then known not to lie in it. */
export const knowsExon = (gene: string, exon: number) => EXONS[gene]?.some(([known]) => known === exon) ?? false;
