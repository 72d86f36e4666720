/** MONDO's mappings: which disease of one vocabulary is which of another. CC BY 4.0. */
import type { Reader } from '../reader.ts';

export const mondoMappings: Reader = {
  name: 'mondo-mappings',
  title: 'MONDO: mappings to other vocabularies',
  licence: 'CC BY 4.0',
  columns: ['mondo_id', 'mondo_label', 'match', 'object_id'],
  row(row, sink) {
    const disease = { kind: 'Disease', id: row.mondo('mondo_id') } as const;
    const name = row.text('mondo_label');
    const object = row.matching('object_id', /^\w[\w.]*:\S+$/, 'an id with its vocabulary');
    const match = row.oneOf('match', ['exact', 'xref']);
    if (name !== '') {
      sink.thing({ ...disease, name });
      sink.term({ ...disease, term: name, type: 'NAME' });
    }
    if (match === 'exact') sink.term({ ...disease, term: object, type: 'XREF' });
    if (object.startsWith('ONCOTREE:'))
      sink.fact({
        kind: 'SAME_TUMOUR_TYPE',
        from: disease,
        to: { kind: 'TumourType', id: object.slice('ONCOTREE:'.length) },
        level: match,
        source: 'MONDO',
      });
  },
};
