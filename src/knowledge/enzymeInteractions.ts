/**
 * Interactions that follow from an enzyme: one drug slows or induces it (FDA's tables of modulators), and a guideline speaks of the other
 * drug on its account. How serious that is no source here states. With a patient's genotype it says what the two make of the enzyme.
 */
import type { GeneCall } from '../genotypes/call.ts';
import type { FoundInteraction } from './interactions.ts';
import { isShifted, phenoconvert } from './phenoconversion.ts';
import type { KnowledgeSnapshot, Modulator } from './snapshot.ts';

const EFFECT = {
  INHIBITOR: { verb: 'slows', effect: (gene: string, drug: string) => `More of ${drug}, and less of what ${gene} makes of it.` },
  INDUCER: { verb: 'induces', effect: (gene: string, drug: string) => `Less of ${drug}, and more of what ${gene} makes of it.` },
} as const;

const phenotypes = (lookup: readonly { readonly phenotype: string | null }[]) =>
  [...new Set(lookup.flatMap(({ phenotype }) => phenotype ?? []))].join(' or ');

/** What drug and genotype come to together; null where the gene is not called or the drug moves it into no other phenotype. */
function withGenotype(knowledge: KnowledgeSnapshot, { gene, drug }: Modulator, calls: readonly GeneCall[]): string | null {
  const call = calls.find((one) => one.gene === gene && one.status === 'CALLED');
  const converted = call ? phenoconvert(knowledge, call, [drug]) : null;
  if (!call || !converted || !isShifted(call, converted)) return null;
  const [inborn, now] = [phenotypes(call.lookup), phenotypes(converted.lookup)];
  const worse = /Normal/.test(inborn) ? '' : ', further from normal than the genotype or the drug alone would make it';
  return `By genotype this patient is a ${gene} ${inborn}; with ${drug} the enzyme works as that of a ${now}${worse}.`;
}

function byModulator(
  modulator: Modulator,
  pair: { readonly drugs: readonly [string, string]; readonly substrate: string; readonly genotype: string | null },
): FoundInteraction {
  const { gene, drug, effect: kind, strength, source } = modulator;
  const { drugs, substrate, genotype } = pair;
  const { verb, effect } = EFFECT[kind];
  return {
    id: `ENZYME-${gene}-${drug}-${substrate}`,
    drugs,
    severity: 'UNKNOWN',
    interruptive: false,
    mechanism: `${drug} (${strength.toLowerCase()} ${kind.toLowerCase()}) ${verb} ${gene}, which turns over ${substrate}.`,
    effect: genotype === null ? effect(gene, substrate) : `${effect(gene, substrate)} ${genotype}`,
    advice: `Guidance on ${gene} and ${substrate} applies to what the enzyme does now: see the recommendations.`,
    source,
    pmid: '',
  };
}

/**
 * @param calls the patient's genes; none where the question is about the drugs alone
 * @param isKnown whether the pair is in the release by itself: then an enzyme is named only for what the genotype adds
 */
export function enzymeInteractions(
  knowledge: KnowledgeSnapshot,
  drugs: readonly [string, string],
  { calls, isKnown }: { readonly calls: readonly GeneCall[]; readonly isKnown: boolean },
): FoundInteraction[] {
  const [a, b] = drugs;
  const found = (gene: string, modulators: readonly Modulator[], substrate: string, other: string) => {
    if (!knowledge.drugsByGene.get(gene)?.has(substrate)) return [];
    return modulators.flatMap((modulator) => {
      if (modulator.drug !== other) return [];
      const genotype = withGenotype(knowledge, modulator, calls);
      return isKnown && genotype === null ? [] : [byModulator(modulator, { drugs, substrate, genotype })];
    });
  };
  return [...knowledge.modulatorsByGene].flatMap(([gene, modulators]) => [
    ...found(gene, modulators, a, b),
    ...found(gene, modulators, b, a),
  ]);
}
