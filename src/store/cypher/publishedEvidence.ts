/** Predictive evidence of the publisher's release that is in force, and which disease is a kind of which by it. */
import type { PublishedOncology } from '../../knowledge/oncology/oncologyBook.ts';
import type { PredictiveEvidence } from '../../knowledge/oncology/predictiveEvidence.ts';
import { type GraphStore, statement } from '../graphStore.ts';

/** What the readers of CIViC keep of an item beside its edges (src/knowledge/published/readers/civicEvidence.ts). */
interface ItemDetails {
  readonly type: string;
  readonly direction?: string;
  readonly level: PredictiveEvidence['level'];
  readonly significance?: string;
  readonly rating?: string;
  readonly therapies?: readonly string[];
  readonly therapyInteraction?: string;
  readonly variantOrigin?: string;
  readonly citation?: string;
  readonly citationId?: string;
  readonly citationSource?: string;
  readonly flagged?: boolean;
}

interface ItemRow {
  readonly id: string;
  readonly details: string;
  readonly profile: string;
  readonly disease: string;
  readonly diseaseName: string;
  readonly date: string | null;
}

const DIRECTIONS: Readonly<Record<string, PredictiveEvidence['direction']>> = {
  Supports: 'SUPPORTS',
  'Does Not Support': 'DOES_NOT_SUPPORT',
};
const SIGNIFICANCES: Readonly<Record<string, PredictiveEvidence['significance']>> = {
  'Sensitivity/Response': 'SENSITIVITY',
  Resistance: 'RESISTANCE',
  'Reduced Sensitivity': 'REDUCED_SENSITIVITY',
  'Adverse Response': 'ADVERSE_RESPONSE',
};
const GROUPINGS: Readonly<Record<string, PredictiveEvidence['together']>> = {
  Combination: 'COMBINATION',
  Sequential: 'SEQUENTIAL',
  Substitutes: 'SUBSTITUTES',
};
const ORIGINS: Readonly<Record<string, PredictiveEvidence['origin']>> = {
  Somatic: 'SOMATIC',
  'Rare Germline': 'GERMLINE',
  'Common Germline': 'GERMLINE',
};
const CITATIONS: Readonly<Record<string, string>> = { PubMed: 'PMID', ASCO: 'ASCO', ASH: 'ASH' };

const citationOf = ({ citation, citationId, citationSource = '' }: ItemDetails) =>
  citationId ? `${CITATIONS[citationSource] ?? citationSource}:${citationId}` : (citation ?? 'no citation given');

/** An item that is flagged by its editors, or says nothing of sensitivity or resistance, is none. */
function itemOf({ id, details: text, profile, disease, diseaseName, date }: ItemRow): PredictiveEvidence[] {
  const details = JSON.parse(text) as ItemDetails;
  const direction = DIRECTIONS[details.direction ?? ''];
  const significance = SIGNIFICANCES[details.significance ?? ''];
  const therapies = details.therapies ?? [];
  if (details.type !== 'Predictive' || details.flagged || !direction || !significance || therapies.length === 0) return [];
  return [
    {
      id: id.replace(/^civic:/, ''),
      profile,
      disease,
      diseaseName,
      therapies,
      together: therapies.length === 1 ? null : (GROUPINGS[details.therapyInteraction ?? ''] ?? 'COMBINATION'),
      direction,
      significance,
      level: details.level,
      rating: details.rating ? Number(details.rating) : null,
      origin: ORIGINS[details.variantOrigin ?? ''] ?? null,
      citation: citationOf(details),
      reviewed: date,
    },
  ];
}

const IN_FORCE = "MATCH (:Current {name: 'published'})-[:POINTS_TO]->(r:PublishedRelease)";

export async function publishedInForce(store: GraphStore): Promise<{ readonly name: string; readonly digest: string } | null> {
  const [release] = await store.read<{ name: string; digest: string }>(
    statement('published.inForce', `${IN_FORCE} RETURN r.name AS name, r.digest AS digest`),
  );
  return release ?? null;
}

/** Null where the release has no predictive evidence: what ships is asked then. */
export async function readPublishedOncology(store: GraphStore, release: string): Promise<PublishedOncology | null> {
  const items = (await store.read(
    statement(
      'published.evidence',
      `MATCH (e:Thing)-[f:OF_PROFILE {release: $release}]->(p:Thing) WHERE e.kind = 'EvidenceItem'
       MATCH (e)-[:IN_DISEASE {release: $release}]->(d:Thing)
       RETURN e.id AS id, e.details AS details, p.name AS profile, d.id AS disease, d.name AS diseaseName, f.date AS date ORDER BY e.id`,
      { release },
    ),
  )) as unknown as ItemRow[];
  const evidence = items.flatMap(itemOf);
  if (evidence.length === 0) return null;
  const kinds = await store.read<{ a: string; b: string; name: string }>(
    statement(
      'published.kinds',
      `MATCH (a:Thing)-[:IS_A {release: $release}]->(b:Thing) WHERE a.kind = 'Disease' AND b.kind = 'Disease'
       RETURN a.id AS a, a.name AS name, b.id AS b`,
      { release },
    ),
  );
  return {
    release,
    evidence,
    kinds: kinds.map(({ a, b }) => [a, b] as const),
    diseaseNames: new Map([
      ...kinds.map(({ a, name }) => [a, name] as const),
      ...evidence.map(({ disease, diseaseName }) => [disease, diseaseName] as const),
    ]),
  };
}
