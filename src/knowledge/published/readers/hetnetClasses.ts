/** DrugCentral's pharmacologic classes of compounds, as Hetionet has them. */
import type { Reader } from '../reader.ts';

/** Two of these come close to stating the indication: whoever learns from them must be able to leave them out. */
const TYPES = [
  'Application',
  'Pharmacological Action',
  'FDA Established Pharmacologic Class',
  'Mechanism of Action',
  'Chemical/Ingredient',
  'Physiologic Effect',
] as const;

export const hetnetClasses: Reader = {
  name: 'hetnet-PCiC',
  title: 'Hetionet: pharmacologic class includes compound',
  licence: 'CC BY 4.0',
  columns: ['class_id', 'class_name', 'class_source', 'class_type', 'compound'],
  row(row, sink) {
    const id = row.required('class_id');
    const type = row.oneOf('class_type', TYPES);
    sink.thing({ kind: 'PharmacologicClass', id, name: row.required('class_name'), details: { type } });
    sink.fact({
      kind: 'HAS_CLASS',
      from: { kind: 'Compound', id: row.drugbank('compound') },
      to: { kind: 'PharmacologicClass', id },
      level: type,
      source: `DrugCentral (${row.required('class_source')})`,
    });
  },
};
