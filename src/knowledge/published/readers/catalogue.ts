/** Every reader there is; a new publisher's format is one file and one entry here. */
import type { Reader } from '../reader.ts';
import { civicAssertions } from './civicAssertions.ts';
import { civicEvidence } from './civicEvidence.ts';
import { civicFeatures, civicProfiles, civicVariantGroups, civicVariants } from './civicVariants.ts';
import { dgidb3Interactions, dgidb4Interactions, dgidbCategories, dgidbDrugNames } from './dgidb.ts';
import { doidNames, doidSlim, doidSubsumption, doidXrefs } from './doid.ts';
import { drugcentralTargets, drugcentralTargets2016 } from './drugcentralTargets.ts';
import { gene2phenotype } from './gene2phenotype.ts';
import { geneOntology } from './geneOntology.ts';
import { gwasCatalog } from './gwasCatalog.ts';
import { hetnetClasses } from './hetnetClasses.ts';
import { hetnetEdges } from './hetnetEdges.ts';
import { hetnetNodes } from './hetnetNodes.ts';
import { hetnetPathways } from './hetnetPathways.ts';
import { hpoInheritance } from './hpoInheritance.ts';
import { maxoActions } from './maxoActions.ts';
import { mondoMappings } from './mondoMappings.ts';
import { oncotree } from './oncotree.ts';
import { orphanetGenes } from './orphanetGenes.ts';
import { pharmacotherapydb } from './pharmacotherapydb.ts';
import { rxnormUnii } from './rxnormUnii.ts';

export const READERS: readonly Reader[] = [
  civicEvidence,
  civicAssertions,
  civicProfiles,
  civicVariants,
  civicVariantGroups,
  civicFeatures,
  dgidb3Interactions,
  dgidb4Interactions,
  dgidbCategories,
  dgidbDrugNames,
  rxnormUnii,
  drugcentralTargets,
  drugcentralTargets2016,
  pharmacotherapydb,
  hetnetNodes,
  ...hetnetEdges,
  hetnetPathways,
  hetnetClasses,
  geneOntology,
  oncotree,
  doidSlim,
  doidSubsumption,
  doidXrefs,
  doidNames,
  mondoMappings,
  gwasCatalog,
  orphanetGenes,
  gene2phenotype,
  hpoInheritance,
  maxoActions,
];

/** The reader of a table, by its header and, where several tables share one, by the name of its file; null where none knows it. */
export function readerOf(header: readonly string[], fileName: string): Reader | null {
  const columns = new Set(header);
  const stem = fileName.split('.')[0] ?? '';
  const fitting = READERS.filter(
    (reader) => reader.columns.every((column) => columns.has(column)) && (reader.files?.includes(stem) ?? true),
  );
  return fitting.sort((a, b) => b.columns.length - a.columns.length)[0] ?? null;
}
