/**
 * Hetionet's edges, a table each. Several have the same two columns and are told apart by the abbreviation that their
 * file is called after (CdG, CuG). Rows name their licence where it differs within a table; else it is that of the source.
 */
import type { FactKind, Ref, ThingKind } from '../fact.ts';
import { detailsOf, type PublishedRow, type Reader } from '../reader.ts';

interface Edge {
  readonly file: string;
  readonly title: string;
  readonly kind: FactKind;
  readonly from: readonly [ThingKind, string];
  readonly to: readonly [ThingKind, string];
  /** Further columns that the header has. */
  readonly also?: readonly string[];
  readonly source: string;
  readonly licence: string;
}

const LINCS = { source: 'LINCS L1000', licence: 'CC BY 4.0' };
const STARGEO = { source: 'STARGEO', licence: 'CC0 1.0' };
const MEDLINE = { source: 'MEDLINE co-occurrence', licence: 'CC0 1.0' };
const COMPOUND_GENE = { from: ['Compound', 'compound'], to: ['Gene', 'gene'] } as const;
const DISEASE_GENE = { from: ['Disease', 'disease'], to: ['Gene', 'gene'] } as const;
const COMPOUND_DISEASE = { from: ['Compound', 'compound'], to: ['Disease', 'disease'] } as const;

const EDGES: readonly Edge[] = [
  {
    file: 'CtD',
    title: 'compound treats disease',
    kind: 'TREATS',
    ...COMPOUND_DISEASE,
    source: 'PharmacotherapyDB',
    licence: 'CC0 1.0',
  },
  {
    file: 'CpD',
    title: 'compound palliates disease',
    kind: 'PALLIATES',
    ...COMPOUND_DISEASE,
    source: 'PharmacotherapyDB',
    licence: 'CC0 1.0',
  },
  {
    file: 'CbG',
    title: 'compound binds gene',
    kind: 'BINDS',
    ...COMPOUND_GENE,
    also: ['sources', 'licence', 'affinity_nM', 'actions'],
    source: 'Hetionet',
    licence: '',
  },
  { file: 'CdG', title: 'compound downregulates gene', kind: 'DOWNREGULATES', ...COMPOUND_GENE, ...LINCS },
  { file: 'CuG', title: 'compound upregulates gene', kind: 'UPREGULATES', ...COMPOUND_GENE, ...LINCS },
  {
    file: 'CrC',
    title: 'compound resembles compound',
    kind: 'RESEMBLES_COMPOUND',
    from: ['Compound', 'compound_a'],
    to: ['Compound', 'compound_b'],
    source: 'Hetionet (Dice similarity of structures)',
    licence: 'CC0 1.0',
  },
  {
    file: 'DaG',
    title: 'disease associated with gene',
    kind: 'ASSOCIATED_WITH_GENE',
    ...DISEASE_GENE,
    also: ['sources', 'licence'],
    source: 'Hetionet',
    licence: '',
  },
  { file: 'DdG', title: 'disease downregulates gene', kind: 'DOWNREGULATES_IN_DISEASE', ...DISEASE_GENE, ...STARGEO },
  { file: 'DuG', title: 'disease upregulates gene', kind: 'UPREGULATES_IN_DISEASE', ...DISEASE_GENE, ...STARGEO },
  {
    file: 'DrD',
    title: 'disease resembles disease',
    kind: 'RESEMBLES_DISEASE',
    from: ['Disease', 'disease_a'],
    to: ['Disease', 'disease_b'],
    ...MEDLINE,
  },
  {
    file: 'DlA',
    title: 'disease localised in anatomy',
    kind: 'LOCALIZED_IN',
    from: ['Disease', 'disease'],
    to: ['Anatomy', 'anatomy'],
    ...MEDLINE,
  },
  {
    file: 'GiG',
    title: 'gene interacts with gene',
    kind: 'INTERACTS',
    from: ['Gene', 'gene_a'],
    to: ['Gene', 'gene_b'],
    source: 'Hetionet (protein interactions)',
    licence: 'CC BY 4.0',
  },
  {
    file: 'GrG',
    title: 'gene regulates gene',
    kind: 'REGULATES',
    from: ['Gene', 'gene_from'],
    to: ['Gene', 'gene_to'],
    ...LINCS,
  },
];

function idOf(row: PublishedRow, kind: ThingKind, column: string): string {
  if (kind === 'Compound') return row.drugbank(column);
  if (kind === 'Disease') return row.doid(column);
  if (kind === 'Gene') return row.entrez(column);
  return row.matching(column, /^UBERON:\d{7}$/, 'a Uberon id as UBERON:0002107');
}

function readerOf(edge: Edge): Reader {
  const end = (row: PublishedRow, [kind, column]: Edge['from']): Ref => ({ kind, id: idOf(row, kind, column) });
  return {
    name: `hetnet-${edge.file}`,
    title: `Hetionet: ${edge.title}`,
    licence: edge.licence,
    columns: [edge.from[1], edge.to[1], ...(edge.also ?? [])],
    files: [edge.file],
    row(row, sink) {
      const { kind } = edge;
      sink.fact({
        kind,
        from: end(row, edge.from),
        to: end(row, edge.to),
        source: row.text('sources') || row.text('source') || edge.source,
        details: detailsOf({
          affinityNanomolar: row.numberOrNull('affinity_nM'),
          actions: row.list('actions', '|'),
          pubmed: row.list('pubmed_ids', '|'),
        }),
      });
    },
  };
}

export const hetnetEdges: readonly Reader[] = EDGES.map(readerOf);
