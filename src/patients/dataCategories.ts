/** Which data of a record are guarded apart from the rest. */

/**
 * CLINICAL: what is measured, given, diagnosed and predicted, with sex, race and age. IDENTIFIERS: identifier and date of birth.
 * GENOMIC: genotypes and what follows from them, conditions and observations that state one included. SENSITIVE: conditions that HL7 lists
 * as such.
 */
export const DATA_CATEGORIES = ['CLINICAL', 'IDENTIFIERS', 'GENOMIC', 'SENSITIVE'] as const;
export type DataCategory = (typeof DATA_CATEGORIES)[number];

/**
 * ICD-10-CM codes of the kinds of HL7 v3 ActCode InformationSensitivityPolicy: substance use (ETH), psychiatry (PSY), HIV (HIV),
 * sexually transmitted disease (STD), sexuality and reproductive health (SEX), violence (SDV). Nicotine (F17) is none: models
 * ask for it, and 42 CFR Part 2 leaves it out.
 */
const SENSITIVE_CODES = [
  /^(F1[0-68-9]|K70|T40|T51|O99\.3|Z71\.[45]|Z81\.[0-4])/, // ETH
  /^(F0|F[2-9]|R45\.8|T14\.91|X7[1-9]|X8[0-3]|Z91\.5|Z86\.5|Z81\.8)/, // PSY
  /^(B20|B97\.35|Z21|R75|O98\.7|Z20\.6|Z11\.4|Z71\.7)/, // HIV
  /^(A(5[0-9]|6[0-4])|O98\.[1-3]|Z20\.2|Z72\.5)/, // STD
  /^(O0[0-8]|Z33\.2|Z64\.0|Z87\.890|N52|N97)/, // SEX
  /^(T74|T76|X9[2-9]|Y0[0-9]|Z69|Z91\.4)/, // SDV
];

/**
 * ICD-10-CM codes that state a genotype, or that one was looked for: carrier (Z14), susceptibility (Z15), carrier in the family (Z84.81),
 * screening and counselling (Z13.7, Z31.43, Z31.44, Z31.5), factor V Leiden and the prothrombin gene mutation (D68.51, D68.52). A disease
 * that is inherited is a diagnosis like another.
 */
const GENETIC_CODES = /^(Z1[45]|Z84\.81|Z13\.7|Z31\.(4[34]|5)|D68\.5[12])/;

/** LOINC of HL7 genomics reporting (2.0): the panel and its parts, and phenotypes by genotype of enzymes and transporters. */
const GENETIC_LOINC = new Set([
  ...['81247-9', '51968-6', '69548-6', '48018-6', '47998-0', '48004-6', '48005-3', '48002-0', '53034-5', '53037-8', '53040-2'],
  ...['51963-7', '51971-0', '51958-7', '48013-7', '62374-4', '81258-6', '81304-8', '82120-7', '84413-4', '84414-2', '93044-6'],
  ...['79714-2', '79715-9', '79716-7', '79717-5', '79718-3', '79719-1', '79720-9', '79721-7', '79722-5'],
]);
/** What other codes say in words: a star allele, a kind of metaboliser, a change in HGVS. */
const GENETIC_WORDS =
  /genotyp|haplotyp|diplotyp|allele|metaboli[sz]er|mutation|pathogenic|\bcarrier\b|\bvariant\b|\*\d+[A-Z]?\s*\/\s*\*\d+|\b[cgp]\.\(?[A-Z*\d-]/i;

/** Whether a condition states a genotype. */
export const isGeneticCondition = ({ system, code }: { readonly system: string; readonly code: string }): boolean =>
  system === 'ICD-10-CM' && GENETIC_CODES.test(code);

/** Whether an observation states one, by its code or in words. */
export function isGeneticObservation(one: { readonly code: string; readonly label: string; readonly text: string | null }): boolean {
  return GENETIC_LOINC.has(one.code) || [one.label, one.text].some((words) => words !== null && GENETIC_WORDS.test(words));
}

/** Of another code system it is not known here what is sensitive: all of it is taken for it. */
export function isSensitive({ system, code }: { readonly system: string; readonly code: string }): boolean {
  return system !== 'ICD-10-CM' || SENSITIVE_CODES.some((codes) => codes.test(code));
}
