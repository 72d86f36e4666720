/** The JSON shapes of the command line that several commands share. */
import type { RecommendedRule } from '../knowledge/recommend.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';

export function recommendationShape(knowledge: KnowledgeSnapshot, { rule, lookup }: RecommendedRule) {
  const { doseFactorLow, doseFactorHigh, doseText } = rule;
  return {
    drug: rule.drug,
    population: rule.population,
    classification: rule.classification,
    action: rule.action,
    dose: doseText === null && doseFactorLow === null ? null : { factorLow: doseFactorLow, factorHigh: doseFactorHigh, text: doseText },
    alternatives: rule.alternatives,
    lookup,
    guideline: rule.guideline,
    release: knowledge.release.name,
    text: rule.text,
  };
}

export function recommendationText({ rule }: RecommendedRule): string {
  return `  ${rule.drug} (${rule.population}): ${rule.action} [${rule.classification}] ${rule.text}`;
}
