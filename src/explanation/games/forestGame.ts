/** A forest's part in a game; tree by tree, and within a tree row by row, so that a tree stays in the processor's cache. */
import { type Covers, countCovers } from './covers.ts';
import { addPathDependent, pathDependentRoom } from './pathDependent.ts';
import { addPathInteractions } from './pathInteractions.ts';
import { layOut } from './places.ts';
import { exitsOf, forestRow, type PathForest } from './unfold.ts';

export interface ForestGame {
  readonly trees: number;
  readonly withoutTables: number;
  /** Adds one value per player to each row's, and the forest's answer to each row's. */
  addValues(rows: readonly Float64Array[], into: readonly Float64Array[], answers: Float64Array): void;
  /** Adds the effects of pairs to each row's matrix, players x players. */
  addInteractions(rows: readonly Float64Array[], into: readonly Float64Array[]): void;
}

/** Bytes that are left for tables. */
export interface TableRoom {
  bytes: number;
}

export interface ForestSetting {
  readonly background: readonly Float64Array[];
  readonly players: number;
  readonly room: TableRoom;
  /** How rows go through the trees, where that is known by itself; else it is counted on the background. */
  readonly covers: Covers | null;
}

export type PrepareForest = (forest: PathForest, setting: ForestSetting) => ForestGame;

/** Room for the exits of one row at the splits of any tree. */
export function exitRoom({ trees }: PathForest): Uint16Array {
  return new Uint16Array(Math.max(1, ...trees.map(({ splits }) => splits.length)));
}

export const pathDependentForest: PrepareForest = (pathForest, { background, players, covers: known }) => {
  const { forest, trees } = pathForest;
  const { ensemble } = forest;
  const counted = () =>
    countCovers(
      ensemble,
      background.map((row) => forestRow(forest, row)),
    );
  const covers = known ?? counted();
  const places = layOut(ensemble, covers, trees);
  const room = pathDependentRoom(places);
  const exits = exitRoom(pathForest);
  return {
    trees: trees.length,
    withoutTables: 0,
    addValues: (rows, into, answers) => {
      const own = rows.map((row) => forestRow(forest, row));
      for (const placed of places.trees) {
        for (const [index, row] of own.entries()) {
          const answer = addPathDependent(ensemble, places, placed, row, room, into[index] as Float64Array);
          answers[index] = (answers[index] as number) + answer;
        }
      }
    },
    addInteractions: (rows, into) => {
      const own = rows.map((row) => forestRow(forest, row));
      for (const { tree, share } of places.trees) {
        for (const [index, row] of own.entries()) {
          exitsOf(ensemble, tree, row, exits);
          addPathInteractions(tree, share, exits, players, into[index] as Float64Array);
        }
      }
    },
  };
};
