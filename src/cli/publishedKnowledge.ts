/** What is asked of the publishers' release that is in force, or of what ships where none is. */
import { AvicennaError } from '../errors.ts';
import type { Platform } from '../graphql/context.ts';
import { oncologyBook } from '../knowledge/oncology/oncologyBook.ts';
import { graphPaths, type Surroundings } from '../knowledge/published/graphPaths.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { StarterFacts } from '../knowledge/starterFacts.ts';
import { surroundingsOf } from '../store/cypher/graphPaths.ts';
import { publishedInForce, readPublishedOncology } from '../store/cypher/publishedEvidence.ts';
import { type DescribedThing, type NamedThing, thingsNamed, thingsOfTerms } from '../store/cypher/publishedNames.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { readOnChange } from './readOnChange.ts';
import { trialsIn } from './trialFiles.ts';

function oncologyIn(store: GraphStore, knowledge: KnowledgeSnapshot): Platform['oncology'] {
  return readOnChange(
    () => publishedInForce(store),
    async (release) => oncologyBook(knowledge, release && (await readPublishedOncology(store, release.name))),
  );
}

/** The one thing that a term means. @throws AvicennaError NOT_FOUND, or BAD_USER_INPUT where it means several */
function theOne(things: readonly NamedThing[], term: string, argument: string): string {
  const exact = things.filter(({ key }) => key === term || key.endsWith(` ${term}`));
  const [thing, ...others] = exact.length > 0 ? exact : things;
  if (!thing) throw new AvicennaError('NOT_FOUND', 'The release has nothing of that name or id.', argument);
  if (others.length > 0)
    throw new AvicennaError(
      'BAD_USER_INPUT',
      `The name means several: ask for one of ${[thing, ...others].map(({ key }) => `'${key}'`).join(', ')}.`,
      argument,
    );
  return thing.key;
}

/** Where paths are looked for: by what things are called there, and what lies about two of them. */
interface PathSource {
  readonly release: string;
  readonly named: (term: string) => Promise<readonly NamedThing[]>;
  readonly surroundings: (ends: readonly [string, string], maxLength: number) => Promise<Surroundings>;
}

function evidencePathsIn(store: GraphStore, knowledge: KnowledgeSnapshot): Platform['evidencePaths'] {
  let facts: StarterFacts | undefined;
  const starter = (): PathSource => {
    facts ??= new StarterFacts(knowledge);
    const shipped = facts;
    return {
      release: knowledge.release.name,
      named: async (term) => shipped.named(term),
      surroundings: async (ends, maxLength) => shipped.surroundings(ends, maxLength),
    };
  };
  const published = ({ name }: { readonly name: string }): PathSource => ({
    release: name,
    named: (term) => thingsNamed(store, name, term),
    surroundings: (ends, maxLength) => surroundingsOf(store, name, ends, maxLength),
  });
  return async ({ from, to, maxLength, first }) => {
    const inForce = await publishedInForce(store);
    const { release, named, surroundings } = inForce ? published(inForce) : starter();
    const [a, b] = [theOne(await named(from), from, 'from'), theOne(await named(to), to, 'to')];
    if (a === b) throw new AvicennaError('BAD_USER_INPUT', 'Both ends are the same.', 'to');
    const around = await surroundings([a, b], maxLength);
    return { from: around.from, to: around.to, release, paths: graphPaths(around, maxLength, first) };
  };
}

/** A shipped tumour, as a release would describe it. */
function shippedDiseases({ oncology }: KnowledgeSnapshot, term: string): DescribedThing[] {
  const wanted = term.trim().toLowerCase();
  return oncology.tumours
    .map(({ id, name, oncotree, oncotreeName, icd10cm }) => ({
      ...{ key: `Disease ${id}`, kind: 'Disease', name },
      terms: [
        { text: name, type: 'NAME' as const },
        ...[oncotreeName, oncotree].filter((one) => one !== null).map((text) => ({ text, type: 'SYNONYM' as const })),
        ...[id, ...(oncotree ? [`ONCOTREE:${oncotree}`] : []), ...icd10cm.map((code) => `ICD10CM:${code}`)].map((text) => ({
          text,
          type: 'XREF' as const,
        })),
      ],
    }))
    .filter(({ key, terms }) => key.toLowerCase() === wanted || terms.some(({ text }) => text.toLowerCase() === wanted));
}

/** Of a disease that the release does not name, what ships is asked. */
function namesIn(store: GraphStore, knowledge: KnowledgeSnapshot): Platform['publishedNames'] {
  return async (kind, terms) => {
    const release = await publishedInForce(store);
    const published = release ? await thingsOfTerms(store, release.name, kind, terms) : new Map<string, DescribedThing[]>();
    const own = (term: string) => (kind === 'Disease' ? shippedDiseases(knowledge, term) : []);
    return new Map(
      terms.map((term) => {
        const found = published.get(term) ?? [];
        return [term, found.length > 0 ? found : own(term)];
      }),
    );
  };
}

/** What the graph holds beside the shipped release, read when it is asked for. */
export function publishedKnowledge(
  store: GraphStore,
  knowledge: KnowledgeSnapshot,
): Pick<Platform, 'oncology' | 'trials' | 'evidencePaths' | 'publishedNames'> {
  return {
    publishedNames: namesIn(store, knowledge),
    oncology: oncologyIn(store, knowledge),
    trials: trialsIn(store),
    evidencePaths: evidencePathsIn(store, knowledge),
  };
}
