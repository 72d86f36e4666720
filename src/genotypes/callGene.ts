/** Calls one gene of one sample from what a VCF says at its positions. */
import { compareAlleles, diplotypeOf } from './alleleNames.ts';
import type { CallStatus, CallWarning, Diplotype, GeneCall } from './call.ts';
import { combinationPairs } from './combinations.ts';
import { type CompiledGene, compileGene } from './compiledGene.ts';
import { type GeneDefinition, locationOf, type Position } from './definitions.ts';
import { evidenceOf, readingWarnings } from './evidence.ts';
import type { GeneRule } from './geneRule.ts';
import { HAPB3, HAPB3_INTRON } from './genes/dpyd.ts';
import { ruleOf } from './genes/index.ts';
import { callLowestFunction, type LowestFunctionCall, worstOf } from './lowestFunction.ts';
import { matchPairs, mostSpecific, type Pair } from './matchPairs.ts';
import { type GeneReading, hasUnread, type Observation, observationOf, UNREAD } from './observation.ts';
import { interpret, lookupsOf, phenotypeTable } from './phenotype.ts';
import { MAX_WAYS, waysToLie } from './sequences.ts';
import { isEffectivelyPhased, type Strands, strandsOf } from './strands.ts';

export interface CallOptions {
  /** Where no pair of named alleles fits, name combinations and lone variants (research). */
  readonly combinations?: boolean;
  /** Genes that are called from a VCF for research only, and are asked for. */
  readonly research?: readonly string[];
  /** Of the patient, where known: a male has one X chromosome. */
  readonly sex?: 'male' | 'female';
  /** False for definitions of the caller's own: required positions and preferences belong to the published ones. */
  readonly publishedRules?: boolean;
}

/** A gene ready to be called many times. */
export interface CallableGene {
  readonly definition: GeneDefinition;
  readonly rule: GeneRule;
  readonly whole: CompiledGene;
  readonly rest: CompiledGene;
}

export function prepareGene(definition: GeneDefinition, options: CallOptions = {}): CallableGene {
  const { required: _, preferUnphased: __, ...structural } = ruleOf(definition.gene);
  const rule = options.publishedRules === false ? structural : ruleOf(definition.gene);
  const whole = compileGene(definition);
  const rest = rule.apart ? compileGene(definition, (name) => name === HAPB3 || name === HAPB3_INTRON) : whole;
  return { definition, rule, whole, rest };
}

/** What to read for a gene, in the order that `callGene` takes the readings in. */
export function positionsToRead({ positions, markers }: GeneDefinition): readonly Position[] {
  return markers.length === 0 ? positions : [...positions, ...markers];
}

/** The genes of a release that a VCF is called for. */
export function callableGenes(definitions: readonly GeneDefinition[], options: CallOptions = {}): CallableGene[] {
  return definitions
    .filter(({ gene, positions }) => {
      const fromVcf = ruleOf(gene).fromVcf ?? 'ALWAYS';
      if (positions.length === 0 || fromVcf === 'NEVER') return false;
      return fromVcf === 'ALWAYS' || (options.research?.includes(gene) ?? false) || options.publishedRules === false;
    })
    .map((definition) => prepareGene(definition, options));
}

interface Found {
  readonly variants?: readonly string[];
  readonly alleles: readonly (readonly string[])[];
  readonly lookup?: readonly (readonly string[])[];
  readonly alsoFit?: readonly (readonly string[])[];
  readonly warnings: readonly CallWarning[];
}

const NOTHING: Found = { alleles: [], warnings: [] };

/** The bases that the rule of a gene works with: undocumented ones as reference, one copy of X in a male. */
function usable({ rule, definition }: CallableGene, reading: GeneReading, options: CallOptions): (Observation | null)[] {
  const asReference = rule.undocumentedAsReference && (!options.combinations || rule.strategy === 'LOWEST_FUNCTION');
  const single = rule.copies === 'X_LINKED' && options.sex === 'male';
  const observations = reading.slice(0, definition.positions.length).map((one, index): Observation | null => {
    const seen = observationOf(one);
    if (!seen) return null;
    const { ref } = definition.positions[index] as Position;
    const read = asReference ? seen.bases.map((base) => (base !== null && seen.undocumented.includes(base) ? ref : base)) : seen.bases;
    const [first = null, second = null] = read;
    if (!single || second === null) return { ...seen, bases: [first, second] };
    return first === second ? { ...seen, bases: [first, null] } : { ...seen, bases: [first, second] };
  });
  return rule.strategy === 'LOWEST_FUNCTION' || options.combinations ? observations.map(withUnread(observations)) : observations;
}

/** Where other positions show two copies, a genotype of one copy leaves the other open: it is not the reference. */
function withUnread(all: readonly (Observation | null)[]): (one: Observation | null) => Observation | null {
  if (all.every((one) => !one || one.bases[1] === null)) return (one) => one;
  return (one) => (one?.bases[1] === null ? { ...one, bases: [one.bases[0], UNREAD] } : one);
}

function names(pairs: readonly Pair[], rule: GeneRule): string[][] {
  const reported = pairs.map(({ alleles }) => alleles.map((allele) => rule.reportAs?.(allele) ?? allele).sort(compareAlleles));
  return [...new Map(reported.map((alleles) => [alleles.join('/'), alleles])).values()].sort(
    (a, b) => compareAlleles(a[0] ?? '', b[0] ?? '') || compareAlleles(a[1] ?? '', b[1] ?? ''),
  );
}

function chooseUnphased({ rule }: CallableGene, pairs: readonly Pair[]): Found {
  const fitting = names(pairs, rule);
  const preferred = rule.preferUnphased?.(fitting.map(diplotypeOf)) ?? null;
  if (preferred === null) return { alleles: fitting, warnings: [] };
  const chosen = fitting.filter((alleles) => diplotypeOf(alleles) === preferred);
  const warning: CallWarning = {
    code: 'PREFERRED_PAIR',
    message: `Without phase ${fitting.map(diplotypeOf).join(', ')} fit equally; ${preferred} is reported, as published frequencies prefer it.`,
  };
  return { alleles: chosen, alsoFit: fitting.filter((alleles) => !chosen.includes(alleles)), warnings: [warning] };
}

function matched(gene: CallableGene, strands: Strands, pairs: readonly Pair[]): Found {
  const { rule } = gene;
  const phased = isEffectivelyPhased(strands);
  if (!phased && rule.preferUnphased) return chooseUnphased(gene, pairs);
  const best = names(mostSpecific(pairs), rule);
  const alsoFit = phased ? [] : names(pairs, rule).filter((alleles) => !best.some((one) => diplotypeOf(one) === diplotypeOf(alleles)));
  const warnings: CallWarning[] = [];
  const [only] = best;
  if (alsoFit.length > 0) {
    warnings.push({
      code: 'OTHER_PAIRS_FIT',
      message: `Without phase ${alsoFit.slice(0, 5).map(diplotypeOf).join(', ')}${alsoFit.length > 5 ? ` and ${alsoFit.length - 5} more` : ''} cannot be ruled out; phased data would settle it.`,
    });
  } else if (!phased && best.length === 1 && only) {
    warnings.push({
      code: 'PHASE_ASSUMED',
      message: `The variants are unphased; ${diplotypeOf(only)} is the only pair of named alleles that fits.`,
    });
  }
  return { alleles: best, alsoFit, warnings };
}

function combined(gene: CallableGene, strands: Strands): Found {
  const { isCombined } = gene.rule;
  const compiled = isCombined ? compileGene(gene.definition, isCombined) : gene.whole;
  if (waysToLie(strands) > MAX_WAYS) return { ...NOTHING, warnings: [tooManyWays(strands)] };
  return { alleles: combinationPairs(compiled, strands), warnings: [] };
}

function tooManyWays(strands: Strands): CallWarning {
  return {
    code: 'TOO_MANY_WAYS',
    message: `${strands.blocks.length} heterozygous places without common phase can lie in ${waysToLie(strands)} ways; phased data would settle it.`,
  };
}

function byPairs(gene: CallableGene, strands: Strands, options: CallOptions): Found {
  const halfRead = strands.present.some((index) => hasUnread(strands.observations[index] as Observation));
  const pairs = halfRead ? [] : matchPairs(gene.whole, strands);
  if (pairs.length > 0) return matched(gene, strands, pairs);
  return options.combinations ? combined(gene, strands) : NOTHING;
}

/** Numbers of the worst first; names decide among equals. */
function worstFirst(gene: CallableGene) {
  const { alleles } = phenotypeTable(gene.definition);
  const rank = (name: string) => gene.rule.rank?.(alleles.get(name)) ?? 0;
  const total = (pair: readonly string[]) => pair.reduce((sum, name) => sum + (rank(name) < 0 ? 2 : rank(name)), 0);
  return {
    worse: (a: string, b: string) => rank(a) - rank(b) || compareAlleles(a, b),
    worsePair: (a: readonly string[], b: readonly string[]) =>
      total(a) - total(b) || compareAlleles(a[0] ?? '', b[0] ?? '') || compareAlleles(a[1] ?? '', b[1] ?? ''),
  };
}

function byLowestFunction(gene: CallableGene, strands: Strands): Found {
  const warnings = new Map<string, CallWarning>();
  const apart = gene.rule.apart?.(gene.whole, (warning) => warnings.set(warning.code, warning)) ?? null;
  const call: LowestFunctionCall = callLowestFunction({ whole: gene.whole, rest: gene.rest, apart }, strands);
  const { worse, worsePair } = worstFirst(gene);
  const worst = worstOf(call, worse, worsePair).sort(compareAlleles);
  const lookup = worst.length > 0 ? [worst] : [];
  if (call.kind === 'pairs') return { alleles: call.pairs, lookup, warnings: [...warnings.values()] };
  if (call.tooManyWays) warnings.set('TOO_MANY_WAYS', tooManyWays(strands));
  if (call.alleles.length > 0) {
    warnings.set('LISTED_WITHOUT_COPIES', {
      code: 'LISTED_WITHOUT_COPIES',
      message:
        'The variants are unphased: they are listed without saying which copy they are on, and the two worst are taken as one on each copy.',
    });
  }
  return { alleles: [], variants: call.alleles, lookup, warnings: [...warnings.values()] };
}

function missingRequired({ rule, definition }: CallableGene, observations: readonly (Observation | null)[]): CallWarning | null {
  const missing = definition.positions.filter((position, index) => rule.required?.includes(position.position) && !observations[index]);
  if (missing.length === 0) return null;
  const places = missing.map((position) => `${position.rsid} (${locationOf(position)})`).join(', ');
  return { code: 'REQUIRED_POSITION_MISSING', message: `${definition.gene} is not called without ${places}.` };
}

function find(gene: CallableGene, strands: Strands, options: CallOptions): Found {
  const missing = missingRequired(gene, strands.observations);
  if (missing) return { ...NOTHING, warnings: [missing] };
  return gene.rule.strategy === 'LOWEST_FUNCTION' ? byLowestFunction(gene, strands) : byPairs(gene, strands, options);
}

function inferred({ rule, definition, whole }: CallableGene, strands: Strands): { lookup: Diplotype[]; warnings: CallWarning[] } {
  const alleles = rule.inferWithoutCall?.((position) => strands.observations[whole.indexOf.get(position) ?? -1] ?? null) ?? null;
  if (!alleles) return { lookup: [], warnings: [] };
  const sorted = [...alleles].sort(compareAlleles);
  const message = `No pair of star alleles fits; guidance is looked up with ${diplotypeOf(sorted)}, from one variant alone.`;
  return { lookup: [interpret(definition, sorted)], warnings: [{ code: 'INFERRED', message }] };
}

/** Warnings that hold for any call of the gene, and what several answers mean. */
function warningsOf(
  gene: CallableGene,
  found: Found,
  options: CallOptions,
  read: readonly (Observation | null)[],
  reading: GeneReading,
): CallWarning[] {
  const warnings = [...found.warnings];
  const fits = found.alleles.length + (found.variants?.length ?? 0) > 0;
  if (!fits && read.some((one) => one !== null) && warnings.length === 0)
    warnings.push({ code: 'NO_PAIR_FITS', message: 'No pair of named alleles explains the bases read; see the evidence.' });
  if (fits && found.alleles.length > 1 && gene.rule.strategy !== 'LOWEST_FUNCTION')
    warnings.push({ code: 'SEVERAL_PAIRS', message: `${found.alleles.map(diplotypeOf).join(', ')} fit equally well.` });
  const caution = fits ? (gene.rule.caution?.(found.alleles) ?? null) : null;
  if (caution) warnings.push(caution);
  const turnedSingle =
    options.sex === 'male' && read.some((one, index) => one?.bases[1] === null && observationOf(reading[index])?.bases[1] !== null);
  if (turnedSingle)
    warnings.push({ code: 'HEMIZYGOUS', message: 'The sex given is male: homozygous genotypes were read as one X chromosome.' });
  return warnings;
}

function lookupOf(
  definition: GeneDefinition,
  { lookup }: Found,
  diplotypes: readonly Diplotype[],
  fallback: readonly Diplotype[],
): readonly Diplotype[] {
  if (lookup) return lookup.flatMap((alleles) => lookupsOf(definition, alleles));
  return diplotypes.length > 0 ? diplotypes : fallback;
}

/** The call of one gene for one sample. */
export function callGene(gene: CallableGene, reading: GeneReading, options: CallOptions = {}): GeneCall {
  const { definition } = gene;
  const observations = usable(gene, reading, options);
  const strands = strandsOf(observations);
  const found = strands.present.length > 0 ? find(gene, strands, options) : NOTHING;
  const diplotypes = found.alleles.map((alleles) => interpret(definition, alleles));
  const variants = found.variants ?? [];
  const fits = diplotypes.length + variants.length > 0;
  const fallback = fits ? { lookup: [], warnings: [] } : inferred(gene, strands);
  const called: CallStatus = fits ? 'CALLED' : 'NO_CALL';
  return {
    gene: definition.gene,
    status: strands.present.length === 0 ? 'NOT_TESTED' : called,
    source: 'VCF',
    phased: isEffectivelyPhased(strands),
    diplotypes,
    variants,
    lookup: lookupOf(definition, found, diplotypes, fallback.lookup),
    alsoFit: (found.alsoFit ?? []).map((alleles) => interpret(definition, alleles)),
    evidence: evidenceOf(definition, reading),
    missing: strands.present.length === 0 ? [] : definition.positions.filter((_, index) => !observationOf(reading[index])).map(locationOf),
    warnings: [...readingWarnings(definition, reading), ...warningsOf(gene, found, options, observations, reading), ...fallback.warnings],
  };
}
