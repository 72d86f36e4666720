/**
 * Whether a tumour has a molecular profile. What a report found decides; what none looked for is unknown, and a gene that was tested
 * without a finding is known not to have it.
 */
import type { Alteration, ExonChange } from '../knowledge/oncology/alteration.ts';
import { exonOfResidue, knowsExon } from '../knowledge/oncology/exonOfResidue.ts';
import type { Profile } from '../knowledge/oncology/profile.ts';
import { isBenign, isPathogenic, residueOf, type TumourVariant, type VariantConsequence } from '../patients/molecularProfile.ts';
import type { TumourFindings } from './tumourFindings.ts';
import { all, any, type Held, met, NOT_MET, not, unknown } from './verdict.ts';

type Of<K extends Alteration['kind']> = Extract<Alteration, { kind: K }>;

/** True, false, or null where the variant does not say it. */
type Fits = (variant: TumourVariant) => boolean | null;

/** Of any change of a kind what the laboratory calls benign does not count; what it calls uncertain, or one report so and another so, may. */
const asClassified =
  (findings: TumourFindings, fits: Fits): Fits =>
  (variant) => {
    if (findings.isContradicted(variant)) return null;
    const isSuch = isBenign(variant) ? false : fits(variant);
    return isSuch && variant.classification === 'UNCERTAIN_SIGNIFICANCE' ? null : isSuch;
  };

/** Any variant of the gene that fits; where none does, whether one may, or the gene was tested. */
function byVariants(findings: TumourFindings, gene: string, fits: Fits, asks: string): Held {
  const judged = findings.variantsOf(gene).map((one) => ({ ...one, verdict: fits(one.found) }));
  const held = judged.filter(({ verdict }) => verdict === true);
  if (held.length > 0) return met(held.map(({ finding }) => finding));
  const open = judged.filter(({ verdict }) => verdict === null);
  if (open.length > 0) return unknown(...open.map(({ finding }) => `${asks} (reported: ${finding.label})`));
  return findings.variantsTested(gene) ? NOT_MET : unknown(`A test of ${gene} for variants`);
}

/** Where only the coding change is told, the protein change is not known. */
const byChange =
  (fits: (change: string) => boolean): Fits =>
  ({ proteinChange }) =>
    proteinChange === null ? null : fits(proteinChange);

const SUBSTITUTION = /^([A-Z]\d+)([A-Z*])$/;

function isAtResidue(change: string, residues: readonly string[]): boolean {
  const [, residue = '', to = ''] = SUBSTITUTION.exec(change) ?? [];
  return residues.includes(residue) && to !== residue[0];
}

const EXON_CONSEQUENCES: Readonly<Record<ExonChange, readonly VariantConsequence[] | null>> = {
  ANY: null,
  DELETION: ['INFRAME_DELETION'],
  INSERTION: ['INFRAME_INSERTION'],
  SKIPPING: ['EXON_SKIPPING', 'SPLICE_SITE'],
  FRAMESHIFT: ['FRAMESHIFT'],
};

/** The exon as reported, or by the residue; undefined where neither says it. */
function inExons({ gene, exon, proteinChange }: TumourVariant, exons: readonly number[]): boolean | null {
  if (exon !== null) return exons.includes(exon);
  const residue = residueOf(proteinChange);
  if (residue === null || !exons.every((one) => knowsExon(gene, one))) return null;
  const found = exonOfResidue(gene, residue);
  return found !== null && exons.includes(found);
}

function changesExon(findings: TumourFindings, { exons, change }: Of<'EXON'>): Fits {
  const wanted = EXON_CONSEQUENCES[change];
  return asClassified(findings, (variant) => {
    const isThere = inExons(variant, exons);
    // A deletion with an insertion is a deletion here, as it is in the trials of exon 19.
    const { consequence } = variant;
    const isDelins = change === 'DELETION' && /delins/.test(variant.proteinChange ?? '');
    const isSuch = wanted === null || isDelins || (consequence === null ? null : wanted.includes(consequence));
    if (isThere === false || isSuch === false) return false;
    return isThere === null || isSuch === null ? null : true;
  });
}

const DESTROYS: readonly (VariantConsequence | null)[] = ['NONSENSE', 'FRAMESHIFT', 'SPLICE_SITE', 'START_LOST'];

function lossOfFunction(findings: TumourFindings, gene: string): Held {
  const deleted = findings.copyNumbersOf(gene).filter(({ found }) => found.call === 'HOMOZYGOUS_DELETION');
  if (deleted.length > 0) return met(deleted.map(({ finding }) => finding));
  return byVariants(
    findings,
    gene,
    asClassified(findings, ({ consequence }) => (DESTROYS.includes(consequence) ? true : null)),
    `Whether ${gene} loses its function`,
  );
}

function duplicates({ consequence, proteinChange }: TumourVariant): boolean | null {
  if (consequence === null) return null;
  if (consequence !== 'INFRAME_INSERTION') return false;
  return proteinChange === null ? null : /dup/.test(proteinChange) || null;
}

function fused(findings: TumourFindings, { fivePrime, threePrime, either }: Of<'FUSION'>): Held {
  const side = (own: string | null, wanted: string | null) => (wanted === null ? true : own === null ? null : own === wanted);
  const verdicts = findings.fusions().map(({ found, finding }) => {
    if (either) return { finding, sides: [[found.fivePrime, found.threePrime].includes(fivePrime)] };
    return { finding, sides: [side(found.fivePrime, fivePrime), side(found.threePrime, threePrime)] };
  });
  const held = verdicts.filter(({ sides }) => sides.every((one) => one === true));
  if (held.length > 0) return met(held.map(({ finding }) => finding));
  const genes = [fivePrime, threePrime].filter((gene) => gene !== null);
  const open = verdicts.filter(({ sides }) => sides.includes(null) && !sides.includes(false) && sides.includes(true));
  if (open.length > 0) return unknown(...open.map(({ finding }) => `Both partners of the fusion (reported: ${finding.label})`));
  return genes.some((gene) => findings.fusionsTested(gene)) ? NOT_MET : unknown(`A test of ${genes.join('::')} for fusions`);
}

function copies(findings: TumourFindings, { gene, change }: Of<'COPY_NUMBER'>): Held {
  const own = findings.copyNumbersOf(gene);
  const call = change === 'AMPLIFICATION' ? 'AMPLIFICATION' : 'HOMOZYGOUS_DELETION';
  const held = own.filter(({ found }) => found.call === call);
  if (held.length > 0) return met(held.map(({ finding }) => finding));
  const half = own.filter(({ found }) => change === 'LOSS' && found.call === 'HETEROZYGOUS_LOSS');
  if (half.length > 0) return unknown(`Whether the other copy of ${gene} works`);
  return findings.copiesTested(gene) ? NOT_MET : unknown(`A test of the copy number of ${gene}`);
}

function wildtype(findings: TumourFindings, gene: string): Held {
  if (findings.variantsOf(gene).some(({ found }) => !isBenign(found))) return NOT_MET;
  return findings.variantsTested(gene) ? met([]) : unknown(`A test of ${gene} for variants`);
}

const OPPOSITE: Readonly<Record<string, readonly string[]>> = { HIGH: ['HIGH', 'PRESENT'], LOW: ['LOW', 'STABLE', 'ABSENT'] };

function signature(findings: TumourFindings, { name, result }: Of<'SIGNATURE'>): Held {
  const own = findings.signatures().filter(({ found }) => found.name === name);
  const held = own.filter(({ found }) => OPPOSITE[result]?.includes(found.result));
  if (held.length > 0 && held.length < own.length) return unknown(`Which of the results of ${name} stands: reports contradict each other`);
  if (held.length > 0) return met(held.map(({ finding }) => finding));
  return own.length > 0 ? NOT_MET : unknown(`A test of ${name}`);
}

function shiftsFrame(findings: TumourFindings, { residue }: Of<'FRAMESHIFT'>): Fits {
  if (residue === null) return asClassified(findings, ({ consequence }) => (consequence === null ? null : consequence === 'FRAMESHIFT'));
  return ({ consequence, proteinChange }) => {
    if (consequence !== null && consequence !== 'FRAMESHIFT') return false;
    return proteinChange === null ? null : proteinChange.startsWith(residue) && /fs/.test(proteinChange);
  };
}

const DESTROYED = new Set(DESTROYS);

/**
 * What the laboratory calls pathogenic. Where it does not say: a change of the protein that the tumour has acquired, or one that destroys
 * it; another that may be inherited is often harmless.
 */
const anyChange: Fits = (variant) => {
  const { consequence, proteinChange, origin } = variant;
  if (isPathogenic(variant)) return true;
  if (consequence === null && proteinChange === null) return null;
  return origin === 'SOMATIC' || DESTROYED.has(consequence) ? true : null;
};

const mutated = (findings: TumourFindings, gene: string): Held =>
  byVariants(findings, gene, asClassified(findings, anyChange), `Whether the variant in ${gene} is pathogenic`);

const isAmong = ({ changes }: Of<'PROTEIN_CHANGE'>) => byChange((change) => changes.includes(change));
const isAtOneOf = ({ residues }: Of<'RESIDUE'>) => byChange((change) => isAtResidue(change, residues));

export function matchAlteration(alteration: Alteration, findings: TumourFindings): Held {
  const variants = (gene: string, fits: Fits) => byVariants(findings, gene, fits, `The protein change of the variant in ${gene}`);
  switch (alteration.kind) {
    case 'PROTEIN_CHANGE':
      return variants(alteration.gene, isAmong(alteration));
    case 'RESIDUE':
      return variants(alteration.gene, isAtOneOf(alteration));
    case 'FRAMESHIFT':
      return variants(alteration.gene, shiftsFrame(findings, alteration));
    case 'CODING_CHANGE':
      return byVariants(
        findings,
        alteration.gene,
        ({ codingChange }) => (codingChange === null ? null : codingChange === alteration.change),
        `The coding change of the variant in ${alteration.gene}`,
      );
    case 'EXON':
      return byVariants(
        findings,
        alteration.gene,
        changesExon(findings, alteration),
        `The exon and kind of the change in ${alteration.gene}`,
      );
    case 'TANDEM_DUPLICATION':
      return byVariants(findings, alteration.gene, duplicates, `Whether the change in ${alteration.gene} is a tandem duplication`);
    case 'MUTATION':
      return mutated(findings, alteration.gene);
    case 'LOSS_OF_FUNCTION':
      return lossOfFunction(findings, alteration.gene);
    case 'FUSION':
      return fused(findings, alteration);
    case 'COPY_NUMBER':
      return copies(findings, alteration);
    case 'WILDTYPE':
      return wildtype(findings, alteration.gene);
    case 'SIGNATURE':
      return signature(findings, alteration);
    case 'NOT_IN_REPORTS':
      return unknown(`A test of: ${alteration.asks}`);
  }
}

export function matchProfile(profile: Profile, findings: TumourFindings): Held {
  switch (profile.kind) {
    case 'VARIANT':
      return matchAlteration(profile.alteration, findings);
    case 'ALL':
      return all(profile.of.map((part) => matchProfile(part, findings)));
    case 'ANY':
      return any(profile.of.map((part) => matchProfile(part, findings)));
    case 'NOT':
      return not(matchProfile(profile.of, findings));
  }
}
