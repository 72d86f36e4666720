/** Where an option stands for a patient, said in words: what evidence is for and against it, and what speaks against its drugs. */
import type { EvidenceLevel, PredictiveEvidence } from '../knowledge/oncology/predictiveEvidence.ts';
import type { DiseaseMatch } from '../knowledge/oncology/tumours.ts';
import type { Caution } from './cautions.ts';
import type { OpenQuestion } from './openQuestion.ts';
import type { Finding } from './verdict.ts';

/** In the order in which options are listed. */
export const STANDINGS = ['FITS', 'CAUTION', 'CONFLICTING', 'OTHER_TUMOUR', 'PRECLINICAL', 'UNKNOWN', 'AGAINST'] as const;
export type Standing = (typeof STANDINGS)[number];

/** NOT_AGAINST: resistance was looked for and not found. */
export const SPEAKS = ['FOR', 'AGAINST', 'NOT_AGAINST'] as const;

/** One item of evidence whose profile the tumour has. */
export interface AppliedEvidence {
  readonly item: PredictiveEvidence;
  readonly speaks: (typeof SPEAKS)[number];
  readonly diseaseMatch: DiseaseMatch;
  /** The one therapy of a combination that it is of; null where it is of the whole option. */
  readonly alone: string | null;
  /** What was found that the profile asks for. */
  readonly findings: readonly Finding[];
}

const NEARNESS: Readonly<Record<DiseaseMatch, number>> = { EXACT: 0, PARENT: 0, NARROWER: 1, OTHER: 2 };
const LEVELS: readonly EvidenceLevel[] = ['A', 'B', 'C', 'D', 'E'];
/** From trials or cohorts of patients. */
const CLINICAL: ReadonlySet<EvidenceLevel> = new Set(['A', 'B']);

/** From cells, animals or inference: nobody was treated. */
const PRECLINICAL: ReadonlySet<EvidenceLevel> = new Set(['D', 'E']);

export const isNear = (match: DiseaseMatch) => NEARNESS[match] === 0;
export const isClinical = (level: EvidenceLevel) => CLINICAL.has(level);

/** Nearer tumours first, then the better level, the exact tumour before its parent, the higher rating. */
export function byStrength(a: AppliedEvidence, b: AppliedEvidence): number {
  return (
    NEARNESS[a.diseaseMatch] - NEARNESS[b.diseaseMatch] ||
    LEVELS.indexOf(a.item.level) - LEVELS.indexOf(b.item.level) ||
    Number(a.diseaseMatch === 'PARENT') - Number(b.diseaseMatch === 'PARENT') ||
    (b.item.rating ?? 0) - (a.item.rating ?? 0) ||
    a.item.id.localeCompare(b.item.id, 'en', { numeric: true })
  );
}

/** Negative where `a` weighs more: by how near the tumour is and by the level, nothing else. */
const weigh = (a: AppliedEvidence, b: AppliedEvidence) =>
  NEARNESS[a.diseaseMatch] - NEARNESS[b.diseaseMatch] || LEVELS.indexOf(a.item.level) - LEVELS.indexOf(b.item.level);

const IN_WORDS: Readonly<Record<DiseaseMatch, string>> = {
  EXACT: 'in this tumour',
  PARENT: 'in the wider group that this tumour belongs to',
  NARROWER: 'in one kind of this tumour, which need not be the patient’s',
  OTHER: 'in another tumour',
};

const EFFECT: Readonly<Record<PredictiveEvidence['significance'], string>> = {
  SENSITIVITY: 'sensitivity',
  RESISTANCE: 'resistance',
  REDUCED_SENSITIVITY: 'reduced sensitivity',
  ADVERSE_RESPONSE: 'an adverse response',
};

/** `any ALK fusion` for CIViC's `v::ALK Fusion`. */
export const profileInWords = (profile: string) =>
  profile.replace(/\bv::(\S+) Fusion/g, 'any $1 fusion').replace(/(\S+)::v Fusion/g, 'any $1 fusion');

/** `Level A for sensitivity with EGFR L858R in this tumour (Lung Adenocarcinoma, EID2994)`. */
export function evidenceInWords({ item, diseaseMatch, alone }: AppliedEvidence): string {
  const effect = item.direction === 'SUPPORTS' ? `for ${EFFECT[item.significance]}` : `against ${EFFECT[item.significance]}`;
  return `${alone === null ? '' : `Of ${alone} alone: `}Level ${item.level} ${effect} with ${profileInWords(item.profile)} ${IN_WORDS[diseaseMatch]} (${item.diseaseName}, ${item.id})`;
}

const cautionInWords = ({ drug, severity, text, because }: Caution) => `${drug}: ${severity.toLowerCase()}. ${text} (${because})`;

export interface Weighed {
  readonly standing: Standing;
  /** The deciding one first. */
  readonly reasons: readonly string[];
}

interface Sides {
  /** The strongest first. */
  readonly evidence: readonly AppliedEvidence[];
  readonly cautions: readonly Caution[];
  /** Why it cannot be said to fit, whatever the evidence. */
  readonly doubts: readonly string[];
  /** Evidence whose profile nobody has tested for; speaks of unknown options only. */
  readonly open: readonly OpenQuestion[];
}

const FORBIDS: ReadonlySet<string> = new Set(['CONTRAINDICATED', 'AVOID']);

/**
 * Resistance in the tumour that was seen in patients is never outweighed into silence, however much better the evidence for the option is
 * founded; nor is that of cells and animals where it is of another profile, as T315I beside the fusion that it sits on.
 */
function contradicts(worst: AppliedEvidence, best: AppliedEvidence): boolean {
  return isNear(worst.diseaseMatch) && (!PRECLINICAL.has(worst.item.level) || worst.item.profile !== best.item.profile);
}

function standingOf(
  best: AppliedEvidence | undefined,
  worst: AppliedEvidence | undefined,
  { cautions, doubts }: Pick<Sides, 'cautions' | 'doubts'>,
): Standing {
  if (cautions.some(({ severity }) => FORBIDS.has(severity))) return 'AGAINST';
  if (!best) return worst ? 'AGAINST' : 'UNKNOWN';
  if (worst && weigh(worst, best) <= 0) return 'AGAINST';
  if (worst && contradicts(worst, best)) return 'CONFLICTING';
  if (PRECLINICAL.has(best.item.level)) return 'PRECLINICAL';
  if (best.diseaseMatch === 'OTHER') return 'OTHER_TUMOUR';
  return cautions.length + doubts.length > 0 || best.diseaseMatch === 'NARROWER' ? 'CAUTION' : 'FITS';
}

/** The standing of an option and why. */
export function weighUp({ evidence, cautions, doubts, open }: Sides): Weighed {
  const best = evidence.find(({ speaks }) => speaks === 'FOR');
  const worst = evidence.find(({ speaks }) => speaks === 'AGAINST');
  const standing = standingOf(best, worst, { cautions, doubts });
  const forbidding = cautions.filter(({ severity }) => FORBIDS.has(severity)).map(cautionInWords);
  const careful = cautions.filter(({ severity }) => !FORBIDS.has(severity)).map(cautionInWords);
  const deciding = best || worst ? [best, worst] : evidence.slice(0, 1);
  const told = deciding.flatMap((one) => (one ? [evidenceInWords(one)] : []));
  const words = standing === 'AGAINST' && forbidding.length === 0 ? told.reverse() : told;
  const untested = standing === 'UNKNOWN' ? open.map(({ question }) => question) : [];
  return { standing, reasons: [...forbidding, ...words, ...careful, ...(best ? doubts : []), ...untested] };
}
