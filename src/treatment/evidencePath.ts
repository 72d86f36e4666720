/** From what was found in the tumour over a piece of evidence to the drug and the tumour that was studied. */
import type { EvidencePath, PathNode } from '../knowledge/evidencePaths.ts';
import { citationUrl } from '../knowledge/oncology/predictiveEvidence.ts';
import type { TreatmentOption } from './options.ts';
import { type AppliedEvidence, profileInWords } from './standing.ts';

/** Of an option with much evidence, as many as a person looks at. */
const MOST_PATHS = 10;

function pathsOf({ item, findings }: AppliedEvidence, therapy: string, release: string): EvidencePath[] {
  const rest: PathNode[] = [
    { kind: 'PROFILE', key: item.profile, label: profileInWords(item.profile) },
    { kind: 'EVIDENCE', key: item.id, label: `${item.id}, level ${item.level}` },
    { kind: 'DRUG', key: therapy.toLowerCase(), label: therapy },
    { kind: 'DISEASE', key: item.disease, label: item.diseaseName },
  ];
  const relations = [
    'STUDIED_IN',
    item.direction === 'SUPPORTS' ? `SUPPORTS_${item.significance}_TO` : `DOES_NOT_SUPPORT_${item.significance}_TO`,
    'STUDIED_FOR',
  ];
  const told = {
    source: `CIViC: ${item.citation}`,
    url: citationUrl(item.citation),
    level: item.level,
    asOf: item.reviewed?.slice(0, 4) ?? null,
    release,
  };
  if (findings.length === 0) return [{ nodes: rest, relations, ...told }];
  return findings.map(({ label }) => ({
    nodes: [{ kind: 'ALTERATION' as const, key: label, label }, ...rest],
    relations: ['MEETS', ...relations],
    ...told,
  }));
}

export function pathsOfOption({ therapies, evidence }: TreatmentOption, release: string): EvidencePath[] {
  return evidence
    .flatMap((one) => (one.alone === null ? therapies : [one.alone]).flatMap((therapy) => pathsOf(one, therapy, release)))
    .slice(0, MOST_PATHS);
}
