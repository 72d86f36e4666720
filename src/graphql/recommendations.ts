/** A patient's recommendations as the schema shows them: pure over the record and the knowledge. */
import { type Advice, advise } from '../knowledge/advise.ts';
import { drugsNamed } from '../knowledge/names.ts';
import { populationFits } from '../knowledge/recommend.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { type PatientRecord, takenAt } from '../patients/record.ts';
import { showCall } from './diplotypeCalls.ts';

/** The drugs asked for, or all with guidance: those the patient takes come first. */
function drugsToAdvise(knowledge: KnowledgeSnapshot, taken: readonly string[], asked: readonly string[] | null | undefined): string[] {
  if (asked) return asked.flatMap((term) => drugsNamed(knowledge, term).map(({ name }) => name));
  const others = [...knowledge.rulesByDrug.keys()].filter((name) => !taken.includes(name));
  return [...taken, ...others];
}

export type ShownRecommendation = ReturnType<typeof show>;

function show(knowledge: KnowledgeSnapshot, record: PatientRecord, taken: readonly string[], advice: Advice) {
  const { rule, lookup, sameForAllDiplotypes, basis, applies, modulators } = advice;
  const because = record.calls.filter(({ call }) => call.gene in lookup && call.lookup.length > 0);
  const { doseFactorLow, doseFactorHigh, doseText } = rule;
  return {
    id: rule.id,
    drug: knowledge.drugByName.get(rule.drug),
    taken: taken.includes(rule.drug),
    action: rule.action,
    classification: rule.classification,
    population: rule.population,
    sameForAllDiplotypes,
    basis,
    applies,
    modulators,
    dose: doseText === null && doseFactorLow === null ? null : { factorLow: doseFactorLow, factorHigh: doseFactorHigh, text: doseText },
    alternatives: rule.alternatives.flatMap((name) => knowledge.drugByName.get(name) ?? []),
    lookup: Object.entries(lookup).map(([gene, key]) => ({ gene, key })),
    because: because.map((recorded) => showCall(recorded, record)),
    guideline: knowledge.guidelineById.get(rule.guideline),
    evidence: rule.pmids.map((pmid) => ({ pmid, url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` })),
    text: rule.text,
    release: knowledge.release.name,
  };
}

export function recommendationsFor(
  knowledge: KnowledgeSnapshot,
  record: PatientRecord,
  asked: readonly string[] | null | undefined,
  now: string,
) {
  const taken = takenAt(record, now);
  const calls = record.calls.map(({ call }) => call);
  return advise(knowledge, calls, taken, drugsToAdvise(knowledge, taken, asked))
    .filter(({ rule }) => populationFits(rule.population, record, now))
    .map((advice) => show(knowledge, record, taken, advice));
}
