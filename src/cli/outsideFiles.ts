import { readFile } from 'node:fs/promises';
import { AvicennaError } from '../errors.ts';
import type { CallWarning, GeneCall } from '../genotypes/call.ts';
import type { GeneDefinition } from '../genotypes/definitions.ts';
import { joinStated, readOutsideLine, statedCall } from '../genotypes/outsideCalls.ts';
import { refuse } from './output.ts';

/** What a laboratory states, by gene, with warnings about lines that could not be used. */
export interface Stated {
  readonly calls: ReadonlyMap<string, GeneCall>;
  readonly warnings: readonly CallWarning[];
}

interface Reading {
  readonly definitions: ReadonlyMap<string, GeneDefinition>;
  readonly found: Map<string, GeneCall[]>;
  readonly warnings: CallWarning[];
}

/** Takes one line; gives back why it cannot be used, where it is wrong. */
function takeLine(line: string, at: string, { definitions, found, warnings }: Reading): string | null {
  const outside = readOutsideLine(line);
  if (outside === null) return null;
  if ('problem' in outside) return outside.problem;
  const definition = definitions.get(outside.gene);
  if (!definition) {
    warnings.push({ code: 'UNKNOWN_GENE', message: `${at}: the release has no gene ${outside.gene.slice(0, 30)}; the line is not used.` });
    return null;
  }
  const answer = statedCall(definition, outside);
  if ('problem' in answer) return answer.problem;
  found.set(outside.gene, [...(found.get(outside.gene) ?? []), answer.call]);
  return null;
}

/** Reads files of stated results. A line that cannot be read is refused with its place; the others count. */
export async function readOutsideCalls(files: readonly string[], definitions: readonly GeneDefinition[], json: boolean): Promise<Stated> {
  const reading: Reading = { definitions: new Map(definitions.map((one) => [one.gene, one])), found: new Map(), warnings: [] };
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => {
      throw new AvicennaError('FILE_UNREADABLE', 'The stated results cannot be read.', file);
    });
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      const at = `${file}:${index + 1}`;
      const problem = takeLine(line, at, reading);
      if (problem !== null) await refuse(new AvicennaError('BAD_USER_INPUT', `${problem}.`, at), json);
    }
  }
  return { calls: new Map([...reading.found].map(([gene, calls]) => [gene, joinStated(calls)])), warnings: reading.warnings };
}
