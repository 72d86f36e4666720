/** A small synthetic VCF with the three looked-up positions; a position that is not set is homozygous reference. */
const LINES = {
  rs1799853: ['chr10', '94942290', 'C', 'T'],
  rs1057910: ['chr10', '94981296', 'A', 'C'],
  rs9923231: ['chr16', '31096368', 'C', 'T'],
} as const;

export type LookedUp = keyof typeof LINES;

export function vcf(genotypes: Partial<Record<LookedUp, string>>, without: readonly string[] = []): string {
  const header = [
    '##fileformat=VCFv4.3',
    '##reference=GRCh38',
    '##source=synthetic',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1',
  ];
  const records = Object.entries(LINES)
    .filter(([rsid]) => !without.includes(rsid))
    .map(([rsid, [chromosome, position, ref, alt]]) =>
      [chromosome, position, rsid, ref, alt, '.', 'PASS', '.', 'GT', genotypes[rsid as LookedUp] ?? '0/0'].join('\t'),
    );
  return `${[...header, ...records].join('\n')}\n`;
}
