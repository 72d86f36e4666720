/** Reads from a release what discovery reasons on. Only things of the vocabularies that its answers are in take part. */
import type { FactKind } from '../knowledge/published/fact.ts';
import { HETIONET } from '../knowledge/published/readers/hetnetNodes.ts';
import { type FactRow, factRows, type ThingRow, thingRows } from '../knowledge/published/releaseFiles.ts';
import { type EdgeSet, edgeSet, Nodes } from './network.ts';

const NODE_KINDS = [
  'Compound',
  'Disease',
  'Gene',
  'Anatomy',
  'Pathway',
  'GoTerm',
  'PharmacologicClass',
  'GeneCategory',
  'SequenceVariant',
  'MolecularProfile',
  'EvidenceItem',
] as const;
type NodeKind = (typeof NODE_KINDS)[number];

/** What the edges of the network are, by the letter or word that metapaths are written with. */
interface EdgeDefinition {
  readonly from: NodeKind;
  readonly to: NodeKind;
  readonly facts: readonly FactKind[];
  readonly bothWays?: boolean;
  /** Only facts of this level, of those that have levels. */
  readonly level?: string;
  readonly accept?: (row: FactRow) => boolean;
}

const GWAS = 'GWAS Catalog 2015';
const MENDELIAN = new Set(['Orphanet', 'Gene2Phenotype']);
const fromMendelian: EdgeDefinition['accept'] = ([, , , , , level, , source]) =>
  MENDELIAN.has(source) && level !== 'disputed' && level !== 'refuted';

export const EDGES = {
  treats: { from: 'Compound', to: 'Disease', facts: ['TREATS'] },
  palliates: { from: 'Compound', to: 'Disease', facts: ['PALLIATES'] },
  notIndicated: { from: 'Compound', to: 'Disease', facts: ['NOT_INDICATED_FOR'] },
  targets: { from: 'Compound', to: 'Gene', facts: ['BINDS', 'TARGETS', 'INTERACTS_WITH_GENE'] },
  raises: { from: 'Compound', to: 'Gene', facts: ['UPREGULATES'] },
  lowers: { from: 'Compound', to: 'Gene', facts: ['DOWNREGULATES'] },
  alike: { from: 'Compound', to: 'Compound', facts: ['RESEMBLES_COMPOUND'], bothWays: true },
  application: { from: 'Compound', to: 'PharmacologicClass', facts: ['HAS_CLASS'], level: 'Application' },
  action: { from: 'Compound', to: 'PharmacologicClass', facts: ['HAS_CLASS'], level: 'Pharmacological Action' },
  established: { from: 'Compound', to: 'PharmacologicClass', facts: ['HAS_CLASS'], level: 'FDA Established Pharmacologic Class' },
  mechanism: { from: 'Compound', to: 'PharmacologicClass', facts: ['HAS_CLASS'], level: 'Mechanism of Action' },
  chemical: { from: 'Compound', to: 'PharmacologicClass', facts: ['HAS_CLASS'], level: 'Chemical/Ingredient' },
  physiologic: { from: 'Compound', to: 'PharmacologicClass', facts: ['HAS_CLASS'], level: 'Physiologic Effect' },
  associated: {
    from: 'Disease',
    to: 'Gene',
    facts: ['ASSOCIATED_WITH_GENE'],
    // The genes of a locus are not each meant: those that are stand in Hetionet's own associations too.
    accept: ([, , , , , , , source]) => !MENDELIAN.has(source) && source !== GWAS,
  },
  mendelian: { from: 'Disease', to: 'Gene', facts: ['ASSOCIATED_WITH_GENE', 'CAUSED_BY_GENE'], accept: fromMendelian },
  raisedIn: { from: 'Disease', to: 'Gene', facts: ['UPREGULATES_IN_DISEASE'] },
  loweredIn: { from: 'Disease', to: 'Gene', facts: ['DOWNREGULATES_IN_DISEASE'] },
  resembles: { from: 'Disease', to: 'Disease', facts: ['RESEMBLES_DISEASE'], bothWays: true },
  kindOf: { from: 'Disease', to: 'Disease', facts: ['IS_A'] },
  located: { from: 'Disease', to: 'Anatomy', facts: ['LOCALIZED_IN'] },
  interacts: { from: 'Gene', to: 'Gene', facts: ['INTERACTS'], bothWays: true },
  regulates: { from: 'Gene', to: 'Gene', facts: ['REGULATES'] },
  pathway: { from: 'Gene', to: 'Pathway', facts: ['IN_PATHWAY'] },
  go: { from: 'Gene', to: 'GoTerm', facts: ['HAS_GO_TERM'] },
  category: { from: 'Gene', to: 'GeneCategory', facts: ['IN_CATEGORY'] },
  variantOf: { from: 'SequenceVariant', to: 'Gene', facts: ['VARIANT_OF'] },
  hasVariant: { from: 'MolecularProfile', to: 'SequenceVariant', facts: ['HAS_VARIANT'] },
  ofProfile: { from: 'EvidenceItem', to: 'MolecularProfile', facts: ['OF_PROFILE'] },
  studiedIn: { from: 'EvidenceItem', to: 'Disease', facts: ['IN_DISEASE'] },
} as const satisfies Record<string, EdgeDefinition>;
export type EdgeName = keyof typeof EDGES;
export const EDGE_NAMES = Object.keys(EDGES) as EdgeName[];

export type NetworkNodes = Readonly<Record<NodeKind, Nodes>>;
type Pairs = readonly (readonly [number, number])[];

export interface StatedFact {
  readonly kind: FactKind;
  readonly source: string;
}

export interface Network {
  readonly nodes: NetworkNodes;
  readonly pairs: Readonly<Record<EdgeName, Pairs>>;
  readonly edges: Readonly<Record<EdgeName, EdgeSet>>;
  /** What fact each pair is and who states it, in the order of the pairs. */
  readonly stated: Readonly<Record<EdgeName, readonly StatedFact[]>>;
  /** Diseases that the release knows more of than a name, as their places: those that questions are asked about. */
  readonly diseases: readonly number[];
  /** Names of compounds, diseases and genes by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** Ids that take part: answers are DrugBank and Entrez ids about DOIDs. */
const TAKES_PART: Partial<Record<NodeKind, RegExp>> = { Compound: /^DB\d{5}$/, Disease: /^DOID:\d+$/, Gene: /^\d+$/ };
const takesPart = (kind: NodeKind, id: string) => TAKES_PART[kind]?.test(id) ?? true;

const definitionOf = (name: EdgeName): EdgeDefinition => EDGES[name];

function edgesOf(nodes: NetworkNodes, pairs: Record<EdgeName, Pairs>): Record<EdgeName, EdgeSet> {
  return Object.fromEntries(EDGE_NAMES.map((name) => [name, edgesNamed(nodes, name, pairs[name])])) as Record<EdgeName, EdgeSet>;
}

function edgesNamed(nodes: NetworkNodes, name: EdgeName, pairs: Pairs): EdgeSet {
  const { from, to, bothWays } = definitionOf(name);
  return edgeSet(nodes[from], nodes[to], pairs, bothWays);
}

interface ReadNodes {
  readonly nodes: NetworkNodes;
  readonly names: ReadonlyMap<string, string>;
  /** Places of the diseases that Hetionet lists. */
  readonly listed: readonly number[];
}

async function readNodes(data: string, release: string): Promise<ReadNodes> {
  const nodes = Object.fromEntries(NODE_KINDS.map((kind) => [kind, new Nodes(kind)])) as Record<NodeKind, Nodes>;
  const names = new Map<string, string>();
  const listed: number[] = [];
  for (const kind of NODE_KINDS) {
    const found: ThingRow[] = [];
    for await (const rows of thingRows(data, release, kind)) found.push(...rows.filter(([id]) => takesPart(kind, id)));
    // In the order of their ids, so that the order of files plays no part in any sum.
    for (const [id, name, details] of found.sort(([a], [b]) => (a < b ? -1 : 1))) {
      const place = nodes[kind].add(id);
      names.set(`${kind} ${id}`, name);
      if (kind === 'Disease' && details !== 0 && details['network'] === HETIONET) listed.push(place);
    }
  }
  return { nodes, names, listed };
}

/** The ends of a fact in the network; null where it is no edge of that name there. */
function pairOf(nodes: NetworkNodes, { from, to, level, accept }: EdgeDefinition, row: FactRow): [number, number] | null {
  const [fromKind, fromId, toKind, toId, , factLevel] = row;
  if (from !== fromKind || to !== toKind || (level !== undefined && level !== factLevel) || accept?.(row) === false) return null;
  const [a, b] = [nodes[from].placeOf(fromId), nodes[to].placeOf(toId)];
  return a === undefined || b === undefined ? null : [a, b];
}

/** One value for all facts of a kind and a source: one of its own for each of half a million facts is memory for nothing. */
class StatedFacts {
  readonly #known = new Map<string, StatedFact>();

  of(kind: FactKind, [, , , , , , , source]: FactRow): StatedFact {
    const key = `${kind} ${source}`;
    let known = this.#known.get(key);
    if (!known) {
      known = { kind, source };
      this.#known.set(key, known);
    }
    return known;
  }
}

/** Edges by which a disease is known: more than a name or its place among other diseases. */
const MAKES_KNOWN: readonly EdgeName[] = [
  'treats',
  'palliates',
  'notIndicated',
  'associated',
  'raisedIn',
  'loweredIn',
  'resembles',
  'located',
];

function knownDiseases(pairs: Record<EdgeName, Pairs>, listed: readonly number[]): number[] {
  const known = new Set(listed);
  for (const name of MAKES_KNOWN)
    for (const [from, to] of pairs[name]) {
      if (EDGES[name].from === 'Disease') known.add(from);
      if (EDGES[name].to === 'Disease') known.add(to);
    }
  return [...known].sort((a, b) => a - b);
}

export async function loadNetwork(data: string, release: string): Promise<Network> {
  const { nodes, names, listed } = await readNodes(data, release);
  const pairs = Object.fromEntries(EDGE_NAMES.map((name) => [name, [] as [number, number][]])) as Record<EdgeName, [number, number][]>;
  const stated = Object.fromEntries(EDGE_NAMES.map((name) => [name, [] as StatedFact[]])) as Record<EdgeName, StatedFact[]>;
  const facts = new StatedFacts();
  for (const kind of new Set(EDGE_NAMES.flatMap((name) => definitionOf(name).facts))) {
    const makes = EDGE_NAMES.filter((name) => definitionOf(name).facts.includes(kind));
    for await (const rows of factRows(data, release, kind))
      for (const row of rows)
        for (const name of makes) {
          const pair = pairOf(nodes, definitionOf(name), row);
          if (!pair) continue;
          pairs[name].push(pair);
          stated[name].push(facts.of(kind, row));
        }
  }
  return { nodes, names, pairs, edges: edgesOf(nodes, pairs), stated, diseases: knownDiseases(pairs, listed) };
}

/** The same network with other edges of one name: what training leaves out is not known to it. */
export function withPairs(network: Network, name: EdgeName, pairs: Pairs): Network {
  return {
    ...network,
    pairs: { ...network.pairs, [name]: pairs },
    edges: { ...network.edges, [name]: edgesNamed(network.nodes, name, pairs) },
  };
}
