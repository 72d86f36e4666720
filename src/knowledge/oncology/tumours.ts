/** Diseases of the Disease Ontology as far as they are tumours, and which is a kind of which. */

export interface Tumour {
  /** DOID, or `name:solid tumor`, which the ontology has no term for. */
  readonly id: string;
  readonly name: string;
  /** Ids of what it is a kind of. */
  readonly parents: readonly string[];
  /** ICD-10-CM categories that mean it, as prefixes. */
  readonly icd10cm: readonly string[];
  /** OncoTree code and name; null where it has no type of its own there. */
  readonly oncotree: string | null;
  readonly oncotreeName: string | null;
}

/**
 * How the disease of a piece of evidence lies to the patient's. PARENT: the patient's is a kind of it. NARROWER: it is a kind of the
 * patient's, or shares a kind with it, and may or may not be the patient's own.
 */
export const DISEASE_MATCHES = ['EXACT', 'PARENT', 'NARROWER', 'OTHER'] as const;
export type DiseaseMatch = (typeof DISEASE_MATCHES)[number];

export class TumourTree {
  readonly #parents = new Map<string, Set<string>>();
  readonly #names = new Map<string, string>();
  readonly #tumours: readonly Tumour[];
  readonly #ancestors = new Map<string, ReadonlySet<string>>();
  readonly #overlaps = new Map<string, boolean>();

  /** @param further what a release says beside the shipped tumours: kind, then what it is a kind of */
  constructor(
    tumours: readonly Tumour[],
    further: Iterable<readonly [string, string]> = [],
    names: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#tumours = tumours;
    for (const [id, name] of names) this.#names.set(id, name);
    for (const { id, name, parents } of tumours) {
      this.#names.set(id, name);
      for (const parent of parents) this.#add(id, parent);
    }
    for (const [kind, parent] of further) this.#add(kind, parent);
  }

  #add(kind: string, parent: string): void {
    const known = this.#parents.get(kind);
    if (known) known.add(parent);
    else this.#parents.set(kind, new Set([parent]));
  }

  has(id: string): boolean {
    return this.#names.has(id);
  }

  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** All that a disease is a kind of, itself left out. A cycle ends where it began. */
  ancestors(id: string): ReadonlySet<string> {
    const known = this.#ancestors.get(id);
    if (known) return known;
    const found = new Set<string>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const parent of this.#parents.get(next) ?? []) {
        if (found.has(parent) || parent === id) continue;
        found.add(parent);
        open.push(parent);
      }
    this.#ancestors.set(id, found);
    return found;
  }

  /** Whether something is a kind of both, as colon adenocarcinoma is of colon cancer and of colorectal adenocarcinoma. */
  #overlap(a: string, b: string): boolean {
    const key = `${a}\n${b}`;
    const known = this.#overlaps.get(key);
    if (known !== undefined) return known;
    const found = [...this.#parents.keys()].some((id) => this.ancestors(id).has(a) && this.ancestors(id).has(b));
    this.#overlaps.set(key, found);
    return found;
  }

  match(patients: string, evidence: string): DiseaseMatch {
    if (patients === evidence) return 'EXACT';
    if (this.ancestors(patients).has(evidence)) return 'PARENT';
    return this.ancestors(evidence).has(patients) || this.#overlap(patients, evidence) ? 'NARROWER' : 'OTHER';
  }

  /** The tumours that an ICD-10-CM code means: those of its longest known category. */
  ofIcd10cm(code: string): readonly Tumour[] {
    const fits = this.#tumours.flatMap((tumour) =>
      tumour.icd10cm.filter((prefix) => code.startsWith(prefix)).map((prefix) => ({ tumour, prefix })),
    );
    const longest = Math.max(...fits.map(({ prefix }) => prefix.length));
    return fits.filter(({ prefix }) => prefix.length === longest).map(({ tumour }) => tumour);
  }

  byOncotreeName(name: string): Tumour | undefined {
    return this.#tumours.find(({ oncotreeName }) => oncotreeName === name);
  }
}
