/** DrugCentral's drug targets: its own download, and the table of 2016 that Hetionet was made from. */
import { detailsOf, type Reader } from '../reader.ts';

/** Of other species nothing is taken: a target of a bacterium is no gene here. */
const HUMAN = 'Homo sapiens';

export const drugcentralTargets: Reader = {
  name: 'drugcentral-targets',
  title: 'DrugCentral: drug and target (download of 2017 to 2020, share-alike)',
  licence: 'CC BY-SA 4.0',
  columns: ['drug_name', 'struct_id', 'gene', 'act_value', 'act_type', 'moa', 'action_type', 'tdl', 'organism'],
  row(row, sink) {
    const organism = row.text('organism');
    const drug = row.required('drug_name');
    const structure = row.matching('struct_id', /^\d+$/, "DrugCentral's number of the structure");
    const value = row.numberOrNull('act_value');
    if (organism !== HUMAN) return;
    const id = `drugcentral:${structure}`;
    sink.thing({ kind: 'Compound', id, name: drug });
    sink.term({ kind: 'Compound', id, term: drug, type: 'NAME' });
    for (const [place, gene] of row.list('gene', '|').entries())
      sink.fact({
        kind: 'TARGETS',
        from: { kind: 'Compound', id },
        to: { kind: 'Gene', id: `symbol:${gene}` },
        key: [row.text('act_source'), row.text('act_type'), row.text('act_value'), row.list('accession', '|')[place]].join(' ').trim(),
        level: row.text('tdl'),
        source: `DrugCentral${row.text('act_source') === '' ? '' : ` (${row.text('act_source')})`}`,
        details: detailsOf({
          action: row.text('action_type').toLowerCase(),
          mechanismOfAction: row.text('moa') === '1' ? true : undefined,
          activity: value,
          activityUnit: value === null ? undefined : `-log10 M (${row.text('act_type')})`,
        }),
      });
  },
};

export const drugcentralTargets2016: Reader = {
  name: 'drugcentral-targets-2016',
  title: 'DrugCentral 2016: drug and target by Entrez and DrugBank id',
  licence: 'CC BY 4.0',
  columns: ['GeneID', 'drugbank_id', 'drugbank_name', 'sources', 'actions'],
  row(row, sink) {
    const id = row.drugbank('drugbank_id');
    sink.thing({ kind: 'Compound', id, name: row.required('drugbank_name'), inPassing: true });
    sink.term({ kind: 'Compound', id, term: row.required('drugbank_name'), type: 'NAME' });
    sink.fact({
      kind: 'TARGETS',
      from: { kind: 'Compound', id },
      to: { kind: 'Gene', id: row.entrez('GeneID') },
      source: row.required('sources'),
      details: detailsOf({ action: row.text('actions'), pubmed: row.list('pubmed_ids', '|') }),
    });
  },
};
