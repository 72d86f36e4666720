import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AvicennaError } from '../../src/errors.ts';
import type { GeneCall } from '../../src/genotypes/call.ts';
import { type Panel, SampleCaller } from '../../src/genotypes/callSample.ts';
import { type GeneDefinition, locationOf, type NamedAllele, type Position } from '../../src/genotypes/definitions.ts';
import { readVcf } from '../../src/genotypes/readVcf.ts';
import { vcfTextLines } from '../../src/genotypes/vcfLines.ts';
import { cohortVcf } from '../support/vcf.ts';
import { definitionOf, panelOf } from './calling.ts';

const GENES = ['CYP2C19', 'CYP2C9', 'DPYD', 'G6PD', 'NAT2', 'NUDT15', 'SLCO1B1', 'TPMT', 'UGT1A1', 'VKORC1'];
const PANELS = [{}, { combinations: true }, { sex: 'male' as const }].map((options) => panelOf(GENES, options));

const PLAIN = cohortVcf(
  {
    one: { rs1799853: '0/1', rs4244285: '0|1', rs12769205: '0|1', rs3758581: '1|1', rs3918290: '0/1', rs1801159: '0/1', rs3064744: '0/2' },
    two: { rs1057910: '1/1', rs4149056: '0/1', rs2306283: '0/1', rs1801280: '0/1', rs1208: '0/1', rs5030869: '1', rs9923231: '1/1' },
  },
  { genes: GENES },
);
const HEADER =
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">\n##FORMAT=<ID=PS,Number=1,Type=Integer,Description="Phase set">\n';
const RICH = PLAIN.replace('#CHROM', `${HEADER}#CHROM`)
  .replaceAll('\tGT\t', '\tGT:AD:PS\t')
  .replace(/\t(\d[|/]\d)/g, '\t$1:9,9:7');

const GENOTYPES = [
  './.',
  './0',
  './1',
  '0',
  '1',
  '0/1',
  '1|0',
  '2/2',
  '9/0',
  '0/1/1',
  '1|.',
  '',
  '/',
  '0/0:9,9',
  'a/b',
  '-1/0',
  '0|1:5,0:3',
];
const ALLELES = ['A', 'C', 'G', 'T', 'N', '*', '.', '<DEL>', 'a', 'CA', 'CAT', 'TTTT', '', 'A,C', 'T,<*>', 'C,C', 'R'];

type Change = readonly [kind: number, a: number, b: number, c: number];

function withField(line: string, column: number, value: string): string {
  const fields = line.split('\t');
  fields[column % Math.max(fields.length, 1)] = value;
  return fields.join('\t');
}

/** What a change makes of a line: one line, none, or several. */
const CHANGES: readonly ((line: string, b: number, c: number, other: string) => readonly string[])[] = [
  (line, b, c) => [line.slice(0, b % (line.length + 1)) + String.fromCharCode(c % 256) + line.slice((b % (line.length + 1)) + 1)],
  (line, b) => [
    line
      .split('\t')
      .toSpliced(b % line.split('\t').length, 1)
      .join('\t'),
  ],
  (line, b, c) => [withField(line, 9 + (b % 2), GENOTYPES[c % GENOTYPES.length] as string)],
  (line, b, c) => [line, withField(line, 9 + (b % 2), GENOTYPES[c % GENOTYPES.length] as string)],
  (line, b) => [line.slice(0, b % (line.length + 1))],
  (_line, _b, _c, other) => [other],
  (line, b, c) => [withField(line, 3 + (b % 2), ALLELES[c % ALLELES.length] as string)],
  (line, b, c) => [withField(withField(line, 3, ALLELES[b % ALLELES.length] as string), 4, ALLELES[c % ALLELES.length] as string)],
  () => [],
  (line, b) => [line.slice(b % (line.length + 1)), line],
  (line, b, c) => [withField(line, b, String.fromCharCode(c, c % 128, c % 7))],
  (line, b) => [withField(line, 8, ['GT', 'DP:GT', 'GT:GT', '', 'PS:AD:GT', 'AD'][b % 6] as string)],
];

/** A mutated file: nearly all changes are among the records, as the header is short. */
function mutated(text: string, changes: readonly Change[]): string {
  const lines = text.split('\n');
  for (const [kind, a, b, c] of changes) {
    const at = a % lines.length;
    const change = CHANGES[kind % CHANGES.length] as (typeof CHANGES)[number];
    lines.splice(at, 1, ...change(lines[at] ?? '', b, c, lines[b % lines.length] ?? ''));
  }
  return lines.join('\n');
}

/** The copies that a sample has on a line, `C/T`, sorted; null where they cannot be read. */
function copiesOn(fields: readonly string[], sample: number): string | null {
  const [chromosome = '', , , ref = '', alt = ''] = fields;
  const gt = (fields[9 + sample] ?? '').split(':')[(fields[8] ?? '').split(':').indexOf('GT')] ?? '';
  if (!/^[\d.]+([/|][\d.]+)*$/.test(gt)) return null;
  const copies = gt.split(/[/|]/).map((index) => (index === '.' ? '.' : [ref, ...alt.split(',')][Number(index)]?.toUpperCase()));
  const called = copies.filter((base) => base !== '.');
  const alone = called.length === 1 && called[0] === ref.toUpperCase() && !chromosome.endsWith('X');
  if (called.length === 0 || alone || !called.every((base) => base !== undefined && /^[ACGT]+$/.test(base))) return null;
  return copies.slice(0, 2).sort().join('/');
}

/** The fields of all records that have as many as there should be. */
function recordsOf(text: string, samples: number): string[][] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines.map((line) => line.replace(/\r$/, '').split('\t')).filter((fields) => fields.length === 9 + samples);
}

/** `10:94942290 C` -> what each line says there that can be read, found without the code under test. */
function readable(records: readonly (readonly string[])[], sample: number): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const fields of records) {
    const copies = copiesOn(fields, sample);
    const place = `${fields[0]?.replace(/^chr/, '')}:${fields[1]} ${fields[3]?.toUpperCase()}`;
    if (copies !== null) found.set(place, (found.get(place) ?? new Set()).add(copies));
  }
  return found;
}

const WOBBLES: Readonly<Record<string, string>> = {
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
const GUARDS = new Set(['DPYD', 'G6PD', 'NUDT15', 'TPMT']);

/** Whether an allele has the base at the position, by the letter of its definition. */
function fits({ alleles }: GeneDefinition, allele: NamedAllele, { position, ref }: Position, base: string): boolean {
  const reference = alleles[0]?.defining?.get(position) ?? ref;
  const cell = allele.defining?.get(position) ?? (WOBBLES[reference] ? ref : reference);
  return base === cell || (base.length === 1 && (WOBBLES[cell]?.includes(base) ?? false));
}

/** The definitions that a reported name can stand for: SLCO1B1 *45 is one of two sub-alleles. */
const allelesNamed = ({ alleles }: GeneDefinition, name: string) =>
  alleles.filter((allele) => allele.defining && (allele.name === name || allele.name.startsWith(`${name}.`)));

function explains(definition: GeneDefinition, names: readonly string[], seen: Seen): boolean {
  const [first = '', second = first] = names;
  const ok = (one: NamedAllele, two: NamedAllele) =>
    [...seen].every(([position, bases]) => {
      const [a = '', b = a] = bases;
      const suits = (x: string, y: string) => fits(definition, one, position, x) && fits(definition, two, position, y);
      return suits(a, b) || suits(b, a);
    });
  return allelesNamed(definition, first).some((one) => allelesNamed(definition, second).some((two) => ok(one, two)));
}

type Seen = ReadonlyMap<Position, readonly string[]>;

/** The bases that the call says were read; null for a position that it says was missing. */
function basesIn(call: GeneCall, position: Position): readonly string[] | null {
  const location = locationOf(position);
  const bases = call.evidence.find((one) => one.location === location)?.bases ?? null;
  if (bases !== null) return bases.split(/[/|]/);
  return call.missing.includes(location) ? null : [position.ref, position.ref];
}

/** What is wrong in what a call says was read, by the lines of the text. */
function wrongEvidence(call: GeneCall, { positions }: GeneDefinition, lines: ReturnType<typeof readable>): string[] {
  const realigned = call.warnings.some(({ code }) => code === 'REALIGNED');
  return positions.flatMap((position) => {
    const location = locationOf(position);
    const state = call.evidence.find((one) => one.location === location)?.state ?? 'REFERENCE';
    const bases = basesIn(call, position);
    const isSeen = state === 'SEEN' || state === 'REFERENCE';
    if ((bases !== null) !== isSeen || call.missing.includes(location) === isSeen) return [`${location} is ${state}, with ${bases}`];
    const there = lines.get(`${location.slice(3)} ${position.ref}`);
    const text = [...(bases ?? [])].sort().join('/');
    return bases === null || realigned || there?.has(text) ? [] : [`${location} was read as ${text}, the file has ${[...(there ?? [])]}`];
  });
}

/** Diplotypes that do not explain what was read, position by position. */
function wrongPairs(call: GeneCall, definition: GeneDefinition, combinations: boolean): string[] {
  // DPYD names what is on a copy in its own way (geneRules.test.ts).
  if (call.gene === 'DPYD') return [];
  const asReference = GUARDS.has(call.gene) && !combinations;
  const seen: Seen = new Map(
    definition.positions.flatMap((position) => {
      const bases = basesIn(call, position);
      const usable = (base: string) => (asReference && base !== '.' && !position.alts.includes(base) ? position.ref : base);
      return bases === null ? [] : [[position, bases.map(usable)] as const];
    }),
  );
  // Where some genotypes have one copy and others two, combinations make up the second (a fault: see geneRules.test.ts).
  if (combinations && new Set([...seen.values()].map((bases) => bases.length)).size > 1) return [];
  return call.diplotypes
    .map(({ alleles }) => alleles)
    .filter((alleles) => alleles.every((name) => allelesNamed(definition, name).length > 0))
    .filter((alleles) => !explains(definition, alleles, seen))
    .map((alleles) => `${call.gene} ${alleles.join('/')} does not explain the bases read`);
}

/** How many genes of a mutated file were called, all of them checked; null where the file was refused. */
async function survived(text: string, panel: Panel): Promise<number | null> {
  try {
    const readings = await readVcf(vcfTextLines(text), panel.positions, 'fuzz.vcf');
    const caller = new SampleCaller(panel, readings);
    let called = 0;
    const records = recordsOf(text, readings.samples.length);
    const wrong = readings.samples.flatMap((_, number) => {
      const lines = readable(records, number);
      return caller.call(number).flatMap((call) => {
        if (call.status === 'NOT_TESTED') return [];
        called += call.status === 'CALLED' ? 1 : 0;
        const definition = definitionOf(call.gene);
        return [...wrongEvidence(call, definition, lines), ...wrongPairs(call, definition, panel.options.combinations ?? false)];
      });
    });
    expect(wrong).toEqual([]);
    return called;
  } catch (error) {
    if (error instanceof AvicennaError && error.code === 'VCF_INVALID') return null;
    throw error;
  }
}

const change = fc.tuple(fc.nat(CHANGES.length - 1), fc.nat(9999), fc.nat(9999), fc.nat(9999));

describe('a damaged VCF', () => {
  it('is refused as VCF_INVALID or called from what can be read of it, and from nothing else', async () => {
    const called: (number | null)[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 25 }),
        fc.boolean(),
        fc.nat(PANELS.length - 1),
        async (changes, rich, panel) => {
          called.push(await survived(mutated(rich ? RICH : PLAIN, changes), PANELS[panel] as Panel));
        },
      ),
      { numRuns: process.env['LONG'] ? 10_000 : 1_000 },
    );
    // Files that are all refused, or genes that are never called, would prove nothing.
    const files = called.filter((count) => count !== null);
    expect(files.length / called.length).toBeGreaterThan(0.5);
    expect(files.reduce((sum, count) => sum + count, 0) / files.length).toBeGreaterThan(5);
  }, 1_800_000);

  it('undamaged is called as it stands', async () => {
    for (const text of [PLAIN, RICH]) for (const panel of PANELS) expect(await survived(text, panel)).toBeGreaterThan(12);
  });
});
