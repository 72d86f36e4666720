/** DGIdb: drug-gene interactions of versions 3 and 4, druggable categories of genes, and names of drugs. */
import { detailsOf, type PublishedRow, type Reader, type Sink } from '../reader.ts';

/** `CHEMBL25` or `chembl:CHEMBL25`; where DGIdb has no concept, the name that the source gave. */
function compoundOf(row: PublishedRow, concept: string, sink: Sink) {
  const name = row.text('drug_name') || row.text('drug_claim_primary_name') || row.text('drug_claim_name');
  const given = row.text(concept);
  if (name === '' && given === '') throw row.wrong(concept, 'a name or id of a drug');
  const id = given === '' ? `name:${name.toLowerCase()}` : given.replace(/^CHEMBL/, 'chembl:CHEMBL');
  const compound = { kind: 'Compound', id } as const;
  sink.thing({ ...compound, name: name || id, inPassing: true });
  if (name !== '') sink.term({ ...compound, term: name, type: 'NAME' });
  return compound;
}

function interaction(row: PublishedRow, sink: Sink, concept: string, gene: string): void {
  const types = row.list('interaction_types', ',');
  sink.fact({
    kind: 'INTERACTS_WITH_GENE',
    from: compoundOf(row, concept, sink),
    to: { kind: 'Gene', id: gene },
    key: types.join(','),
    source: `DGIdb (${row.required('source')})`,
    details: detailsOf({ types, pubmed: row.list('pmids', /[,|]/), score: row.numberOrNull('interaction_group_score') }),
  });
}

export const dgidb3Interactions: Reader = {
  name: 'dgidb-3-interactions',
  title: 'DGIdb 3: drug-gene interactions',
  licence: '',
  columns: ['gene', 'source', 'licence', 'interaction_types', 'drug_claim_name', 'drug_name', 'drug_chembl_id', 'pmids'],
  row(row, sink) {
    // A claim whose gene the importer could not name says nothing of a gene.
    if (row.text('gene') !== '') interaction(row, sink, 'drug_chembl_id', `symbol:${row.text('gene')}`);
  },
};

export const dgidb4Interactions: Reader = {
  name: 'dgidb-4-interactions',
  title: 'DGIdb 4: drug-gene interactions with scores',
  licence: '',
  columns: ['gene', 'entrez_id', 'source', 'licence', 'interaction_types', 'drug_name', 'drug_concept_id', 'interaction_group_score'],
  row(row, sink) {
    const entrez = row.text('entrez_id');
    if (entrez === '' && row.text('gene') === '') return;
    interaction(row, sink, 'drug_concept_id', entrez === '' ? `symbol:${row.text('gene')}` : row.entrez('entrez_id'));
  },
};

export const dgidbCategories: Reader = {
  name: 'dgidb-categories',
  title: 'DGIdb: druggable categories of genes',
  licence: '',
  columns: ['gene', 'category', 'sources', 'licences'],
  row(row, sink) {
    const category = row.required('category');
    sink.thing({ kind: 'GeneCategory', id: category, name: category.toLowerCase() });
    sink.fact({
      kind: 'IN_CATEGORY',
      from: { kind: 'Gene', id: `symbol:${row.required('gene')}` },
      to: { kind: 'GeneCategory', id: category },
      source: `DGIdb (${row.list('sources', '|').join(', ')})`,
    });
  },
};

export const dgidbDrugNames: Reader = {
  name: 'dgidb-drug-names',
  title: 'DGIdb: names that sources use for a drug',
  licence: '',
  columns: ['claim_name', 'drug_name', 'concept_id', 'source', 'licence'],
  row(row, sink) {
    const compound = { kind: 'Compound', id: row.matching('concept_id', /^\w+:\S+$/, 'a concept as chembl:CHEMBL25') } as const;
    const name = row.required('drug_name');
    sink.thing({ ...compound, name });
    sink.term({ ...compound, term: name, type: 'NAME' });
    sink.term({ ...compound, term: row.required('claim_name'), type: 'SYNONYM' });
  },
};
