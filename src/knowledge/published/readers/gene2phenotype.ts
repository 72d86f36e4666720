/** Gene2Phenotype's panels: which gene causes which disease, how, and how sure that is. EMBL-EBI. */
import { detailsOf, type Reader } from '../reader.ts';

const CONFIDENCES = ['definitive', 'strong', 'moderate', 'limited', 'disputed', 'refuted'] as const;

export const gene2phenotype: Reader = {
  name: 'gene2phenotype',
  title: 'Gene2Phenotype: genes that cause diseases',
  licence: 'EMBL-EBI terms of use',
  columns: ['g2p_id', 'gene_symbol', 'hgnc_id', 'disease_name', 'disease_MONDO', 'allelic_requirement', 'confidence'],
  row(row, sink) {
    const id = row.matching('g2p_id', /^G2P\d+$/, 'a G2P id');
    const name = row.required('disease_name');
    const gene = { kind: 'Gene', id: `symbol:${row.required('gene_symbol')}` } as const;
    if (row.text('hgnc_id') !== '')
      sink.term({ ...gene, term: `HGNC:${row.matching('hgnc_id', /^\d+$/, 'the number of an HGNC id')}`, type: 'XREF' });
    const disease = {
      kind: 'Disease',
      id: row.text('disease_MONDO') === '' ? `name:${name.toLowerCase()}` : row.mondo('disease_MONDO'),
    } as const;
    sink.thing({ ...disease, name, inPassing: true });
    sink.fact({
      kind: 'CAUSED_BY_GENE',
      from: disease,
      to: gene,
      key: id,
      level: row.oneOf('confidence', CONFIDENCES),
      date: row.date('date_of_last_review'),
      source: 'Gene2Phenotype',
      details: detailsOf({
        allelicRequirement: row.text('allelic_requirement'),
        consequence: row.text('variant_consequence'),
        mechanism: row.text('molecular_mechanism'),
        panels: row.list('panel', ';'),
        pubmed: row.list('publications', ';'),
      }),
    });
  },
};
