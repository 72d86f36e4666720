import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import { interactionsAmong } from '../knowledge/interactions.ts';
import { drugsNamed, lookUpDrugs } from '../knowledge/names.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import { inputLines, readJsonLine } from './inputLines.ts';
import { line, refuse } from './output.ts';
import { PLACES } from './places.ts';

const request = z.object({ drugs: z.array(z.string()).min(1) });

/** One object per line: the interactions among its drugs, and the names that no drug of the release has. */
export async function interactions(options: { readonly json?: boolean }): Promise<void> {
  const knowledge = readShippedKnowledge(PLACES.graphSeed);
  for await (const { text, at } of inputLines()) {
    try {
      const parsed = request.safeParse(readJsonLine(text, at));
      if (!parsed.success) throw new AvicennaError('BAD_USER_INPUT', 'Expected {"drugs":[names]}.', at);
      const { direct, ambiguous, noMatch: others } = lookUpDrugs((term) => drugsNamed(knowledge, term), parsed.data.drugs);
      // Rules name drugs of which the release knows no more.
      const named = others.map((term) => ({ term, name: knowledge.ruleDrugNamed.get(term.trim().toLowerCase()) }));
      const noMatch = named.filter(({ name }) => name === undefined).map(({ term }) => term);
      const found = interactionsAmong(knowledge, [...direct.map(({ drug }) => drug.name), ...named.flatMap(({ name }) => name ?? [])]);
      if (options.json) await line(JSON.stringify({ interactions: found, ambiguous, noMatch, release: knowledge.release.name }));
      else
        await line(
          found.map(({ drugs, severity, effect, advice }) => `${drugs.join(' + ')}: ${severity}. ${effect} ${advice}`).join('\n') ||
            'none known in this release',
        );
    } catch (error) {
      await refuse(error, options.json ?? false);
    }
  }
}
