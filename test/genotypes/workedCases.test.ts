/** The worked cases that lie beside the project (not in it): calls that PharmCAT 3.1.1 made of the same files. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { compareAlleles, diplotypeOf } from '../../src/genotypes/alleleNames.ts';
import { diplotypeName, type GeneCall } from '../../src/genotypes/call.ts';
import { type Panel, preparePanel, SampleCaller, withStated } from '../../src/genotypes/callSample.ts';
import { readDefinitionFile } from '../../src/genotypes/definitionFile.ts';
import { joinStated, readOutsideLine, statedCall } from '../../src/genotypes/outsideCalls.ts';
import { readVcf } from '../../src/genotypes/readVcf.ts';
import { vcfFileLines } from '../../src/genotypes/vcfLines.ts';
import { cohortCalls, knowledge, panelOf } from './calling.ts';

const FOLDER = '../shared/pgx/examples';
const there = existsSync(join(FOLDER, 'cases.json'));
const read = <T>(name: string, none: T): T => (there ? (JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as T) : none);

interface Lookup {
  readonly haplotypes: readonly string[];
  readonly phenotypes: readonly string[];
  readonly activity_score: string | null;
}

interface Observed {
  readonly source_diplotypes?: readonly string[];
  readonly top_diplotypes?: readonly string[];
  readonly effectively_phased?: boolean;
  readonly matcher?: { readonly haplotype_matches: readonly string[]; readonly n_missing: number };
  readonly phenotypes?: readonly string[];
  readonly activity_scores?: readonly string[];
  readonly lookup?: readonly Lookup[];
  readonly call_source?: 'MATCHER' | 'OUTSIDE';
}

interface Case {
  readonly id: string;
  readonly vcf: string;
  readonly tier: 'A' | 'B' | 'C' | 'X';
  readonly definitions: string;
  readonly exemptions?: boolean;
  readonly options: { readonly combinations: boolean; readonly call_cyp2d6: boolean };
  readonly outside_calls?: readonly string[];
  readonly expect: Readonly<Record<string, { readonly called_by_matcher?: boolean; readonly observed?: Observed }>>;
}

interface PanelCase {
  readonly id: string;
  readonly vcf: string;
  readonly sample: string;
  readonly sex: 'male' | 'female';
  readonly genes: Readonly<
    Record<
      string,
      {
        readonly diplotypes: readonly string[];
        readonly haplotype_matches: readonly string[];
        readonly n_missing: number;
        readonly effectively_phased: boolean;
        readonly lookup?: readonly Lookup[];
      }
    >
  >;
}

const NOTHING_SAID = new Set(['n/a', 'No Result', '']);
const said = (terms: readonly (string | null)[]) => [...new Set(terms.filter((term) => term !== null && !NOTHING_SAID.has(term)))].sort();

/** `Reference/c.1A>G` for `c.1A>G (heterozygous)`; both alleles in the order of this project. */
function inFull(gene: string, name: string): string {
  const reference = knowledge.definitionByGene.get(gene)?.alleles[0]?.name ?? '';
  const [, allele = '', kind = ''] = /^(.*) \((heterozygous|homozygous)\)$/.exec(name) ?? [];
  if (allele !== '') return diplotypeOf([kind === 'homozygous' ? allele : reference, allele]);
  return diplotypeOf(name.split('/'));
}

const CALLED_NOTHING = 'Unknown/Unknown';

/** What was observed, in the shape of `summary`; a gene of which nothing was read has no phase and misses nothing. */
function expected({ gene, status }: GeneCall, { matcher, ...observed }: Observed) {
  const untested = status === 'NOT_TESTED';
  const names = observed.source_diplotypes ?? observed.top_diplotypes ?? [];
  const listed = (matcher?.haplotype_matches ?? []).length > 0;
  // The report lists variants among the diplotypes, each once.
  const inPairs = listed && observed.source_diplotypes ? [] : names;
  return {
    diplotypes: inPairs
      .filter((name) => name !== CALLED_NOTHING)
      .map((name) => inFull(gene, name))
      .sort(),
    variants: [...(matcher?.haplotype_matches ?? [])].sort(),
    ...(observed.phenotypes ? { phenotypes: said(observed.phenotypes) } : {}),
    ...(observed.activity_scores ? { activityScores: said(observed.activity_scores) } : {}),
    ...(observed.lookup
      ? {
          lookup: observed.lookup
            .map(({ haplotypes }) => (haplotypes.includes('Unknown') ? '' : diplotypeOf(haplotypes)))
            .filter(Boolean)
            .sort(),
        }
      : {}),
    ...(!untested && observed.call_source === 'MATCHER' && observed.effectively_phased !== undefined
      ? { phased: observed.effectively_phased }
      : {}),
    ...(matcher && !untested ? { missing: matcher.n_missing } : {}),
  };
}

function summary({ diplotypes, variants, lookup, phased, missing }: GeneCall) {
  return {
    diplotypes: diplotypes.map((one) => (one.alleles.length > 0 ? diplotypeOf(one.alleles) : diplotypeName(one))).sort(),
    variants: [...variants].sort(),
    phenotypes: said(lookup.map(({ phenotype }) => phenotype)),
    activityScores: said(lookup.map(({ activityScore }) => activityScore)),
    lookup: lookup
      .map(({ alleles }) => [...alleles].sort(compareAlleles).join('/'))
      .filter(Boolean)
      .sort(),
    phased,
    missing: missing.length,
  };
}

function panelFor({ definitions, options: { combinations, call_cyp2d6 } }: Case): Panel {
  const options = { combinations, research: call_cyp2d6 ? ['CYP2D6'] : [] };
  if (definitions === 'default') return panelOf(null, options);
  const text = readFileSync(join(FOLDER, definitions), 'utf8');
  return preparePanel([readDefinitionFile(text, (gene) => knowledge.definitionByGene.get(gene), definitions)], {
    ...options,
    publishedRules: false,
  });
}

function statedIn(files: readonly string[], { definitions }: Panel): Map<string, GeneCall> {
  const found = new Map<string, GeneCall[]>();
  for (const line of files.flatMap((file) => readFileSync(join(FOLDER, file), 'utf8').split(/\r?\n/))) {
    const outside = readOutsideLine(line);
    const definition = definitions.find(({ gene }) => outside && 'gene' in outside && gene === outside.gene);
    if (!outside || 'problem' in outside || !definition) continue;
    const answer = statedCall(definition, outside);
    if ('call' in answer) found.set(outside.gene, [...(found.get(outside.gene) ?? []), answer.call]);
  }
  return new Map([...found].map(([gene, calls]) => [gene, joinStated(calls)]));
}

async function called(one: Case): Promise<Map<string, GeneCall>> {
  const panel = panelFor(one);
  const readings = await readVcf(vcfFileLines(join(FOLDER, one.vcf)), panel.positions, one.vcf);
  const calls = withStated(new SampleCaller(panel, readings).call(0), statedIn(one.outside_calls ?? [], panel));
  return new Map(calls.map((call) => [call.gene, call]));
}

const described = there ? describe : describe.skip;
const why = there ? '' : ` (skipped: ${FOLDER} is not there)`;

/** Without exemptions the published rules of the default definitions do not hold, which nothing here offers. */
const usable = ({ tier, exemptions, definitions }: Case) => tier !== 'X' && !(exemptions === false && definitions === 'default');
const cases = read<{ cases: Case[] }>('cases.json', { cases: [] }).cases;
const panelCases = read<{ cases: PanelCase[] }>('panel_cases.json', { cases: [] }).cases;

described(`the worked cases${why}`, () => {
  it('are all used, but for those of tier C that switch the published rules off', () => {
    const left = cases.filter((one) => !usable(one));
    expect(cases.length - left.length).toBeGreaterThanOrEqual(80);
    expect(left.filter(({ tier }) => tier !== 'C')).toEqual([]);
  });

  for (const one of cases.filter(usable)) {
    it(one.id, async () => {
      const calls = await called(one);
      for (const [gene, { observed, called_by_matcher }] of Object.entries(one.expect)) {
        const call = calls.get(gene) as GeneCall;
        if (observed) expect({ gene, ...summary(call) }).toMatchObject({ gene, ...expected(call, observed) });
        else expect([gene, call.status === 'CALLED']).toEqual([gene, called_by_matcher]);
      }
    });
  }
});

described(`the worked panels${why}`, () => {
  const files = [...new Set(panelCases.map(({ vcf }) => vcf))];
  const asObserved = ({ lookup = [], ...one }: PanelCase['genes'][string]): Observed => ({
    top_diplotypes: one.diplotypes,
    effectively_phased: one.effectively_phased,
    call_source: 'MATCHER',
    matcher: one,
    phenotypes: lookup.flatMap(({ phenotypes }) => phenotypes),
    activity_scores: lookup.flatMap(({ activity_score }) => activity_score ?? []),
    lookup,
  });

  for (const file of files) {
    it(`${file} gives every gene of every sample as observed`, async () => {
      const calls = await cohortCalls(readFileSync(join(FOLDER, file), 'utf8'), panelOf());
      for (const { sample, genes } of panelCases.filter(({ vcf }) => vcf === file)) {
        for (const [gene, observed] of Object.entries(genes)) {
          const call = calls.get(sample)?.get(gene) as GeneCall;
          expect({ sample, gene, ...summary(call) }).toMatchObject({ sample, gene, ...expected(call, asObserved(observed)) });
        }
      }
    });
  }

  it('are the same for males where their sex is told', async () => {
    const [plain, told] = [panelOf(['G6PD']), panelOf(['G6PD'], { sex: 'male' })];
    for (const file of files) {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const [before, after] = [await cohortCalls(text, plain), await cohortCalls(text, told)];
      for (const { sample } of panelCases.filter(({ sex, vcf }) => sex === 'male' && vcf === file))
        expect(after.get(sample)).toEqual(before.get(sample));
    }
  });
});
