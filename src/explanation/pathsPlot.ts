/** A picture of paths of evidence: nodes in columns by their place on the way, the same node once, each step with what it is. */
import * as Plot from '@observablehq/plot';
import { drawnSvg, INK, STYLE, shorten } from './svg.ts';

export interface DrawnPath {
  readonly nodes: readonly { readonly key: string; readonly label: string }[];
  /** How each node leads to the next: one less than the nodes. */
  readonly steps: readonly string[];
  /** Whether it speaks for or against something; null where it does neither. */
  readonly side: 'FOR' | 'AGAINST' | null;
}

interface Box {
  readonly column: number;
  readonly row: number;
  readonly label: string;
}

interface Line {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly step: string;
  readonly colour: string;
}

const MOST_LABEL = 34;
const COLUMN_WIDTH = 210;
const ROW_HEIGHT = 58;
const COLOURS = { FOR: '#1b7837', AGAINST: '#b2182b', NEITHER: '#6b7280' } as const;

const colourOf = ({ side }: DrawnPath) => COLOURS[side ?? 'NEITHER'];
const inWords = (step: string) => step.toLowerCase().replaceAll('_', ' ');

/** The column of a node of a path: its place, but the end of every path stands in the last one. */
const columnOf = (place: number, { nodes }: DrawnPath, columns: number) => (place === nodes.length - 1 ? columns - 1 : place);

/** Nodes of a column under one another in the order in which paths name them. */
function boxesOf(paths: readonly DrawnPath[], columns: number): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (let column = 0; column < columns; column += 1) {
    const own = new Map<string, string>();
    for (const path of paths)
      for (const [place, { key, label }] of path.nodes.entries()) if (columnOf(place, path, columns) === column) own.set(key, label);
    for (const [row, [key, label]] of [...own].entries())
      boxes.set(`${column} ${key}`, { column, row: row - (own.size - 1) / 2, label: shorten(label, MOST_LABEL) });
  }
  return boxes;
}

function linesOf(paths: readonly DrawnPath[], boxes: ReadonlyMap<string, Box>, columns: number): Line[] {
  const lines = new Map<string, Line>();
  for (const path of paths) {
    const own = path.nodes.map(({ key }, place) => boxes.get(`${columnOf(place, path, columns)} ${key}`));
    for (const [place, step] of path.steps.entries()) {
      const [from, to] = [own[place], own[place + 1]];
      if (!from || !to) continue;
      const line = { x1: from.column, y1: from.row, x2: to.column, y2: to.row, step: inWords(step), colour: colourOf(path) };
      lines.set(JSON.stringify(line), line);
    }
  }
  return [...lines.values()];
}

function spoken(paths: readonly DrawnPath[]): string {
  const told = paths.map(({ nodes, steps }) =>
    nodes.map(({ label }, place) => [label, inWords(steps[place] ?? '')].filter(Boolean).join(', ')).join(', '),
  );
  return told.length === 0 ? 'No path.' : `${told.join('. ')}.`;
}

/** The words are read on any line that goes through them. */
const HALO = { stroke: 'white', strokeWidth: 6 } as const;

function marks(title: string, boxes: readonly Box[], lines: readonly Line[]): Plot.Markish[] {
  const middle = {
    x: ({ x1, x2 }: Line) => (x1 + x2) / 2,
    y: ({ y1, y2 }: Line) => (y1 + y2) / 2,
  };
  const heading = {
    frameAnchor: 'top-left',
    dx: -COLUMN_WIDTH / 2 + 10,
    dy: -32,
    textAnchor: 'start',
    fontWeight: 'bold',
    fontSize: 14,
  } as const;
  const place = { x: 'column', y: 'row' } as const;
  return [
    Plot.text([title], heading),
    Plot.link([...lines], { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', stroke: 'colour', strokeWidth: 1.5, markerEnd: 'arrow' }),
    Plot.text([...lines], { ...middle, ...HALO, text: 'step', fontSize: 9, dy: -7, lineWidth: 14, fill: 'colour' }),
    Plot.text([...boxes], {
      ...place,
      ...HALO,
      text: 'label',
      fontSize: 11,
      fontWeight: 600,
      fill: INK,
      lineWidth: 13,
      lineAnchor: 'top',
      dy: 7,
    }),
    Plot.dot([...boxes], { ...place, r: 4, fill: INK }),
  ];
}

/**
 * @param width pixels at least; more where the paths are long
 * @returns SVG with a title and a text alternative
 */
export function pathsPlot(title: string, paths: readonly DrawnPath[], width: number): string {
  const columns = Math.max(1, ...paths.map(({ nodes }) => nodes.length));
  const boxes = boxesOf(paths, columns);
  const rows = Math.max(1, ...[...boxes.values()].map(({ row }) => 2 * row + 1));
  return drawnSvg(
    {
      width: Math.max(width, columns * COLUMN_WIDTH),
      height: rows * ROW_HEIGHT + 70,
      margin: 20,
      marginTop: 50,
      marginLeft: COLUMN_WIDTH / 2,
      marginRight: COLUMN_WIDTH / 2,
      style: STYLE,
      x: { axis: null, domain: [0, Math.max(1, columns - 1)] },
      y: { axis: null, domain: [rows / 2, -rows / 2] },
      marks: marks(title, [...boxes.values()], linesOf(paths, boxes, columns)),
    },
    { title, description: spoken(paths) },
  );
}
