/** A criterion of a trial in words. */
import type { Criterion, Test } from './ctml.ts';

const KEYS: Readonly<Record<string, string>> = {
  age_numerical: 'age in years',
  oncotree_primary_diagnosis: 'diagnosis',
  gender: 'sex',
  tmb_numerical: 'mutations per megabase',
  tmb: 'mutations per megabase',
  her2_status: 'HER2',
  er_status: 'oestrogen receptor',
  pr_status: 'progesterone receptor',
  mmr_status: 'mismatch repair',
  ms_status: 'microsatellites',
  hugo_symbol: 'gene',
  variant_category: 'kind',
  wildcard_protein_change: 'protein change at',
  cnv_call: 'copy number',
  fusion_partner_hugo_symbol: 'fused with',
};

const GENERAL: Readonly<Record<string, string>> = { _SOLID_: 'any solid tumour', _LIQUID_: 'any tumour of the blood' };

const wordsOf = ({ key, values, negated }: Test, negation: string) =>
  `${negated ? negation : ''}${KEYS[key] ?? key.replaceAll('_', ' ')} ${values.map((value) => GENERAL[value] ?? value).join(' or ')}`;

export function criterionInWords(criterion: Extract<Criterion, { kind: 'CLINICAL' | 'GENOMIC' }>): string {
  if (criterion.kind === 'CLINICAL') return criterion.tests.map((test) => wordsOf(test, 'not ')).join(', ');
  return `${criterion.absent ? 'no finding with ' : 'a finding with '}${criterion.tests.map((test) => wordsOf(test, '')).join(', ')}`;
}
