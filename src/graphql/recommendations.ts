/** A patient's recommendations as the schema shows them: pure over the record and the knowledge. */

import { genePaths } from '../knowledge/evidencePaths.ts';
import { drugsNamed } from '../knowledge/names.ts';
import { lookupKeysOf, populationFits, type RecommendedRule, recommend } from '../knowledge/recommend.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import type { PatientRecord, RecordedCall } from '../patients/record.ts';
import { isActive } from '../patients/record.ts';

/** A gene result as the schema shows it: the call with when and with what it was made. */
export type ShownCall = ReturnType<typeof showCall>;

export function showCall({ call, ...recorded }: RecordedCall) {
  return { ...call, ...recorded };
}

/** The drugs asked for, or all with guidance: those the patient takes come first. */
function drugsToAdvise(knowledge: KnowledgeSnapshot, taken: readonly string[], asked: readonly string[] | null | undefined): string[] {
  if (asked) return asked.flatMap((term) => drugsNamed(knowledge, term).map(({ name }) => name));
  const others = [...knowledge.rulesByDrug.keys()].filter((name) => !taken.includes(name));
  return [...taken, ...others];
}

function show(
  knowledge: KnowledgeSnapshot,
  record: PatientRecord,
  taken: readonly string[],
  { rule, lookup, sameForAllDiplotypes }: RecommendedRule,
) {
  const because: RecordedCall[] = record.calls.filter(({ call }) => call.gene in lookup && call.status === 'CALLED');
  const { doseFactorLow, doseFactorHigh, doseText } = rule;
  return {
    id: rule.id,
    drug: knowledge.drugByName.get(rule.drug),
    taken: taken.includes(rule.drug),
    action: rule.action,
    classification: rule.classification,
    population: rule.population,
    sameForAllDiplotypes,
    dose: doseText === null && doseFactorLow === null ? null : { factorLow: doseFactorLow, factorHigh: doseFactorHigh, text: doseText },
    alternatives: rule.alternatives.flatMap((name) => knowledge.drugByName.get(name) ?? []),
    because: because.map(showCall),
    guideline: knowledge.guidelineById.get(rule.guideline),
    evidence: rule.pmids.map((pmid) => ({ pmid, url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/` })),
    paths: because.flatMap(({ call }) => genePaths(knowledge, call, rule.drug)),
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
  const taken = [...new Set(record.medications.filter((medication) => isActive(medication, now)).map(({ name }) => name))];
  const keys = lookupKeysOf(
    knowledge,
    record.calls.map(({ call }) => call),
  );
  return recommend(knowledge, keys, drugsToAdvise(knowledge, taken, asked))
    .filter(({ rule }) => populationFits(rule.population, record.race))
    .map((found) => show(knowledge, record, taken, found));
}
