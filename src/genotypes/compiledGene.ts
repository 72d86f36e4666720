/** A gene's definition prepared for matching: for every position and base, the alleles that the base fits, as bits. */
import { fulfils, type GeneDefinition, isWobble, type NamedAllele, type Position } from './definitions.ts';

/** One bit per allele, 32 to a word. */
export type AlleleSet = Uint32Array;

export interface DefinedAllele extends NamedAllele {
  readonly defining: ReadonlyMap<number, string>;
}

export interface CompiledGene {
  readonly gene: string;
  readonly positions: readonly Position[];
  /** Alleles that a VCF can show, the reference first. */
  readonly alleles: readonly DefinedAllele[];
  readonly indexOf: ReadonlyMap<number, number>;
  /** Alleles with a cell of their own at a position (the reference has one at every position). */
  readonly definedAt: readonly AlleleSet[];
  /** Alleles whose cell at this position, taken from the reference where they have none, the base fulfils. */
  fitting(position: number, base: string | null): AlleleSet;
}

export function emptySet(size: number): AlleleSet {
  return new Uint32Array((size + 31) >>> 5);
}

export function addTo(set: AlleleSet, member: number): void {
  const word = member >>> 5;
  set[word] = ((set[word] as number) | (1 << (member & 31))) >>> 0;
}

export function has(set: AlleleSet, member: number): boolean {
  return (((set[member >>> 5] as number) >>> (member & 31)) & 1) === 1;
}

export function keepOnly(set: AlleleSet, other: AlleleSet): void {
  for (let word = 0; word < set.length; word += 1) set[word] = ((set[word] as number) & (other[word] as number)) >>> 0;
}

export function addAll(set: AlleleSet, other: AlleleSet): void {
  for (let word = 0; word < set.length; word += 1) set[word] = ((set[word] as number) | (other[word] as number)) >>> 0;
}

export function membersOf(set: AlleleSet): number[] {
  const members: number[] = [];
  for (let word = 0; word < set.length; word += 1) {
    let bits = set[word] as number;
    while (bits !== 0) {
      const low = bits & -bits;
      members.push((word << 5) + (31 - Math.clz32(low)));
      bits = (bits ^ low) >>> 0;
    }
  }
  return members;
}

/** The cell of an allele, from the reference allele where it has none (whose wobble then stands for the genome's base). */
export function expectedAt(alleles: readonly DefinedAllele[], allele: number, { position, ref }: Position): string {
  const own = alleles[allele]?.defining.get(position);
  if (own !== undefined) return own;
  const reference = alleles[0]?.defining.get(position);
  return reference === undefined || isWobble(reference) ? ref : reference;
}

function setOf(alleles: readonly DefinedAllele[], belongs: (allele: DefinedAllele, index: number) => boolean): AlleleSet {
  const set = emptySet(alleles.length);
  for (const [index, allele] of alleles.entries()) if (belongs(allele, index)) addTo(set, index);
  return set;
}

export function compileGene(definition: GeneDefinition, leaveOut: (name: string) => boolean = () => false): CompiledGene {
  const alleles = definition.alleles.filter((allele): allele is DefinedAllele => allele.defining !== null && !leaveOut(allele.name));
  const { positions } = definition;
  const tables = positions.map(() => new Map<string | null, AlleleSet>());
  const fitting = (index: number, base: string | null): AlleleSet => {
    const table = tables[index] as Map<string | null, AlleleSet>;
    const known = table.get(base);
    if (known) return known;
    const position = positions[index] as Position;
    const set = setOf(alleles, (_, allele) => base !== null && fulfils(base, expectedAt(alleles, allele, position)));
    // Bases that no allele has are not kept: a file could name any number of them.
    if (base === null || base === position.ref || position.alts.includes(base)) table.set(base, set);
    return set;
  };
  return {
    gene: definition.gene,
    positions,
    alleles,
    indexOf: new Map(positions.map(({ position }, index) => [position, index])),
    definedAt: positions.map(({ position }) => setOf(alleles, ({ defining }, index) => index === 0 || defining.has(position))),
    fitting,
  };
}
