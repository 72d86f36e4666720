import type { PlayerEvidence } from '../explanation/evidence.ts';
import { type EvidencePath, genePaths, interactionPaths } from '../knowledge/evidencePaths.ts';
import { doseDirectionOf } from '../knowledge/geneEvidence.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { isActive, type PatientRecord } from '../patients/record.ts';
import type { CardPlayer } from '../prediction/card.ts';
import type { ModelBinding } from '../prediction/features.ts';

const NONE: PlayerEvidence<EvidencePath> = { paths: [], direction: null };

function geneEvidence(knowledge: KnowledgeSnapshot, record: PatientRecord, gene: string, drug: string): PlayerEvidence<EvidencePath> {
  const call = record.calls.find((recorded) => recorded.call.gene === gene)?.call;
  if (call?.status !== 'CALLED') return NONE;
  return { paths: genePaths(knowledge, call, drug), direction: doseDirectionOf(knowledge, call) };
}

/** Interactions of the drugs taken now that set the player's inputs. */
function drugEvidence(
  knowledge: KnowledgeSnapshot,
  record: PatientRecord,
  names: readonly string[],
  drug: string,
  at: string,
): PlayerEvidence<EvidencePath> {
  const taken = record.medications
    .filter((medication) => names.includes(medication.name) && isActive(medication, at))
    .map(({ name }) => name);
  const found = knowledge.interactions.filter(({ drugs }) => drugs.includes(drug) && taken.some((name) => drugs.includes(name)));
  const directions = new Set(found.map(({ doseDirection }) => doseDirection));
  return {
    paths: taken.flatMap((name) => interactionPaths(knowledge, name, drug)),
    direction: directions.size === 1 ? ([...directions][0] ?? null) : null,
  };
}

/** What the knowledge says of one player of a model, for this patient at this time. */
export function playerEvidence(
  knowledge: KnowledgeSnapshot,
  record: PatientRecord,
  binding: ModelBinding,
  player: Pick<CardPlayer, 'gene' | 'inputs'>,
  at: string,
): PlayerEvidence<EvidencePath> {
  if (binding.drug === null) return NONE;
  if (player.gene) return geneEvidence(knowledge, record, player.gene, binding.drug);
  const names = player.inputs.flatMap((input) => binding.inputDrugs[input] ?? []);
  return names.length === 0 ? NONE : drugEvidence(knowledge, record, names, binding.drug, at);
}
