/**
 * Results that a laboratory or another caller states: `gene<TAB>diplotype<TAB>phenotype<TAB>activity score`, all but the
 * gene may be empty as long as one is given (the format of PharmCAT's outside calls). Lines that begin with # are left out.
 */
import { compareAlleles } from './alleleNames.ts';
import type { CallWarning, CallWarningCode, Diplotype, GeneCall } from './call.ts';
import type { GeneDefinition } from './definitions.ts';
import { ruleOf } from './genes/index.ts';
import { lookupsOf, phenotypeTable } from './phenotype.ts';
import { phenotypeTerm, STATUS, scoreTerm, unknownTerms, withoutSymbol } from './statedTerms.ts';

export interface OutsideCall {
  readonly gene: string;
  readonly diplotype: string | null;
  readonly phenotype: string | null;
  readonly activityScore: string | null;
}

/** The code tells which of the stated terms the problem is in. */
export type StatedCall = { readonly call: GeneCall } | { readonly problem: string; readonly code: CallWarningCode };

/** A line of a file; a problem in words where it says nothing usable; null for a comment or an empty line. */
export function readOutsideLine(line: string): OutsideCall | { readonly problem: string } | null {
  if (line.trim() === '' || line.startsWith('#')) return null;
  const [symbol = '', diplotype = '', phenotype = '', activityScore = ''] = line.split('\t').map((field) => field.trim());
  const gene = symbol.toUpperCase();
  if (gene === '') return { problem: 'no gene' };
  const stated = {
    gene,
    diplotype: diplotype === '/' ? null : diplotype || null,
    phenotype: phenotype || null,
    activityScore: activityScore || null,
  };
  if (stated.diplotype ?? stated.phenotype ?? stated.activityScore) return stated;
  return { problem: `${gene}: expected a diplotype, a phenotype or an activity score, separated by tabs` };
}

/** How the tables may write several alleles on one copy: `[*36+*10]` as `*36+*10` or `*36 + *10`. */
function tandemForms(name: string): string[] {
  const parts = name.replace(/^\[(.*)\]$/, '$1').split(/\s*\+\s*/);
  return [parts.join('+'), parts.join(' + ')];
}

/** Alleles in the names of the tables, with warnings about every name that was changed or is not there. */
function alleleNames(definition: GeneDefinition, text: string, warnings: CallWarning[]): string[] {
  const { gene } = definition;
  const { alleles } = phenotypeTable(definition);
  const { stated, lookUpAs, statuses } = ruleOf(gene);
  return text.split('/').map((written) => {
    const bare = withoutSymbol(gene, written);
    const { name, note } = stated?.(bare) ?? { name: bare };
    if (note) warnings.push({ code: 'STATED_NAME_CHANGED', message: `${gene}: ${note.slice(0, 120)}.` });
    const knows = (candidate: string) => alleles.has(lookUpAs ? lookUpAs(candidate, definition) : candidate);
    const joined = tandemForms(name).find(knows);
    if (!knows(name) && joined !== undefined) {
      warnings.push({ code: 'STATED_NAME_CHANGED', message: `${gene}: ${name.slice(0, 60)} was read as ${joined.slice(0, 60)}.` });
      return joined;
    }
    if (!knows(name) && !statuses)
      warnings.push({ code: 'UNKNOWN_ALLELE', message: `${gene}: allele ${name.slice(0, 60)} is not in the allele table.` });
    return name;
  });
}

/** Every lookup key that a stated phenotype or score allows, where no alleles are known. */
function fromTerms(definition: GeneDefinition, phenotype: string | null, activityScore: string | null): Diplotype[] {
  const scored = definition.rules.some((rule) => rule.activityScore !== null);
  if (!scored) return [{ alleles: [], phenotype, activityScore, lookupKey: phenotype }];
  if (activityScore !== null) {
    const terms = [...new Set(definition.rules.filter((rule) => rule.lookupKey === activityScore).map((rule) => rule.phenotype))];
    const known: (string | null)[] = phenotype === null ? (terms.length > 0 ? terms : [null]) : [phenotype];
    return known.map((term) => ({ alleles: [], phenotype: term, activityScore, lookupKey: activityScore }));
  }
  const keys = [...new Set(definition.rules.filter((rule) => rule.phenotype === phenotype).map((rule) => rule.lookupKey))];
  return (keys.length > 0 ? keys : [null]).map((lookupKey) => ({ alleles: [], phenotype, activityScore: null, lookupKey }));
}

function numberProblem({ gene, alleles }: GeneDefinition, text: string): string | null {
  const count = text.split('/').length;
  const copies = ruleOf(gene).copies ?? 2;
  if (copies === 1 ? count === 1 : count === 2 || (count === 1 && (copies === 'X_LINKED' || ruleOf(gene).statuses))) return null;
  const reference = alleles[0]?.name ?? '*1';
  return `${gene}: expected ${copies === 1 ? `one allele, as in ${reference}` : `two alleles separated by '/', as in ${reference}/${reference}`}`;
}

function mismatch(gene: string, found: readonly Diplotype[], phenotype: string | null, activityScore: string | null): CallWarning[] {
  const differs = (stated: string | null, own: (one: Diplotype) => string | null) =>
    stated !== null && found.every((one) => own(one) !== null && own(one) !== stated);
  const said = [
    ...(differs(phenotype, (one) => one.phenotype) ? [`phenotype ${phenotype}`] : []),
    ...(differs(activityScore, (one) => one.activityScore) ? [`activity score ${activityScore}`] : []),
  ];
  if (said.length === 0) return [];
  const own = found
    .map((one) => `${one.phenotype ?? 'no phenotype'}${one.activityScore === null ? '' : ` (${one.activityScore})`}`)
    .join(', ');
  return [
    {
      code: 'STATED_MISMATCH',
      message: `${gene}: stated ${said.join(' and ').slice(0, 120)}, the alleles give ${own}; the stated value counts.`,
    },
  ];
}

/** A stated value wins over what the alleles give: each lookup that it allows. */
function withStated(definition: GeneDefinition, one: Diplotype, phenotype: string | null, activityScore: string | null): Diplotype[] {
  if (phenotype === null && activityScore === null) return [one];
  const terms = fromTerms(definition, phenotype ?? (activityScore === null ? one.phenotype : null), activityScore);
  const scored = definition.rules.some((rule) => rule.activityScore !== null);
  if (scored && activityScore === null && phenotype !== one.phenotype) {
    // The score of the alleles contradicts the phenotype that counts.
    const [only, ...more] = terms;
    return terms.map((term) => ({
      ...one,
      phenotype,
      activityScore: only && more.length === 0 ? only.lookupKey : null,
      lookupKey: term.lookupKey,
    }));
  }
  const [term] = terms;
  const key = scored ? (activityScore ?? one.lookupKey) : (phenotype ?? one.lookupKey);
  return [
    { ...one, phenotype: phenotype ?? term?.phenotype ?? one.phenotype, activityScore: activityScore ?? one.activityScore, lookupKey: key },
  ];
}

/** Statuses with the stated ones in the place of those that the alleles give. */
function withStatedStatus(found: readonly Diplotype[], phenotype: string | null): Diplotype[] {
  if (phenotype === null || !STATUS.test(phenotype)) return [...found];
  const allele = phenotype.replace(STATUS, '');
  const stated: Diplotype = { alleles: [], activityScore: null, ...found[0], phenotype, lookupKey: phenotype };
  return [stated, ...found.filter(({ lookupKey }) => lookupKey?.replace(STATUS, '') !== allele)];
}

const NO_CALL = /^\.(\/\.)?$/;

/** Why a name cannot be an allele of the gene at all; null where it can. */
function nameProblem({ gene }: GeneDefinition, text: string): string | null {
  const { allele, stated } = ruleOf(gene);
  for (const written of text.split('/').map((name) => name.trim())) {
    if (written === '' || written === '.') return `${gene}: an allele is missing beside '/'`;
    const bare = withoutSymbol(gene, written);
    const name = stated?.(bare).name ?? bare;
    if (allele && !allele.pattern.test(name)) return `${gene}: ${name.slice(0, 30)} is not an allele; expected ${allele.expected}`;
  }
  return null;
}

/** The call that a stated result makes. A problem where it cannot be read at all. */
export function statedCall(definition: GeneDefinition, outside: OutsideCall): StatedCall {
  const warnings: CallWarning[] = [];
  const phenotype = outside.phenotype === null ? null : phenotypeTerm(definition, outside.phenotype);
  const activityScore = outside.activityScore === null ? null : scoreTerm(outside.activityScore);
  const unknown = unknownTerms(definition, phenotype, activityScore);
  // An allele whose status cannot be read must not pass for negative.
  if (unknown[0] && ruleOf(definition.gene).statuses) return { problem: unknown[0].message.replace(/\.$/, ''), code: unknown[0].code };
  warnings.push(...unknown);
  const base = {
    gene: definition.gene,
    status: 'CALLED' as const,
    source: 'OUTSIDE' as const,
    phased: false,
    variants: [],
    alsoFit: [],
    evidence: [],
    missing: [],
  };
  if (outside.diplotype !== null && NO_CALL.test(outside.diplotype) && phenotype === null && activityScore === null)
    return { call: { ...base, status: 'NO_CALL', diplotypes: [], lookup: [], warnings } };
  if (outside.diplotype === null || NO_CALL.test(outside.diplotype)) {
    const lookup = fromTerms(definition, phenotype, activityScore);
    const [first] = lookup;
    const diplotypes = first ? [{ ...first, activityScore }] : [];
    return { call: { ...base, diplotypes, lookup, warnings } };
  }
  const problem = nameProblem(definition, outside.diplotype) ?? numberProblem(definition, outside.diplotype);
  if (problem !== null) return { problem, code: 'UNKNOWN_ALLELE' };
  const alleles = alleleNames(definition, outside.diplotype, warnings).sort(compareAlleles);
  const found = lookupsOf(definition, alleles);
  warnings.push(...mismatch(definition.gene, found, phenotype, activityScore));
  if (ruleOf(definition.gene).statuses) {
    const diplotypes = [{ alleles, phenotype: null, activityScore: null, lookupKey: null }];
    return { call: { ...base, diplotypes, lookup: withStatedStatus(found, phenotype), warnings } };
  }
  const lookup = found.flatMap((one) => withStated(definition, one, phenotype, activityScore));
  const [first] = lookup;
  const diplotypes = lookup.every((one) => one.alleles.join() === first?.alleles.join()) && first ? [first] : lookup;
  return { call: { ...base, diplotypes, lookup, warnings } };
}

/**
 * A newer stated result with the allele statuses of an older one that it says nothing of: a laboratory that tested HLA-B
 * *57:01 takes back nothing about *15:02.
 */
export function withEarlierStatuses(now: GeneCall, before: GeneCall): GeneCall {
  if (!ruleOf(now.gene).statuses) return now;
  const alleleOf = ({ lookupKey }: Diplotype) => lookupKey?.replace(STATUS, '');
  const said = new Set(now.lookup.map(alleleOf));
  const kept = before.lookup.filter((one) => !said.has(alleleOf(one)));
  const named = before.diplotypes.filter(({ lookupKey }) => lookupKey !== null && kept.some((one) => one.lookupKey === lookupKey));
  return { ...now, diplotypes: [...now.diplotypes, ...named], lookup: [...now.lookup, ...kept] };
}

/** Stated results of one gene together: each of them is an answer that fits. */
export function joinStated(calls: readonly GeneCall[]): GeneCall {
  const called = calls.filter(({ status }) => status === 'CALLED');
  const [first = calls[0] as GeneCall] = called;
  return {
    ...first,
    diplotypes: calls.flatMap(({ diplotypes }) => diplotypes),
    lookup: calls.flatMap(({ lookup }) => lookup),
    warnings: calls.flatMap(({ warnings }) => warnings),
  };
}
