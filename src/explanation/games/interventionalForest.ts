/** A forest's part in the interventional game: from tables as long as they fit, the other trees with the background. */
import { type BackgroundWalk, backgroundWalk, walkInteractions, walkValues } from './backgroundWalk.ts';
import { exitRoom, type ForestGame, type PrepareForest, type TableRoom } from './forestGame.ts';
import { addFromTables, buildTables, type LeafTables, type TableLayout, tableLayout } from './interventional.ts';
import { exitsOf, forestRow, type PathForest, type PathTree } from './unfold.ts';

/** A tree with its tables, or as it is walked down with the background. */
type PreparedTree = { readonly tree: PathTree } & ({ readonly tables: LeafTables } | { readonly walk: BackgroundWalk });

/** Which trees get tables: the smallest first, as many as fit. */
function chooseTables(trees: readonly PathTree[], room: TableRoom): ReadonlyMap<PathTree, TableLayout> {
  const chosen = new Map<PathTree, TableLayout>();
  const layouts = trees.flatMap((tree) => {
    const layout = tableLayout(tree);
    return layout ? [{ tree, layout }] : [];
  });
  for (const { tree, layout } of layouts.sort((a, b) => a.layout.size - b.layout.size)) {
    const bytes = 8 * layout.size;
    if (bytes > room.bytes) break;
    room.bytes -= bytes;
    chosen.set(tree, layout);
  }
  return chosen;
}

/** Exits of the background rows at a tree's splits. */
function backgroundExits({ forest }: PathForest, tree: PathTree, rows: readonly Float64Array[]): Uint16Array[] {
  return rows.map((row) => {
    const exits = new Uint16Array(tree.splits.length);
    exitsOf(forest.ensemble, tree, row, exits);
    return exits;
  });
}

export const interventionalForest: PrepareForest = (pathForest, { background, players, room }): ForestGame => {
  const { forest, trees } = pathForest;
  const { ensemble } = forest;
  const reference = background.map((row) => forestRow(forest, row));
  const chosen = chooseTables(trees, room);
  const walkOf = (tree: PathTree) => backgroundWalk(ensemble, tree, reference, players);
  const prepared = trees.map((tree): PreparedTree => {
    const layout = chosen.get(tree);
    if (layout) return { tree, tables: buildTables(tree, layout, backgroundExits(pathForest, tree, reference)) };
    return { tree, walk: walkOf(tree) };
  });
  const exits = exitRoom(pathForest);
  const failed = new Int32Array(Math.max(1, ...trees.map(({ edges }) => edges)));
  const addTree = (one: PreparedTree, row: Float64Array, into: Float64Array): number => {
    if ('walk' in one) return walkValues(one.walk, row, into);
    exitsOf(ensemble, one.tree, row, exits);
    return addFromTables(one.tree, one.tables, exits, failed, into);
  };
  return {
    trees: trees.length,
    withoutTables: trees.length - chosen.size,
    addValues: (rows, into, answers) => {
      const own = rows.map((row) => forestRow(forest, row));
      for (const tree of prepared) {
        for (const [index, row] of own.entries())
          answers[index] = (answers[index] as number) + addTree(tree, row, into[index] as Float64Array);
      }
    },
    addInteractions: (rows, into) => {
      const own = rows.map((row) => forestRow(forest, row));
      for (const one of prepared) {
        const walk = 'walk' in one ? one.walk : walkOf(one.tree);
        for (const [index, row] of own.entries()) walkInteractions(walk, row, into[index] as Float64Array);
      }
    },
  };
};
