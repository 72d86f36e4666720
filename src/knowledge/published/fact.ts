/**
 * What a publisher's file says, in one shape: things, what they are called, and facts between two of them. Every fact
 * names its source and licence; a level, a date and details stand beside it where the publisher gives them.
 */

/** Kinds of things, which are also their labels in the graph. */
export const THING_KINDS = [
  'Gene',
  'Compound',
  'Disease',
  'TumourType',
  'Anatomy',
  'Symptom',
  'Pathway',
  'GoTerm',
  'PharmacologicClass',
  'GeneCategory',
  'SequenceVariant',
  'VariantGroup',
  'MolecularProfile',
  'EvidenceItem',
  'Assertion',
  'Phenotype',
  'MedicalAction',
] as const;
export type ThingKind = (typeof THING_KINDS)[number];

/** Kinds of facts, which are also the types of their edges in the graph. */
export const FACT_KINDS = [
  // compounds and diseases
  'TREATS',
  'PALLIATES',
  'NOT_INDICATED_FOR',
  'RESEMBLES_COMPOUND',
  'RESEMBLES_DISEASE',
  'LOCALIZED_IN',
  'HAS_CLASS',
  // compounds and genes
  'BINDS',
  'TARGETS',
  'INTERACTS_WITH_GENE',
  'DOWNREGULATES',
  'UPREGULATES',
  // diseases and genes
  'ASSOCIATED_WITH_GENE',
  'CAUSED_BY_GENE',
  'DOWNREGULATES_IN_DISEASE',
  'UPREGULATES_IN_DISEASE',
  // genes
  'INTERACTS',
  'REGULATES',
  'IN_PATHWAY',
  'HAS_GO_TERM',
  'IN_CATEGORY',
  // tumour variants
  'VARIANT_OF',
  'IN_GROUP',
  'HAS_VARIANT',
  'OF_PROFILE',
  'IN_DISEASE',
  'OF_THERAPY',
  'SUPPORTED_BY',
  // diseases
  'IS_A',
  'SAME_TUMOUR_TYPE',
  'INHERITED_AS',
  'ACTS_ON_PHENOTYPE',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Hierarchies: a cycle in one of them is an error of the file. */
export const HIERARCHIES: ReadonlySet<FactKind> = new Set(['IS_A']);

export interface Ref {
  readonly kind: ThingKind;
  /**
   * The publisher's own id: an Entrez number, `DB00001`, `DOID:1612`, `MONDO:0004992`, `chembl:CHEMBL25`, `symbol:TP53`, `name:aspirin`.
   * Those of genes, compounds and diseases are made one by `Identities`.
   */
  readonly id: string;
}

/** A thing as one text: its key where things are looked up. */
export const refText = ({ kind, id }: Ref) => `${kind} ${id}`;

export type Details = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Thing extends Ref {
  readonly name: string;
  /** Named in passing, by a publisher of something else: another's name for it is better. */
  readonly inPassing?: true;
  readonly details?: Details;
}

export type TermType = 'NAME' | 'SYNONYM' | 'XREF';

/** What a thing is also called, or which id it has elsewhere. */
export interface Term extends Ref {
  readonly term: string;
  readonly type: TermType;
}

export interface Fact {
  readonly kind: FactKind;
  readonly from: Ref;
  readonly to: Ref;
  /** Tells several facts of a source between the same two apart; empty where there is one. */
  readonly key?: string;
  /** How strong, in the publisher's own scale. */
  readonly level?: string | undefined;
  /** ISO date on which the publisher last looked at it. */
  readonly date?: string | undefined;
  readonly source: string;
  readonly licence: string;
  readonly details?: Details;
}
