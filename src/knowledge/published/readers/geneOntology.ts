/** Gene Ontology annotations with direct experimental evidence: a term and its genes. */
import type { Reader } from '../reader.ts';

export const geneOntology: Reader = {
  name: 'gene-ontology',
  title: 'Gene Ontology: terms and their genes (direct, experimental)',
  licence: 'CC BY 4.0',
  columns: ['go_id', 'go_name', 'domain', 'genes'],
  row(row, sink) {
    const id = row.matching('go_id', /^GO:\d{7}$/, 'a GO id as GO:0006915');
    const genes = row.numbers('genes', '|', 'Entrez gene ids with | between them');
    sink.thing({ kind: 'GoTerm', id, name: row.required('go_name'), details: { domain: row.required('domain') } });
    for (const gene of genes)
      sink.fact({
        kind: 'HAS_GO_TERM',
        from: { kind: 'Gene', id: gene },
        to: { kind: 'GoTerm', id },
        source: 'Gene Ontology',
      });
  },
};
