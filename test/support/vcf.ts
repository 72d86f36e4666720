/** Small synthetic VCFs of whole genes; a position that is not set is homozygous reference. */
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';

const { variants } = readShippedKnowledge('graph-seed');
const CHROMOSOMES = ['chr1', 'chr2', 'chr4', 'chr6', 'chr7', 'chr8', 'chr10', 'chr12', 'chr13', 'chr16', 'chr19', 'chr22', 'chrX'];
const COLUMNS = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT'];

function linesOf(genes: readonly string[]) {
  return variants
    .filter(({ gene }) => genes.includes(gene))
    .sort((a, b) => CHROMOSOMES.indexOf(a.chromosome) - CHROMOSOMES.indexOf(b.chromosome) || a.position - b.position);
}

/** A VCF of several samples: name -> genotypes by rsid. */
export function cohortVcf(
  samples: Readonly<Record<string, Readonly<Record<string, string>>>>,
  { genes = ['CYP2C9', 'VKORC1'], without = [] }: { readonly genes?: readonly string[]; readonly without?: readonly string[] } = {},
): string {
  const names = Object.keys(samples);
  const header = [
    '##fileformat=VCFv4.3',
    '##reference=GRCh38',
    '##source=synthetic',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    [...COLUMNS, ...names].join('\t'),
  ];
  const records = linesOf(genes)
    .filter(({ rsid }) => !without.includes(rsid))
    .map(({ rsid, chromosome, position, ref, alt }) =>
      [
        chromosome,
        position,
        rsid,
        ref,
        alt.replaceAll(';', ','),
        '.',
        'PASS',
        '.',
        'GT',
        ...names.map((name) => samples[name]?.[rsid] ?? '0/0'),
      ].join('\t'),
    );
  return `${[...header, ...records].join('\n')}\n`;
}

/** A VCF of one sample, S1. */
export function vcf(genotypes: Readonly<Record<string, string>>, without: readonly string[] = [], genes?: readonly string[]): string {
  return cohortVcf({ S1: genotypes }, { without, ...(genes ? { genes } : {}) });
}
