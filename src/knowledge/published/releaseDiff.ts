/** What one release says that another does not, kind by kind, so that only one kind is held at a time. */
import { FACT_KINDS, type FactKind, THING_KINDS, type ThingKind } from './fact.ts';
import { type FactRow, factRows, type ThingRow, thingRows } from './releaseFiles.ts';

export type Change = 'ADDED' | 'REMOVED' | 'CHANGED';

export interface ThingChange {
  readonly change: Change;
  readonly thing: { readonly kind: ThingKind; readonly id: string; readonly name: string };
}

export interface FactChange {
  readonly change: Change;
  readonly fact: {
    readonly kind: FactKind;
    readonly from: string;
    readonly to: string;
    readonly source: string;
    readonly key: string;
    readonly level: string;
    /** Level before, where it changed. */
    readonly levelBefore?: string;
  };
}

const factKey = ([, from, toKind, to, key, , , source]: FactRow) => JSON.stringify([from, toKind, to, key, source]);
const said = (row: readonly unknown[]) => JSON.stringify(row);

/** Rows of both sides by their keys: those that only one has, and those that differ. */
async function* changes<Row extends readonly unknown[]>(
  before: AsyncIterable<Row[]>,
  after: AsyncIterable<Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<{ readonly change: Change; readonly row: Row; readonly was?: Row }> {
  const old = new Map<string, Row>();
  for await (const rows of before) for (const row of rows) old.set(keyOf(row), row);
  for await (const rows of after)
    for (const row of rows) {
      const key = keyOf(row);
      const was = old.get(key);
      old.delete(key);
      if (!was) yield { change: 'ADDED', row };
      else if (said(was) !== said(row)) yield { change: 'CHANGED', row, was };
    }
  for (const row of old.values()) yield { change: 'REMOVED', row };
}

/** Every change from release `a` to release `b`: things first, then facts. */
export async function* releaseChanges(data: string, a: string, b: string): AsyncGenerator<ThingChange | FactChange> {
  for (const kind of THING_KINDS)
    for await (const { change, row } of changes<ThingRow>(thingRows(data, a, kind), thingRows(data, b, kind), ([id]) => id))
      yield { change, thing: { kind, id: row[0], name: row[1] } };
  for (const kind of FACT_KINDS)
    for await (const { change, row, was } of changes<FactRow>(factRows(data, a, kind), factRows(data, b, kind), factKey)) {
      const [, from, , to, key, level, , source] = row;
      const before = was && was[5] !== level ? { levelBefore: was[5] } : {};
      yield { change, fact: { kind, from, to, source, key, level, ...before } };
    }
}
