/**
 * The treatment options for one patient's tumour: every therapy of which there is predictive evidence for what was found in it, with
 * what speaks for and against it. Nothing is scored: options are ordered by where they stand, then by their strongest evidence.
 */
import { groupBy } from '../groupBy.ts';
import { drugsNamed } from '../knowledge/names.ts';
import type { PredictiveEvidence, TherapyGrouping } from '../knowledge/oncology/predictiveEvidence.ts';
import { isWithheld } from '../patients/record.ts';
import { type Case, type Caution, cautionsOf, hasLabelRule, uncheckedDrugs, unknownMedications, unreadFacts } from './cautions.ts';
import { matchProfile } from './matchProfile.ts';
import type { OpenQuestion } from './openQuestion.ts';
import { type AppliedEvidence, byStrength, isClinical, isNear, profileInWords, STANDINGS, type Standing, weighUp } from './standing.ts';
import { TumourFindings } from './tumourFindings.ts';
import { type AskedTumour, matchTumour, tumourOf, tumoursOf } from './tumourOf.ts';
import { tumourReports } from './tumourReports.ts';
import type { Held } from './verdict.ts';

export interface TreatmentOption {
  /** As the evidence names them. */
  readonly therapies: readonly string[];
  /** How they are given where they are several; null of one alone. */
  readonly together: Exclude<TherapyGrouping, 'SUBSTITUTES'> | null;
  /** Names of the release, or as written: what cautions were looked for by. */
  readonly drugs: readonly string[];
  readonly standing: Standing;
  readonly reasons: readonly string[];
  /** The strongest first. */
  readonly evidence: readonly AppliedEvidence[];
  readonly cautions: readonly Caution[];
  readonly open: readonly OpenQuestion[];
}

export interface TreatmentOptions {
  readonly tumour: AskedTumour;
  /** The release that the evidence is of. */
  readonly release: string;
  readonly reports: number;
  readonly options: readonly TreatmentOption[];
  /** What is open about the whole. */
  readonly open: readonly OpenQuestion[];
  readonly order: string;
}

export const ORDER_IN_WORDS =
  'First what fits, then with caution, with evidence on both sides, with evidence in another tumour only, in cells or animals only, not known, and what is to be avoided. ' +
  'Among equals by the strongest evidence: this tumour or its wider group before a kind of it and before others, the better level (A to E), ' +
  'the exact tumour, the higher rating, then the name. There is no score.';

function speaksOf({ direction, significance }: PredictiveEvidence): AppliedEvidence['speaks'] {
  if (direction === 'SUPPORTS') return significance === 'SENSITIVITY' ? 'FOR' : 'AGAINST';
  return significance === 'SENSITIVITY' ? 'AGAINST' : 'NOT_AGAINST';
}

/** Salts and hydrates of a drug are the drug: what speaks against one speaks against the other. */
const SALT =
  / (mesylate|anhydrous|hydrochloride|dihydrochloride|hydrobromide|sulfate|sulphate|maleate|dimaleate|malate|tosylate|ditosylate|phosphate|sodium|disodium|potassium|calcium|citrate|acetate|tartrate|fumarate|succinate|besylate|esylate|camsylate|monohydrate|dihydrate|hydrate)$/i;

function withoutSalt(therapy: string): string {
  const base = therapy.replace(SALT, '');
  return base === therapy ? therapy : withoutSalt(base);
}

interface Applied extends AppliedEvidence {
  readonly held: Held;
}

interface Group extends Pick<TreatmentOption, 'together'> {
  readonly therapies: readonly string[];
  readonly own: readonly Applied[];
}

/** Therapies that stand for each other are options each; the others are one together. */
function alternativesOf({ therapies, together }: PredictiveEvidence): Omit<Group, 'own'>[] {
  const names = therapies.map(withoutSalt);
  if (together === 'SUBSTITUTES') return names.map((one) => ({ therapies: [one], together: null }));
  return [{ therapies: [...new Set(names)], together }];
}

/** Evidence on variants that patients are born with says nothing sure of a tumour's own, and the other way round; one that is not told of may be either. */
function ofOrigin(held: Held, { origin }: PredictiveEvidence): Held {
  if (held.verdict !== 'MET' || origin === null) return held;
  const others = origin === 'GERMLINE' ? ['SOMATIC', 'UNKNOWN'] : ['GERMLINE'];
  const differing = held.findings.filter((finding) => others.includes(String(finding.origin)));
  if (differing.length === 0) return held;
  return {
    verdict: 'UNKNOWN',
    settledBy: differing.map(({ label }) => `Whether ${label} is ${origin.toLowerCase()}: the evidence is of such variants`),
  };
}

function appliedEvidence({ book }: Case, tumour: AskedTumour, findings: TumourFindings): Applied[] {
  return book.evidence.map(({ item, profile }) => {
    const held = ofOrigin(matchProfile(profile, findings), item);
    return {
      item,
      held,
      speaks: speaksOf(item),
      alone: null,
      diseaseMatch: matchTumour(book.tree, tumour, item.disease),
      findings: held.verdict === 'MET' ? held.findings : [],
    };
  });
}

/** Without a test nobody knows; told where the answer would weigh. */
const isWorthTesting = ({ held, item, diseaseMatch }: Applied) =>
  held.verdict === 'UNKNOWN' && diseaseMatch !== 'OTHER' && isClinical(item.level);

/** What only a test yet to be made would speak against is no option. */
const isOption = (own: readonly Applied[]) => own.some(({ held, speaks }) => held.verdict === 'MET' || speaks === 'FOR');

/** Options that somebody may think of giving: what was not checked of them is told. */
const MAY_BE_GIVEN: ReadonlySet<Standing> = new Set(['FITS', 'CAUTION', 'CONFLICTING']);

const QUESTION: Readonly<Record<AppliedEvidence['speaks'], string>> = {
  FOR: 'would speak for it',
  AGAINST: 'would speak against it',
  NOT_AGAINST: 'would not speak against it',
};

/** Of several items that the same test would settle, the strongest is told. */
function untestedOf(own: readonly Applied[]): OpenQuestion[] {
  const asked = new Map<string, OpenQuestion>();
  for (const { held, item, speaks } of own.filter(isWorthTesting).sort(byStrength)) {
    if (held.verdict !== 'UNKNOWN') continue;
    const question = `${profileInWords(item.profile)}: not known; level ${item.level} evidence (${item.diseaseName}, ${item.id}) ${QUESTION[speaks]}`;
    for (const settledBy of held.settledBy) if (!asked.has(settledBy)) asked.set(settledBy, { question, settledBy });
  }
  return [...asked.values()];
}

/** What a therapy's name means among the release's drugs. */
function drugsOf({ knowledge, book }: Case, therapy: string): readonly string[] {
  const [drug, ...others] = drugsNamed(knowledge, therapy);
  if (drug && others.length === 0) return [drug.name];
  return book.regimens.get(therapy.toLowerCase()) ?? [therapy.toLowerCase()];
}

/** What was found that a piece of evidence asks for. */
const labelsOf = ({ findings }: AppliedEvidence) => findings.map(({ label }) => label);

/**
 * Clinical evidence against one therapy of a combination alone, by something that the evidence for the combination was not studied in:
 * a tumour that resists erlotinib by T790M resists it beside another drug too. Where the combination was studied in that very
 * alteration, it is its own answer.
 */
function againstParts(
  therapies: readonly string[],
  own: readonly AppliedEvidence[],
  alone: ReadonlyMap<string, readonly Applied[]>,
): AppliedEvidence[] {
  if (therapies.length === 1) return [];
  const studied = new Set(own.filter(({ speaks }) => speaks === 'FOR').flatMap(labelsOf));
  return therapies.flatMap((therapy) =>
    (alone.get(therapy) ?? [])
      .filter(
        ({ held, speaks, item, diseaseMatch }) =>
          held.verdict === 'MET' && speaks === 'AGAINST' && isNear(diseaseMatch) && isClinical(item.level),
      )
      .filter((one) => labelsOf(one).some((label) => !studied.has(label)))
      .map((one) => ({ ...one, alone: therapy })),
  );
}

/** Why an option cannot be said to fit, whatever the evidence: a tumour that is not settled, a label that nobody read. */
function doubtsOf(one: Case, drugs: readonly string[], { tumours }: Around): string[] {
  const unread = drugs.filter((drug) => !hasLabelRule(one, drug));
  return [
    ...(tumours.length > 1 ? [`The record has several tumours (${tumours.join(', ')}), and a report does not say of which it is`] : []),
    ...unread.map((drug) => `No rule of the label of ${drug} is known here`),
  ];
}

interface Around {
  /** Therapy -> the evidence of it alone. */
  readonly alone: ReadonlyMap<string, readonly Applied[]>;
  /** Names of the tumours on record that a report may be of. */
  readonly tumours: readonly string[];
}

function optionOf(one: Case, { therapies, together, own }: Group, around: Around): TreatmentOption {
  const held = own.filter((applied) => applied.held.verdict === 'MET');
  const evidence = [...held, ...againstParts(therapies, held, around.alone)].sort(byStrength);
  const drugs = [...new Set(therapies.flatMap((therapy) => drugsOf(one, therapy)))];
  const { cautions, open } = cautionsOf(one, drugs);
  const untested = untestedOf(own);
  const doubts = doubtsOf(one, drugs, around);
  const { standing, reasons } = weighUp({ evidence, cautions, doubts, open: untested });
  return {
    therapies,
    together,
    drugs,
    standing,
    reasons,
    evidence,
    cautions,
    open: [...untested, ...open],
  };
}

function byStanding(a: TreatmentOption, b: TreatmentOption): number {
  const [strongestA] = a.evidence;
  const [strongestB] = b.evidence;
  return (
    STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
    (strongestA && strongestB ? byStrength(strongestA, strongestB) : 0) ||
    a.therapies.join().localeCompare(b.therapies.join(), 'en')
  );
}

const keyOf = ({ therapies, together }: Omit<Group, 'own'>) => [together, ...[...therapies].sort()].join('\n');

const NO_REPORT: OpenQuestion = {
  question: 'What is in the tumour: no molecular report is recorded',
  settledBy: 'A molecular profile of the tumour (importMolecularProfile)',
};
const WITHHELD: OpenQuestion = {
  question: 'What is in the tumour: genomic data are withheld from you',
  settledBy: 'The patient’s consent to genomic data',
};

/** A code may leave open which kind of a tumour it is, and the evidence may not. */
function kindOf({ name }: AskedTumour, listed: readonly Applied[]): OpenQuestion[] {
  const kinds = [...new Set(listed.filter(({ diseaseMatch }) => diseaseMatch === 'NARROWER').map(({ item }) => item.diseaseName))].sort();
  if (kinds.length === 0) return [];
  return [
    {
      question: `Which kind of ${name} it is: some of the evidence is of ${kinds.join(', ')} only`,
      settledBy: 'The histology, asked by its DOID',
    },
  ];
}

/**
 * @param asked DOID, or the key or ICD-10-CM code of a condition of the patient
 * @throws AvicennaError NOT_FOUND or BAD_USER_INPUT at `condition`
 */
export function treatmentOptions(one: Case, asked: string): TreatmentOptions {
  const { book, record, at } = one;
  const tumour = tumourOf(book, record, asked, at);
  const recorded = tumoursOf(book, record, at);
  const own = tumourReports(book.tree, tumour, recorded, record.molecular);
  const findings = new TumourFindings(own.reports);
  const applied = appliedEvidence(one, tumour, findings);
  const listed = applied.filter((evidence) => evidence.held.verdict === 'MET' || isWorthTesting(evidence));
  const ofTherapies = listed.flatMap((evidence) => alternativesOf(evidence.item).map((option) => ({ option, evidence })));
  const groups = [...groupBy(ofTherapies, ({ option }) => keyOf(option)).values()].flatMap((group): Group[] =>
    group.slice(0, 1).map(({ option }) => ({ ...option, own: group.map(({ evidence }) => evidence) })),
  );
  const alone = new Map(
    groups.flatMap(({ therapies: [therapy, ...others], own }) => (therapy && others.length === 0 ? [[therapy, own] as const] : [])),
  );
  const around = { alone, tumours: own.isTumourUnsaid ? recorded.map(({ name }) => name) : [] };
  const options = groups.filter(({ own }) => isOption(own)).map((group) => optionOf(one, group, around));
  const considered = options.filter(({ standing }) => MAY_BE_GIVEN.has(standing));
  return {
    tumour,
    release: book.release,
    reports: own.reports.length,
    options: options.sort(byStanding),
    open: [
      ...tumour.open,
      ...kindOf(tumour, listed),
      ...own.open,
      ...(isWithheld(record, 'GENOMIC') ? [WITHHELD] : findings.isEmpty ? [NO_REPORT] : []),
      ...unknownMedications(one),
      ...unreadFacts(one),
      ...uncheckedDrugs(
        one,
        considered.flatMap(({ drugs }) => drugs),
      ),
    ],
    order: ORDER_IN_WORDS,
  };
}
