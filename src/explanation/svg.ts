/** Pictures as SVG text with a title and a text alternative, drawn by Observable Plot on a small DOM. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export const INK = '#111827';
export const STYLE = { background: 'white', color: INK, fontFamily: 'system-ui, sans-serif', fontSize: '12px' } as const;

/** A label of at most so many characters. */
export const shorten = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

export interface Spoken {
  readonly title: string;
  readonly description: string;
}

/** The little of the DOM that is needed: this program runs without one. */
interface DrawnElement {
  readonly tagName: string;
  readonly ownerDocument: { createElement(name: string): DrawnElement };
  textContent: string | null;
  querySelector(selector: string): DrawnElement | null;
  setAttribute(name: string, value: string): void;
  prepend(...children: DrawnElement[]): void;
}

function svgText(plot: DrawnElement, { title, description }: Spoken): string {
  const svg = plot.tagName.toLowerCase() === 'svg' ? plot : plot.querySelector('svg');
  if (!svg) return '';
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  const named = (name: string, text: string) => {
    const element = svg.ownerDocument.createElement(name);
    element.textContent = text;
    return element;
  };
  svg.prepend(named('title', title), named('desc', description));
  return svg.toString();
}

/** Draws a plot. */
export function drawnSvg(options: Plot.PlotOptions, spoken: Spoken): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return svgText(Plot.plot({ ...options, document: document as never }) as unknown as DrawnElement, spoken);
}
