/** What the name of a variant asks of a tumour, as CIViC names variants (docs.civicdb.org, "Variant Name"). */

export type ExonChange = 'ANY' | 'DELETION' | 'INSERTION' | 'SKIPPING' | 'FRAMESHIFT';

export type Alteration =
  /** Any of the protein changes, in one-letter codes. */
  | { readonly kind: 'PROTEIN_CHANGE'; readonly gene: string; readonly changes: readonly string[] }
  /** Any substitution of one of the residues, as in `V600`. */
  | { readonly kind: 'RESIDUE'; readonly gene: string; readonly residues: readonly string[] }
  /** A frameshift that begins at the residue; anywhere where it is null. */
  | { readonly kind: 'FRAMESHIFT'; readonly gene: string; readonly residue: string | null }
  | { readonly kind: 'CODING_CHANGE'; readonly gene: string; readonly change: string }
  | { readonly kind: 'EXON'; readonly gene: string; readonly exons: readonly number[]; readonly change: ExonChange }
  | { readonly kind: 'TANDEM_DUPLICATION'; readonly gene: string }
  /** Any change of the protein. */
  | { readonly kind: 'MUTATION'; readonly gene: string }
  | { readonly kind: 'LOSS_OF_FUNCTION'; readonly gene: string }
  /** With the gene on either side where `either`; null: any partner. */
  | { readonly kind: 'FUSION'; readonly fivePrime: string | null; readonly threePrime: string | null; readonly either: boolean }
  | { readonly kind: 'COPY_NUMBER'; readonly gene: string; readonly change: 'AMPLIFICATION' | 'LOSS' }
  | { readonly kind: 'WILDTYPE'; readonly gene: string }
  | { readonly kind: 'SIGNATURE'; readonly name: 'MSI' | 'TMB' | 'HRD'; readonly result: 'HIGH' | 'LOW' }
  /** What reports of tumour DNA do not say, as an expression; `asks` in words. */
  | { readonly kind: 'NOT_IN_REPORTS'; readonly asks: string };

type Reading = (gene: string, match: RegExpExecArray) => Alteration;

const proteinChange = (gene: string, change: string): Alteration => ({
  kind: 'PROTEIN_CHANGE',
  gene,
  changes: [change.replace(/(DELINS|DEL|INS|DUP)/g, (word) => word.toLowerCase()).replace('>', 'delins')],
});

const EXON_CHANGES: Readonly<Record<string, ExonChange>> = {
  mutation: 'ANY',
  deletion: 'DELETION',
  insertion: 'INSERTION',
  'skipping mutation': 'SKIPPING',
  frameshift: 'FRAMESHIFT',
};

function exons(from: string, to: string | undefined): number[] {
  const first = Number(from);
  return Array.from({ length: Number(to ?? from) - first + 1 }, (_, place) => first + place);
}

const either = (gene: string): Alteration => ({ kind: 'FUSION', fivePrime: gene, threePrime: null, either: true });

/** The names that CIViC's curators give variants of genes, the more particular first. */
const READINGS: readonly (readonly [RegExp, Reading])[] = [
  [/^([A-Z]\d+)[A-Z]?fs(\*\d+)?$/i, (gene, [, residue = '']) => ({ kind: 'FRAMESHIFT', gene, residue: residue.toUpperCase() })],
  [
    /^([A-Z]\d+)([A-Z])\/([A-Z])$/,
    (gene, [, residue, ...to]) => ({ kind: 'PROTEIN_CHANGE', gene, changes: to.map((one) => `${residue}${one}`) }),
  ],
  [/^[A-Z]\d+([A-Z]|\*|(_[A-Z]\d+)?(del|ins|dup|delins|>)[A-Z]*)$/i, (gene, [change]) => proteinChange(gene, change)],
  [/^[A-Z]\d+(\/[A-Z]\d+)*$/, (gene, [residues]) => ({ kind: 'RESIDUE', gene, residues: residues.split('/') })],
  [/^(?:splice site )?\(?(c\.[^\s()]+)\)?$/i, (gene, [, change = '']) => ({ kind: 'CODING_CHANGE', gene, change })],
  [/^[A-Z]\d+[A-Z*] \((c\.[^\s()]+)\)$/, (gene, [whole]) => proteinChange(gene, whole.split(' ')[0] ?? '')],
  [
    /^exon (\d+)(?:-(\d+))? (mutation|deletion|insertion|skipping mutation|frameshift)$/i,
    (gene, [, from = '', to, change = '']) => ({
      kind: 'EXON',
      gene,
      exons: exons(from, to),
      change: EXON_CHANGES[change.toLowerCase()] ?? 'ANY',
    }),
  ],
  [/^(itd|internal (tandem )?duplication)$/i, (gene) => ({ kind: 'TANDEM_DUPLICATION', gene })],
  [/^(mutation|alteration)$/i, (gene) => ({ kind: 'MUTATION', gene })],
  [
    /^(loss-of-function|truncating mutation|deleterious mutation|inactivating mutation|biallelic inactivation)$/i,
    (gene) => ({ kind: 'LOSS_OF_FUNCTION', gene }),
  ],
  [/^frameshift( truncation)?$/i, (gene) => ({ kind: 'FRAMESHIFT', gene, residue: null })],
  [/^amplification$/i, (gene) => ({ kind: 'COPY_NUMBER', gene, change: 'AMPLIFICATION' })],
  [/^(deletion|loss)$/i, (gene) => ({ kind: 'COPY_NUMBER', gene, change: 'LOSS' })],
  [/^(fusions?|rearrangement|translocation)$/i, either],
  [/^wild ?type$/i, (gene) => ({ kind: 'WILDTYPE', gene })],
];

const FUSION = /^(\S+)::(\S+) Fusion$/i;
const SIGNATURE = /^(MSI|TMB|HRD) (High|Low)$/i;
const partner = (name: string) => (name === 'v' ? null : name);

/** @param name of a variant with its gene or fusion before it, as in `EGFR L858R` or `EML4::ALK Fusion` */
export function readAlteration(name: string): Alteration {
  const [, fivePrime, threePrime] = FUSION.exec(name) ?? [];
  if (fivePrime !== undefined && threePrime !== undefined)
    return { kind: 'FUSION', fivePrime: partner(fivePrime), threePrime: partner(threePrime), either: false };
  const [, signature, result] = SIGNATURE.exec(name) ?? [];
  if (signature !== undefined && result !== undefined)
    return { kind: 'SIGNATURE', name: signature.toUpperCase() as 'MSI', result: result.toUpperCase() as 'HIGH' };
  const [, gene = '', variant = ''] = /^(\S+) (.+)$/.exec(name) ?? [];
  for (const [pattern, reading] of gene.includes('::') ? [] : READINGS) {
    const match = pattern.exec(variant);
    if (match) return reading(gene, match);
  }
  return { kind: 'NOT_IN_REPORTS', asks: name };
}
