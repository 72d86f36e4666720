/** Hetionet's nodes: kind, id, name. Himmelstein et al. 2017, eLife 6:e26726. */
import type { ThingKind } from '../fact.ts';
import type { Reader } from '../reader.ts';

/** In the details of a thing that the network has. */
export const HETIONET = 'Hetionet';

const KINDS: Readonly<Record<string, ThingKind>> = {
  Anatomy: 'Anatomy',
  'Biological Process': 'GoTerm',
  'Cellular Component': 'GoTerm',
  'Molecular Function': 'GoTerm',
  Compound: 'Compound',
  Disease: 'Disease',
  Gene: 'Gene',
  Pathway: 'Pathway',
  'Pharmacologic Class': 'PharmacologicClass',
  Symptom: 'Symptom',
};

/** Ids that are checked: facts of other publishers join on them. */
const IDS: Readonly<Record<string, readonly [RegExp, string]>> = {
  Compound: [/^DB\d{5}$/, 'a DrugBank id as DB00945'],
  Disease: [/^DOID:\d+$/, 'a DOID as DOID:1612'],
  Gene: [/^\d+$/, 'an Entrez gene id'],
};

export const hetnetNodes: Reader = {
  name: 'hetnet-nodes',
  title: "Hetionet's nodes",
  licence: 'CC BY 4.0',
  columns: ['kind', 'id', 'name'],
  row(row, sink) {
    const said = row.required('kind');
    // Side effects come from a source that may not be passed on, with or without an acceptance; their edges are read by no reader.
    if (said === 'Side Effect') return;
    const kind = KINDS[said];
    if (kind === undefined) throw row.wrong('kind', `one of ${Object.keys(KINDS).join(', ')}`);
    const [pattern, expected] = IDS[said] ?? [/./, 'an id'];
    const thing = { kind, id: row.matching('id', pattern, expected), name: row.required('name') };
    sink.thing({ ...thing, details: { network: HETIONET, ...(kind === 'GoTerm' ? { domain: said } : {}) } });
    sink.term({ ...thing, term: thing.name, type: 'NAME' });
  },
};
