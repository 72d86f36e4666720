/** The paths that carry a score: of each form that raises it the heaviest, each with its part of what the form adds. */
import { EDGES, type EdgeName, type Network, type StatedFact } from './loadNetwork.ts';
import { bestPaths, endOf, type Metapath, type Path, startOf } from './metapath.ts';
import { hasEdge } from './network.ts';
import type { DiseaseFeatures, Prepared } from './pairFeatures.ts';

export interface PathNode {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

export interface PathStep {
  /** The kinds of facts in the release, `|` between several; `<` before them where they are gone backwards. */
  readonly relation: string;
  /** Who states it. */
  readonly sources: readonly string[];
}

export interface CarryingPath {
  readonly nodes: readonly PathNode[];
  /** One less than the nodes. */
  readonly steps: readonly PathStep[];
  /** What paths of this form say. */
  readonly says: string;
  /** What it adds to the log-odds: its part, by weight, of what all paths of its form add. */
  readonly share: number;
}

/** Of one form; more are alike. */
const PER_FORM = 3;
const MOST = 5;

/** The facts that an edge stands for, found by its ends. */
export class Statements {
  readonly #network: Network;
  readonly #byEdge = new Map<EdgeName, Map<number, Set<StatedFact>>>();

  constructor(network: Network) {
    this.#network = network;
  }

  of(edge: EdgeName, from: number, to: number): StatedFact[] {
    let known = this.#byEdge.get(edge);
    if (!known) {
      known = new Map();
      for (const [place, [a, b]] of this.#network.pairs[edge].entries()) {
        const key = this.#key(edge, a, b);
        const said = known.get(key);
        const fact = this.#network.stated[edge][place] as StatedFact;
        if (said) said.add(fact);
        else known.set(key, new Set([fact]));
      }
      this.#byEdge.set(edge, known);
    }
    // An edge that goes both ways is stated one way.
    return [...(known.get(this.#key(edge, from, to)) ?? known.get(this.#key(edge, to, from)) ?? [])];
  }

  #key(edge: EdgeName, a: number, b: number): number {
    return a * this.#network.nodes[EDGES[edge].to].size + b;
  }
}

function shown(network: Network, statements: Statements, { steps }: Metapath, { nodes }: Path): Pick<CarryingPath, 'nodes' | 'steps'> {
  const kinds = [startOf(steps[0] as Metapath['steps'][number]), ...steps.map(endOf)];
  return {
    nodes: nodes.map((node, place) => {
      const kind = kinds[place]?.kind ?? '';
      const id = kinds[place]?.ids[node] ?? '';
      return { kind, id, name: network.names.get(`${kind} ${id}`) ?? id };
    }),
    steps: steps.map(({ edge, reversed }, place) => {
      const [before, after] = [nodes[place] as number, nodes[place + 1] as number];
      const [from, to] = reversed ? [after, before] : [before, after];
      const facts = statements.of(edge as EdgeName, from, to);
      const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
      return {
        relation: `${reversed ? '<' : ''}${distinct(facts.map(({ kind }) => kind)).join('|')}`,
        sources: distinct(facts.map(({ source }) => source)),
      };
    }),
  };
}

/**
 * @param shares what each column adds to the log-odds
 * @returns the paths that add most, most first
 */
export function carryingPaths(
  { network, question, counters }: Prepared,
  { counts, remaining }: DiseaseFeatures,
  statements: Statements,
  start: number,
  shares: Float64Array,
): CarryingPath[] {
  const found: CarryingPath[] = [];
  for (const [place, { metapath }] of counters.entries()) {
    const adds = shares[place] as number;
    const count = counts[place]?.[start] as number;
    const left = remaining[place];
    if (!(adds > 0) || !(count > 0) || !left) continue;
    for (const path of bestPaths(metapath, left, start, PER_FORM))
      found.push({
        ...shown(network, statements, metapath, path),
        says: question.forms[place]?.label ?? metapath.name,
        share: adds * Math.min(1, path.weight / count),
      });
  }
  return found.sort((a, b) => b.share - a.share).slice(0, MOST);
}

/** Facts of the release about the pair itself, beside the one that is asked for: what a reader must know of it. */
export function statedOf({ network, question }: Prepared, start: number, disease: number): string[] {
  return question.stated.flatMap(({ edges }) =>
    edges.filter((edge) => hasEdge(network.edges[edge].forward, start, disease)).flatMap((edge) => [...EDGES[edge].facts]),
  );
}
