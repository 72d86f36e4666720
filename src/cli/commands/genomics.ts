/** From a VCF to diplotypes, phenotypes, guidance and polygenic scores. */
import { type Command, Option } from 'commander';
import { collect, researchGene, serverUrl, share, threadCount } from '../values.ts';
import { DATA_OPTION, example, JSON_OPTION } from './command.ts';

function addGenotype(program: Command): void {
  example(
    program
      .command('genotype <file>')
      .description('diplotypes, phenotypes and guidance from a VCF on GRCh38, plain or gzip, one sample or many')
      .option('--sample <name>', 'only this sample; may be repeated', collect, [] as string[])
      .option(
        '--outside-calls <file>',
        'stated results, gene<TAB>diplotype<TAB>phenotype<TAB>score, win over the VCF; may be repeated',
        collect,
        [] as string[],
      )
      .addOption(new Option('--sex <sex>', 'a male has one X chromosome').choices(['male', 'female'] as const))
      .option('--combinations', 'where no pair of named alleles fits, name combinations and lone variants (research)')
      .option(
        '--research <gene>',
        'cyp2d6: call it from single variants, without copy number (research); may be repeated',
        researchGene,
        [] as string[],
      )
      .option('--definitions <file>', "a gene's allele definitions of your own, in PharmCAT's JSON format")
      .option('--recommend', 'with the recommendations for what was called')
      .option('--output <file>', 'the JSON Lines go there')
      .option('--resume', 'go on after the whole lines that --output already has')
      .option('--threads <number>', 'worker threads for a cohort, where memory allows; by default none', threadCount)
      .option(...JSON_OPTION)
      .action(async (file, options) => (await import('../genotype.ts')).genotype(file, options)),
    'avicenna genotype graph-seed/demo-patients/01-warfarin-sensitive.vcf --recommend',
  );
}

function addPhenotype(program: Command): void {
  example(
    program
      .command('phenotype [gene] [diplotype]')
      .description('phenotype, activity score and lookup key of a diplotype; without arguments reads gene<TAB>diplotype lines')
      .option(...JSON_OPTION)
      .action(async (gene, diplotype, options) => (await import('../phenotype.ts')).phenotype(gene, diplotype, options)),
    'avicenna phenotype CYP2C9 "*1/*3"',
  );
}

function addRecommend(program: Command): void {
  example(
    program
      .command('recommend')
      .description('guidance; without --patient reads JSON Lines {"lookup":{"CYP2D6":"0.0"},"drug":"codeine"}')
      .option('--drug <name>', 'only this drug')
      .option('--patient <id>', 'identifier or global id of a patient')
      .option('--url <url>', 'go through a running server', serverUrl)
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../recommend.ts')).recommendCommand(options)),
    'echo \'{"lookup":{"CYP2D6":"0.0"},"drug":"codeine"}\' | avicenna recommend --json',
  );
}

function addPolygenic(program: Command): void {
  example(
    program
      .command('polygenic')
      .description('a polygenic score for each sample of a VCF on GRCh38, by a scoring file of the PGS Catalog')
      .requiredOption('--vcf <file>', 'plain or gzip, one sample or many')
      .requiredOption('--score <file>', 'scoring file harmonised to GRCh38, plain or gzip')
      .option('--min-coverage <share>', "share of the score's variants that a sample needs, 0 to 1", share, 0.75)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../polygenic.ts')).polygenic(options)),
    'avicenna polygenic --vcf cohort.vcf.gz --score PGS000001_hmPOS_GRCh38.txt.gz --json',
  );
}

export function addGenomics(program: Command): void {
  for (const add of [addGenotype, addPhenotype, addRecommend, addPolygenic]) add(program);
}
