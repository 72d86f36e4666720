/** A picture of a gene's call: its positions along the gene, which were read, which show a variant and what those decide. */
import * as Plot from '@observablehq/plot';
import { diplotypeName, type GeneCall, type PositionEvidence } from '../genotypes/call.ts';
import { drawnSvg, INK, STYLE, shorten } from './svg.ts';

const VARIANT = 'variant';
const REFERENCE = 'reference';
const UNREAD = 'not read';
const ROWS = [VARIANT, REFERENCE, UNREAD];
const COLOURS: Readonly<Record<string, string>> = { [VARIANT]: '#b2182b', [REFERENCE]: '#6b7280', [UNREAD]: '#d97706' };

interface Dot {
  readonly place: number;
  readonly row: string;
  readonly evidence: PositionEvidence;
}

const MAX_LABELS = 14;
const MAX_LABEL = 110;

/** A position whose bases on all copies are the same as the evidence of most: the call's evidence has the others. */
function rowOf(evidence: PositionEvidence, variants: ReadonlySet<string>): string {
  if (evidence.state !== 'SEEN') return UNREAD;
  return variants.has(evidence.location) ? VARIANT : REFERENCE;
}

function answer(call: GeneCall): string {
  if (call.status !== 'CALLED') return 'no call';
  const found = call.variants.length > 0 ? `${call.variants.join(', ')} (copies unknown)` : call.diplotypes.map(diplotypeName).join(' or ');
  const phenotypes = [...new Set(call.lookup.flatMap(({ phenotype }) => phenotype ?? []))].join(' or ');
  return phenotypes === '' ? found : `${found}: ${phenotypes}`;
}

function labelOf({ evidence }: Dot, gene: string): string {
  const decides = evidence.decides.replace(`${gene} `, '');
  return shorten(`${evidence.rsid} ${evidence.bases ?? 'not read'} · ${decides}`, MAX_LABEL);
}

/** What the picture says, for those who cannot see it. */
function inWords(call: GeneCall, dots: readonly Dot[]): string {
  const of = (row: string) => dots.filter((dot) => dot.row === row);
  const list = (row: string) =>
    of(row)
      .slice(0, MAX_LABELS)
      .map((dot) => labelOf(dot, call.gene))
      .join('; ');
  const variants = of(VARIANT).length > 0 ? `Variants: ${list(VARIANT)}.` : 'No variant.';
  const unread = of(UNREAD).length > 0 ? ` Not read (${of(UNREAD).length}): ${list(UNREAD)}.` : ' Every position was read.';
  return `${call.gene} ${answer(call)}. ${dots.length} positions, ${of(REFERENCE).length} show the reference. ${variants}${unread}`;
}

/** Puts the lines of the legend under one another, which a fixed anchor would draw on one spot. */
const spread: Plot.RenderFunction = (index, scales, values, dimensions, context, next) => {
  const drawn = next?.(index, scales, values, dimensions, context) ?? null;
  const lines = drawn?.childNodes ?? [];
  for (const [line, node] of Array.from(lines).entries()) {
    (node as unknown as { setAttribute(name: string, value: string): void }).setAttribute(
      'transform',
      `translate(${dimensions.marginLeft},${dimensions.height - dimensions.marginBottom + 46 + 18 * line})`,
    );
  }
  return drawn;
};

interface Line extends Dot {
  readonly line: number;
  readonly text: string;
}

const colour = ({ row }: Dot) => COLOURS[row] ?? INK;
const LEFT = { textAnchor: 'start', text: (text: string) => text } as const;

/** Dots by row, numbered where the legend speaks of them. */
function marks(title: string, span: string, dots: readonly Dot[], lines: readonly Line[]): Plot.Markish[] {
  return [
    Plot.text([title], { ...LEFT, frameAnchor: 'top-left', dy: -34, fontWeight: 'bold', fontSize: 14 }),
    Plot.text([span], { ...LEFT, frameAnchor: 'bottom-left', dy: 22, fill: COLOURS[REFERENCE] ?? INK }),
    Plot.ruleY(ROWS, { stroke: '#e5e7eb' }),
    Plot.dot([...dots], {
      x: 'place',
      y: 'row',
      r: dots.length > 120 ? 2 : 4,
      fill: (dot: Dot) => (dot.row === UNREAD ? 'white' : colour(dot)),
      stroke: colour,
    }),
    Plot.text([...lines], { x: 'place', y: 'row', text: ({ line }: Line) => String(line + 1), dy: -11, fontSize: 10 }),
    Plot.text([...lines], {
      frameAnchor: 'bottom-left',
      text: ({ line, text }: Line) => `${line + 1}  ${text}`,
      textAnchor: 'start',
      fontSize: 11,
      fill: colour,
      render: spread,
    }),
  ];
}

/**
 * @param evidence every position of the gene, in order; the call's own evidence tells which of them show a variant
 * @param width pixels
 * @returns SVG with a title and a text alternative
 */
export function callPlot(call: GeneCall, evidence: readonly PositionEvidence[], width: number): string {
  const variants = new Set(call.evidence.filter(({ state }) => state === 'SEEN').map(({ location }) => location));
  const dots = evidence.map((one, place): Dot => ({ place: place + 1, row: rowOf(one, variants), evidence: one }));
  const labelled = [...dots.filter(({ row }) => row === VARIANT), ...dots.filter(({ row }) => row === UNREAD)].slice(0, MAX_LABELS);
  const lines = labelled.map((dot, line) => ({ ...dot, line, text: labelOf(dot, call.gene) }));
  const title = `${call.gene} ${answer(call)}`;
  const span = `Defined positions in order, ${evidence[0]?.location ?? ''} to ${evidence.at(-1)?.location ?? ''} (GRCh38)`;
  const options: Plot.PlotOptions = {
    width,
    height: 190 + 18 * lines.length,
    marginLeft: 70,
    marginTop: 44,
    marginBottom: 62 + 18 * lines.length,
    marginRight: 24,
    style: STYLE,
    x: { axis: null, domain: [0.5, Math.max(evidence.length, 1) + 0.5] },
    y: { domain: ROWS, type: 'point', label: null, tickSize: 0 },
    marks: marks(title, span, dots, lines),
  };
  return drawnSvg(options, { title, description: inWords(call, dots) });
}
