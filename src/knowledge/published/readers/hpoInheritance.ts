/** The Human Phenotype Ontology's modes of inheritance of diseases. */
import { detailsOf, type Reader } from '../reader.ts';

export const hpoInheritance: Reader = {
  name: 'hpo-inheritance',
  title: 'HPO: modes of inheritance',
  licence: 'HPO licence',
  columns: ['mondo_id', 'disease', 'hpo_id', 'inheritance', 'publications', 'evidence'],
  row(row, sink) {
    const id = row.matching('mondo_id', /^(MONDO:\d{7}|HGNC:\d+)$/, 'a MONDO id as MONDO:0004992, or an HGNC id');
    // A few rows say it of the gene, not of a disease.
    const inherited = { kind: id.startsWith('HGNC') ? 'Gene' : 'Disease', id } as const;
    const mode = { kind: 'Phenotype', id: row.matching('hpo_id', /^HP:\d{7}$/, 'an HPO id') } as const;
    sink.thing({ ...inherited, name: row.required('disease'), inPassing: true });
    sink.thing({ ...mode, name: row.required('inheritance') });
    sink.fact({
      kind: 'INHERITED_AS',
      from: inherited,
      to: mode,
      source: 'Human Phenotype Ontology',
      details: detailsOf({ publications: row.quoted('publications'), evidence: row.quoted('evidence') }),
    });
  },
};
