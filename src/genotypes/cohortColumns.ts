/** The genotypes of all samples of a file: for each position, one small number a sample. */
import { locationOf, type Position } from './definitions.ts';
import type { GeneReading, Reading } from './observation.ts';

/** A position's genotypes over all samples: each distinct one once, and which one every sample has (0: none). */
export interface GenotypeColumn {
  readonly readings: readonly (Reading | null)[];
  /** In memory that worker threads share: a cohort's codes are never copied. */
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
}

const sharedBytes = (length: number) => new SharedArrayBuffer(length);

export class Column implements GenotypeColumn {
  readonly readings: (Reading | null)[] = [null];
  codes: GenotypeColumn['codes'];
  readonly #known = new Map<string, number>();

  constructor(samples: number) {
    this.codes = new Uint8Array(sharedBytes(samples));
  }

  /** The code of a genotype, read when it is seen for the first time. */
  codeOf(key: string, read: () => Reading): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const code = this.readings.push(read()) - 1;
    this.#known.set(key, code);
    if (code === 256) this.#moveTo(new Uint16Array(sharedBytes(2 * this.codes.length)));
    if (code === 65_536) this.#moveTo(new Uint32Array(sharedBytes(4 * this.codes.length)));
    return code;
  }

  put(sample: number, key: string, read: () => Reading): void {
    // The code first: one more may move the codes.
    const code = this.codeOf(key, read);
    this.codes[sample] = code;
  }

  #moveTo(wider: Uint16Array | Uint32Array): void {
    wider.set(this.codes);
    this.codes = wider;
  }
}

/** Places in a list of positions, by location. */
export function byLocation(positions: readonly Position[]): ReadonlyMap<string, number> {
  return new Map(positions.map((position, index) => [locationOf(position), index]));
}

/** Lines that are no VCF records: the first of them, and how many there are. */
export interface UnreadableLines {
  readonly first: number;
  readonly count: number;
}

/** All samples of a file at the positions asked for. */
export class VcfReadings {
  readonly samples: readonly string[];
  /** In the order of the positions asked for; plain data, for worker threads. */
  readonly columns: readonly (GenotypeColumn | null)[];
  /** Null where every line is a record. */
  readonly unreadable: UnreadableLines | null;
  readonly #indexOf: ReadonlyMap<string, number>;

  /** @param positions those that the columns were read at, in their order */
  constructor(
    samples: readonly string[],
    columns: readonly (GenotypeColumn | null)[],
    positions: readonly Position[],
    unreadable: UnreadableLines | null = null,
  ) {
    this.samples = samples;
    this.unreadable = unreadable;
    this.columns = columns;
    this.#indexOf = byLocation(positions);
  }

  /** The columns that hold these positions, looked up once for many samples. */
  columnsOf(positions: readonly Position[]): readonly (GenotypeColumn | null)[] {
    return positions.map((position) => this.columns[this.#indexOf.get(locationOf(position)) ?? -1] ?? null);
  }

  /** What the file says of a sample (by its number in the file) at these positions. */
  of(sample: number, positions: readonly Position[]): GeneReading {
    return this.columnsOf(positions).map((column) => column?.readings[column.codes[sample] ?? 0] ?? null);
  }
}
