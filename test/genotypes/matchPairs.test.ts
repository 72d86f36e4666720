import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callGene, prepareGene } from '../../src/genotypes/callGene.ts';
import { compileGene } from '../../src/genotypes/compiledGene.ts';
import type { GeneDefinition, NamedAllele, Position } from '../../src/genotypes/definitions.ts';
import { matchPairs } from '../../src/genotypes/matchPairs.ts';
import type { Observation, Reading } from '../../src/genotypes/observation.ts';
import { strandsOf } from '../../src/genotypes/strands.ts';
import { namesOf } from './calling.ts';

/** IUPAC-IUB 1970, written out again: the oracle shares nothing with the code under test. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  R: 'AG',
  Y: 'CT',
  S: 'CG',
  W: 'AT',
  K: 'GT',
  M: 'AC',
  B: 'CGT',
  D: 'AGT',
  H: 'ACT',
  V: 'ACG',
  N: 'ACGT',
};

interface Sample {
  readonly definition: GeneDefinition;
  readonly observations: readonly (Observation | null)[];
}

type Copy = readonly (string | null)[];

const suits = (base: string | null, cell: string) =>
  base === cell || (STANDS_FOR[cell] !== undefined && base?.length === 1 && STANDS_FOR[cell].includes(base));

/** Definitions without the positions that were not read; blank cells filled from the reference allele. */
function presentAlleles({ positions, alleles }: GeneDefinition, present: readonly number[]) {
  const own = (allele: NamedAllele, index: number) => allele.defining?.get(positions[index]?.position ?? 0);
  return alleles.flatMap((allele, place) => {
    const defined = present.filter((index) => place === 0 || own(allele, index) !== undefined);
    if (defined.length === 0) return [];
    const cells = present.map((index) => {
      const fromReference = own(alleles[0] as NamedAllele, index) ?? positions[index]?.ref ?? '';
      const blank = STANDS_FOR[fromReference] === undefined || place === 0 ? fromReference : (positions[index]?.ref ?? '');
      return own(allele, index) ?? blank;
    });
    return [{ name: allele.name, cells, defined: defined.map((index) => present.indexOf(index)) }];
  });
}

/** Every way in which the bases can lie on the copies, one sequence and its complement at a time. */
function allWays(present: readonly Observation[]): [Copy, Copy][] {
  const group = ({ phased, phaseSet }: Observation, index: number) => (phased ? `set ${phaseSet}` : `alone ${index}`);
  const groups = [...new Set(present.map(group))];
  const ways: [Copy, Copy][] = [];
  for (let way = 0; way < 2 ** groups.length; way += 1) {
    const side = (observation: Observation, index: number) => ((way >> groups.indexOf(group(observation, index))) & 1) as 0 | 1;
    ways.push([
      present.map((one, index) => one.bases[side(one, index)]),
      present.map((one, index) => one.bases[side(one, index) === 0 ? 1 : 0]),
    ]);
  }
  return ways;
}

/** PharmCAT, Named Allele Matcher 101: enumerate the sequences, match every allele with each, pair complements, score. */
function enumerated({ definition, observations }: Sample): string[] {
  const present = observations.flatMap((one, index) => (one ? [index] : []));
  if (present.length === 0) return [];
  const seen = present.map((index) => observations[index] as Observation);
  const haploid = seen.every(({ bases }) => bases[1] === null);
  const refs = present.map((index) => definition.positions[index]?.ref);
  const ways: [Copy, Copy][] = haploid ? [[seen.map(({ bases }) => bases[0]), seen.map(({ bases }) => bases[0])]] : allWays(seen);
  const alleles = presentAlleles(definition, present);
  const fits = (cells: readonly string[], copy: Copy) => cells.every((cell, index) => suits(copy[index] ?? null, cell));
  const matched = alleles.flatMap(({ name, cells, defined }) => {
    const sequences = ways.flat().filter((copy) => fits(cells, copy));
    const counts = (index: number) => STANDS_FOR[cells[index] ?? ''] === undefined || sequences.some((copy) => copy[index] !== refs[index]);
    return sequences.length === 0 ? [] : [{ name, cells, score: defined.filter(counts).length }];
  });
  if (haploid && matched.length === 1) return [`${matched[0]?.name} ${matched[0]?.score}`];
  const pairs = new Set<string>();
  for (const [first, second] of ways)
    for (const one of matched)
      for (const two of matched)
        if (fits(one.cells, first) && fits(two.cells, second))
          pairs.add(`${[one.name, two.name].sort().join('/')} ${one.score + two.score}`);
  return [...pairs].sort();
}

function found({ definition, observations }: Sample): string[] {
  return matchPairs(compileGene(definition), strandsOf(observations))
    .map(({ alleles, score }) => `${[...alleles].sort().join('/')} ${score}`)
    .sort();
}

const MODES = ['unphased', 'phased', 'mixed', 'sets', 'haploid'] as const;
type Mode = (typeof MODES)[number];

interface Raw {
  readonly positions: readonly { readonly ref: number; readonly long: boolean }[];
  readonly cells: readonly (readonly number[])[];
  readonly copies: readonly (readonly number[])[];
  readonly mode: Mode;
}

const BASES = 'ACGT';
/** At a position with the bases REF, ALT1, ALT2 and a fourth that nothing documents. */
const basesAt = (ref: number, long: boolean) =>
  [0, 1, 2, 3].map((step) => (long && step === 2 ? `${BASES[ref]}TA` : (BASES[(ref + step) % 4] as string)));

/** 0-5 leaves the cell open; the rest are REF, an ALT or a wobble. */
function cellOf(bases: readonly string[], choice: number): string | null {
  if (choice < 6) return null;
  if (choice < 12) return bases[choice % 3] as string;
  const codes = Object.keys(STANDS_FOR);
  return codes[choice % codes.length] as string;
}

function definitionFrom({ positions, cells }: Raw): GeneDefinition {
  const at = positions.map(({ ref, long }, index): Position & { bases: readonly string[] } => {
    const bases = basesAt(ref, long);
    return {
      rsid: `rs${index + 1}`,
      chromosome: 'chr1',
      position: 100 + index,
      ref: bases[0] as string,
      alts: bases.slice(1, 3),
      hgvs: [],
      bases,
    };
  });
  const alleles = cells.map((choices, allele): NamedAllele => {
    // The reference allele mostly has no cells of its own; it may have a wobble.
    const own = at.flatMap(({ bases, position }, index) => {
      const choice = choices[index] ?? 0;
      const cell = allele > 0 || choice > 17 ? cellOf(bases, choice) : null;
      return cell === null ? [] : [[position, cell] as const];
    });
    return { name: `*${allele + 1}`, function: null, activity: null, key: null, defining: new Map(own) };
  });
  return { gene: 'ANY', positions: at, markers: [], alleles, rules: [] };
}

/** Bases of a copy: mostly those of one allele, so that pairs are found; sometimes any base, sometimes nothing. */
function baseFrom(definition: GeneDefinition, index: number, choices: readonly number[], noise: number): string {
  const { ref, alts, position } = definition.positions[index] as Position;
  const allele = definition.alleles[(choices[6] ?? 0) % definition.alleles.length] as NamedAllele;
  const cell = allele.defining?.get(position) ?? definition.alleles[0]?.defining?.get(position) ?? ref;
  const wobble = STANDS_FOR[cell];
  if (noise === 0)
    return [ref, ...alts, 'ACGT'.replaceAll(new RegExp(`[${ref}${alts.join('')}]`, 'g'), '')[0] ?? ref][
      (choices[index] ?? 0) % 4
    ] as string;
  return wobble === undefined ? cell : (wobble[(choices[index] ?? 0) % wobble.length] as string);
}

function phasingOf(mode: Mode, choice: number): Pick<Observation, 'phased' | 'phaseSet'> {
  const phased = mode === 'phased' || mode === 'haploid' || (mode !== 'unphased' && choice % 3 > 0);
  return { phased, phaseSet: phased && mode === 'sets' ? (['7', '8', null][choice % 5] ?? null) : null };
}

function sampleFrom(raw: Raw): Sample {
  const definition = definitionFrom(raw);
  const [one = [], two = [], noise = []] = raw.copies;
  const observations = definition.positions.map((_, index): Observation | null => {
    const chance = noise[index] ?? 0;
    if (chance % 8 === 1) return null;
    const [first, second] = [one, two].map((choices) => baseFrom(definition, index, choices, chance % 9)) as [string, string];
    return { bases: [first, raw.mode === 'haploid' ? null : second], ...phasingOf(raw.mode, chance), undocumented: [] };
  });
  return { definition, observations };
}

const choices = fc.array(fc.nat(23), { minLength: 7, maxLength: 7 });
const anySample = fc
  .record<Raw>({
    positions: fc.array(fc.record({ ref: fc.nat(3), long: fc.boolean() }), { minLength: 2, maxLength: 6 }),
    cells: fc.array(choices, { minLength: 2, maxLength: 6 }),
    copies: fc.array(fc.array(fc.nat(1000), { minLength: 7, maxLength: 7 }), { minLength: 3, maxLength: 3 }),
    mode: fc.constantFrom(...MODES),
  })
  .map(sampleFrom);

describe('matchPairs', () => {
  it('finds the pairs and scores that writing out every sequence finds', () => {
    let withPairs = 0;
    let runs = 0;
    fc.assert(
      fc.property(anySample, (sample) => {
        const expected = enumerated(sample);
        runs += 1;
        withPairs += expected.length > 0 ? 1 : 0;
        expect(found(sample)).toEqual(expected);
      }),
      { numRuns: process.env['LONG'] ? 50_000 : 4_000 },
    );
    // Samples that fit nothing would agree by themselves.
    expect(withPairs / runs).toBeGreaterThan(0.4);
  });

  const position = (index: number): Position => ({
    rsid: `rs${index}`,
    chromosome: 'chr1',
    position: 1000 + index,
    ref: 'A',
    alts: ['G'],
    hgvs: [`g.${1000 + index}A>G`],
  });
  const allele = (name: string, places: readonly number[]): NamedAllele => ({
    name,
    function: null,
    activity: null,
    key: null,
    defining: new Map(places.map((place) => [1000 + place, 'G'])),
  });
  const forty = Array.from({ length: 40 }, (_, index) => index);
  const gene = (alleles: readonly NamedAllele[]): GeneDefinition => ({
    gene: 'FORTY',
    positions: forty.map(position),
    markers: [],
    alleles,
    rules: [],
  });
  const heterozygous = (line: number): Reading => ({
    kind: 'genotype',
    line,
    notes: [],
    observation: { bases: ['A', 'G'], phased: false, phaseSet: null, undocumented: [] },
  });
  const EVEN = allele(
    '*2',
    forty.filter((index) => index % 2 === 0),
  );
  const ODD = allele(
    '*3',
    forty.filter((index) => index % 2 === 1),
  );
  const EACH = forty.map((index) => allele(`*${index + 10}`, [index]));

  it('answers 40 unphased heterozygous positions, which 2^40 sequences would explain', () => {
    const call = callGene(prepareGene(gene([allele('*1', []), EVEN, ODD, ...EACH])), forty.map(heterozygous));
    expect([namesOf(call), namesOf({ diplotypes: call.alsoFit })]).toEqual([['*2/*3'], []]);
    expect(call.warnings.map(({ code }) => code)).toEqual(['PHASE_ASSUMED']);
  });

  it('prefers the reference beside an allele of all 40 positions, and still names the other pair', () => {
    const call = callGene(prepareGene(gene([allele('*1', []), EVEN, ODD, allele('*4', forty), ...EACH])), forty.map(heterozygous));
    expect([namesOf(call), namesOf({ diplotypes: call.alsoFit })]).toEqual([['*1/*4'], ['*2/*3']]);
  });

  it('names no pair for 40 positions where one allele is a position short', () => {
    const call = callGene(prepareGene(gene([allele('*1', []), EVEN, allele('*3', [1, 3, 5]), ...EACH])), forty.map(heterozygous));
    expect([call.status, call.diplotypes]).toEqual(['NO_CALL', []]);
  });
});
