/**
 * What a patient's medications make of a genotype: strong and moderate inhibitors and inducers shift the phenotype that
 * an enzyme shows (phenoconversion).
 *
 * CYP2D6: the activity score times 0 with a strong inhibitor, whatever the score, times 0.5 with a moderate one (CPIC
 * opioid guideline, PMID 33387367); a score between those of the table counts as the next lower one above 0, an open one
 * (`≥4.0`) as every one that it may be. The other CYP enzymes by category: a strong
 * inhibitor makes a poor metabolizer; a moderate one moves one category down; a strong or moderate inducer moves one
 * category up, unless both alleles are without function. Only the first is a consensus (see also PMID 20081063 and the
 * review PMID 32906709): the shifts of the others are our reading of "strong" and "moderate" and are said to be so.
 */
import type { Diplotype, GeneCall } from '../genotypes/call.ts';
import type { GeneDefinition, PhenotypeRule } from '../genotypes/definitions.ts';
import type { KnowledgeSnapshot, Modulator } from './snapshot.ts';

export interface Phenoconversion {
  /** Lookups after conversion: at least one for each of the call's. */
  readonly lookup: readonly Diplotype[];
  readonly modulators: readonly Modulator[];
}

/** Metabolizer categories, slowest first. Intermediate terms with Likely or Possible move like the plain ones. */
const CATEGORIES = ['Poor Metabolizer', 'Intermediate Metabolizer', 'Normal Metabolizer', 'Rapid Metabolizer', 'Ultrarapid Metabolizer'];

function ruleFor(definition: GeneDefinition, phenotype: string): PhenotypeRule | undefined {
  const fitting = definition.rules.filter((rule) => rule.phenotype === phenotype);
  // Several activity scores have one phenotype: the highest of them is the least that the conversion claims.
  return fitting.sort((a, b) => Number(b.activityScore ?? 0) - Number(a.activityScore ?? 0))[0];
}

function byCategory(definition: GeneDefinition, one: Diplotype, steps: number, toPoor: boolean): Diplotype {
  const plain = one.phenotype?.replace(/^(Likely|Possible) /, '') ?? '';
  const at = CATEGORIES.indexOf(plain);
  if (at < 0) return one;
  const known = CATEGORIES.filter((category) => definition.rules.some(({ phenotype }) => phenotype === category));
  const place = known.indexOf(plain);
  // No function on either copy: there is no enzyme to induce.
  const induced = steps > 0 && at === 0 ? place : place + steps;
  const category = toPoor ? known[0] : known[Math.min(Math.max(induced, 0), known.length - 1)];
  const rule = category === undefined || category === plain ? undefined : ruleFor(definition, category);
  return rule ? { ...one, phenotype: rule.phenotype, activityScore: rule.activityScore, lookupKey: rule.lookupKey } : one;
}

const asRule = (one: Diplotype, { phenotype, activityScore, lookupKey }: PhenotypeRule): Diplotype => ({
  ...one,
  phenotype,
  activityScore,
  lookupKey,
});

/** By the activity score; where only a phenotype was stated, by each score that has it. */
function byScore(definition: GeneDefinition, one: Diplotype, strong: boolean): Diplotype[] {
  const scored = definition.rules
    .filter(({ activityScore }) => activityScore !== null && Number.isFinite(Number(activityScore)))
    .sort((a, b) => Number(a.activityScore) - Number(b.activityScore));
  const none = scored.find((rule) => Number(rule.activityScore) === 0);
  if (strong) return none ? [asRule(one, none)] : [one];
  const text = one.activityScore ?? one.lookupKey ?? '';
  const half = Number(text.replace('≥', '')) / 2;
  if (!Number.isFinite(half) || text === '') return [one];
  if (half === 0) return [one];
  const positive = scored.filter((rule) => Number(rule.activityScore) > 0);
  if (text.startsWith('≥')) return positive.filter((rule) => Number(rule.activityScore) >= half).map((rule) => asRule(one, rule));
  const reached = positive.findLast((rule) => Number(rule.activityScore) <= half) ?? positive[0];
  return reached ? [asRule(one, reached)] : [one];
}

const SCORED = 'CYP2D6';

function convert(definition: GeneDefinition, one: Diplotype, modulators: readonly Modulator[]): readonly Diplotype[] {
  const inhibitors = modulators.filter(({ effect }) => effect === 'INHIBITOR');
  const strong = inhibitors.some(({ strength }) => strength === 'STRONG');
  if (definition.gene === SCORED) return inhibitors.length > 0 ? byScore(definition, one, strong) : [one];
  const down = inhibitors.length > 0 ? 1 : 0;
  const up = modulators.length > inhibitors.length ? 1 : 0;
  return [byCategory(definition, one, up - down, strong && up === 0)];
}

/** True where what is taken changes what the gene is looked up with. */
export function isShifted(call: GeneCall, { lookup }: Phenoconversion): boolean {
  const keys = (all: readonly Diplotype[]) => [...new Set(all.map(({ lookupKey }) => lookupKey))].sort().join(';');
  return keys(lookup) !== keys(call.lookup);
}

/**
 * The conversion of one gene's result by what is taken; null where nothing taken touches the gene, or nothing is called.
 * @param taken generic names of the drugs taken now
 */
export function phenoconvert(knowledge: KnowledgeSnapshot, call: GeneCall, taken: readonly string[]): Phenoconversion | null {
  const definition = knowledge.definitionByGene.get(call.gene);
  const names = new Set(taken.map((name) => name.toLowerCase()));
  const modulators = (knowledge.modulatorsByGene.get(call.gene) ?? []).filter(({ drug }) => names.has(drug));
  if (!definition || modulators.length === 0 || call.lookup.length === 0) return null;
  const lookup = call.lookup.flatMap((one) => convert(definition, one, modulators));
  return { lookup, modulators };
}
