/** What the names of a publisher's release mean. */
import { groupBy } from '../../groupBy.ts';
import type { ThingKind } from '../../knowledge/published/fact.ts';
import { type GraphStore, statement } from '../graphStore.ts';

export interface NamedThing {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
}

/** Things by their key, id, or a name or synonym in the release; letter case does not matter. */
export async function thingsNamed(store: GraphStore, release: string, term: string): Promise<NamedThing[]> {
  const rows = await store.read<{ key: string; kind: string; name: string }>(
    statement(
      'published.named',
      `MATCH (w:Term {text: $lower})-[n:NAMES {release: $release}]->(t:Thing) RETURN DISTINCT t.key AS key, t.kind AS kind, t.name AS name
       UNION UNWIND $keys AS k MATCH (t:Thing {key: k}) RETURN t.key AS key, t.kind AS kind, t.name AS name`,
      {
        release,
        lower: term.toLowerCase(),
        keys: [term, ...['Gene', 'Compound', 'Disease', 'TumourType'].map((kind) => `${kind} ${term}`)],
      },
    ),
  );
  return rows.map(({ key, kind, name }) => ({ key, kind, name })).sort((a, b) => a.key.localeCompare(b.key, 'en'));
}

export interface TermType {
  readonly text: string;
  readonly type: 'NAME' | 'SYNONYM' | 'XREF';
}

export interface DescribedThing extends NamedThing {
  /** Everything that it is called in the release, with its ids elsewhere. */
  readonly terms: readonly TermType[];
}

const idsOf = (term: string, kind: ThingKind) => [term, `${kind} ${term}`];

/** Term, as it was sent -> the things of one kind that it names, each with everything that it is called. Two statements, however many terms. */
export async function thingsOfTerms(
  store: GraphStore,
  release: string,
  kind: ThingKind,
  terms: readonly string[],
): Promise<Map<string, DescribedThing[]>> {
  const rows = terms.map((term) => ({ term, lower: term.trim().toLowerCase(), keys: idsOf(term.trim(), kind) }));
  const found = await store.read<{ term: string; key: string; name: string }>(
    statement(
      'published.terms.meaning',
      `UNWIND $rows AS row MATCH (w:Term {text: row.lower})-[n:NAMES {release: $release}]->(t:Thing) WHERE t.kind = $kind
       RETURN DISTINCT row.term AS term, t.key AS key, t.name AS name
       UNION UNWIND $rows AS row UNWIND row.keys AS k MATCH (t:Thing {key: k}) WHERE t.kind = $kind RETURN DISTINCT row.term AS term, t.key AS key, t.name AS name`,
      { rows, release, kind },
    ),
  );
  const keys = [...new Set(found.map(({ key }) => key))];
  const named = await store.read<{ key: string; text: string; type: TermType['type'] }>(
    statement(
      'published.terms.of',
      `UNWIND $keys AS k MATCH (t:Thing {key: k})<-[n:NAMES {release: $release}]-(:Term) RETURN DISTINCT k AS key, n.text AS text, n.type AS type`,
      { keys, release },
    ),
  );
  const termsOf = groupBy(named, ({ key }) => key);
  const described = found.map(({ term, key, name }) => ({
    term,
    thing: {
      key,
      kind,
      name,
      terms: (termsOf.get(key) ?? []).map(({ text, type }) => ({ text, type })).sort((a, b) => a.text.localeCompare(b.text, 'en')),
    },
  }));
  const byTerm = groupBy(described, ({ term }) => term);
  const byKey = (a: NamedThing, b: NamedThing) => a.key.localeCompare(b.key, 'en');
  return new Map(terms.map((term) => [term, (byTerm.get(term) ?? []).map(({ thing }) => thing).sort(byKey)]));
}
