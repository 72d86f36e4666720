import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bestPaths, endOf, type Metapath, PathCounter, remainingTo, type Step, startOf } from '../../src/discovery/metapath.ts';
import { DAMPING, type EdgeSet, edgeSet, Nodes } from '../../src/discovery/network.ts';

type Pair = readonly [number, number];
const SIZE = 5;

function nodesOf(kind: 'Compound' | 'Disease' | 'Gene'): Nodes {
  const nodes = new Nodes(kind);
  for (let place = 0; place < SIZE; place += 1) nodes.add(`${kind}${place}`);
  return nodes;
}
const [compounds, diseases, genes] = [nodesOf('Compound'), nodesOf('Disease'), nodesOf('Gene')];

const distinct = (pairs: readonly Pair[]) => [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];

/** Every path, walked one by one, by the definition: the product over its edges of (degree out x degree in) ^ -damping. */
function walked(
  steps: readonly (readonly [EdgeSet, readonly Pair[], boolean])[],
  start: number,
  target: number,
): { nodes: number[]; weight: number }[] {
  let open = [{ nodes: [start], weight: 1 }];
  for (const [place, [, pairs, reversed]] of steps.entries()) {
    const last = place === steps.length - 1;
    const degree = (side: 0 | 1, node: number) => pairs.filter((pair) => pair[side] === node).length;
    open = open.flatMap(({ nodes, weight }) =>
      pairs.flatMap(([a, b]) => {
        const [from, to] = reversed ? [b, a] : [a, b];
        if (from !== nodes.at(-1)) return [];
        return [{ nodes: [...nodes, to], weight: weight * (degree(0, a) * degree(1, b)) ** -DAMPING }];
      }),
    );
    if (last) open = open.filter(({ nodes }) => nodes.at(-1) === target);
  }
  const kinds = [startOf(stepOf(steps[0] as never)), ...steps.map((step) => endOf(stepOf(step)))];
  const visits = (nodes: readonly number[], kind: Nodes | undefined, node: number) =>
    nodes.slice(1, -1).some((one, place) => kinds[place + 1] === kind && one === node);
  return open.filter(({ nodes }) => !visits(nodes, kinds[0], start) && !visits(nodes, kinds.at(-1), target));
}

const stepOf = ([edges, , reversed]: readonly [EdgeSet, readonly Pair[], boolean]): Step => ({ edge: '', edges, reversed });

const pairs = fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1)), { maxLength: 14 }).map(distinct);

/** The forms that matter: one step, over a shared gene, back over the own kind, over another disease, two of a kind in a row. */
const network = fc
  .record({ treats: pairs, targets: pairs, associated: pairs, alike: pairs })
  .map(({ treats, targets, associated, alike }) => {
    const both = distinct(alike.flatMap(([a, b]) => (a === b ? [] : [[a, b] as Pair, [b, a] as Pair])));
    const t = [edgeSet(compounds, diseases, treats), treats] as const;
    const g = [edgeSet(compounds, genes, targets), targets] as const;
    const a = [edgeSet(diseases, genes, associated), associated] as const;
    const l = [edgeSet(compounds, compounds, alike, true), both] as const;
    return [
      [[...t, false]],
      [
        [...g, false],
        [...a, true],
      ],
      [
        [...l, false],
        [...t, false],
      ],
      [
        [...g, false],
        [...g, true],
        [...t, false],
      ],
      [
        [...t, false],
        [...a, false],
        [...a, true],
      ],
      [
        [...t, false],
        [...t, true],
        [...t, false],
      ],
      [
        [...l, false],
        [...l, false],
        [...t, false],
      ],
    ] as const;
  });

function checkPair(
  metapath: Metapath,
  form: readonly (readonly [EdgeSet, readonly Pair[], boolean])[],
  start: number,
  target: number,
): void {
  const remaining = remainingTo(metapath, target);
  const paths = walked(form, start, target);
  const sum = paths.reduce((total, { weight }) => total + weight, 0);
  expect(new PathCounter(metapath).counts(remaining)[start]).toBeCloseTo(sum, 9);
  const heaviest = paths.map(({ weight }) => weight).sort((x, y) => y - x);
  const best = bestPaths(metapath, remaining, start, 3);
  expect(best).toHaveLength(Math.min(3, paths.length));
  for (const [place, { weight }] of best.entries()) expect(weight).toBeCloseTo(heaviest[place] as number, 9);
}

const PLACES = Array.from({ length: SIZE }, (_, place) => place);

describe('a degree-weighted path count', () => {
  it('is the sum over all paths that visit neither end in between, and the best paths are the heaviest of them', () => {
    fc.assert(
      fc.property(network, (forms) => {
        for (const form of forms) {
          const metapath: Metapath = { name: 'form', steps: form.map(stepOf) };
          for (const target of PLACES) for (const start of PLACES) checkPair(metapath, form, start, target);
        }
      }),
      { numRuns: 100 },
    );
  });
});
