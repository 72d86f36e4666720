/** The GWAS Catalog's genes of diseases, by locus. EBI, CC BY 4.0. */
import { detailsOf, type Reader } from '../reader.ts';

export const gwasCatalog: Reader = {
  name: 'gwas-catalog',
  title: 'GWAS Catalog: genes of diseases by locus (2015)',
  licence: 'CC BY 4.0',
  columns: ['doid_code', 'doid_name', 'locus', 'status', 'gene', 'symbol'],
  row(row, sink) {
    const disease = { kind: 'Disease', id: row.doid('doid_code') } as const;
    sink.thing({ ...disease, name: row.required('doid_name'), inPassing: true });
    sink.fact({
      kind: 'ASSOCIATED_WITH_GENE',
      from: disease,
      to: { kind: 'Gene', id: row.entrez('gene') },
      key: `locus ${row.text('locus')}`,
      // High or low confidence, primary or secondary gene of the locus.
      level: row.oneOf('status', ['HC-P', 'HC-S', 'LC-P', 'LC-S']),
      source: 'GWAS Catalog 2015',
      details: detailsOf({ locus: row.text('locus') }),
    });
  },
};
