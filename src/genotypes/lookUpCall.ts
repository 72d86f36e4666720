/**
 * Named alleles by simple lookup of single-base positions: CYP2C9 *2 (rs1799853) and *3 (rs1057910), VKORC1 -1639
 * (rs9923231). Every defined position must be read, otherwise there is no call: an unread position could hide a
 * variant. Source of the positions and alleles: CPIC allele definition tables (see graph-seed/SOURCES.json).
 */
import type { CallWarning, GeneCall, PositionEvidence } from './call.ts';
import type { GeneDefinition, NamedAllele, Position } from './definitions.ts';
import { type Diplotype, phenotypeOf } from './phenotype.ts';
import type { PositionReading, SampleReading } from './readVcf.ts';

interface Strands {
  readonly bases: readonly [string, string];
  readonly phased: boolean;
}

type Usable = { readonly strands: Strands } | { readonly warning: CallWarning; readonly state: 'MISSING' | 'UNREADABLE' };

function usable(position: Position, reading: PositionReading | undefined): Usable {
  const place = `${position.rsid} at ${position.chromosome}:${position.position}`;
  if (!reading)
    return {
      state: 'MISSING',
      warning: { code: 'POSITION_MISSING', message: `${place} is not in the file; absent is not the same as reference.` },
    };
  if (reading.kind === 'refMismatch') {
    return {
      state: 'UNREADABLE',
      warning: {
        code: 'REFERENCE_MISMATCH',
        message: `Line ${reading.line}: ${place} has REF ${reading.ref}, GRCh38 has ${position.ref}; the genotype is not used.`,
      },
    };
  }
  if (reading.kind === 'unreadable') {
    return { state: 'UNREADABLE', warning: { code: 'GENOTYPE_UNREADABLE', message: `Line ${reading.line}: ${place}: ${reading.reason}.` } };
  }
  const [one, two, ...more] = reading.genotype.bases;
  if (one == null || two == null || more.length > 0) {
    return { state: 'MISSING', warning: { code: 'POSITION_MISSING', message: `${place} has no complete diploid genotype.` } };
  }
  const foreign = [one, two].find((base) => base !== position.ref && base !== position.alt);
  if (foreign)
    return {
      state: 'UNREADABLE',
      warning: { code: 'UNDOCUMENTED_BASE', message: `${place} shows ${foreign.slice(0, 20)}, which no allele in the table has.` },
    };
  return { strands: { bases: [one, two], phased: reading.genotype.phased } };
}

/** The allele whose non-reference bases are exactly those of a strand. A reference allele may be defined by the reference base. */
function alleleOf(definition: GeneDefinition, strand: Readonly<Record<string, string>>): NamedAllele | undefined {
  const reference = new Map(definition.positions.map(({ rsid, ref }) => [rsid, ref]));
  const key = (bases: Readonly<Record<string, string>>) =>
    JSON.stringify(
      Object.entries(bases)
        .filter(([rsid, base]) => base !== reference.get(rsid))
        .sort(),
    );
  return definition.alleles.find((allele) => key(allele.defining) === key(strand));
}

function strandsOf(
  positions: readonly Position[],
  read: ReadonlyMap<string, Strands>,
  flips: number,
): [Record<string, string>, Record<string, string>] {
  const strands: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const [index, position] of positions.entries()) {
    const bases = read.get(position.rsid)?.bases ?? [position.ref, position.ref];
    const flip = (flips >> index) & 1;
    const [a, b] = flip ? [bases[1], bases[0]] : bases;
    if (a !== position.ref) strands[0][position.rsid] = a;
    if (b !== position.ref) strands[1][position.rsid] = b;
  }
  return strands;
}

/** All pairs of named alleles that the genotypes allow; unphased heterozygous positions are tried both ways. */
function pairs(definition: GeneDefinition, read: ReadonlyMap<string, Strands>): Set<string> {
  const found = new Set<string>();
  const free = definition.positions.map((position) => {
    const strands = read.get(position.rsid);
    return strands !== undefined && !strands.phased && strands.bases[0] !== strands.bases[1];
  });
  for (let flips = 0; flips < 2 ** definition.positions.length; flips += 1) {
    if (free.some((isFree, index) => !isFree && (flips >> index) & 1)) continue;
    const [a, b] = strandsOf(definition.positions, read, flips).map((strand) => alleleOf(definition, strand));
    if (a && b) found.add([a.name, b.name].sort((x, y) => x.localeCompare(y, 'en', { numeric: true })).join('/'));
  }
  return found;
}

function evidenceOf(definition: GeneDefinition, position: Position, answer: Usable): PositionEvidence {
  const decides = definition.alleles
    .filter((allele) => position.rsid in allele.defining)
    .map((allele) => `${definition.gene} ${allele.name} (${allele.function.toLowerCase()})`)
    .join(', ');
  const location = `${position.chromosome}:${position.position}`;
  if ('strands' in answer) return { rsid: position.rsid, location, state: 'SEEN', bases: answer.strands.bases.join('/'), decides };
  return { rsid: position.rsid, location, state: answer.state, bases: null, decides };
}

/** The call of one gene for one sample. */
export function lookUpCall(definition: GeneDefinition, sample: SampleReading): GeneCall {
  const answers = definition.positions.map((position) => [position, usable(position, sample.readings.get(position.rsid))] as const);
  const warnings: CallWarning[] = answers.flatMap(([, answer]) => ('warning' in answer ? [answer.warning] : []));
  for (const { rsid } of definition.positions) {
    if (sample.duplicates.includes(rsid))
      warnings.push({ code: 'DUPLICATE_POSITION', message: `${rsid} is in the file more than once; the first usable line was used.` });
  }
  const read = new Map(answers.flatMap(([position, answer]) => ('strands' in answer ? [[position.rsid, answer.strands] as const] : [])));
  const base = {
    gene: definition.gene,
    source: 'VCF' as const,
    evidence: answers.map(([position, answer]) => evidenceOf(definition, position, answer)),
    missing: answers.flatMap(([position, answer]) => ('strands' in answer ? [] : [`${position.chromosome}:${position.position}`])),
  };
  if (base.missing.length > 0) {
    const status = definition.positions.every(({ rsid }) => !sample.readings.has(rsid)) ? 'NOT_TESTED' : 'NO_CALL';
    return { ...base, status, phased: false, diplotypes: [], warnings };
  }
  const names = [...pairs(definition, read)];
  const heterozygous = [...read.values()].filter(({ bases }) => bases[0] !== bases[1]);
  const phased = heterozygous.every((strands) => strands.phased) || heterozygous.length <= 1;
  if (!phased && names.length === 1) {
    warnings.push({
      code: 'PHASE_ASSUMED',
      message: `The variants are unphased; ${names[0]} is the only pair of named alleles that fits.`,
    });
  }
  if (definition.alleles.length > 2) {
    warnings.push({
      code: 'LIMITED_POSITIONS',
      message: `Only ${definition.positions.map(({ rsid }) => rsid).join(' and ')} were looked up; an allele that these do not define would be reported as ${definition.alleles[0]?.name}.`,
    });
  }
  const diplotypes: Diplotype[] = names.flatMap((name) => {
    const answer = phenotypeOf(definition, name);
    return 'diplotype' in answer ? [answer.diplotype] : [];
  });
  return { ...base, status: diplotypes.length > 0 ? 'CALLED' : 'NO_CALL', phased, diplotypes, warnings };
}
