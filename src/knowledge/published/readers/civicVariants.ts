/** CIViC's variants, their groups, the profiles made of them, and the features (genes, fusions, factors) they lie in. CC0 1.0. */
import { detailsOf, type Reader } from '../reader.ts';
import { CIVIC } from './civicTerms.ts';

export const civicVariants: Reader = {
  name: 'civic-variants',
  title: 'CIViC: variants',
  licence: 'CC0 1.0',
  columns: ['variant_id', 'feature_type', 'feature_id', 'feature_name', 'variant', 'entrez_id'],
  row(row, sink) {
    const variant = { kind: 'SequenceVariant', id: `civic:${row.number('variant_id')}` } as const;
    const said = { ...CIVIC, date: row.date('last_review_date') };
    const feature = row.oneOf('feature_type', ['Gene', 'Fusion', 'Factor']);
    sink.thing({
      ...variant,
      name: `${row.required('feature_name')} ${row.required('variant')}`,
      details: detailsOf({
        feature,
        featureName: row.text('feature_name'),
        variant: row.text('variant'),
        types: row.list('variant_types', ','),
        aliases: row.list('variant_aliases', ','),
        hgvs: row.list('hgvs_descriptions', ','),
        chromosome: row.text('chromosome'),
        start: row.numberOrNull('start'),
        stop: row.numberOrNull('stop'),
        ref: row.text('reference_bases'),
        alt: row.text('variant_bases'),
        build: row.text('reference_build'),
        clinvar: row.list('clinvar_ids', ','),
        alleleRegistry: row.text('allele_registry_id'),
        fivePrime: row.text('5_prime_partner'),
        threePrime: row.text('3_prime_partner'),
      }),
    });
    for (const alias of row.list('variant_aliases', ',')) sink.term({ ...variant, term: alias, type: 'SYNONYM' });
    if (row.text('entrez_id') !== '')
      sink.fact({ kind: 'VARIANT_OF', from: variant, to: { kind: 'Gene', id: row.entrez('entrez_id') }, ...said });
    for (const partner of ['5_prime_partner', '3_prime_partner'].map((column) => row.text(column)).filter(Boolean))
      sink.fact({ kind: 'VARIANT_OF', from: variant, to: { kind: 'Gene', id: `symbol:${partner}` }, ...said });
    for (const group of row.list('variant_groups', ','))
      sink.fact({ kind: 'IN_GROUP', from: variant, to: { kind: 'VariantGroup', id: `civic:${group}` }, ...said });
  },
};

export const civicVariantGroups: Reader = {
  name: 'civic-variant-groups',
  title: 'CIViC: groups of variants',
  licence: 'CC0 1.0',
  columns: ['variant_group_id', 'variant_group', 'description'],
  row(row, sink) {
    row.number('variant_group_id');
    const name = row.required('variant_group');
    // The table of variants names groups by their names.
    sink.thing({ kind: 'VariantGroup', id: `civic:${name}`, name, details: detailsOf({ description: row.text('description') }) });
  },
};

export const civicProfiles: Reader = {
  name: 'civic-molecular-profiles',
  title: 'CIViC: molecular profiles',
  licence: 'CC0 1.0',
  columns: ['name', 'molecular_profile_id', 'variant_ids', 'evidence_item_ids', 'assertion_ids'],
  row(row, sink) {
    const profile = { kind: 'MolecularProfile', id: `civic:${row.number('molecular_profile_id')}` } as const;
    sink.thing({
      ...profile,
      name: row.required('name'),
      details: detailsOf({ score: row.numberOrNull('evidence_score'), aliases: row.list('aliases', ',') }),
    });
    for (const variant of row.numbers('variant_ids', ',', 'numbers with commas between them'))
      sink.fact({ kind: 'HAS_VARIANT', from: profile, to: { kind: 'SequenceVariant', id: `civic:${variant}` }, ...CIVIC });
  },
};

export const civicFeatures: Reader = {
  name: 'civic-features',
  title: 'CIViC: genes, fusions and factors',
  licence: 'CC0 1.0',
  columns: ['feature_id', 'feature_type', 'name', 'feature_aliases', 'entrez_id'],
  row(row, sink) {
    row.number('feature_id');
    if (row.oneOf('feature_type', ['Gene', 'Fusion', 'Factor']) !== 'Gene') return;
    const gene = { kind: 'Gene', id: row.entrez('entrez_id') } as const;
    const symbol = row.required('name');
    sink.thing({ ...gene, name: symbol, details: detailsOf({ description: row.text('description') }) });
    sink.term({ ...gene, term: symbol, type: 'NAME' });
    for (const alias of row.list('feature_aliases', ',')) sink.term({ ...gene, term: alias, type: 'SYNONYM' });
  },
};
