/** Reads from a release what discovery reasons on. Only things of the vocabularies that its answers are in take part. */
import type { FactKind } from '../knowledge/published/fact.ts';
import { type FactRow, factRows, thingRows } from '../knowledge/published/releaseFiles.ts';
import { type EdgeSet, edgeSet, Nodes } from './network.ts';

type NodeKind = 'Compound' | 'Disease' | 'Gene' | 'Anatomy' | 'Pathway' | 'GoTerm' | 'PharmacologicClass';

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
    accept: ([, , , , , , , source]) => !MENDELIAN.has(source),
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
} as const satisfies Record<string, EdgeDefinition>;
export type EdgeName = keyof typeof EDGES;
export const EDGE_NAMES = Object.keys(EDGES) as EdgeName[];

export type NetworkNodes = Readonly<Record<NodeKind, Nodes>>;
type Pairs = readonly (readonly [number, number])[];

export interface Network {
  readonly nodes: NetworkNodes;
  readonly pairs: Readonly<Record<EdgeName, Pairs>>;
  readonly edges: Readonly<Record<EdgeName, EdgeSet>>;
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
  const { from, to, facts, bothWays } = definitionOf(name);
  return edgeSet(nodes[from], nodes[to], pairs, facts, bothWays);
}

async function readNodes(data: string, release: string): Promise<{ nodes: NetworkNodes; names: Map<string, string> }> {
  const kinds = ['Compound', 'Disease', 'Gene', 'Anatomy', 'Pathway', 'GoTerm', 'PharmacologicClass'] as const;
  const nodes = Object.fromEntries(kinds.map((kind) => [kind, new Nodes(kind)])) as Record<NodeKind, Nodes>;
  const names = new Map<string, string>();
  for (const kind of kinds) {
    const found: [string, string][] = [];
    for await (const rows of thingRows(data, release, kind)) for (const [id, name] of rows) if (takesPart(kind, id)) found.push([id, name]);
    // In the order of their ids, so that the order of files plays no part in any sum.
    for (const [id, name] of found.sort(([a], [b]) => (a < b ? -1 : 1))) {
      nodes[kind].add(id);
      names.set(`${kind} ${id}`, name);
    }
  }
  return { nodes, names };
}

/** The ends of a fact in the network; null where it is no edge of that name there. */
function pairOf(nodes: NetworkNodes, { from, to, level, accept }: EdgeDefinition, row: FactRow): [number, number] | null {
  const [fromKind, fromId, toKind, toId, , factLevel] = row;
  if (from !== fromKind || to !== toKind || (level !== undefined && level !== factLevel) || accept?.(row) === false) return null;
  const [a, b] = [nodes[from].placeOf(fromId), nodes[to].placeOf(toId)];
  return a === undefined || b === undefined ? null : [a, b];
}

function add(pairs: [number, number][], rows: readonly FactRow[], pairIn: (row: FactRow) => [number, number] | null): void {
  for (const row of rows) {
    const pair = pairIn(row);
    if (pair) pairs.push(pair);
  }
}

export async function loadNetwork(data: string, release: string): Promise<Network> {
  const { nodes, names } = await readNodes(data, release);
  const pairs = Object.fromEntries(EDGE_NAMES.map((name) => [name, [] as [number, number][]])) as Record<EdgeName, [number, number][]>;
  for (const kind of new Set(EDGE_NAMES.flatMap((name) => definitionOf(name).facts))) {
    const makes = EDGE_NAMES.filter((name) => definitionOf(name).facts.includes(kind));
    for await (const rows of factRows(data, release, kind))
      for (const name of makes) add(pairs[name], rows, (row) => pairOf(nodes, definitionOf(name), row));
  }
  return { nodes, names, pairs, edges: edgesOf(nodes, pairs) };
}

/** The same network with other edges of one name: what training leaves out is not known to it. */
export function withPairs(network: Network, name: EdgeName, pairs: Pairs): Network {
  return {
    ...network,
    pairs: { ...network.pairs, [name]: pairs },
    edges: { ...network.edges, [name]: edgesNamed(network.nodes, name, pairs) },
  };
}
