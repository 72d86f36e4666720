/** Orphanet's genes of rare diseases, in MONDO terms. CC BY 4.0. */
import type { Reader } from '../reader.ts';

export const orphanetGenes: Reader = {
  name: 'orphanet-genes',
  title: 'Orphanet: genes of rare diseases',
  licence: 'CC BY 4.0',
  columns: ['gene_hgnc', 'gene_symbol', 'predicate', 'mondo_id', 'disease'],
  row(row, sink) {
    const gene = { kind: 'Gene', id: `symbol:${row.required('gene_symbol')}` } as const;
    const disease = { kind: 'Disease', id: row.mondo('mondo_id') } as const;
    sink.term({ ...gene, term: row.matching('gene_hgnc', /^HGNC:\d+$/, 'an HGNC id'), type: 'XREF' });
    sink.thing({ ...disease, name: row.required('disease'), inPassing: true });
    sink.fact({
      kind: 'ASSOCIATED_WITH_GENE',
      from: disease,
      to: gene,
      level: row.required('predicate').replace(/^biolink:/, ''),
      source: 'Orphanet',
    });
  },
};
