/** Which data of a record are guarded apart from the rest. */
import type { Condition } from './record.ts';

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
  /^F1[0-68-9]/, // ETH
  /^F[2-9]/, // PSY
  /^(B20|Z21|R75|O98\.7)/, // HIV
  /^A(5[0-9]|6[0-4])/, // STD
  /^(O04|Z33\.2|Z64\.0|F64|F65|F66)/, // SEX
  /^(T74|T76|Y07|Z69)/, // SDV
];

/** Of another code system it is not known here what is sensitive: all of it is taken for it. */
export function isSensitive({ system, code }: Pick<Condition, 'system' | 'code'>): boolean {
  return system !== 'ICD-10-CM' || SENSITIVE_CODES.some((codes) => codes.test(code));
}
