/**
 * What a model of discovery is asked about one pair: for each form of path asinh of its count over the form's mean, for each
 * degree log(1 + n), for each stated column 1 or 0. Of a pair that is known, its own edge is left out: its paths do not use it,
 * and degrees and the damping by them are taken as if it were not there.
 */
import type { EdgeName, Network } from './loadNetwork.ts';
import { type Metapath, PathCounter, type Remaining, remainingTo } from './metapath.ts';
import { metapathOf } from './metapaths.ts';
import { DAMPING, degreeOf, hasEdge } from './network.ts';
import { columnsOf, type Question } from './question.ts';

/** What does not depend on the disease. */
export interface Prepared {
  readonly network: Network;
  readonly question: Question;
  readonly counters: readonly PathCounter[];
  /** By form, the mean count over all pairs of a start and a disease that questions are asked about. */
  readonly means: readonly number[];
  readonly width: number;
}

/** The mean over the pairs, paths that return to their target included: one sum for all diseases. */
function meanCount(metapath: Metapath, network: Network): number {
  const ends = new Float64Array(network.nodes.Disease.size);
  for (const disease of network.diseases) ends[disease] = 1;
  const [counts] = remainingTo(metapath, ends).counts as [Float64Array];
  const sum = counts.reduce((total, count) => total + count, 0);
  return sum / (counts.length * network.diseases.length);
}

export function prepare(network: Network, question: Question): Prepared {
  const counters = question.forms.map((form) => new PathCounter(metapathOf(network, form)));
  return {
    network,
    question,
    counters,
    means: counters.map(({ metapath }) => meanCount(metapath, network)),
    width: columnsOf(question).length,
  };
}

/** The rows of all starts towards one disease, and what is left of the way by form, for whoever looks for the paths. */
export interface DiseaseFeatures {
  readonly rows: Float64Array;
  readonly counts: readonly Float64Array[];
  readonly remaining: readonly Remaining[];
  /** By start, 1 where the pair is known. */
  readonly known: Uint8Array;
}

const degree = (network: Network, edge: EdgeName, kind: 'Compound' | 'Gene' | 'Disease', node: number): number => {
  const { from, forward, backward } = network.edges[edge];
  return degreeOf(from.kind === kind ? forward : backward, node);
};

const factor = (degreeWith: number) => (degreeWith > 1 ? (degreeWith / (degreeWith - 1)) ** DAMPING : 1);

/** How much more a known pair's paths of a form weigh where its own edge damps none of them. */
function undamped({ steps }: Metapath, label: EdgeName, ofStart: number, ofDisease: number): number {
  const first = steps[0]?.edge === label ? factor(ofStart) : 1;
  return steps.length > 1 && steps.at(-1)?.edge === label ? first * factor(ofDisease) : first;
}

function knownStarts({ network, question }: Prepared, disease: number): Uint8Array {
  const { backward, forward } = network.edges[question.label];
  const { starts, neighbours } = question.labelFromStart ? backward : forward;
  const known = new Uint8Array(network.nodes[question.start].size);
  for (let place = starts[disease] as number; place < (starts[disease + 1] as number); place += 1) known[neighbours[place] as number] = 1;
  return known;
}

export function featuresTo(prepared: Prepared, disease: number): DiseaseFeatures {
  const { network, question, counters, means, width } = prepared;
  const size = network.nodes[question.start].size;
  const known = knownStarts(prepared, disease);
  const ofDisease = degree(network, question.label, 'Disease', disease);
  const remaining = counters.map(({ metapath }) => remainingTo(metapath, disease));
  const counts = counters.map((counter, form) => {
    const all = counter.counts(remaining[form] as Remaining);
    return all.map((count, start) =>
      known[start] === 1
        ? count * undamped(counter.metapath, question.label, degree(network, question.label, question.start, start), ofDisease)
        : count,
    );
  });
  const rows = new Float64Array(size * width);
  for (let start = 0; start < size; start += 1) {
    const row = rows.subarray(start * width, (start + 1) * width);
    for (const [form, count] of counts.entries()) row[form] = Math.asinh((count[start] as number) / (means[form] || 1));
    fillEnds(prepared, row.subarray(counts.length), start, disease, known[start] === 1);
  }
  return { rows, counts, remaining, known };
}

function fillEnds({ network, question }: Prepared, row: Float64Array, start: number, disease: number, known: boolean): void {
  for (const [place, { edge, of }] of question.degrees.entries()) {
    const edges = of === 'start' ? degree(network, edge, question.start, start) : degree(network, edge, 'Disease', disease);
    row[place] = Math.log1p(known && edge === question.label ? edges - 1 : edges);
  }
  for (const [place, { edges }] of question.stated.entries())
    row[question.degrees.length + place] = edges.some((edge) => hasEdge(network.edges[edge].forward, start, disease)) ? 1 : 0;
}
