import type { Interaction, KnowledgeSnapshot } from './snapshot.ts';

/** The interactions among the drugs named (generic names), most severe first. */
export function interactionsAmong(knowledge: KnowledgeSnapshot, drugs: readonly string[]): Interaction[] {
  const taken = new Set(drugs);
  const order = ['CONTRAINDICATED', 'MAJOR', 'MODERATE', 'MINOR'];
  return knowledge.interactions
    .filter(({ drugs: [a, b] }) => taken.has(a) && taken.has(b))
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}
