/** Trials in CTML: read from a file, and entered into the graph. */
import { json as jsonOf } from 'node:stream/consumers';
import { AvicennaError } from '../errors.ts';
import { unpacked } from '../genotypes/unpacked.ts';
import { readTrial, type Trial } from '../knowledge/trials/ctml.ts';
import { type StoredTrial, storedTrials, trialStatements, trialsDigest } from '../store/cypher/trials.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { KnownTrial } from '../treatment/trialMatches.ts';
import { readOnChange } from './readOnChange.ts';

export async function readJson(file: string): Promise<unknown> {
  try {
    return await jsonOf(await unpacked(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AvicennaError('FILE_UNREADABLE', code === undefined ? 'The file is not JSON.' : `The file cannot be read (${code}).`, file);
  }
}

/** Trials by name; a list goes by what each is called in itself, or by its place. */
export function namedTrials(value: unknown, file: string): [string, unknown][] {
  if (Array.isArray(value))
    return value.map((one: { readonly protocol_no?: unknown } | null, place) => [String(one?.protocol_no ?? `[${place}]`), one]);
  if (typeof value !== 'object' || value === null)
    throw new AvicennaError('FILE_UNREADABLE', 'Expected trials by name, or a list of them.', file);
  return Object.entries(value);
}

/** What a document says of itself beside its criteria. */
function describe(value: unknown): Pick<StoredTrial, 'title' | 'synthetic'> {
  const { short_title: short, long_title: long, synthetic } = value as Readonly<Record<string, unknown>>;
  const title = [short, long].find((one) => typeof one === 'string' && one !== '');
  return { title: (title as string | undefined) ?? null, synthetic: synthetic === true };
}

/** Enters trials, each in the place of one of its name; one that cannot be read is told of and the others go on. Returns how many. */
export async function loadTrials(store: GraphStore, file: string, onFault: (fault: unknown) => Promise<void> | void): Promise<number> {
  let loaded = 0;
  for (const [name, value] of namedTrials(await readJson(file), file)) {
    let trial: Trial;
    try {
      trial = readTrial(name, value, file);
    } catch (fault) {
      await onFault(fault);
      continue;
    }
    await store.write(trialStatements(trial, { ...describe(value), document: JSON.stringify(value) }));
    loaded += 1;
  }
  return loaded;
}

/** The trials of the graph, read again only where they have changed. */
export function trialsIn(store: GraphStore): () => Promise<readonly KnownTrial[]> {
  return readOnChange(
    async () => ({ digest: await trialsDigest(store) }),
    async () =>
      (await storedTrials(store)).map(({ name, title, synthetic, document }) => ({
        trial: readTrial(name, JSON.parse(document), 'graph'),
        title,
        synthetic,
      })),
  );
}
