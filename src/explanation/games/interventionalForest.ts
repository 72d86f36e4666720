/** A forest's part in the interventional game: from tables as long as they fit, the other trees with the background. */
import { type BackgroundWalk, backgroundWalk, walkInteractions, walkValues } from './backgroundWalk.ts';
import { exitRoom, type ForestGame, type PrepareForest, type TableRoom } from './forestGame.ts';
import { addFromTables, buildTables, type LeafTables, tableSize } from './interventional.ts';
import { exitsOf, forestRow, type PathForest, type PathTree } from './unfold.ts';

interface PreparedTree {
  readonly tree: PathTree;
  readonly walk: BackgroundWalk;
  readonly tables: LeafTables | null;
}

/** Which trees get tables: the smallest first, as many as fit. */
function chooseTables(trees: readonly PathTree[], room: TableRoom): ReadonlySet<PathTree> {
  const chosen = new Set<PathTree>();
  const sizes = trees.map((tree) => ({ tree, bytes: 8 * tableSize(tree) })).sort((a, b) => a.bytes - b.bytes);
  for (const { tree, bytes } of sizes) {
    if (bytes > room.bytes) break;
    room.bytes -= bytes;
    chosen.add(tree);
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

export const interventionalForest: PrepareForest = (pathForest, background, players, room): ForestGame => {
  const { forest, trees } = pathForest;
  const { ensemble } = forest;
  const reference = background.map((row) => forestRow(forest, row));
  const chosen = chooseTables(trees, room);
  const prepared = trees.map((tree): PreparedTree => {
    const tables = chosen.has(tree) ? buildTables(tree, backgroundExits(pathForest, tree, reference)) : null;
    return { tree, walk: backgroundWalk(ensemble, tree, reference, players), tables };
  });
  const exits = exitRoom(pathForest);
  const failed = new Int32Array(Math.max(1, ...trees.map(({ edges }) => edges)));
  const addTree = ({ tree, walk, tables }: PreparedTree, row: Float64Array, into: Float64Array): number => {
    if (tables === null) return walkValues(walk, row, into);
    exitsOf(ensemble, tree, row, exits);
    return addFromTables(tree, tables, exits, failed, into);
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
      for (const { walk } of prepared) for (const [index, row] of own.entries()) walkInteractions(walk, row, into[index] as Float64Array);
    },
  };
};
