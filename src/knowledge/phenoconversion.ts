/**
 * What a patient's medications make of a genotype: strong and moderate inhibitors and inducers shift the phenotype that
 * an enzyme shows (phenoconversion).
 *
 * CYP2D6: the activity score times 0 with a strong inhibitor, times 0.5 with a moderate one (CPIC opioid guideline, PMID
 * 33387367); scores between those of the table count as the next lower one. The other CYP enzymes by category: a strong
 * inhibitor makes a poor metabolizer; a moderate one moves one category down; a strong or moderate inducer moves one
 * category up, unless both alleles are without function. Only the first is a consensus (see also PMID 20081063 and the
 * review PMID 32906709): the shifts of the others are our reading of "strong" and "moderate" and are said to be so.
 */
import type { Diplotype, GeneCall } from '../genotypes/call.ts';
import type { GeneDefinition, PhenotypeRule } from '../genotypes/definitions.ts';
import type { KnowledgeSnapshot, Modulator } from './snapshot.ts';

export interface Phenoconversion {
  /** Lookups after conversion, one for each of the call's. */
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

function byScore(definition: GeneDefinition, one: Diplotype, factor: number): Diplotype {
  const score = Number(one.activityScore?.replace('≥', ''));
  if (!Number.isFinite(score) || one.activityScore === null) return one;
  const scored = definition.rules.filter(({ activityScore }) => activityScore !== null && Number.isFinite(Number(activityScore)));
  const reached = scored
    .filter((rule) => Number(rule.activityScore) <= score * factor)
    .sort((a, b) => Number(b.activityScore) - Number(a.activityScore));
  const [rule] = reached;
  return rule ? { ...one, phenotype: rule.phenotype, activityScore: rule.activityScore, lookupKey: rule.lookupKey } : one;
}

const SCORED = 'CYP2D6';

function convert(definition: GeneDefinition, one: Diplotype, modulators: readonly Modulator[]): Diplotype {
  const inhibitors = modulators.filter(({ effect }) => effect === 'INHIBITOR');
  const strong = inhibitors.some(({ strength }) => strength === 'STRONG');
  if (definition.gene === SCORED) return inhibitors.length > 0 ? byScore(definition, one, strong ? 0 : 0.5) : one;
  const down = inhibitors.length > 0 ? 1 : 0;
  const up = modulators.length > inhibitors.length ? 1 : 0;
  return byCategory(definition, one, up - down, strong && up === 0);
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
  const lookup = call.lookup.map((one) => convert(definition, one, modulators));
  return { lookup, modulators };
}
