/** The Medical Action Ontology: what an action does to a phenotype. CC BY 4.0. */
import { detailsOf, type Reader } from '../reader.ts';

export const maxoActions: Reader = {
  name: 'maxo-actions',
  title: 'MAxO: medical actions and phenotypes',
  licence: 'CC BY 4.0',
  columns: ['maxo_id', 'action', 'predicate', 'hpo_id', 'phenotype'],
  row(row, sink) {
    const action = { kind: 'MedicalAction', id: row.matching('maxo_id', /^MAXO:\d{7}$/, 'a MAxO id') } as const;
    const id = row.matching('hpo_id', /^(HP|MONDO):\d{7}$/, 'an HPO or MONDO id');
    const phenotype = { kind: id.startsWith('HP') ? 'Phenotype' : 'Disease', id } as const;
    const predicate = row.required('predicate').replace(/^biolink:/, '');
    sink.thing({ ...action, name: row.required('action') });
    sink.thing({ ...phenotype, name: row.required('phenotype') });
    sink.fact({
      kind: 'ACTS_ON_PHENOTYPE',
      from: action,
      to: phenotype,
      key: predicate,
      level: predicate,
      source: 'Medical Action Ontology',
      details: detailsOf({ publications: row.quoted('publications') }),
    });
  },
};
