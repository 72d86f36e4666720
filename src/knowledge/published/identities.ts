/**
 * Makes the ids of different publishers one: a gene is its Entrez number, a compound its DrugBank id, a disease its DOID,
 * wherever names or cross-references lead to exactly one of them. What leads to none or to several keeps its own id: a join
 * that is not certain is not made.
 */
import { type Ref, refText, type Term, type ThingKind } from './fact.ts';

const PREFERRED: Partial<Record<ThingKind, RegExp>> = { Gene: /^\d+$/, Compound: /^DB\d{5}$/, Disease: /^DOID:\d+$/ };

function add(index: Map<string, Set<string>>, key: string, value: string): void {
  const known = index.get(key);
  if (known) known.add(value);
  else index.set(key, new Set([value]));
}

const only = (ids: ReadonlySet<string> | undefined): string | null => (ids?.size === 1 ? ([...ids][0] as string) : null);

interface Names {
  /** Name in lower case -> ids that have it as their name. */
  readonly byName: Map<string, Set<string>>;
  readonly bySynonym: Map<string, Set<string>>;
  /** Id -> its names in lower case. */
  readonly names: Map<string, Set<string>>;
  /** Id of another vocabulary -> ids; and the other way round. */
  readonly byXref: Map<string, Set<string>>;
  readonly xrefs: Map<string, Set<string>>;
}

const noNames = (): Names => ({ byName: new Map(), bySynonym: new Map(), names: new Map(), byXref: new Map(), xrefs: new Map() });

export class Identities {
  readonly #kinds = new Map<ThingKind, Names>();
  readonly #resolved = new Map<string, string>();

  learn({ kind, id, term, type }: Term): void {
    if (PREFERRED[kind] === undefined) return;
    let names = this.#kinds.get(kind);
    if (!names) {
      names = noNames();
      this.#kinds.set(kind, names);
    }
    if (type === 'XREF') {
      add(names.byXref, term, id);
      add(names.xrefs, id, term);
    } else {
      const lower = term.toLowerCase();
      add(type === 'NAME' ? names.byName : names.bySynonym, lower, id);
      if (type === 'NAME') add(names.names, id, lower);
    }
  }

  /** The one id of a thing. */
  resolve<R extends Ref>(ref: R): R {
    const preferred = PREFERRED[ref.kind];
    if (preferred === undefined || preferred.test(ref.id)) return ref;
    const key = refText(ref);
    const known = this.#resolved.get(key);
    if (known !== undefined) return { ...ref, id: known };
    const id = this.#find(ref.kind, ref.id, preferred);
    this.#resolved.set(key, id);
    return { ...ref, id };
  }

  #find(kind: ThingKind, id: string, preferred: RegExp): string {
    const names = this.#kinds.get(kind);
    if (!names) return id;
    const wanted = (ids: ReadonlySet<string> | undefined) => only(new Set([...(ids ?? [])].filter((one) => preferred.test(one))));
    // MONDO -> DOID: the cross-reference is itself the id.
    const crossed = wanted(names.xrefs.get(id)) ?? wanted(names.byXref.get(id));
    if (crossed !== null) return crossed;
    const said = /^(?:symbol|name):(.+)$/.exec(id)?.[1]?.toLowerCase();
    const mine = [...(names.names.get(id) ?? []), ...(said === undefined ? [] : [said])];
    for (const name of mine) {
      const named = wanted(names.byName.get(name));
      if (named !== null) return named;
    }
    return said === undefined ? id : this.#byTerm(names, id, said, preferred, kind);
  }

  /** A name alone: the only thing of any vocabulary that is called so, or so called beside its name. */
  #byTerm(names: Names, id: string, said: string, preferred: RegExp, kind: ThingKind): string {
    const others = (ids: ReadonlySet<string> | undefined) => only(new Set([...(ids ?? [])].filter((one) => !/^(symbol|name):/.test(one))));
    // A gene's former or other symbols are often those of another gene.
    const found = others(names.byName.get(said)) ?? (kind === 'Gene' ? null : others(names.bySynonym.get(said)));
    if (found === null || found === id) return id;
    return preferred.test(found) ? found : this.#find(kind, found, preferred);
  }
}
