/** Treatment options as the schema shows them. */
import { pathsPlot } from '../explanation/pathsPlot.ts';
import { citationUrl } from '../knowledge/oncology/predictiveEvidence.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import type { PatientRecord } from '../patients/record.ts';
import { modelNamed } from '../prediction/registry.ts';
import { type AdjuvantBenefit, adjuvantBenefit, BREAST_BENEFIT_MODEL } from '../treatment/adjuvantBenefit.ts';
import { pathsOfOption } from '../treatment/evidencePath.ts';
import { type TreatmentOption, type TreatmentOptions, treatmentOptions } from '../treatment/options.ts';
import { type AppliedEvidence, evidenceInWords } from '../treatment/standing.ts';
import type { Platform } from './context.ts';

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

export type ShownOption = ReturnType<typeof showOption>;

/** The picture of an option's paths; null where there is none. */
export function plotOption({ therapies, paths, evidence }: Pick<ShownOption, 'therapies' | 'paths' | 'evidence'>): string | null {
  if (paths.length === 0) return null;
  const sides = new Map(evidence.map(({ id, speaks }) => [id, speaks]));
  const drawn = paths.map(({ nodes, relations }) => {
    const speaks = sides.get(nodes.find(({ kind }) => kind === 'EVIDENCE')?.key ?? '');
    return { nodes, steps: relations, side: speaks === 'FOR' || speaks === 'AGAINST' ? speaks : null };
  });
  return pathsPlot(`${therapies.join(' + ')}: the evidence`, drawn, 640);
}

export interface OptionFilter {
  readonly first?: number | null | undefined;
  readonly standing?: readonly string[] | null | undefined;
  readonly therapy?: string | null | undefined;
}

/** Those asked for, in their order. */
export function pickOptions(options: readonly ShownOption[], { first, standing, therapy }: OptionFilter): readonly ShownOption[] {
  const wanted = therapy?.trim().toLowerCase();
  const names = ({ therapies, drugs }: ShownOption) => [
    ...therapies,
    ...drugs.map(({ name }) => name),
    ...drugs.flatMap(({ synonyms }) => synonyms),
  ];
  return options
    .filter((option) => !standing || standing.includes(option.standing))
    .filter((option) => wanted === undefined || names(option).some((name) => name.toLowerCase() === wanted))
    .slice(0, first ?? undefined);
}

function showOptions({ tumour, ...found }: TreatmentOptions, benefit: AdjuvantBenefit | null, knowledge: KnowledgeSnapshot) {
  return {
    ...found,
    condition: tumour.id,
    name: tumour.name,
    options: found.options.map((option) => showOption(option, knowledge, found.release)),
    adjuvantBenefit: benefit,
  };
}

/**
 * What is asked of a patient's tumour, through the API and on the command line.
 * @throws AvicennaError NOT_FOUND or BAD_USER_INPUT at `condition`
 */
export async function optionsFor(
  { knowledge, oncology, registry }: Pick<Platform, 'knowledge' | 'oncology' | 'registry'>,
  { record, condition, at }: { readonly record: PatientRecord; readonly condition: string; readonly at: string },
) {
  const book = await oncology();
  const found = treatmentOptions({ knowledge, book, record, at }, condition.trim());
  const model = modelNamed(registry, BREAST_BENEFIT_MODEL);
  return showOptions(found, await adjuvantBenefit(model, book, { tumour: found.tumour.id, record, at }), knowledge);
}
