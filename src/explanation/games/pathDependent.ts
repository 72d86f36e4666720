/**
 * Path-dependent Shapley values of trees: v(S) follows the row where a split's player is in S, and otherwise takes all
 * exits by their shares of the background. On a path each player has o (1 where the row follows it, else 0) and z (its
 * share), and a leaf of value w gives player i
 *   w (o_i - z_i) x integral over t from 0 to 1 of product over the others j of (t o_j + (1 - t) z_j),
 * a polynomial that ceil(players / 2) Gauss-Legendre points integrate exactly (Quadrature-TreeSHAP, arXiv 2605.04497).
 * One pass down the tree carries the products above a place, one pass up the sums below it. With U_e below exit e, S the sum
 * of z_e U_e, and r = 1 / (t + (1 - t) z) for a player that was met above with share z (else 1), a place that the row comes
 * to adds w x above x r (U_on - S - (1 - z) below) at each point, where below = r (t U_on + (1 - t) S).
 */
import type { Ensemble } from '../onnx/ensemble.ts';
import { ANY, type PlacedTree, type Places } from './places.ts';
import { gaussLegendre } from './quadrature.ts';
import { exitOf } from './unfold.ts';

/** Arrays that the passes work in. */
export interface PathDependentRoom {
  /** Exit that the row takes at each place; NOT_FOLLOWED where it left the place's player above. */
  readonly exit: Uint16Array;
  /** Sums at each point of each place of a tree. */
  readonly above: Float64Array;
  readonly below: Float64Array;
}

const NOT_FOLLOWED = 0xffff;

export function pathDependentRoom({ trees, kind }: Places): PathDependentRoom {
  const numbers = trees.reduce((most, { from, to, points }) => Math.max(most, (to - from) * points), 1);
  return { exit: new Uint16Array(kind.length), above: new Float64Array(numbers), below: new Float64Array(numbers) };
}

/** What the passes share. */
interface Pass {
  readonly places: Places;
  readonly placed: PlacedTree;
  readonly ensemble: Ensemble;
  readonly row: Float64Array;
  readonly room: PathDependentRoom;
  readonly point: Float64Array;
  readonly weight: Float64Array;
  readonly into: Float64Array;
}

function exitAt({ places, placed, ensemble, row }: Pass, place: number): number {
  const column = places.column[place] as number;
  if (column >= 0) return (row[column] as number) <= (places.threshold[place] as number) ? 1 : 0;
  return exitOf(ensemble, placed.tree, places.split[place] as number, row);
}

/** The factor that an exit of a place of any kind puts on what is above, at one point. */
function factorOf({ places, point }: Pass, other: number, exit: number, on: number, q: number): number {
  const own = places.exitShare[exit] as number;
  if (on === NOT_FOLLOWED) {
    const z = places.metShare[other] as number;
    return z === 0 ? 0 : own / z;
  }
  const t = point[q] as number;
  const follows = exit - (places.firstExit[other] as number) === on ? t : 0;
  return (places.factors[(places.again[other] as number) + q] as number) * (follows + (1 - t) * own);
}

/** Down from a place of any kind. */
function downAny(pass: Pass, place: number): void {
  const { places, placed, room } = pass;
  const { points, from } = placed;
  const other = places.other[place] as number;
  const met = places.metPlace[other] as number;
  const on = met < 0 || room.exit[met] === places.metExit[other] ? exitAt(pass, place) : NOT_FOLLOWED;
  room.exit[place] = on;
  const end = places.firstExit[other + 1] as number;
  for (let exit = places.firstExit[other] as number; exit < end; exit += 1) {
    const to = places.exitBelow[exit] as number;
    if (to < 0) continue;
    for (let q = 0; q < points; q += 1)
      room.above[to * points + q] = (room.above[(place - from) * points + q] as number) * factorOf(pass, other, exit, on, q);
  }
}

/** What is below an exit of a place of any kind, at one point. */
function underExit({ places, placed, room }: Pass, exit: number, q: number): number {
  const to = places.exitBelow[exit] as number;
  return (to < 0 ? places.exitValue[exit] : room.below[to * placed.points + q]) as number;
}

/** Up to a place of any kind. */
function upAny(pass: Pass, place: number): void {
  const { places, placed, room, point, weight, into } = pass;
  const other = places.other[place] as number;
  const on = room.exit[place] as number;
  const z = places.metShare[other] as number;
  const first = places.firstExit[other] as number;
  const end = places.firstExit[other + 1] as number;
  let sum = 0;
  for (let q = 0; q < placed.points; q += 1) {
    let all = 0;
    for (let exit = first; exit < end; exit += 1) all += (places.exitShare[exit] as number) * underExit(pass, exit, q);
    const at = (place - placed.from) * placed.points + q;
    if (on === NOT_FOLLOWED) {
      room.below[at] = z === 0 ? 0 : all / z;
      continue;
    }
    const own = underExit(pass, first + on, q);
    const t = point[q] as number;
    const r = places.factors[(places.again[other] as number) + q] as number;
    const under = r * (t * own + (1 - t) * all);
    room.below[at] = under;
    sum += (weight[q] as number) * (room.above[at] as number) * r * (own - all - (1 - z) * under);
  }
  const player = places.player[place] as number;
  into[player] = (into[player] as number) + sum;
}

function passDown(pass: Pass): void {
  const { places, placed, room, point } = pass;
  const { kind, below0, below1, share0 } = places;
  const { points, from, leaves, to } = placed;
  const { exit, above } = room;
  for (let q = 0; q < points; q += 1) above[q] = 1;
  for (let place = from; place < leaves; place += 1) {
    if (kind[place] === ANY) {
      downAny(pass, place);
      continue;
    }
    const on = exitAt(pass, place);
    exit[place] = on;
    const z = share0[place] as number;
    const at = (place - from) * points;
    const left = (below0[place] as number) * points;
    const right = (below1[place] as number) * points;
    for (let q = 0; q < points; q += 1) {
      const product = above[at + q] as number;
      const all = (point[q] as number) * product;
      const off = product - all;
      if (left >= 0) above[left + q] = off * z + (1 - on) * all;
      if (right >= 0) above[right + q] = off * (1 - z) + on * all;
    }
  }
  for (let place = leaves; place < to; place += 1) exit[place] = exitAt(pass, place);
}

/** Up to the places with two leaves. */
function upLeaves({ places, placed, room, point, weight, into }: Pass): void {
  const { share0, value0, value1, player } = places;
  const { points, from, leaves, to } = placed;
  const { exit, above, below } = room;
  for (let place = leaves; place < to; place += 1) {
    const on = exit[place] as number;
    const z = share0[place] as number;
    const a = value0[place] as number;
    const b = value1[place] as number;
    const all = b + z * (a - b);
    const more = a + on * (b - a) - all;
    const at = (place - from) * points;
    let sum = 0;
    for (let q = 0; q < points; q += 1) {
      sum += (weight[q] as number) * (above[at + q] as number);
      below[at + q] = all + (point[q] as number) * more;
    }
    const own = player[place] as number;
    into[own] = (into[own] as number) + (1 - z - on) * (a - b) * sum;
  }
}

function passUp(pass: Pass): void {
  const { places, placed, room, point, weight, into } = pass;
  const { kind, below0, below1, share0, value0, value1, player } = places;
  const { points, from, leaves } = placed;
  const { exit, above, below } = room;
  upLeaves(pass);
  for (let place = leaves - 1; place >= from; place -= 1) {
    if (kind[place] === ANY) {
      upAny(pass, place);
      continue;
    }
    const on = exit[place] as number;
    const z = share0[place] as number;
    const at = (place - from) * points;
    const left = (below0[place] as number) * points;
    const right = (below1[place] as number) * points;
    const a0 = value0[place] as number;
    const b0 = value1[place] as number;
    let sum = 0;
    for (let q = 0; q < points; q += 1) {
      const a = left >= 0 ? (below[left + q] as number) : a0;
      const b = right >= 0 ? (below[right + q] as number) : b0;
      const all = b + z * (a - b);
      sum += (weight[q] as number) * (above[at + q] as number) * (a - b);
      below[at + q] = all + (point[q] as number) * (a + on * (b - a) - all);
    }
    const own = player[place] as number;
    into[own] = (into[own] as number) + (1 - z - on) * sum;
  }
}

/** The leaf at the end of the row's own way. */
function answerOf({ places, placed: { from }, room: { exit } }: Pass): number {
  for (let place = from; ; ) {
    const on = exit[place] as number;
    const other = places.other[place] as number;
    const at = other < 0 ? -1 : (places.firstExit[other] as number) + on;
    const two = on === 0 ? places.below0 : places.below1;
    const next = at < 0 ? (two[place] as number) : (places.exitBelow[at] as number);
    const value = at < 0 ? (on === 0 ? places.value0 : places.value1)[place] : places.exitValue[at];
    if (next < 0) return value as number;
    place = from + next;
  }
}

/**
 * Adds a tree's values for one row.
 * @param row the columns of the forest, as its tests compare them
 * @param into one value per player
 * @returns the value of the leaf that the row falls into
 */
export function addPathDependent(
  ensemble: Ensemble,
  places: Places,
  placed: PlacedTree,
  row: Float64Array,
  room: PathDependentRoom,
  into: Float64Array,
): number {
  const { point, weight } = gaussLegendre(placed.points);
  const pass = { places, placed, ensemble, row, room, point, weight, into };
  passDown(pass);
  passUp(pass);
  return answerOf(pass);
}
