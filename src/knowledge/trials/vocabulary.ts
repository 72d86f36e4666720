/**
 * What the keys of CTML ask of a patient or of a finding, and what their values are called in the records. CTML is the trial
 * markup of MatchMiner (Dana-Farber Cancer Institute, https://github.com/dfci/matchengine-V2); records have its column names.
 */

/** A number, a date or a word of the record that a criterion is held against. */
export type Field = string;

export interface KeyMeaning {
  readonly field: Field;
  /** AGE: years by the birth date; NUMBER: `>=10`; WORD: equal; DIAGNOSIS: one of the kinds of a tumour; PREFIX: a protein change by its position; PARTNER: the gene at the other end of a fusion. */
  readonly kind: 'AGE' | 'NUMBER' | 'WORD' | 'DIAGNOSIS' | 'PREFIX' | 'PARTNER';
  /** Values of CTML that the record has by another name. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** Value that MatchMiner takes a record to have that does not say it: a status is recorded where it is positive. An answer that rests on it says so. */
  readonly absent?: string;
}

const word = (field: Field, words: KeyMeaning['words'] = {}): KeyMeaning => ({ field, kind: 'WORD', words });

const MISMATCH_REPAIR = {
  'MMR-Deficient': ['Deficient (MMR-D / MSI-H)'],
  'MMR-Proficient': ['Proficient (MMR-P / MSS)'],
  'MSI-H': ['Deficient (MMR-D / MSI-H)'],
  MSS: ['Proficient (MMR-P / MSS)'],
  'MSI-L': ['Proficient (MMR-P / MSS)'],
} as const;
const status = (field: Field): KeyMeaning => ({
  field,
  kind: 'WORD',
  words: { True: ['True', 'Positive'], False: ['False', 'Negative'] },
  absent: 'False',
});

export const CLINICAL: Readonly<Record<string, KeyMeaning>> = {
  age_numerical: { field: 'BIRTH_DATE', kind: 'AGE' },
  oncotree_primary_diagnosis: { field: 'ONCOTREE_PRIMARY_DIAGNOSIS_NAME', kind: 'DIAGNOSIS' },
  gender: word('GENDER'),
  tmb_numerical: { field: 'TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE', kind: 'NUMBER' },
  tmb: { field: 'TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE', kind: 'NUMBER' },
  her2_status: status('HER2_STATUS'),
  er_status: status('ER_STATUS'),
  pr_status: status('PR_STATUS'),
  mmr_status: word('MMR_STATUS', MISMATCH_REPAIR),
  ms_status: word('MMR_STATUS', MISMATCH_REPAIR),
  disease_status: word('DISEASE_STATUS'),
  prior_treatment_agent: word('PRIOR_TREATMENT_AGENT'),
};

const SIGNATURES = { Yes: ['Yes'], No: ['No'] } as const;

/** `hugo_symbol` and `fusion_partner_hugo_symbol` of a structural variation are held against both ends (see `holdsIn`). */
export const GENOMIC: Readonly<Record<string, KeyMeaning>> = {
  hugo_symbol: word('HARMONIZED_HUGO_SYMBOL'),
  variant_category: word('VARIANT_CATEGORY', {
    Mutation: ['MUTATION'],
    CNV: ['CNV'],
    'Copy Number Variation': ['CNV'],
    'Structural Variation': ['SV'],
    SV: ['SV'],
    Signature: ['SIGNATURE'],
    'Any Variation': ['MUTATION', 'CNV'],
  }),
  variant_classification: word('HARMONIZED_VARIANT_CLASSIFICATION'),
  protein_change: word('HARMONIZED_PROTEIN_CHANGE'),
  wildcard_protein_change: { field: 'HARMONIZED_PROTEIN_CHANGE', kind: 'PREFIX' },
  exon: word('TRUE_TRANSCRIPT_EXON'),
  cnv_call: word('CNV_CALL', {
    'High Amplification': ['High level amplification'],
    'Low Amplification': ['Gain'],
    'Homozygous Deletion': ['Homozygous deletion'],
    'Heterozygous Deletion': ['Heterozygous deletion'],
  }),
  fusion_partner_hugo_symbol: { field: 'HARMONIZED_RIGHT_PARTNER_GENE', kind: 'PARTNER' },
  mmr_status: word('MMR_STATUS', MISMATCH_REPAIR),
  ms_status: word('MMR_STATUS', MISMATCH_REPAIR),
  temozolomide_signature: word('TEMOZOLOMIDE_STATUS', SIGNATURES),
  tobacco_signature: word('TOBACCO_STATUS', SIGNATURES),
  pole_signature: word('POLE_STATUS', SIGNATURES),
  apobec_signature: word('APOBEC_STATUS', SIGNATURES),
  uva_signature: word('UVA_STATUS', SIGNATURES),
  molecular_function: word('MOLECULAR_FUNCTION'),
  wildtype: word('WILDTYPE', { True: ['True', 'true'], False: ['False', 'false'] }),
};

/** Keys that say something to a reader and ask nothing. */
export const FOR_READERS: ReadonlySet<string> = new Set(['display_name', 'match_all']);
