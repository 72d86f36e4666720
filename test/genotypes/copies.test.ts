import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GeneCall } from '../../src/genotypes/call.ts';
import { vcf } from '../support/vcf.ts';
import { cohortCalls, definitionOf, panelOf } from './calling.ts';

const GENES = ['CYP2C19', 'CYP2C9', 'CYP3A5', 'DPYD', 'NAT2', 'NUDT15', 'RYR1', 'SLCO1B1', 'TPMT', 'UGT1A1'];
const PANELS = new Map(
  GENES.flatMap((gene) => [false, true].map((combinations) => [`${gene} ${combinations}`, panelOf([gene], { combinations })])),
);

/** A few genotypes of a gene: half of them at the positions of one of its alleles, so that pairs are found. */
const someGenotypes = fc.constantFrom(...GENES).chain((gene) => {
  const { positions, alleles } = definitionOf(gene);
  const rsidOf = new Map(positions.map(({ position, rsid }) => [position, rsid]));
  const own = alleles
    .slice(1)
    .map(({ defining }) => [...(defining?.keys() ?? [])].slice(0, 4).map((position) => rsidOf.get(position) ?? ''));
  const genotype = fc.constantFrom('0/1', '1/1', '0|1', '1|0', '1|1', '0|1:1', '1|0:1', '0|1:2', '1|0:2', './.', './1', '0/0');
  const rsids = fc.oneof(fc.constantFrom(...own.filter(({ length }) => length > 0)), fc.subarray([...rsidOf.values()], { maxLength: 3 }));
  const assigned = rsids.chain((names) => fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), genotype))));
  return fc.record({
    gene: fc.constant(gene),
    combinations: fc.boolean(),
    genotypes: fc.array(assigned, { minLength: 1, maxLength: 3 }).map((lists) => lists.flat()),
  });
});

type Genotypes = readonly (readonly [string, string])[];

async function called(gene: string, combinations: boolean, genotypes: Genotypes): Promise<GeneCall> {
  const text = vcf(Object.fromEntries(genotypes), [], [gene]).replaceAll('\tGT\t', '\tGT:PS\t');
  const panel = PANELS.get(`${gene} ${combinations}`);
  const [calls] = panel ? (await cohortCalls(text, panel)).values() : [];
  return calls?.get(gene) as GeneCall;
}

const sorted = (names: readonly (readonly string[])[]) => names.map((alleles) => [...alleles].sort().join('/')).sort();

/** All of a call but the order of several answers, which combinations give as they find them. */
const essence = ({ status, phased, diplotypes, variants, lookup, alsoFit, missing, warnings }: GeneCall) => ({
  status,
  phased,
  diplotypes: sorted(diplotypes.map(({ alleles }) => alleles)),
  variants,
  lookup: lookup.map(({ alleles, ...meaning }) => JSON.stringify([[...alleles].sort(), meaning])).sort(),
  alsoFit: sorted(alsoFit.map(({ alleles }) => alleles)),
  missing,
  codes: warnings.map(({ code }) => code).sort(),
});

const swap = (genotype: string) => genotype.replace(/^(.)([/|])(.)/, '$3$2$1');

describe('a call', () => {
  const numRuns = process.env['LONG'] ? 5_000 : 400;

  it('is the same where all copies are written the other way round', async () => {
    await fc.assert(
      fc.asyncProperty(someGenotypes, async ({ gene, combinations, genotypes }) => {
        const turned = genotypes.map(([rsid, genotype]) => [rsid, swap(genotype)] as const);
        expect(essence(await called(gene, combinations, turned))).toEqual(essence(await called(gene, combinations, genotypes)));
      }),
      { numRuns },
    );
  });

  it('is the same where one phase set, or one unphased genotype, is written the other way round', async () => {
    await fc.assert(
      fc.asyncProperty(
        someGenotypes,
        fc.constantFrom('/', ':1', ':2'),
        fc.nat(9),
        async ({ gene, combinations, genotypes }, part, place) => {
          const turned = genotypes.map(([rsid, genotype], index) => {
            const isPart = genotype.includes(part) && (part !== '/' || index === place % genotypes.length);
            return [rsid, isPart ? swap(genotype) : genotype] as const;
          });
          // A position that is named twice has the last of its genotypes.
          fc.pre(new Set(genotypes.map(([rsid]) => rsid)).size === genotypes.length);
          expect(essence(await called(gene, combinations, turned))).toEqual(essence(await called(gene, combinations, genotypes)));
        },
      ),
      { numRuns },
    );
  });
});
