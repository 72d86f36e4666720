/**
 * Counts that add up, as a flow: each count is an arc, and what comes into a node goes out of it. A row's node takes the row's total in
 * and gives the row's cells out. What a hidden count can be, by all the sums at once, is then a question of flows, with whole numbers as
 * the exact answer (the constraints of a table with its margins are totally unimodular).
 */
import type { Span } from './published.ts';

export interface Arc {
  readonly from: number;
  readonly to: number;
  /** The true count. */
  readonly value: number;
  /** What a reader knows of it by itself. */
  readonly span: Span;
}

/** One way along an arc: on, where its count grows, or back, where it shrinks. */
interface Turn {
  readonly arc: number;
  readonly isOn: boolean;
  readonly to: number;
}

interface Step extends Turn {
  /** By how much the count can change. */
  readonly by: number;
  readonly before: Step | null;
}

/** From each node the ways out of it, but for one arc. */
function turnsWithout(arcs: readonly Arc[], without: number): Map<number, Turn[]> {
  const turns = new Map<number, Turn[]>();
  const add = (node: number, turn: Turn) => turns.set(node, [...(turns.get(node) ?? []), turn]);
  for (const [arc, { from, to }] of arcs.entries()) {
    if (arc === without) continue;
    add(from, { arc, isOn: true, to });
    add(to, { arc, isOn: false, to: from });
  }
  return turns;
}

const changeable = ({ span }: Arc, value: number, isOn: boolean) => (isOn ? span.high - value : value - span.low);

/** The last step of a way on which more can flow from one node to another; null where there is none. */
function wayOf(arcs: readonly Arc[], values: readonly number[], turns: ReadonlyMap<number, readonly Turn[]>, from: number, to: number) {
  const reached = new Map<number, Step | null>([[from, null]]);
  const queue = [from];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const turn of turns.get(node) ?? []) {
      const by = changeable(arcs[turn.arc] as Arc, values[turn.arc] ?? 0, turn.isOn);
      if (by <= 0 || reached.has(turn.to)) continue;
      const step: Step = { ...turn, by, before: reached.get(node) ?? null };
      if (turn.to === to) return step;
      reached.set(turn.to, step);
      queue.push(turn.to);
    }
  }
  return null;
}

/** By how much an arc's count can grow (or shrink) with all sums kept and each count in its span; looked at up to `enough`. */
function movable(arcs: readonly Arc[], index: number, isUp: boolean, enough: number): number {
  const arc = arcs[index] as Arc;
  const most = Math.min(enough, changeable(arc, arc.value, isUp));
  const values = arcs.map(({ value }) => value);
  const turns = turnsWithout(arcs, index);
  const [from, to] = isUp ? [arc.to, arc.from] : [arc.from, arc.to];
  let moved = 0;
  while (moved < most) {
    const last = wayOf(arcs, values, turns, from, to);
    if (!last) return moved;
    let by = most - moved;
    for (let step: Step | null = last; step; step = step.before) by = Math.min(by, step.by);
    for (let step: Step | null = last; step; step = step.before) values[step.arc] = (values[step.arc] ?? 0) + (step.isOn ? by : -by);
    moved += by;
  }
  return moved;
}

/**
 * From the least to the most that the count of an arc can be, for whoever knows the sums and every span: counted up to `enough` to
 * either side of the true count.
 */
export function roomOf(arcs: readonly Arc[], index: number, enough: number): number {
  const up = movable(arcs, index, true, enough);
  return up >= enough ? up : up + movable(arcs, index, false, enough - up);
}
