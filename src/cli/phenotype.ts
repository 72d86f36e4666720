import { AvicennaError } from '../errors.ts';
import { diplotypeName } from '../genotypes/call.ts';
import { phenotypeOf } from '../genotypes/phenotype.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { inputLines } from './inputLines.ts';
import { line, refuse } from './output.ts';
import { PLACES } from './places.ts';

async function one(knowledge: KnowledgeSnapshot, gene: string, text: string, at: string, json: boolean): Promise<void> {
  const definition = knowledge.definitionByGene.get(gene);
  const answer = definition ? phenotypeOf(definition, text) : { problem: `the release has no gene ${gene.slice(0, 30)}` };
  if ('problem' in answer) {
    await refuse(new AvicennaError('BAD_USER_INPUT', answer.problem, at), json);
    return;
  }
  const { phenotype, activityScore, lookupKey } = answer.diplotype;
  const diplotype = diplotypeName(answer.diplotype);
  if (json) await line(JSON.stringify({ gene, diplotype, phenotype, activityScore, lookupKey }));
  else
    await line(`${gene} ${diplotype}: ${phenotype ?? 'no phenotype'}${activityScore === null ? '' : `, activity score ${activityScore}`}`);
}

export async function phenotype(
  gene: string | undefined,
  diplotype: string | undefined,
  options: { readonly json?: boolean },
): Promise<void> {
  const knowledge = readShippedKnowledge(PLACES.graphSeed, 'CALLING');
  const json = options.json ?? false;
  if (gene !== undefined) {
    await one(knowledge, gene, diplotype ?? '', 'arguments', json);
    return;
  }
  for await (const { text, at } of inputLines()) {
    const [name = '', stated = ''] = text.split('\t');
    await one(knowledge, name.trim(), stated, at, json);
  }
}
