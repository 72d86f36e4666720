/** What speaks against a drug for one patient, from whatever source: genotype, drugs taken now, allergies, the drug's label. */
import { advise } from '../knowledge/advise.ts';
import { interactionsWith } from '../knowledge/interactions.ts';
import { drugsNamed } from '../knowledge/names.ts';
import type { CautionSeverity, DrugCaution } from '../knowledge/oncology/drugCautions.ts';
import type { OncologyBook } from '../knowledge/oncology/oncologyBook.ts';
import { citationUrl } from '../knowledge/oncology/predictiveEvidence.ts';
import { populationFits } from '../knowledge/recommend.ts';
import type { GuidanceRule, KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { ICD_10_CM, isPresent, isWithheld, type PatientRecord, takenAt } from '../patients/record.ts';
import { judgeCaution } from './labelCautions.ts';
import type { OpenQuestion } from './openQuestion.ts';

export const CAUTION_BASES = ['GENOTYPE', 'INTERACTION', 'ALLERGY', 'CONDITION', 'AGE', 'PREGNANCY', 'ORGAN_FUNCTION'] as const;

export interface Caution {
  readonly drug: string;
  readonly basis: (typeof CAUTION_BASES)[number];
  readonly severity: CautionSeverity;
  /** What is said, in words. */
  readonly text: string;
  /** What of the patient it follows from. */
  readonly because: string;
  readonly source: string;
  readonly url: string | null;
}

export interface Judgement {
  readonly cautions: readonly Caution[];
  readonly open: readonly OpenQuestion[];
}

/** For whom, and on what knowledge. */
export interface Case {
  readonly knowledge: KnowledgeSnapshot;
  readonly book: OncologyBook;
  readonly record: PatientRecord;
  /** The instant that all is judged at. */
  readonly at: string;
}

const together = (parts: readonly Judgement[]): Judgement => ({
  cautions: parts.flatMap(({ cautions }) => cautions),
  open: parts.flatMap(({ open }) => open),
});

/** STANDARD and no recommendation are no caution. */
const OF_ACTION: Readonly<Partial<Record<GuidanceRule['action'], CautionSeverity>>> = {
  AVOID: 'AVOID',
  ALTERNATIVE: 'AVOID',
  REDUCE: 'ADJUST',
  INCREASE: 'ADJUST',
  MONITOR: 'MONITOR',
};

const inList = (genes: readonly string[]) => genes.join(' and ');

/** Genes without a call though some genotype of them would change what is advised. */
function genesToTest({ knowledge, record }: Case, drug: string): readonly string[] {
  const called = new Set(record.calls.filter(({ call }) => call.lookup.length > 0).map(({ call }) => call.gene));
  const telling = (knowledge.rulesByDrug.get(drug) ?? []).filter(({ action }) => OF_ACTION[action] !== undefined);
  return [...new Set(telling.flatMap(({ lookup }) => Object.keys(lookup)))].filter((gene) => !called.has(gene)).sort();
}

function byGenotype(one: Case, drug: string): Judgement {
  const { knowledge, record, at } = one;
  const calls = record.calls.map(({ call }) => call);
  const advice = advise(knowledge, calls, takenAt(record, at), [drug]).filter(
    ({ rule, applies }) => applies && populationFits(rule.population, record, at),
  );
  const cautions = advice.flatMap(({ rule, lookup }): Caution[] => {
    const severity = OF_ACTION[rule.action];
    if (severity === undefined) return [];
    const guideline = knowledge.guidelineById.get(rule.guideline);
    const because = Object.entries(lookup).map(([gene, key]) => `${gene} ${key}`);
    return [
      {
        drug,
        basis: 'GENOTYPE',
        severity,
        text: rule.text,
        because: `${because.join(', ')}${rule.population === 'general' ? '' : ` (${rule.population})`}`,
        source: `${guideline?.title ?? rule.guideline}, ${rule.classification}`,
        url: guideline?.url ?? null,
      },
    ];
  });
  const genes = genesToTest(one, drug);
  if (genes.length === 0) return { cautions, open: [] };
  const settledBy = isWithheld(record, 'GENOMIC') ? 'The genotype, which is withheld from you' : `A genotype of ${inList(genes)}`;
  return { cautions, open: [{ question: `Whether ${inList(genes)} changes the dose or choice of ${drug}`, settledBy }] };
}

const OF_INTERACTION: Readonly<Record<string, CautionSeverity>> = { CONTRAINDICATED: 'CONTRAINDICATED', MAJOR: 'ADJUST' };

function byInteraction({ knowledge, record, at }: Case, drug: string): Judgement {
  const calls = record.calls.map(({ call }) => call);
  const found = interactionsWith(knowledge, drug, takenAt(record, at), calls);
  return {
    cautions: found.map(({ drugs, severity, effect, advice, source, pmid }) => ({
      drug,
      basis: 'INTERACTION',
      severity: OF_INTERACTION[severity] ?? 'MONITOR',
      text: `${effect} ${advice}`,
      because: `takes ${drugs.find((one) => one !== drug) ?? drug}`,
      source,
      url: citationUrl(`PMID:${pmid}`),
    })),
    open: [],
  };
}

/** Drugs taken now of which the release knows nothing: no interaction with them can be told. */
export function unknownMedications({ knowledge, record, at }: Case): OpenQuestion[] {
  const unknown = takenAt(record, at).filter((name) => !knowledge.drugByName.has(name));
  return unknown.map((name) => ({
    question: `Whether anything listed interacts with ${name}, which is taken now and which the release does not know`,
    settledBy: 'A pharmacist, or the labels',
  }));
}

/** Whether any interaction, or what an enzyme makes of the drug, is in the tables: what has none was not checked. */
function isChecked({ knowledge }: Case, drug: string): boolean {
  const names = [drug, ...(knowledge.drugByName.get(drug)?.synonyms ?? [])].map((name) => name.toLowerCase());
  return (
    names.some((name) => knowledge.ruleDrugNamed.has(name)) ||
    knowledge.rulesByDrug.has(drug) ||
    knowledge.interactions.some(({ drugs }) => drugs.includes(drug))
  );
}

/** Drugs of options of which the tables know no interaction: none can be told. */
export function uncheckedDrugs(one: Case, drugs: Iterable<string>): OpenQuestion[] {
  const names = [...new Set(drugs)].filter((drug) => !isChecked(one, drug)).sort();
  if (names.length === 0) return [];
  return [
    {
      question: `Whether anything taken now, or a genotype, speaks against ${names.join(', ')}: the release knows no interaction of them`,
      settledBy: 'A pharmacist, or the labels',
    },
  ];
}

/** What the record says in words or codes that no rule can read. */
export function unreadFacts({ knowledge, book, record, at }: Case): OpenQuestion[] {
  const terms = new Set([...book.cautionsOf.values()].flat().flatMap(({ kind, terms: own }) => (kind === 'ALLERGY' ? own : [])));
  const isRead = (substance: string) => terms.has(substance.trim().toLowerCase()) || drugsNamed(knowledge, substance).length > 0;
  const substances = [...new Set(record.allergies.map(({ substance }) => substance))].filter((substance) => !isRead(substance));
  const others = record.conditions.filter((condition) => condition.system !== ICD_10_CM && isPresent(condition, at));
  return [
    ...substances.map((substance) => ({
      question: `Whether the allergy to ${substance} is to anything listed: the release does not know that name`,
      settledBy: 'A pharmacist, who knows its generic name',
    })),
    ...others.map(({ label, system }) => ({
      question: `Whether ${label} speaks against anything listed: rules read ICD-10-CM, and it is recorded in ${system}`,
      settledBy: 'Its ICD-10-CM code, recorded as a condition',
    })),
  ];
}

/** A recorded allergy to the drug itself, where no rule speaks of it. */
function byOwnAllergy({ knowledge, record }: Case, drug: string): Judgement {
  const names = new Set([drug, ...(knowledge.drugByName.get(drug)?.synonyms ?? []).map((name) => name.toLowerCase())]);
  const found = record.allergies.filter(({ substance }) => names.has(substance.trim().toLowerCase()));
  return {
    cautions: found.map(({ substance, severity, reaction }) => ({
      drug,
      basis: 'ALLERGY',
      severity: severity === 'SEVERE' ? 'CONTRAINDICATED' : 'AVOID',
      text: `An allergy to the drug is recorded${reaction ? `: ${reaction}` : ''}.`,
      because: `allergy to ${substance} (${severity.toLowerCase()})`,
      source: 'the record',
      url: null,
    })),
    open: [],
  };
}

const RANK: readonly CautionSeverity[] = ['CONTRAINDICATED', 'AVOID', 'ADJUST', 'MONITOR'];

/** Of the limits of one measure that are passed only the gravest is told; of a question only one. */
function byLabel({ knowledge, book, record, at }: Case, drug: string): Judgement {
  const own = book.cautionsOf.get(drug) ?? [];
  // What holds for every drug of an option, where no rule of its own says more.
  const general = (book.cautionsOf.get('*') ?? []).filter(({ kind }) => !own.some((caution) => caution.kind === kind));
  const judged = [...own, ...general].map((caution) => ({
    caution,
    verdict: judgeCaution(caution, { drug, knowledge, record, at }),
  }));
  const spoken = judged.flatMap(({ caution, verdict }) => (verdict && 'because' in verdict ? [{ caution, because: verdict.because }] : []));
  const isGravest = (one: DrugCaution) =>
    !spoken.some(
      ({ caution }) =>
        one.measure !== null && caution.measure === one.measure && RANK.indexOf(caution.severity) < RANK.indexOf(one.severity),
    );
  return {
    cautions: spoken
      .filter(({ caution }) => isGravest(caution))
      .map(({ caution: { kind, severity, text, source, url }, because }) => ({ drug, basis: kind, severity, text, because, source, url })),
    open: judged.flatMap(({ verdict }) => (verdict && 'open' in verdict ? [verdict.open] : [])),
  };
}

/** Without those that say the same: an allergy by a rule and by itself, a question twice. */
function distinct({ cautions, open }: Judgement): Judgement {
  const gravest = [...cautions].sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
  const isFirst = (one: Caution, place: number) =>
    one.basis !== 'ALLERGY' || gravest.findIndex(({ basis, drug }) => basis === 'ALLERGY' && drug === one.drug) === place;
  return {
    cautions: gravest.filter(isFirst),
    open: open.filter((one, place) => open.findIndex(({ question }) => question === one.question) === place),
  };
}

/** Whether a label of the drug is among those that were read. */
export const hasLabelRule = ({ book }: Case, drug: string) => book.cautionsOf.has(drug);

/** What speaks against any of some drugs that are given together, the gravest first. */
export function cautionsOf(one: Case, drugs: readonly string[]): Judgement {
  const checks = [byGenotype, byInteraction, byOwnAllergy, byLabel];
  return distinct(together(drugs.flatMap((drug) => checks.map((check) => check(one, drug)))));
}
