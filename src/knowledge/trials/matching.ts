/**
 * Whether a patient meets the criteria of a trial: met, not met, or unknown, which is neither. Findings are taken as complete, and what was
 * not found as not there, unless the candidate says what nobody has tested.
 */
import type { Criterion, Test } from './ctml.ts';
import type { KeyMeaning } from './vocabulary.ts';

export type Verdict = 'MET' | 'NOT_MET' | 'UNKNOWN';

/** A row of the clinical or the genomic records, by MatchMiner's column names. */
export type TrialRecord = Readonly<Record<string, unknown>>;

export interface Candidate {
  readonly clinical: TrialRecord;
  readonly findings: readonly TrialRecord[];
  /** Which test would show a finding that is not there; null where it was made. Left out: all were. */
  readonly untested?: (tests: readonly Test[]) => string | null;
}

export interface MatchContext {
  /** Day on which ages are taken, YYYY-MM-DD. */
  readonly asOf: string;
  /** Whether the diagnosis of the record is one that the trial's stands for; null where that is not settled. */
  readonly isDiagnosis: (wanted: string, recorded: string) => boolean | null;
  /** Whether a status that is not recorded is taken as negative, as MatchMiner takes it. */
  readonly assumesNegative: boolean;
}

const COMPARISON = /^(>=|<=|==|>|<)?(.+)$/;
const MONTHS = 12;
/** Days are compared as texts: one that is written otherwise is not known. */
const DAY = /^\d{4}-\d{2}-\d{2}/;

/** `>=18` as what it compares with and how; `==` where it does not say. */
function readComparison(text: string): { readonly operator: string; readonly wanted: number } {
  const [, operator = '==', digits = ''] = COMPARISON.exec(text) ?? [];
  return { operator, wanted: Number(digits) };
}

function holdsBy<T extends number | string>(operator: string, value: T, wanted: T): boolean {
  if (operator === '>=') return value >= wanted;
  if (operator === '<=') return value <= wanted;
  if (operator === '>') return value > wanted;
  return operator === '<' ? value < wanted : value === wanted;
}

function compare(text: string, value: number): boolean {
  const { operator, wanted } = readComparison(text);
  return holdsBy(operator, value, wanted);
}

/** The day that lies so many years before, their fraction in whole months; of a month that is shorter, its last day. */
function yearsBefore(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const whole = Math.trunc(years);
  const months = year * MONTHS + (month - 1) - whole * MONTHS - Math.trunc((years - whole) * MONTHS);
  const last = new Date(Date.UTC(Math.trunc(months / MONTHS), (months % MONTHS) + 1, 0)).getUTCDate();
  return new Date(Date.UTC(Math.trunc(months / MONTHS), months % MONTHS, Math.min(date, last))).toISOString().slice(0, 10);
}

/** An age is held against the birth date: at least 18 years is a birth on that day 18 years before, or earlier. */
function compareAge(text: string, born: string, asOf: string): boolean {
  const { operator, wanted } = readComparison(text);
  return holdsBy(operator, yearsBefore(asOf, wanted), born);
}

const AMINO_ACIDS = 'ACDEFGHIKLMNPQRSTVWY';
const ANY_GENE = 'any_gene';

/** A protein change by its position: `p.V600` is any change of that residue into another one. */
function isChangeAt(prefix: string, change: string): boolean {
  const start = prefix.startsWith('p.') ? prefix : `p.${prefix}`;
  return change.startsWith(start) && change.length === start.length + 1 && AMINO_ACIDS.includes(change.at(-1) ?? '-');
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== '';

/** What the record may call a value of CTML, whose letter case differs from trial to trial. */
function wordsOf({ words = {} }: KeyMeaning, wanted: string): readonly string[] {
  const name = Object.keys(words).find((one) => one.toLowerCase() === wanted.toLowerCase());
  return name === undefined ? [wanted] : (words[name] ?? []);
}

/** One that holds decides, then one that is not known. */
function anyOf(verdicts: readonly (boolean | null)[]): boolean | null {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(null) ? null : false;
}

/** Whether the value of a record is the one asked for; null where the record does not say it. The negation is not looked at. */
function holds({ meaning, values }: Test, record: TrialRecord, { asOf, isDiagnosis, assumesNegative }: MatchContext): boolean | null {
  const value = isSaid(record[meaning.field]) || !assumesNegative ? record[meaning.field] : meaning.absent;
  if (!isSaid(value)) return null;
  const text = String(value);
  switch (meaning.kind) {
    case 'AGE':
      return !DAY.test(text) || Number.isNaN(Date.parse(text))
        ? null
        : values.some((wanted) => compareAge(wanted, text.slice(0, 10), asOf));
    case 'NUMBER':
      return Number.isNaN(Number(value)) ? null : values.some((wanted) => compare(wanted, Number(value)));
    case 'DIAGNOSIS':
      return anyOf(values.map((wanted) => isDiagnosis(wanted, text)));
    case 'PREFIX':
      return values.some((wanted) => isChangeAt(wanted, text));
    default:
      return values.some((wanted) => wordsOf(meaning, wanted).some((one) => one.toLowerCase() === text.toLowerCase()));
  }
}

const LEFT = 'HARMONIZED_LEFT_PARTNER_GENE';
const RIGHT = 'HARMONIZED_RIGHT_PARTNER_GENE';
const COMMENT = 'STRUCTURAL_VARIANT_COMMENT';
const GENE_KEYS = new Set(['hugo_symbol', 'fusion_partner_hugo_symbol']);

/** One end of a fusion: a gene by name, any gene, or between genes, where no gene is named. */
function isEnd(wanted: string | undefined, gene: unknown): boolean {
  if (wanted === undefined) return true;
  if (wanted.toLowerCase() === 'intergenic') return !isSaid(gene) || String(gene).toLowerCase() === 'intergenic';
  return isSaid(gene) && (wanted === ANY_GENE || wanted === gene);
}

/** Of a structural variation with one end named, the other may be any gene. */
const hasOpenEnd = ({ VARIANT_CATEGORY: category, [LEFT]: left, [RIGHT]: right }: TrialRecord) =>
  category === 'SV' && isSaid(left) !== isSaid(right);

const isWord = (gene: string, text: string) => new RegExp(`(^|\\W)${gene.replaceAll(/[^\w]/g, '\\$&')}(\\W|$)`).test(text);

/** A structural variation has two ends, in either order; one that was only described is known by the genes in its description. */
function isFusion(tests: readonly Test[], finding: TrialRecord): boolean {
  const wanted = (key: string) => tests.find((test) => test.key === key)?.values;
  const pairs = (wanted('hugo_symbol') ?? [undefined]).flatMap((gene) =>
    (wanted('fusion_partner_hugo_symbol') ?? [undefined]).map((partner) => [gene, partner] as const),
  );
  const { [LEFT]: left, [RIGHT]: right, [COMMENT]: comment } = finding;
  if (isSaid(left) || isSaid(right))
    return pairs.some(([gene, partner]) => (isEnd(gene, left) && isEnd(partner, right)) || (isEnd(gene, right) && isEnd(partner, left)));
  if (!isSaid(comment)) return false;
  const named = [wanted('hugo_symbol'), wanted('fusion_partner_hugo_symbol')].flatMap((genes) => (genes ? [genes] : []));
  return named.length > 0 && named.every((genes) => genes.some((gene) => gene === ANY_GENE || isWord(gene, String(comment))));
}

/** Null where the finding does not say it. */
function holdsOf(test: Test, finding: TrialRecord, context: MatchContext): boolean | null {
  return test.values.includes(ANY_GENE) ? isSaid(finding[test.meaning.field]) : holds(test, finding, context);
}

/** Whether all that a genomic criterion asks is in one finding; null where the finding does not say it and nothing in it speaks against it. */
function holdsIn(tests: readonly Test[], finding: TrialRecord, context: MatchContext): boolean | null {
  const isStructural = finding['VARIANT_CATEGORY'] === 'SV';
  const others = tests.filter(({ key }) => !(isStructural && GENE_KEYS.has(key)));
  const ends = isStructural && others.length < tests.length ? isFusion(tests, finding) : true;
  const answers = [ends || !hasOpenEnd(finding) ? ends : null, ...others.map((test) => holdsOf(test, finding, context))];
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

/** One criterion that has no others in it, with its verdict for a patient. */
export interface Judged {
  readonly at: string;
  readonly verdict: Verdict;
  /** Fields of the record, or the test, that would settle it; null where it is settled. */
  readonly missing: string | null;
  /** Fields that the record does not have and that are taken as negative, as MatchMiner takes them; null where there is none. */
  readonly assumed: string | null;
}

function judgeClinical({ at, tests }: Extract<Criterion, { kind: 'CLINICAL' }>, { clinical }: Candidate, context: MatchContext): Judged {
  const answers = tests.map((test) => {
    const held = holds(test, clinical, context);
    return { test, met: held === null ? null : held !== test.negated };
  });
  const listed = (fields: readonly string[]) => (fields.length > 0 ? fields.join(', ') : null);
  const missing = listed(answers.flatMap(({ test, met }) => (met === null ? [test.meaning.field] : [])));
  const assumed = listed(
    tests.flatMap(({ meaning: { absent, field } }) =>
      context.assumesNegative && absent !== undefined && !isSaid(clinical[field]) ? [field] : [],
    ),
  );
  if (answers.some(({ met }) => met === false)) return { at, verdict: 'NOT_MET', missing: null, assumed };
  return { at, verdict: missing === null ? 'MET' : 'UNKNOWN', missing, assumed };
}

function judgeGenomic(
  { at, tests, absent }: Extract<Criterion, { kind: 'GENOMIC' }>,
  { findings, untested }: Candidate,
  context: MatchContext,
): Judged {
  const verdicts = findings.map((finding) => holdsIn(tests, finding, context));
  const found = verdicts.includes(true);
  // MatchMiner takes what a finding does not say as not so.
  const isOpen = !found && !context.assumesNegative && verdicts.includes(null);
  const unsaid = isOpen
    ? `More of the finding than the report says (${tests.map(({ key }) => key.replaceAll('_', ' ')).join(' and ')})`
    : null;
  const missing = found ? null : (untested?.(tests) ?? unsaid);
  if (missing !== null) return { at, verdict: 'UNKNOWN', missing, assumed: null };
  return { at, verdict: found !== absent ? 'MET' : 'NOT_MET', missing: null, assumed: null };
}

/** The verdict, with those of the criteria that it is made of, in the order of the file. */
export function judge(criterion: Criterion, candidate: Candidate, context: MatchContext, into: Judged[] = []): Verdict {
  if (criterion.kind === 'CLINICAL' || criterion.kind === 'GENOMIC') {
    const judged =
      criterion.kind === 'CLINICAL' ? judgeClinical(criterion, candidate, context) : judgeGenomic(criterion, candidate, context);
    into.push(judged);
    return judged.verdict;
  }
  const verdicts = criterion.of.map((one) => judge(one, candidate, context, into));
  // All must be met, or one: the deciding verdict settles it, whatever is unknown beside it.
  const [deciding, otherwise] = criterion.kind === 'ALL' ? (['NOT_MET', 'MET'] as const) : (['MET', 'NOT_MET'] as const);
  if (verdicts.includes(deciding)) return deciding;
  return verdicts.includes('UNKNOWN') ? 'UNKNOWN' : otherwise;
}
