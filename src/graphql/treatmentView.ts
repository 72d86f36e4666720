/** Treatment options as the schema shows them. */
import { citationUrl } from '../knowledge/oncology/predictiveEvidence.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import type { AdjuvantBenefit } from '../treatment/adjuvantBenefit.ts';
import { pathsOfOption } from '../treatment/evidencePath.ts';
import type { TreatmentOption, TreatmentOptions } from '../treatment/options.ts';
import { type AppliedEvidence, evidenceInWords } from '../treatment/standing.ts';

function showEvidence(applied: AppliedEvidence) {
  const { item, speaks, alone, diseaseMatch, findings } = applied;
  const { id, profile, level, direction, significance, rating, diseaseName, citation, reviewed } = item;
  return {
    ...{ id, speaks, alone, text: evidenceInWords(applied), profile, level, direction, significance, rating },
    ...{ disease: diseaseName, diseaseMatch, findings, citation, url: citationUrl(citation), reviewed },
  };
}

function showOption(option: TreatmentOption, knowledge: KnowledgeSnapshot, release: string) {
  return {
    ...option,
    drugs: option.drugs.flatMap((name) => knowledge.drugByName.get(name) ?? []),
    evidence: option.evidence.map(showEvidence),
    paths: pathsOfOption(option, release),
  };
}

export function showOptions({ tumour, ...found }: TreatmentOptions, adjuvantBenefit: AdjuvantBenefit | null, knowledge: KnowledgeSnapshot) {
  return {
    ...found,
    condition: tumour.id,
    name: tumour.name,
    options: found.options.map((option) => showOption(option, knowledge, found.release)),
    adjuvantBenefit,
  };
}
