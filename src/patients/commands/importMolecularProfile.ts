import {
  COPY_NUMBER_CALLS,
  type CopyNumberCall,
  consequenceOf,
  corrections,
  SIGNATURE_RESULTS,
  SIGNATURES,
  type SignatureName,
  type SignatureResult,
  shortProteinChange,
  VARIANT_CLASSIFICATIONS,
  VARIANT_CONSEQUENCES,
  VARIANT_ORIGINS,
  type VariantClassification,
  type VariantConsequence,
  type VariantOrigin,
} from '../molecularProfile.ts';
import { type Decision, InputCheck, type PatientContext } from './decision.ts';

type Maybe<T> = T | null | undefined;

export interface ImportMolecularProfile {
  readonly assay: string;
  readonly specimen?: Maybe<string>;
  readonly tumour?: Maybe<string>;
  readonly replaces?: Maybe<string>;
  readonly reportedAt: string;
  readonly genesTested?: Maybe<readonly string[]>;
  readonly fusionsTested?: Maybe<readonly string[]>;
  readonly copiesTested?: Maybe<readonly string[]>;
  readonly variants?: Maybe<
    readonly {
      readonly gene: string;
      readonly proteinChange?: Maybe<string>;
      readonly codingChange?: Maybe<string>;
      readonly consequence?: Maybe<VariantConsequence>;
      readonly exon?: Maybe<number>;
      readonly origin?: Maybe<VariantOrigin>;
      readonly classification?: Maybe<VariantClassification>;
      readonly alleleFraction?: Maybe<number>;
    }[]
  >;
  readonly fusions?: Maybe<readonly { readonly fivePrime?: Maybe<string>; readonly threePrime?: Maybe<string> }[]>;
  readonly copyNumbers?: Maybe<readonly { readonly gene: string; readonly call: CopyNumberCall; readonly copies?: Maybe<number> }[]>;
  readonly signatures?: Maybe<
    readonly { readonly name: SignatureName; readonly result: SignatureResult; readonly value?: Maybe<number> }[]
  >;
}

/** HGNC: capital letters, digits and hyphens, but for open reading frames (`C9orf72`). */
const SYMBOL = /^[A-Z0-9][A-Za-z0-9-]{0,24}$/;
/** Names that reports still use, and the symbols that HGNC has approved for them: under the old one nothing would be found. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  ...{ HER2: 'ERBB2', NEU: 'ERBB2', HER1: 'EGFR', HER3: 'ERBB3', HER4: 'ERBB4', P53: 'TP53', CMET: 'MET', 'C-MET': 'MET' },
  ...{ CKIT: 'KIT', 'C-KIT': 'KIT', ABL: 'ABL1', MLL: 'KMT2A', PDL1: 'CD274', 'PD-L1': 'CD274', TRKA: 'NTRK1', TRKB: 'NTRK2' },
  ...{ TRKC: 'NTRK3', P16: 'CDKN2A', CERBB2: 'ERBB2', KRAS2: 'KRAS', BRAF1: 'BRAF', LKB1: 'STK11', 'PD-1': 'PDCD1' },
};

/** `L858R`, `E746_A750del`, `D770_N771insSVD`, `V600_K601delinsE`, `K468fs*4`, `M1?`. */
const PROTEIN_CHANGE = /^([A-Z]\d+|\*\d+)(_[A-Z]\d+)?([A-Z*=?]|del|dup|ins|delins|fs|ext)[A-Za-z0-9*?=]*$/;
const DOID = /^DOID:\d{1,8}$/;
const CODING_CHANGE = /^c\.[-*]?\d[^\s]{0,120}$/;
/** Titin, the gene with the most exons, has 363. */
const MOST_EXONS = 400;
const MOST_COPIES = 1000;
/** More than any tumour's: POLE-mutated ones have some hundreds. */
const MOST_BURDEN = 2000;

/** A whole exome of a tumour with many mutations has some thousands that change a protein. */
const MOST_FINDINGS = 10_000;

class ReportCheck extends InputCheck {
  symbol(value: string, field: string, index: number): string {
    const symbol = this.text(value, field, index, 40);
    if (symbol !== '' && !SYMBOL.test(symbol)) this.add('INVALID', field, `'${field}' is not a gene symbol, as in EGFR.`, index);
    const approved = OLD_NAMES[symbol.toUpperCase()];
    if (approved !== undefined) this.add('INVALID', field, `'${field}' is an old name: HGNC's symbol is ${approved}.`, index);
    return symbol;
  }

  /** As many as a report can have, and none twice. */
  list<T>(items: Maybe<readonly T[]>, field: string): readonly T[] {
    const all = items ?? [];
    if (all.length > MOST_FINDINGS) {
      this.add('TOO_LARGE', field, `At most ${MOST_FINDINGS} of them.`);
      return [];
    }
    const seen = new Set<string>();
    for (const [index, item] of all.entries()) {
      const text = JSON.stringify(item);
      if (seen.has(text)) this.add('INVALID', field, 'The same is in the report twice.', index);
      seen.add(text);
    }
    return all;
  }

  symbols(values: Maybe<readonly string[]>, field: string): string[] | null {
    if (!values) return null;
    return [...new Set(values.map((value, index) => this.symbol(value, field, index)))].sort();
  }

  within(value: Maybe<number>, field: string, index: number, [low, high]: readonly [number, number]): number | null {
    const number = this.finite(value, field, index);
    if (number !== null && (number < low || number > high)) this.add('OUT_OF_RANGE', field, `'${field}' is ${low} to ${high}.`, index);
    return number;
  }

  known<T extends string>(value: T, known: readonly T[], field: string, index: number): T {
    if (!known.includes(value)) this.add('INVALID', field, `Expected one of ${known.join(', ')}.`, index);
    return value;
  }

  knownOrNone<T extends string>(value: Maybe<T>, known: readonly T[], field: string, index: number): T | null {
    return value ? this.known(value, known, field, index) : null;
  }
}

type SentVariant = NonNullable<ImportMolecularProfile['variants']>[number];

function readVariant(sent: SentVariant, index: number, check: ReportCheck, id: string) {
  const proteinChange = sent.proteinChange ? shortProteinChange(check.text(sent.proteinChange, 'variants.proteinChange', index)) : null;
  const codingChange = check.optionalText(sent.codingChange, 'variants.codingChange', index, 150);
  const exon = check.within(sent.exon, 'variants.exon', index, [1, MOST_EXONS]);
  const said = check.knownOrNone(sent.consequence, VARIANT_CONSEQUENCES, 'variants.consequence', index);
  if (proteinChange !== null && !PROTEIN_CHANGE.test(proteinChange))
    check.add('INVALID', 'variants.proteinChange', 'The change is not HGVS, as in p.L858R or p.Leu858Arg.', index);
  if (codingChange !== null && !CODING_CHANGE.test(codingChange))
    check.add('INVALID', 'variants.codingChange', 'The change is not HGVS, as in c.2573T>G.', index);
  if (proteinChange === null && codingChange === null && (said === null || exon === null))
    check.add('REQUIRED', 'variants.proteinChange', 'A variant needs its protein or coding change, or its exon and consequence.', index);
  const implied = consequenceOf(proteinChange);
  if (said !== null && implied !== null && said !== implied)
    check.add('INVALID', 'variants.consequence', `The protein change says ${implied}.`, index);
  if (exon !== null && !Number.isInteger(exon)) check.add('INVALID', 'variants.exon', 'An exon is a whole number.', index);
  return {
    id,
    gene: check.symbol(sent.gene, 'variants.gene', index),
    proteinChange,
    codingChange,
    consequence: said ?? implied,
    exon,
    origin: check.known(sent.origin ?? 'UNKNOWN', VARIANT_ORIGINS, 'variants.origin', index),
    classification: check.knownOrNone(sent.classification, VARIANT_CLASSIFICATIONS, 'variants.classification', index),
    alleleFraction: check.within(sent.alleleFraction, 'variants.alleleFraction', index, [0, 1]),
  };
}

function readFusion(sent: NonNullable<ImportMolecularProfile['fusions']>[number], index: number, check: ReportCheck, id: string) {
  const partner = (value: Maybe<string>, field: string) => (value ? check.symbol(value, field, index) : null);
  const fivePrime = partner(sent.fivePrime, 'fusions.fivePrime');
  const threePrime = partner(sent.threePrime, 'fusions.threePrime');
  if (fivePrime === null && threePrime === null)
    check.add('REQUIRED', 'fusions.threePrime', 'A fusion needs at least one of its two genes.', index);
  return { id, fivePrime, threePrime };
}

function tumourOf(sent: Maybe<string>, check: ReportCheck): string | null {
  const tumour = check.optionalText(sent, 'tumour', null, 20);
  if (tumour !== null && !DOID.test(tumour))
    check.add('INVALID', 'tumour', "'tumour' is not an id of the Disease Ontology, as in DOID:3908.");
  return tumour;
}

/** A report is corrected once: what is wrong with a correction is corrected in turn. */
function replacedBy(sent: Maybe<string>, { record: { molecular } }: PatientContext, check: ReportCheck): string | null {
  const replaces = check.optionalText(sent, 'replaces');
  if (replaces === null) return null;
  const correction = corrections(molecular).get(replaces);
  if (!molecular.some(({ id }) => id === replaces)) check.add('UNKNOWN_REPORT', 'replaces', 'The patient has no such molecular report.');
  if (correction !== undefined)
    check.add('ALREADY_REPLACED', 'replaces', `The report has been corrected by ${correction}: a further correction replaces that.`);
  return replaces;
}

/**
 * Decides on an assay's report. A report without findings is one too: what was tested and not found counts. One that corrects another
 * may say nothing at all: then the other is taken back.
 */
export function decideImportMolecularProfile(input: ImportMolecularProfile, context: PatientContext): Decision {
  const check = new ReportCheck(context.now);
  const id = context.newId(1);
  const idOf = (kind: string, index: number) => `${id}|${kind}${index}`;
  const payload = {
    id,
    assay: check.text(input.assay, 'assay'),
    specimen: check.optionalText(input.specimen, 'specimen', null, 200),
    tumour: tumourOf(input.tumour, check),
    replaces: replacedBy(input.replaces, context, check),
    reportedAt: check.instant(input.reportedAt, 'reportedAt'),
    genesTested: check.symbols(input.genesTested, 'genesTested'),
    fusionsTested: check.symbols(input.fusionsTested, 'fusionsTested'),
    copiesTested: check.symbols(input.copiesTested, 'copiesTested'),
    variants: check.list(input.variants, 'variants').map((sent, index) => readVariant(sent, index, check, idOf('v', index))),
    fusions: check.list(input.fusions, 'fusions').map((sent, index) => readFusion(sent, index, check, idOf('f', index))),
    copyNumbers: check.list(input.copyNumbers, 'copyNumbers').map(({ gene, call, copies }, index) => ({
      id: idOf('c', index),
      gene: check.symbol(gene, 'copyNumbers.gene', index),
      call: check.known(call, COPY_NUMBER_CALLS, 'copyNumbers.call', index),
      copies: check.within(copies, 'copyNumbers.copies', index, [0, MOST_COPIES]),
    })),
    signatures: check.list(input.signatures, 'signatures').map(({ name, result, value }, index) => ({
      id: idOf('s', index),
      name: check.known(name, SIGNATURES, 'signatures.name', index),
      result: check.known(result, SIGNATURE_RESULTS, 'signatures.result', index),
      value: check.within(value, 'signatures.value', index, [0, MOST_BURDEN]),
    })),
  };
  for (const [index, { name }] of payload.signatures.entries())
    if (payload.signatures.findIndex((one) => one.name === name) < index)
      check.add('INVALID', 'signatures.name', `The report has two results of ${name}.`, index);
  const tested = [payload.genesTested, payload.fusionsTested, payload.copiesTested].some((genes) => genes !== null);
  const found = payload.variants.length + payload.fusions.length + payload.copyNumbers.length + payload.signatures.length;
  if (found === 0 && !tested && payload.replaces === null)
    check.add('REQUIRED', 'variants', 'A report says what was found, or which genes were tested without a finding.');
  return check.decide({ type: 'molecularProfile.imported', payload }, payload.reportedAt);
}
