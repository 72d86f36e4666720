/** PharmacotherapyDB: which drug modifies a disease, which eases its symptoms, which is not indicated. */
import type { FactKind } from '../fact.ts';
import type { Reader } from '../reader.ts';

const CATEGORIES: Readonly<Record<'DM' | 'SYM' | 'NOT', FactKind>> = { DM: 'TREATS', SYM: 'PALLIATES', NOT: 'NOT_INDICATED_FOR' };

export const pharmacotherapydb: Reader = {
  name: 'pharmacotherapydb',
  title: 'PharmacotherapyDB: indications (disease-modifying, symptomatic, not)',
  licence: 'CC0 1.0',
  columns: ['doid_id', 'drugbank_id', 'disease', 'drug', 'category', 'n_curators', 'n_resources'],
  row(row, sink) {
    const compound = { kind: 'Compound', id: row.drugbank('drugbank_id') } as const;
    const disease = { kind: 'Disease', id: row.doid('doid_id') } as const;
    const category = row.oneOf('category', ['DM', 'SYM', 'NOT']);
    sink.thing({ ...compound, name: row.required('drug'), inPassing: true });
    sink.term({ ...compound, term: row.required('drug'), type: 'NAME' });
    sink.thing({ ...disease, name: row.required('disease'), inPassing: true });
    sink.fact({
      kind: CATEGORIES[category],
      from: compound,
      to: disease,
      level: category,
      source: 'PharmacotherapyDB',
      details: { curators: row.numberOrNull('n_curators') ?? 0, resources: row.numberOrNull('n_resources') ?? 0 },
    });
  },
};
