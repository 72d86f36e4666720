/** Calls a whole panel of genes for the samples of a file, and joins what a laboratory states. */
import { LRUCache } from 'lru-cache';
import { diplotypeName, type GeneCall } from './call.ts';
import { type CallableGene, type CallOptions, callableGenes, callGene, positionsToRead } from './callGene.ts';
import type { GenotypeColumn, VcfReadings } from './cohortColumns.ts';
import type { GeneDefinition, Position } from './definitions.ts';

export interface Panel {
  readonly definitions: readonly GeneDefinition[];
  readonly genes: readonly CallableGene[];
  readonly options: CallOptions;
  /** Everything to read from a file. */
  readonly positions: readonly Position[];
}

export function preparePanel(definitions: readonly GeneDefinition[], options: CallOptions = {}): Panel {
  const genes = callableGenes(definitions, options);
  return { definitions, genes, options, positions: genes.flatMap(({ definition }) => positionsToRead(definition)) };
}

function notTested({ gene }: GeneDefinition): GeneCall {
  return {
    gene,
    status: 'NOT_TESTED',
    source: 'VCF',
    phased: false,
    diplotypes: [],
    variants: [],
    lookup: [],
    alsoFit: [],
    evidence: [],
    missing: [],
    warnings: [],
  };
}

interface GeneColumns {
  readonly gene: CallableGene;
  readonly columns: readonly (GenotypeColumn | null)[];
  /** Some position has more genotypes than a byte counts. */
  readonly isWide: boolean;
}

/** What is kept of the call of a gene, for everybody who has the same genotype. */
export interface Keeping<T extends object> {
  from(call: GeneCall): T;
  /** In bytes, roughly. */
  sizeOf(kept: T): number;
}

/** People share genotypes. So much is kept of calls that were made; the ones not asked for longest go first. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** Calls samples of one file. A genotype of a gene that was called before is not called again. */
export class PanelCaller<T extends object> {
  readonly #options: CallOptions;
  readonly #keeping: Keeping<T>;
  readonly #genes: readonly (GeneColumns | { readonly always: T })[];
  readonly #known: LRUCache<string, T>;
  readonly #key: Buffer;

  constructor({ definitions, genes, options }: Panel, readings: VcfReadings, keeping: Keeping<T>) {
    this.#options = options;
    this.#keeping = keeping;
    const byDefinition = new Map(genes.map((gene) => [gene.definition.gene, gene]));
    this.#genes = definitions.map((definition) => {
      const gene = byDefinition.get(definition.gene);
      if (!gene) return { always: keeping.from(notTested(definition)) };
      const columns = readings.columnsOf(positionsToRead(gene.definition));
      return { gene, columns, isWide: columns.some((column) => column && column.codes.BYTES_PER_ELEMENT > 1) };
    });
    this.#known = new LRUCache({ maxSize: KEPT_BYTES });
    this.#key = Buffer.alloc(4 * (1 + Math.max(0, ...this.#genes.map((one) => ('always' in one ? 0 : one.columns.length)))));
  }

  /** One answer for every gene of the panel, in its order; NOT_TESTED where the file has nothing of a gene. */
  call(sample: number): T[] {
    return this.#genes.map((one, place) => ('always' in one ? one.always : this.#callGene(one, place, sample)));
  }

  #callGene({ gene, columns, isWide }: GeneColumns, place: number, sample: number): T {
    const key = this.#keyOf(columns, isWide, place, sample);
    let kept = this.#known.get(key);
    if (!kept) {
      const reading = columns.map((column) => column?.readings[column.codes[sample] ?? 0] ?? null);
      kept = this.#keeping.from(callGene(gene, reading, this.#options));
      this.#known.set(key, kept, { size: key.length + this.#keeping.sizeOf(kept) });
    }
    return kept;
  }

  /** The gene's place and its codes as characters: joining 1,200 numbers as text took longer than all lookups. */
  #keyOf(columns: readonly (GenotypeColumn | null)[], isWide: boolean, place: number, sample: number): string {
    const key = this.#key;
    key.writeUInt32LE(place, 0);
    for (let index = 0; index < columns.length; index += 1) {
      const code = columns[index]?.codes[sample] ?? 0;
      if (isWide) key.writeUInt32LE(code, 4 + 4 * index);
      else key[4 + index] = code;
    }
    return key.toString('latin1', 0, 4 + (isWide ? 4 : 1) * columns.length);
  }
}

const WHOLE_CALLS: Keeping<GeneCall> = {
  from: (call) => call,
  sizeOf: ({ evidence, missing, diplotypes, alsoFit }) =>
    500 + 200 * (evidence.length + missing.length + diplotypes.length + alsoFit.length),
};

/** Calls samples of one file: one call for every gene of the panel, in its order. */
export class SampleCaller extends PanelCaller<GeneCall> {
  constructor(panel: Panel, readings: VcfReadings) {
    super(panel, readings, WHOLE_CALLS);
  }
}

/** Stated results win over the file; what the file would have said stays as a warning. */
export function withStated(calls: readonly GeneCall[], stated: ReadonlyMap<string, GeneCall>): GeneCall[] {
  return calls.map((call) => {
    const own = stated.get(call.gene);
    if (!own) return call;
    if (call.status !== 'CALLED') return own;
    if (own.status !== 'CALLED') return call;
    const message = `The file would have given ${[...call.diplotypes.map(diplotypeName), ...call.variants].join(', ')}; the stated result is used.`;
    return { ...own, warnings: [...own.warnings, { code: 'OUTSIDE_USED', message }] };
  });
}
