/** What the shipped release says between drugs, genes and tumours, as facts: what paths go over where no publisher's release is loaded. */
import { groupBy } from '../groupBy.ts';
import { drugsNamed } from './names.ts';
import { readAlteration } from './oncology/alteration.ts';
import type { PathThing, Spoke, Surroundings } from './published/graphPaths.ts';
import type { KnowledgeSnapshot } from './snapshot.ts';

interface End {
  readonly key: string;
  readonly name: string;
}

interface StarterFact {
  readonly from: End;
  readonly to: End;
  readonly kind: string;
  readonly source: string;
  readonly licence: string;
  readonly level: string | null;
  readonly date: string | null;
}

const gene = (symbol: string): End => ({ key: `Gene ${symbol}`, name: symbol });
const drug = (name: string): End => ({ key: `Compound ${name.toLowerCase()}`, name: name.toLowerCase() });
const disease = (id: string, name: string): End => ({ key: `Disease ${id}`, name });
const OWN = 'this project';

function ofGuidance({ rules, guidelineById, interactions, modulators }: KnowledgeSnapshot): StarterFact[] {
  const advised = new Map<string, StarterFact>();
  for (const { drug: name, lookup, guideline } of rules) {
    const told = guidelineById.get(guideline);
    for (const symbol of Object.keys(lookup))
      if (!advised.has(`${symbol} ${name} ${guideline}`))
        advised.set(`${symbol} ${name} ${guideline}`, {
          ...{ from: gene(symbol), to: drug(name), kind: 'HAS_GUIDELINE_FOR', source: told?.title ?? guideline },
          ...{ licence: 'CC0-1.0', level: null, date: told?.year ?? null },
        });
  }
  return [
    ...advised.values(),
    ...interactions.map(({ drugs: [a, b], severity, source }) => ({
      ...{ from: drug(a), to: drug(b), kind: 'INTERACTS_WITH', source, licence: OWN, level: severity, date: null },
    })),
    ...modulators.map(({ gene: symbol, drug: name, effect, strength, source }) => ({
      ...{
        from: drug(name),
        to: gene(symbol),
        kind: effect === 'INHIBITOR' ? 'INHIBITS' : 'INDUCES',
        source,
        licence: OWN,
        level: strength,
        date: null,
      },
    })),
  ];
}

/** Genes that a profile names. */
function genesOf(profile: string): string[] {
  const names = profile
    .split(/ (?:AND|OR|NOT) |^NOT |[()]/)
    .map((part) => part.trim())
    .filter(Boolean);
  return names.flatMap((name) => {
    const read = readAlteration(name);
    if ('gene' in read) return [read.gene];
    return read.kind === 'FUSION' ? [read.fivePrime, read.threePrime].filter((one) => one !== null) : [];
  });
}

function ofTumours({ oncology }: KnowledgeSnapshot): StarterFact[] {
  const named = new Map(oncology.tumours.map(({ id, name }) => [id, name]));
  const tumour = (id: string) => disease(id, named.get(id) ?? id);
  const evidence = oncology.evidence.flatMap((item): StarterFact[] => {
    const said = { source: `CIViC ${item.id}, ${item.citation}`, licence: 'CC0-1.0', level: item.level, date: item.reviewed };
    const effect = `${item.direction === 'SUPPORTS' ? '' : 'NO_'}${item.significance}_TO`;
    const genes = [...new Set(genesOf(item.profile))].map(gene);
    const drugs = item.therapies.map(drug);
    return [
      ...genes.flatMap((from) => drugs.map((to) => ({ from, to, kind: effect, ...said }))),
      ...drugs.map((from) => ({ from, to: tumour(item.disease), kind: 'STUDIED_IN', ...said })),
      ...genes.map((from) => ({ from, to: tumour(item.disease), kind: 'ALTERED_IN', ...said })),
    ];
  });
  const kinds = oncology.tumours.flatMap(({ id, parents }) =>
    parents.map((parent) => ({
      ...{ from: tumour(id), to: tumour(parent), kind: 'IS_A', source: 'Disease Ontology', licence: 'CC0-1.0' },
      level: null,
      date: null,
    })),
  );
  return [...evidence, ...kinds];
}

/** The facts about each thing, both ways. */
export class StarterFacts {
  readonly #knowledge: KnowledgeSnapshot;
  readonly #spokes: ReadonlyMap<string, readonly Spoke[]>;
  readonly #names = new Map<string, string>();

  constructor(knowledge: KnowledgeSnapshot) {
    this.#knowledge = knowledge;
    const facts = [...ofGuidance(knowledge), ...ofTumours(knowledge)];
    const degrees = new Map<string, number>();
    for (const { from, to } of facts)
      for (const { key, name } of [from, to]) {
        degrees.set(key, (degrees.get(key) ?? 0) + 1);
        this.#names.set(key, name);
      }
    const spokes = facts.flatMap(({ from, to, ...fact }) => [
      { of: from.key, to: to.key, name: to.name, degree: degrees.get(to.key) ?? 0, forward: true, ...fact },
      { of: to.key, to: from.key, name: from.name, degree: degrees.get(from.key) ?? 0, forward: false, ...fact },
    ]);
    this.#spokes = groupBy(spokes, ({ of }) => of);
  }

  /** Things by key, id or name; letter case does not matter. */
  named(term: string): { readonly key: string; readonly kind: string; readonly name: string }[] {
    const wanted = term.trim().toLowerCase();
    const drugs = drugsNamed(this.#knowledge, wanted).map(({ name }) => `Compound ${name}`);
    return [...this.#names]
      .filter(([key, name]) => [key, key.replace(/^\w+ /, ''), name].some((one) => one.toLowerCase() === wanted) || drugs.includes(key))
      .map(([key, name]) => ({ key, kind: key.split(' ')[0] ?? '', name }));
  }

  #of(key: string): readonly Spoke[] {
    return this.#spokes.get(key) ?? [];
  }

  surroundings([from, to]: readonly [string, string], maxLength: number): Surroundings {
    const end = (key: string): PathThing => ({ key, name: this.#names.get(key) ?? key, degree: this.#of(key).length });
    const near = maxLength < 3 ? [] : new Set([...this.#of(from), ...this.#of(to)].map((spoke) => spoke.to));
    return {
      from: end(from),
      to: end(to),
      ofFrom: this.#of(from),
      ofTo: this.#of(to),
      ofNeighbours: [...near].flatMap((key) => this.#of(key)),
    };
  }
}
