/** What the graph knows against a lever for one patient: guidance by his genes, interactions with what he takes, allergies. */
import type { LeverCheck } from '../explanation/counterfactuals.ts';
import { interactionsWith } from '../knowledge/interactions.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import type { PatientRecord } from '../patients/record.ts';
import { takenAt } from '../patients/record.ts';
import type { ModelBinding } from '../prediction/features.ts';
import { recommendationsFor } from './recommendations.ts';

const AGAINST = new Set(['AVOID', 'ALTERNATIVE']);

/** What speaks against one drug; null where nothing that is known does. */
function against(knowledge: KnowledgeSnapshot, record: PatientRecord, drug: string, at: string): string | null {
  const allergy = record.allergies.find(({ substance }) => substance.toLowerCase() === drug);
  if (allergy) return `${drug}: allergy recorded`;
  if (knowledge.drugByName.has(drug)) {
    const advice = recommendationsFor(knowledge, record, [drug], at).find((one) => one.drug?.name === drug && AGAINST.has(one.action));
    if (advice) return `${drug}: ${advice.action.toLowerCase()} by ${advice.because.map(({ gene }) => gene).join(', ') || 'guidance'}`;
  }
  const taken = takenAt(record, at);
  const interaction = interactionsWith(knowledge, drug, taken).find(({ interruptive }) => interruptive);
  return interaction
    ? `${drug}: interacts with ${interaction.drugs.filter((name) => name !== drug).join(', ')} (${interaction.severity.toLowerCase()})`
    : null;
}

/** A lever that stands for drugs is refused where something speaks against every one of them. */
export function leverCheck(knowledge: KnowledgeSnapshot, record: PatientRecord, { inputDrugs }: ModelBinding, at: string): LeverCheck {
  return ({ name }) => {
    const drugs = inputDrugs[name] ?? [];
    const cautions = drugs.map((drug) => against(knowledge, record, drug, at)).filter((text) => text !== null);
    const all = drugs.length > 0 && cautions.length === drugs.length;
    return { refused: all ? cautions.join('; ') : null, cautions };
  };
}
