/**
 * A patient as trials in CTML ask about one: the columns of MatchMiner's records from this record. What the record does not say is
 * unknown here, and a gene that nobody tested is not a gene without a finding.
 */
import { exonOfResidue } from '../knowledge/oncology/exonOfResidue.ts';
import type { TumourTree } from '../knowledge/oncology/tumours.ts';
import type { Test } from '../knowledge/trials/ctml.ts';
import type { Candidate, TrialRecord } from '../knowledge/trials/matching.ts';
import {
  type CopyNumberCall,
  isBenign,
  type MolecularReport,
  residueOf,
  type SignatureResult,
  type TumourVariant,
  type VariantConsequence,
} from '../patients/molecularProfile.ts';
import { HER2, OESTROGEN_RECEPTOR, PROGESTERONE_RECEPTOR } from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import { measured } from '../prediction/recordFeatures.ts';
import { type Found, TumourFindings } from './tumourFindings.ts';

/** As MatchMiner names them, after MAF (NCI Genomic Data Commons). */
const CLASSIFICATIONS: Readonly<Record<VariantConsequence, string | null>> = {
  MISSENSE: 'Missense_Mutation',
  NONSENSE: 'Nonsense_Mutation',
  FRAMESHIFT: 'Frameshift',
  INFRAME_DELETION: 'In_Frame_Del',
  INFRAME_INSERTION: 'In_Frame_Ins',
  SPLICE_SITE: 'Splice_Site',
  EXON_SKIPPING: 'Splice_Site',
  START_LOST: 'Translation_Start_Site',
  SYNONYMOUS: 'Silent',
  OTHER: null,
};

const COPY_CALLS: Readonly<Record<CopyNumberCall, string>> = {
  HOMOZYGOUS_DELETION: 'Homozygous deletion',
  HETEROZYGOUS_LOSS: 'Heterozygous deletion',
  GAIN: 'Gain',
  AMPLIFICATION: 'High level amplification',
};

const SIGNATURE_FIELDS: Readonly<Record<string, string>> = {
  TOBACCO: 'TOBACCO_STATUS',
  TEMOZOLOMIDE: 'TEMOZOLOMIDE_STATUS',
  POLE: 'POLE_STATUS',
  APOBEC: 'APOBEC_STATUS',
  UVA: 'UVA_STATUS',
};

/** The exon as reported, or by the residue where that is known. */
function exonOf({ gene, exon, proteinChange }: TumourVariant): number | null {
  const residue = residueOf(proteinChange);
  return exon ?? (residue === null ? null : exonOfResidue(gene, residue));
}

/** What trials mean by a mutation: a change of the protein that the laboratory does not call benign, or uncertain. */
const isMutation = (variant: TumourVariant) =>
  variant.consequence !== 'SYNONYMOUS' && !isBenign(variant) && variant.classification !== 'UNCERTAIN_SIGNIFICANCE';

const mutation = (variant: TumourVariant): TrialRecord => ({
  VARIANT_CATEGORY: 'MUTATION',
  HARMONIZED_HUGO_SYMBOL: variant.gene,
  HARMONIZED_PROTEIN_CHANGE: variant.proteinChange === null ? null : `p.${variant.proteinChange}`,
  HARMONIZED_VARIANT_CLASSIFICATION: variant.consequence === null ? null : CLASSIFICATIONS[variant.consequence],
  TRUE_TRANSCRIPT_EXON: exonOf(variant),
  WILDTYPE: 'false',
});

/** A gene that was tested and has no variant but a benign one. */
const wildtypes = ({ genesTested, variants }: MolecularReport): TrialRecord[] =>
  (genesTested ?? [])
    .filter((gene) => !variants.some((variant) => variant.gene === gene && !isBenign(variant)))
    .map((gene) => ({ HARMONIZED_HUGO_SYMBOL: gene, WILDTYPE: 'true', VARIANT_CATEGORY: 'WILDTYPE' }));

function findingsOf(report: MolecularReport): TrialRecord[] {
  const { variants, fusions, copyNumbers, signatures } = report;
  return [
    ...variants.filter(isMutation).map(mutation),
    ...wildtypes(report),
    ...fusions.map(({ fivePrime, threePrime }) => ({
      VARIANT_CATEGORY: 'SV',
      HARMONIZED_LEFT_PARTNER_GENE: fivePrime,
      HARMONIZED_RIGHT_PARTNER_GENE: threePrime,
    })),
    ...copyNumbers.map(({ gene, call }) => ({ VARIANT_CATEGORY: 'CNV', HARMONIZED_HUGO_SYMBOL: gene, CNV_CALL: COPY_CALLS[call] })),
    ...signatures.flatMap(({ name, result }) => {
      const field = SIGNATURE_FIELDS[name];
      if (name === 'MSI') return [{ VARIANT_CATEGORY: 'SIGNATURE', MMR_STATUS: mismatchRepair(result) }];
      return field ? [{ VARIANT_CATEGORY: 'SIGNATURE', [field]: result === 'PRESENT' || result === 'HIGH' ? 'Yes' : 'No' }] : [];
    }),
  ];
}

const mismatchRepair = (result: SignatureResult) => (result === 'HIGH' ? 'Deficient (MMR-D / MSI-H)' : 'Proficient (MMR-P / MSS)');

const STATUS: Readonly<Record<string, string>> = { positive: 'Positive', negative: 'Negative' };

function clinicalOf(record: PatientRecord, reports: readonly MolecularReport[], diagnosis: string): TrialRecord {
  const signatures = reports.flatMap((report) => report.signatures);
  // Reports that contradict each other say nothing.
  const agreed = (wanted: string) => {
    const told = signatures.filter(({ name }) => name === wanted);
    return new Set(told.map(({ result }) => result)).size > 1 ? [] : told;
  };
  const burden = agreed('TMB').find(({ value }) => value !== null)?.value ?? null;
  const stability = agreed('MSI')[0]?.result;
  const receptor = (code: string) => STATUS[String(measured(record, code).value)] ?? null;
  return {
    BIRTH_DATE: record.birthDate,
    GENDER: record.sexAtBirth === 'UNKNOWN' ? null : record.sexAtBirth === 'FEMALE' ? 'Female' : 'Male',
    ONCOTREE_PRIMARY_DIAGNOSIS_NAME: diagnosis,
    TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE: burden,
    MMR_STATUS: stability === undefined ? null : mismatchRepair(stability),
    HER2_STATUS: receptor(HER2),
    ER_STATUS: receptor(OESTROGEN_RECEPTOR),
    PR_STATUS: receptor(PROGESTERONE_RECEPTOR),
  };
}

const valuesOf = (tests: readonly Test[], key: string) => tests.find((test) => test.key === key)?.values ?? [];
const SIGNATURE_KEYS = /_signature$|^m(mr|s)_status$/;

/** What is not known of a variant that may be the one asked for; null where there is none. */
function undecided(tests: readonly Test[], variants: readonly Found<TumourVariant>[]): string | null {
  const changes = [...valuesOf(tests, 'protein_change'), ...valuesOf(tests, 'wildcard_protein_change')];
  const vague = variants.find(({ found }) => found.proteinChange === null && !isBenign(found));
  if (changes.length > 0 && vague) return `The protein change of the variant in ${vague.found.gene}`;
  const isAsked = ({ proteinChange }: TumourVariant) =>
    changes.length === 0 || changes.some((change) => `p.${proteinChange}`.startsWith(change));
  const uncertain = variants.find(({ found }) => found.classification === 'UNCERTAIN_SIGNIFICANCE' && isAsked(found));
  return uncertain ? `Whether ${uncertain.finding.label} is oncogenic: its significance is uncertain` : null;
}

/** Which test would show a finding that is not there; null where it was made. */
function untested(tests: readonly Test[], findings: TumourFindings): string | null {
  const signature = tests.find(({ key }) => SIGNATURE_KEYS.test(key));
  if (signature) {
    const name = /^m(mr|s)_/.test(signature.key) ? 'MSI' : signature.key.replace(/_signature$/, '').toUpperCase();
    return findings.signatures().some(({ found }) => found.name === name) ? null : `A test of ${name}`;
  }
  const genes = valuesOf(tests, 'hugo_symbol');
  const category = valuesOf(tests, 'variant_category').join().toLowerCase();
  const named = genes.join(' or ');
  if (/sv|structural/.test(category)) {
    const both = [...genes, ...valuesOf(tests, 'fusion_partner_hugo_symbol')];
    return both.some((gene) => findings.fusionsTested(gene)) ? null : `A test of ${named || 'the genes'} for fusions`;
  }
  if (/cnv|copy/.test(category)) return genes.every((gene) => findings.copiesTested(gene)) ? null : `A test of the copy number of ${named}`;
  if (!genes.every((gene) => findings.variantsTested(gene))) return `A test of ${named} for variants`;
  return undecided(
    tests,
    genes.flatMap((gene) => findings.variantsOf(gene)),
  );
}

/** Whether the patient's tumour is what a trial names by OncoTree; null where the names do not settle it. */
export function isOncotreeKind(tree: TumourTree, tumour: string, wanted: string): boolean | null {
  const general: Readonly<Record<string, string>> = { _SOLID_: 'name:solid tumor', _LIQUID_: 'DOID:2531' };
  const id = general[wanted] ?? tree.byOncotreeName(wanted)?.id;
  if (id === undefined) return null;
  const match = tree.match(tumour, id);
  if (match === 'OTHER') return false;
  return match === 'NARROWER' ? null : true;
}

/** @param reports those of the tumour that is asked about */
export function candidateOf(record: PatientRecord, reports: readonly MolecularReport[], diagnosis: string): Candidate {
  const tested = new TumourFindings(reports);
  return {
    clinical: clinicalOf(record, reports, diagnosis),
    findings: reports.flatMap(findingsOf),
    untested: (tests) => untested(tests, tested),
  };
}
