/**
 * Paths between two things of a release, up to three facts long, from what lies about each end: the shorter first, then those whose
 * nodes between have the fewest facts (Himmelstein's degree weighting, eLife 2017;6:e26726, damping 0.4: a way over a hub says little).
 */

import { groupBy } from '../../groupBy.ts';

/** One fact of a thing. */
export interface Spoke {
  /** The thing that the fact is of, and the one at its other end. */
  readonly of: string;
  readonly to: string;
  readonly name: string;
  /** How many facts the other thing has. */
  readonly degree: number;
  readonly kind: string;
  /** Whether the fact leads from `of` to `to`. */
  readonly forward: boolean;
  readonly source: string;
  readonly licence: string;
  readonly level: string | null;
  readonly date: string | null;
}

export interface PathStep {
  readonly kind: string;
  readonly forward: boolean;
  /** Every publisher's statement of it. */
  readonly facts: readonly Pick<Spoke, 'source' | 'licence' | 'level' | 'date'>[];
}

export interface PathThing {
  readonly key: string;
  readonly name: string;
  readonly degree: number;
}

export interface GraphPath {
  readonly things: readonly PathThing[];
  /** One less than the things. */
  readonly steps: readonly PathStep[];
  /** Of the nodes between; 1 of a path without. */
  readonly weight: number;
}

/** What was read of the graph. */
export interface Surroundings {
  readonly from: PathThing;
  readonly to: PathThing;
  readonly ofFrom: readonly Spoke[];
  readonly ofTo: readonly Spoke[];
  /** Of the rarest neighbours of either end; empty where no path of three was asked for. */
  readonly ofNeighbours: readonly Spoke[];
}

export interface PathQuestion {
  /** An id or a name. */
  readonly from: string;
  readonly to: string;
  /** Facts, 1 to 3. */
  readonly maxLength: number;
  readonly first: number;
}

export interface FoundPaths {
  readonly from: PathThing;
  readonly to: PathThing;
  readonly release: string;
  readonly paths: readonly GraphPath[];
}

const DAMPING = 0.4;

/** Other thing -> kind and direction -> the facts that say it. */
type Star = ReadonlyMap<string, { readonly thing: PathThing; readonly steps: readonly PathStep[] }>;

function starOf(spokes: readonly Spoke[]): Star {
  const found = new Map<string, { thing: PathThing; steps: Map<string, PathStep & { facts: PathStep['facts'][number][] }> }>();
  for (const { to, name, degree, kind, forward, source, licence, level, date } of spokes) {
    const end = found.get(to) ?? { thing: { key: to, name, degree }, steps: new Map() };
    found.set(to, end);
    const step = end.steps.get(`${kind} ${forward}`) ?? { kind, forward, facts: [] };
    end.steps.set(`${kind} ${forward}`, step);
    step.facts.push({ source, licence, level, date });
  }
  return new Map([...found].map(([key, { thing, steps }]) => [key, { thing, steps: [...steps.values()] }]));
}

const back = (step: PathStep): PathStep => ({ ...step, forward: !step.forward });

interface Link {
  readonly thing: PathThing;
  /** From the thing before to this one. */
  readonly steps: readonly PathStep[];
}

/** A path of each combination of what the facts on the way are. */
function pathsOver(from: PathThing, links: readonly Link[]): GraphPath[] {
  const ways = links.reduce<PathStep[][]>((before, { steps }) => before.flatMap((way) => steps.map((step) => [...way, step])), [[]]);
  const between = links.slice(0, -1);
  const weight = between.reduce((product, { thing }) => product * Math.max(1, thing.degree) ** -DAMPING, 1);
  return ways.map((steps) => ({ things: [from, ...links.map(({ thing }) => thing)], steps, weight }));
}

/** Over one neighbour of either end: from it on to a neighbour of the other. */
function waysOver(key: string, around: Star, { from, to }: Surroundings, [ofFrom, ofTo]: readonly [Star, Star]): (readonly Link[])[] {
  const near = ofFrom.get(key);
  const far = ofTo.get(key);
  return [...around]
    .filter(([other]) => other !== from.key && other !== to.key)
    .flatMap(([other, { thing, steps }]) => {
      const last = ofTo.get(other);
      const first = ofFrom.get(other);
      return [
        ...(near && last ? [[near, { thing, steps }, { thing: to, steps: last.steps.map(back) }]] : []),
        ...(far && first ? [[first, { thing: far.thing, steps: steps.map(back) }, { thing: to, steps: far.steps.map(back) }]] : []),
      ];
    });
}

/** Each way once, whichever of its two things between was looked about. */
function waysOfThree(surroundings: Surroundings, stars: readonly [Star, Star]): (readonly Link[])[] {
  const ways = new Map<string, readonly Link[]>();
  const { from, to, ofNeighbours } = surroundings;
  const between = ofNeighbours.filter(({ of }) => of !== from.key && of !== to.key);
  for (const [key, spokes] of groupBy(between, ({ of }) => of))
    for (const links of waysOver(key, starOf(spokes), surroundings, stars)) ways.set(links.map(({ thing }) => thing.key).join('\n'), links);
  return [...ways.values()];
}

/** Ranked, the best `first` of them. */
export function graphPaths(surroundings: Surroundings, maxLength: number, first: number): readonly GraphPath[] {
  const { from, to } = surroundings;
  const ofFrom = starOf(surroundings.ofFrom);
  const ofTo = starOf(surroundings.ofTo);
  const direct = ofFrom.get(to.key);
  const found: GraphPath[] = direct ? pathsOver(from, [{ thing: to, steps: direct.steps }]) : [];
  if (maxLength >= 2)
    for (const [key, near] of ofFrom) {
      const far = ofTo.get(key);
      if (far && key !== to.key) found.push(...pathsOver(from, [near, { thing: to, steps: far.steps.map(back) }]));
    }
  if (maxLength >= 3) for (const links of waysOfThree(surroundings, [ofFrom, ofTo])) found.push(...pathsOver(from, links));
  const names = ({ things }: GraphPath) => things.map(({ name }) => name).join('\n');
  return found
    .sort((a, b) => a.steps.length - b.steps.length || b.weight - a.weight || names(a).localeCompare(names(b), 'en'))
    .slice(0, first);
}
