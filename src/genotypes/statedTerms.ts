/** Phenotypes and activity scores in the terms of the tables, as laboratories write them. */
import type { CallWarning } from './call.ts';
import type { GeneDefinition } from './definitions.ts';
import { ruleOf } from './genes/index.ts';

/** Short forms that laboratories use for CPIC's phenotype terms (PMID 27441996). */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  UM: 'Ultrarapid Metabolizer',
  RM: 'Rapid Metabolizer',
  NM: 'Normal Metabolizer',
  EM: 'Normal Metabolizer',
  IM: 'Intermediate Metabolizer',
  PM: 'Poor Metabolizer',
};

/** A name as it is written without the gene's symbol before it. */
export function withoutSymbol(gene: string, text: string): string {
  return text.trim().replace(new RegExp(`^${gene}\\s*`, 'i'), '');
}

/** What follows the allele in a status, as in `*57:01 positive`. */
export const STATUS = / (positive|negative)$/;

/**
 * `CYP2D6 poor metabolisers (PM)` as `Poor Metabolizer`: without the gene's symbol and a short form beside it, in the letters
 * of the table. A term that the table does not have stays as it is written.
 */
export function phenotypeTerm({ gene, rules }: GeneDefinition, text: string): string {
  const bare = text
    .replace(new RegExp(gene, 'gi'), '')
    .replace(/\((UM|RM|NM|EM|IM|PM)\)/i, '')
    .replace(/metaboli[sz]ers?/gi, 'Metabolizer')
    .replace(/\bextensive metabolizer\b/i, 'Normal Metabolizer')
    .replace(/\s+/g, ' ')
    .trim();
  const { statuses, stated } = ruleOf(gene);
  if (statuses) {
    const [, allele = bare, status = ''] = /^(.*?)( positive| negative)$/i.exec(bare) ?? [];
    return `${stated?.(allele).name ?? allele}${status.toLowerCase()}`;
  }
  const term = SHORT_FORMS[bare.toUpperCase()] ?? bare;
  return rules.find(({ phenotype }) => phenotype?.toLowerCase() === term.toLowerCase())?.phenotype ?? term;
}

/** `1` as `1.0`; CPIC writes one decimal at least. */
export function scoreTerm(text: string): string {
  const [, sign = '', number = ''] = /^(≥?)(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  return number === '' ? text : `${sign}${Number.isInteger(Number(number)) ? Number(number).toFixed(1) : String(Number(number))}`;
}

/** Stated terms that no rule of the gene knows: guidance will not find them. */
export function unknownTerms({ gene, rules }: GeneDefinition, phenotype: string | null, activityScore: string | null): CallWarning[] {
  const warnings: CallWarning[] = [];
  const { statuses, allele } = ruleOf(gene);
  const knows = statuses
    ? STATUS.test(phenotype ?? '') && (allele?.pattern.test(phenotype?.replace(STATUS, '') ?? '') ?? true)
    : rules.some((rule) => rule.phenotype === phenotype);
  const terms = [...new Set(rules.map((rule) => rule.phenotype))].join(', ');
  const expected = statuses ? 'an allele and its status, as in *57:01 positive' : terms;
  if (phenotype !== null && !knows)
    warnings.push({ code: 'UNKNOWN_PHENOTYPE', message: `${gene}: the phenotype is not one of the table; it has ${expected}.` });
  if (activityScore !== null && !rules.some((rule) => rule.activityScore === activityScore))
    warnings.push({ code: 'UNKNOWN_ACTIVITY_SCORE', message: `${gene}: the activity score is not one of the table.` });
  return warnings;
}
