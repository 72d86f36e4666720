/** A patient's molecular reports taken together: what was found, and what was looked for. */
import { groupBy } from '../groupBy.ts';
import {
  isPathogenic,
  type MolecularReport,
  type TumourCopyNumber,
  type TumourFusion,
  type TumourSignature,
  type TumourVariant,
} from '../patients/molecularProfile.ts';
import type { Finding } from './verdict.ts';

export interface Found<T> {
  readonly found: T;
  readonly finding: Finding;
}

/** How a variant is called where it has no protein change. */
export const variantLabel = ({ gene, proteinChange, codingChange, exon, consequence }: TumourVariant) =>
  `${gene} ${proteinChange ?? codingChange ?? `exon ${exon} ${(consequence ?? '').toLowerCase().replaceAll('_', ' ')}`}`;

const fusionLabel = ({ fivePrime, threePrime }: TumourFusion) => `${fivePrime ?? 'unknown'}::${threePrime ?? 'unknown'} fusion`;
const inWords = (term: string) => term.toLowerCase().replaceAll('_', ' ');

export class TumourFindings {
  readonly #reports: readonly MolecularReport[];
  /** Made at the first question: thousands of items of evidence ask. */
  #byGene: ReadonlyMap<string, readonly Found<TumourVariant>[]> | undefined;

  constructor(reports: readonly MolecularReport[]) {
    this.#reports = reports;
  }

  get isEmpty(): boolean {
    return this.#reports.length === 0;
  }

  #all<T>(
    pick: (report: MolecularReport) => readonly T[],
    label: (one: T) => string,
    origin: (one: T) => Finding['origin'] = () => null,
  ): Found<T>[] {
    return this.#reports.flatMap((report) =>
      pick(report).map((found) => ({
        found,
        finding: { report: report.id, reportedAt: report.reportedAt, assay: report.assay, label: label(found), origin: origin(found) },
      })),
    );
  }

  /** Variants of a gene that change its protein, or may. */
  variantsOf(gene: string): readonly Found<TumourVariant>[] {
    this.#byGene ??= groupBy(
      this.variants().filter(({ found }) => found.consequence !== 'SYNONYMOUS'),
      ({ found }) => found.gene,
    );
    return this.#byGene.get(gene) ?? [];
  }

  /** Whether one report calls the variant pathogenic and another benign, or uncertain. */
  isContradicted(variant: TumourVariant): boolean {
    const told = this.variantsOf(variant.gene).filter(({ found }) => variantLabel(found) === variantLabel(variant));
    const classified = told.filter(({ found }) => found.classification !== null);
    const pathogenic = classified.filter(({ found }) => isPathogenic(found));
    return pathogenic.length > 0 && pathogenic.length < classified.length;
  }

  variants(): Found<TumourVariant>[] {
    return this.#all(
      ({ variants }) => variants,
      variantLabel,
      ({ origin }) => origin,
    );
  }

  fusions(): Found<TumourFusion>[] {
    return this.#all(({ fusions }) => fusions, fusionLabel);
  }

  copyNumbersOf(gene: string): Found<TumourCopyNumber>[] {
    return this.copyNumbers().filter(({ found }) => found.gene === gene);
  }

  copyNumbers(): Found<TumourCopyNumber>[] {
    return this.#all(
      ({ copyNumbers }) => copyNumbers,
      ({ gene, call }) => `${gene} ${inWords(call)}`,
    );
  }

  signatures(): Found<TumourSignature>[] {
    return this.#all(
      ({ signatures }) => signatures,
      ({ name, result }) => `${name} ${inWords(result)}`,
    );
  }

  /** Whether a report would have told any variant of the gene. One that tells a variant may be of a test for that variant alone. */
  variantsTested(gene: string): boolean {
    return this.#reports.some(({ genesTested }) => genesTested?.includes(gene));
  }

  fusionsTested(gene: string): boolean {
    return this.#reports.some(({ fusionsTested }) => fusionsTested?.includes(gene));
  }

  copiesTested(gene: string): boolean {
    return this.#reports.some(
      ({ copiesTested, copyNumbers }) => copiesTested?.includes(gene) || copyNumbers.some((one) => one.gene === gene),
    );
  }
}
