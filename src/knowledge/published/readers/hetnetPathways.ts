/** Hetionet's pathways with their genes: Reactome, WikiPathways and PID, a licence a row. */
import type { Reader } from '../reader.ts';

export const hetnetPathways: Reader = {
  name: 'hetnet-pathways',
  title: 'Hetionet: pathways and their genes',
  licence: '',
  columns: ['id', 'name', 'source', 'licence', 'genes'],
  row(row, sink) {
    const id = row.required('id');
    const source = row.required('source');
    const genes = row.numbers('genes', '|', 'Entrez gene ids with | between them');
    sink.thing({ kind: 'Pathway', id, name: row.required('name') });
    for (const gene of genes) sink.fact({ kind: 'IN_PATHWAY', from: { kind: 'Gene', id: gene }, to: { kind: 'Pathway', id }, source });
  },
};
