/** Trials against one patient: each criterion met, not met or unknown, with what would settle it; nearly matching trials too. */
import type { Clause, Criterion, Trial } from '../knowledge/trials/ctml.ts';
import { criterionInWords } from '../knowledge/trials/inWords.ts';
import { type Judged, judge, type MatchContext, type Verdict } from '../knowledge/trials/matching.ts';
import type { Case } from './cautions.ts';
import type { OpenQuestion } from './openQuestion.ts';
import { candidateOf, isOncotreeKind } from './trialCandidate.ts';
import { type AskedTumour, tumourOf, tumoursOf } from './tumourOf.ts';
import { tumourReports } from './tumourReports.ts';

export interface JudgedCriterion {
  readonly text: string;
  readonly verdict: Verdict;
  /** What would settle it; null where it is settled. */
  readonly settledBy: string | null;
  /** Its place in the trial's file. */
  readonly at: string;
}

export interface ClauseMatch {
  readonly level: Clause['level'];
  readonly code: string;
  readonly suspended: boolean;
  /** With what encloses it: of an arm, with its step. */
  readonly verdict: Verdict;
  /** How many criteria would have to be otherwise for it to be met; 0 where none is known to fail. */
  readonly failing: number;
  readonly criteria: readonly JudgedCriterion[];
}

export interface TrialMatch {
  readonly trial: string;
  readonly title: string | null;
  readonly status: string;
  readonly synthetic: boolean;
  readonly verdict: Verdict;
  /** Not met by one criterion alone, which is not the diagnosis. */
  readonly nearly: boolean;
  readonly clauses: readonly ClauseMatch[];
}

/** A trial as it was loaded. */
export interface KnownTrial {
  readonly trial: Trial;
  readonly title: string | null;
  readonly synthetic: boolean;
}

export interface TrialMatches {
  readonly tumour: AskedTumour;
  readonly matches: readonly TrialMatch[];
  readonly open: readonly OpenQuestion[];
}

const FIELDS: Readonly<Record<string, string>> = {
  BIRTH_DATE: 'The date of birth',
  GENDER: 'The sex at birth',
  ONCOTREE_PRIMARY_DIAGNOSIS_NAME: 'A diagnosis on record, and the kind of the tumour: its histology, asked by its DOID',
  TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE: 'A test of TMB, in mutations per megabase',
  MMR_STATUS: 'A test of MSI',
  HER2_STATUS: 'A test of HER2 (LOINC 48676-1)',
  ER_STATUS: 'A test of the oestrogen receptor (LOINC 16112-5)',
  PR_STATUS: 'A test of the progesterone receptor (LOINC 16113-3)',
  DISEASE_STATUS: 'The stage of the disease, which the record has no place for',
  PRIOR_TREATMENT_AGENT: 'The treatments before, which are to be read from the record by a person',
};

/** The criteria that have no others in them, by their places. */
function leaves(criterion: Criterion): Extract<Criterion, { kind: 'CLINICAL' | 'GENOMIC' }>[] {
  return criterion.kind === 'CLINICAL' || criterion.kind === 'GENOMIC' ? [criterion] : criterion.of.flatMap(leaves);
}

/** Each thing that a clinical criterion asks as one of its own, so that each is answered. */
function split(criterion: Criterion): Criterion {
  if (criterion.kind === 'GENOMIC') return criterion;
  if (criterion.kind !== 'CLINICAL') return { ...criterion, of: criterion.of.map(split) };
  const { at, tests } = criterion;
  return { kind: 'ALL', at, of: tests.map((test) => ({ kind: 'CLINICAL', at: `${at}.${test.key}`, tests: [test] })) };
}

/** The fewest criteria that would have to be otherwise. */
function failing(criterion: Criterion, verdicts: ReadonlyMap<string, Verdict>): number {
  if (criterion.kind === 'ALL') return criterion.of.reduce((sum, one) => sum + failing(one, verdicts), 0);
  if (criterion.kind === 'ANY') return Math.min(...criterion.of.map((one) => failing(one, verdicts)));
  return verdicts.get(criterion.at) === 'NOT_MET' ? 1 : 0;
}

const settledBy = ({ missing }: Judged) =>
  missing
    ?.split(', ')
    .map((field) => FIELDS[field] ?? field)
    .join('; ') ?? null;

interface JudgedClause extends ClauseMatch {
  readonly place: string;
  readonly otherTumour: boolean;
}

function judgeClause(clause: Clause, judging: (criterion: Criterion, into: Judged[]) => Verdict): JudgedClause {
  const { level, place, code, suspended } = clause;
  const criterion = split(clause.criterion);
  const judged: Judged[] = [];
  const verdict = judging(criterion, judged);
  const texts = new Map(leaves(criterion).map((leaf) => [leaf.at, criterionInWords(leaf)]));
  return {
    level,
    place,
    code,
    suspended,
    verdict,
    otherTumour: judged.some(({ at, verdict: own }) => own === 'NOT_MET' && at.endsWith('oncotree_primary_diagnosis')),
    failing: failing(criterion, new Map(judged.map((one) => [one.at, one.verdict]))),
    criteria: judged.map((one) => ({ text: texts.get(one.at) ?? '', verdict: one.verdict, settledBy: settledBy(one), at: one.at })),
  };
}

const VERDICTS: readonly Verdict[] = ['MET', 'UNKNOWN', 'NOT_MET'];
const worst = (verdicts: readonly Verdict[]) => VERDICTS.findLast((verdict) => verdicts.includes(verdict)) ?? 'MET';

/** An arm is entered through its step, a dose level through its arm: what they ask is asked too. */
function withEnclosing(clause: JudgedClause, all: readonly JudgedClause[]): JudgedClause {
  const asked = all.filter(({ place }) => clause.place.startsWith(place));
  return {
    ...clause,
    verdict: worst(asked.map(({ verdict }) => verdict)),
    failing: asked.reduce((sum, one) => sum + one.failing, 0),
    suspended: asked.some(({ suspended }) => suspended),
    otherTumour: asked.some(({ otherTumour }) => otherTumour),
  };
}

const OPEN_STATUS = /^open/i;

/** Of the parts that take patients, the one that fits best. */
function verdictOf(clauses: readonly JudgedClause[]): Pick<TrialMatch, 'verdict' | 'nearly'> {
  const taking = clauses.filter(({ suspended }) => !suspended);
  const found = VERDICTS.find((verdict) => taking.some((clause) => clause.verdict === verdict)) ?? 'NOT_MET';
  return { verdict: found, nearly: found === 'NOT_MET' && taking.some(({ failing: others, otherTumour }) => others === 1 && !otherTumour) };
}

const shown = ({ place: _place, otherTumour: _other, ...clause }: JudgedClause): ClauseMatch => clause;

const byVerdict = (a: TrialMatch, b: TrialMatch) =>
  VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || Number(b.nearly) - Number(a.nearly) || a.trial.localeCompare(b.trial, 'en');

/**
 * Trials that are open, those that fit first, then those of which it cannot be told, then those that nearly fit.
 * @throws AvicennaError NOT_FOUND or BAD_USER_INPUT at `condition`
 */
export function trialMatches(one: Case, trials: readonly KnownTrial[], asked: string): TrialMatches {
  const { book, record, at } = one;
  const tumour = tumourOf(book, record, asked, at);
  const { reports, open } = tumourReports(book.tree, tumour, tumoursOf(book, record, at), record.molecular);
  const candidate = candidateOf(record, reports, tumour.name);
  const context: MatchContext = {
    asOf: at.slice(0, 10),
    assumesNegative: false,
    // A tumour that is not on record is not known to be the patient's.
    isDiagnosis: (wanted) => {
      const isKind = isOncotreeKind(book.tree, tumour.id, wanted);
      return isKind === true && !tumour.recorded ? null : isKind;
    },
  };
  const judging = (criterion: Criterion, into: Judged[]) => judge(criterion, candidate, context, into);
  const matches = trials
    .filter(({ trial }) => OPEN_STATUS.test(trial.status))
    .map(({ trial, title, synthetic }): TrialMatch => {
      const own = trial.clauses.map((clause) => judgeClause(clause, judging));
      const clauses = own.map((clause) => withEnclosing(clause, own));
      return { trial: trial.name, title, status: trial.status, synthetic, ...verdictOf(clauses), clauses: clauses.map(shown) };
    });
  return { tumour, matches: matches.sort(byVerdict), open: [...tumour.open, ...open] };
}
