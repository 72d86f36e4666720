/** Which data of a record are guarded apart from the rest. */

/**
 * CLINICAL: what is measured, given, diagnosed and predicted, with sex, race and age. IDENTIFIERS: identifier and date of birth.
 * GENOMIC: genotypes and what follows from them. SENSITIVE: conditions that HL7 lists as such.
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

/** Of another code system it is not known here what is sensitive: all of it is taken for it. */
export function isSensitive({ system, code }: { readonly system: string; readonly code: string }): boolean {
  return system !== 'ICD-10-CM' || SENSITIVE_CODES.some((codes) => codes.test(code));
}
