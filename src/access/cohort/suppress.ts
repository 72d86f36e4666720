/**
 * Which counts of a table are shown. Few people (1 to 10) are hidden, and with them as many more as it takes that nobody can work them
 * out from the sums: complementary suppression, checked by asking what each hidden count could be (sums.ts).
 *
 * The margins of a table can be asked for by themselves, so they are decided first and the same in every table: the total by itself, the
 * totals of each dimension as a table of one dimension, and then the cells, which alone are hidden to protect cells.
 */
import { isFew, rounded, SMALLEST, type Span, spanOf } from './published.ts';
import { type Arc, roomOf } from './sums.ts';
import { type Table, tellTogether } from './twoTables.ts';

/** Counts over no, one (`rows`) or two dimensions, with their margins. */
export interface Counts<N = number> {
  readonly total: N;
  readonly rows: readonly N[];
  /** Empty of one dimension. */
  readonly columns: readonly N[];
  /** Of each row its cells by column; empty of one dimension. */
  readonly cells: readonly (readonly N[])[];
}

/** As shown: rounded to 5, null where hidden. */
export type ShownCounts = Counts<number | null>;

/** A hidden count can be this much more than the least that it can be: as uncertain as "0 to 10". */
const ROOM = SMALLEST - 1;
const ANY: Span = { low: 0, high: Number.MAX_SAFE_INTEGER };

/** A count under decision. */
interface Entry {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** It is not hidden to protect another: a margin, which other tables show too, or a 0 that follows from a margin. */
  readonly isDecided: boolean;
  readonly whereHidden: Span;
  isHidden: boolean;
}

const arcOf = ({ from, to, value, isHidden, whereHidden }: Entry): Arc => ({
  from,
  to,
  value,
  span: isHidden ? whereHidden : spanOf(rounded(value)),
});

const touches = ({ from, to }: Entry, node: number) => from === node || to === node;

const mayBeHidden = ({ isHidden, isDecided }: Entry) => !isHidden && !isDecided;

/**
 * What is hidden beside a count: the next one, a 0 only where nothing else is left. By its place and not by its size, for who knows the
 * rule would know of "the smallest of the others" that it is no larger than those shown (the test's attacker found a count that way).
 */
function nextOf(entries: readonly Entry[], beside: Entry): Entry | null {
  const place = entries.indexOf(beside);
  const others = [...entries.slice(place + 1), ...entries.slice(0, Math.max(place, 0))].filter(mayBeHidden);
  return others.find(({ value }) => value > 0) ?? others[0] ?? null;
}

/** Whether the hidden counts of one sum give one another away: a single one, or few people together. */
function isGivenAway(sum: readonly Entry[]): boolean {
  const hidden = sum.filter(({ isHidden }) => isHidden);
  if (hidden.length < 2) return hidden.length === 1;
  return !hidden.some(({ isDecided }) => isDecided) && hidden.reduce((people, { value }) => people + value, 0) < SMALLEST;
}

/** Hides on until no sum gives away what is hidden in it, or nothing is left to hide there. */
function closeSums(entries: readonly Entry[], nodes: readonly number[]): void {
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const node of nodes) {
      const sum = entries.filter((entry) => touches(entry, node));
      const hidden = sum.find(({ isHidden }) => isHidden);
      const next = hidden && isGivenAway(sum) ? nextOf(sum, hidden) : null;
      if (!next) continue;
      next.isHidden = true;
      isStable = false;
    }
  }
}

/** What is hidden next so that a count can be told less well: something of the same sums, else anything; null where nothing is left. */
function nextFor(entry: Entry, entries: readonly Entry[]): Entry | null {
  return (
    nextOf(
      entries.filter((other) => touches(other, entry.from) || touches(other, entry.to)),
      entry,
    ) ?? nextOf(entries, entry)
  );
}

/** Hides counts until every hidden one has room. All the sums are looked at together, for what one does not tell several may. */
function protect(entries: readonly Entry[]): void {
  const nodes = [...new Set(entries.flatMap(({ from, to }) => [from, to]))];
  closeSums(entries, nodes);
  // What is hidden later gives those before it more room, never less: each is looked at until it has it.
  const hasRoom = new Set<Entry>();
  const isOpen = (entry: Entry, at: number) => entry.isHidden && !hasRoom.has(entry) && roomOf(entries.map(arcOf), at, ROOM) < ROOM;
  for (let index = 0; index < entries.length; ) {
    const entry = entries[index] as Entry;
    const next = isOpen(entry, index) ? nextFor(entry, entries) : null;
    if (!next) {
      if (entry.isHidden) hasRoom.add(entry);
      index += 1;
      continue;
    }
    next.isHidden = true;
    closeSums(entries, nodes);
    index = 0;
  }
}

type Of = { readonly value: number; readonly shown: number | null } | null;

/**
 * Few people, or of a filter's count: few (or none) of the whole whom it leaves out, for they would be known by subtraction.
 * Nobody out of nobody is shown.
 */
const isSensitive = (value: number, of: Of) => isFew(value) || (of !== null && of.value > 0 && of.value - value < SMALLEST);

const whereHidden = (of: Of): Span => (of?.shown == null ? ANY : { low: 0, high: spanOf(of.shown).high });

const SOURCE = 0;
const SINK = 1;

/** One dimension under a total that is decided on. */
function decideLine(total: Entry, counts: readonly number[], of: (at: number) => Of) {
  const entries = counts.map(
    (value, at): Entry => ({
      from: SOURCE,
      to: SINK,
      value,
      isDecided: false,
      whereHidden: whereHidden(of(at)),
      // Of few people it is not told of what kind none of them is either.
      isHidden: total.isHidden || isSensitive(value, of(at)),
    }),
  );
  protect([...entries, total]);
  return entries;
}

/** The cells of two dimensions under margins that are decided on. */
function decideCells(counts: Counts, rows: readonly Entry[], columns: readonly Entry[], total: Entry, whole: Table | undefined): Entry[] {
  const rowNode = (row: number) => 2 + row;
  const columnNode = (column: number) => 2 + rows.length + column;
  const isEmpty = ({ value, isHidden }: Entry) => value === 0 && !isHidden;
  const isOfFew = (margin: Entry, of: Of) => margin.isHidden && isSensitive(margin.value, of);
  const cells = counts.cells.flatMap((values, i) =>
    values.map((value, j): Entry => {
      const [row, column] = [rows[i] as Entry, columns[j] as Entry];
      const of = ofWhole(whole, ({ cells: all }) => all[i]?.[j]);
      const isFewIn =
        isOfFew(
          row,
          ofWhole(whole, (all) => all.rows[i]),
        ) ||
        isOfFew(
          column,
          ofWhole(whole, (all) => all.columns[j]),
        );
      const isForced = isEmpty(row) || isEmpty(column);
      const isHidden = !isForced && (isSensitive(value, of) || total.isHidden || isFewIn);
      return { from: rowNode(i), to: columnNode(j), value, isDecided: isForced, whereHidden: whereHidden(of), isHidden };
    }),
  );
  const margins = [
    ...rows.map((row, i): Entry => ({ ...row, from: SOURCE, to: rowNode(i), isDecided: true })),
    ...columns.map((column, j): Entry => ({ ...column, from: columnNode(j), to: SINK, isDecided: true })),
    total,
  ];
  protect([...cells, ...margins]);
  return cells;
}

function ofWhole(whole: Table | undefined, pick: <N>(counts: Counts<N>) => N | undefined): Of {
  return whole ? { value: pick(whole.counts) ?? 0, shown: pick(whole.shown) ?? null } : null;
}

const shownOf = ({ value, isHidden }: Pick<Entry, 'value' | 'isHidden'>): number | null => (isHidden ? null : rounded(value));

/** A table's rows by themselves, as they can be asked for. */
const byRows = <N>({ total, rows }: Counts<N>): Counts<N> => ({ total, rows, columns: [], cells: [] });
const byColumns = <N>({ total, columns }: Counts<N>): Counts<N> => ({ total, rows: columns, columns: [], cells: [] });

/** Hides all counts of a filtered table that are under decision where they would tell of few people beside the whole. */
function closeBeside(entries: readonly Entry[], inside: Table, whole: Table | undefined): void {
  if (!whole || !tellTogether(inside, whole, ROOM + 1)) return;
  for (const entry of entries) if (!entry.isDecided && entry.whereHidden.high > 0) entry.isHidden = true;
}

/** @param whole of the counts of a filter: the same table without it, as it is shown */
export function suppress(counts: Counts, whole?: Table): ShownCounts {
  const ofTotal = ofWhole(whole, ({ total }) => total);
  const total: Entry = {
    from: SINK,
    to: SOURCE,
    value: counts.total,
    isDecided: true,
    whereHidden: whereHidden(ofTotal),
    isHidden: isSensitive(counts.total, ofTotal),
  };
  const lineOf = (side: typeof byRows): Entry[] => {
    const line = side(counts);
    const lineOfWhole = whole && { counts: side(whole.counts), shown: side(whole.shown) };
    const entries = decideLine(total, line.rows, (at) => ofWhole(lineOfWhole, (all) => all.rows[at]));
    const shown = { ...line, total: shownOf(total), rows: entries.map(shownOf) };
    closeBeside(entries, { counts: line, shown }, lineOfWhole);
    return entries;
  };
  const [rows, columns] = [lineOf(byRows), lineOf(byColumns)];
  const width = counts.columns.length;
  const cells = width === 0 ? [] : decideCells(counts, rows, columns, total, whole);
  const shown = (): ShownCounts => ({
    total: shownOf(total),
    rows: rows.map(shownOf),
    columns: columns.map(shownOf),
    cells: counts.cells.map((_, i) => cells.slice(i * width, (i + 1) * width).map(shownOf)),
  });
  closeBeside(cells, { counts, shown: shown() }, whole);
  return shown();
}
