/** The Disease Ontology: the slim that Hetionet uses, what it subsumes, cross-references, names. CC BY 3.0. */
import { detailsOf, type Reader } from '../reader.ts';

const DO = { source: 'Disease Ontology' } as const;

export const doidSlim: Reader = {
  name: 'doid-slim',
  title: 'Disease Ontology: the slim of 137 diseases',
  licence: 'CC BY 3.0',
  columns: ['doid', 'name', 'pathophysiology'],
  row(row, sink) {
    const disease = { kind: 'Disease', id: row.doid('doid') } as const;
    sink.thing({ ...disease, name: row.required('name'), details: detailsOf({ pathophysiology: row.text('pathophysiology') }) });
    sink.term({ ...disease, term: row.required('name'), type: 'NAME' });
  },
};

export const doidSubsumption: Reader = {
  name: 'doid-subsumption',
  title: 'Disease Ontology: which disease the slim counts to which',
  licence: 'CC BY 3.0',
  columns: ['slim_id', 'subsumed_id', 'subsumed_name', 'min_distance'],
  row(row, sink) {
    const from = { kind: 'Disease', id: row.doid('subsumed_id') } as const;
    const to = { kind: 'Disease', id: row.doid('slim_id') } as const;
    sink.thing({ ...from, name: row.required('subsumed_name'), inPassing: true });
    const distance = row.numberOrNull('min_distance');
    if (distance === null || !Number.isInteger(distance) || distance < 0) throw row.wrong('min_distance', 'a whole number from 0');
    // Each disease of the slim subsumes itself.
    if (distance > 0) sink.fact({ kind: 'IS_A', from, to, ...DO, details: { distance } });
  },
};

export const doidXrefs: Reader = {
  name: 'doid-xrefs',
  title: 'Disease Ontology: cross-references',
  licence: 'CC BY 3.0',
  columns: ['doid_code', 'resource', 'resource_id'],
  row(row, sink) {
    const term = `${row.required('resource')}:${row.required('resource_id')}`;
    sink.term({ kind: 'Disease', id: row.doid('doid_code'), term, type: 'XREF' });
  },
};

export const doidNames: Reader = {
  name: 'doid-names',
  title: 'Disease Ontology: names and synonyms',
  licence: 'CC BY 3.0',
  columns: ['doid', 'name', 'type'],
  row(row, sink) {
    const disease = { kind: 'Disease', id: row.doid('doid') } as const;
    const name = row.required('name');
    const type = row.oneOf('type', ['name', 'exact-synonym', 'narrow-synonym', 'broad-synonym', 'related-synonym']);
    if (type === 'name') sink.thing({ ...disease, name });
    // Narrower, broader and related terms mean something else.
    if (type === 'name' || type === 'exact-synonym') sink.term({ ...disease, term: name, type: type === 'name' ? 'NAME' : 'SYNONYM' });
  },
};
