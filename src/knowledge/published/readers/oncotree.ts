/** OncoTree, the tumour types of Memorial Sloan Kettering: its JSON tree, or the same as a table. CC BY 4.0. */
import { AvicennaError } from '../../../errors.ts';
import { detailsOf, type Reader } from '../reader.ts';

const COLUMNS = ['code', 'name', 'parent', 'level', 'main_type', 'tissue', 'umls', 'nci', 'history'] as const;

export const oncotree: Reader = {
  name: 'oncotree',
  title: 'OncoTree: tumour types',
  licence: 'CC BY 4.0',
  columns: COLUMNS,
  row(row, sink) {
    const type = { kind: 'TumourType', id: row.required('code') } as const;
    const name = row.required('name');
    sink.thing({
      ...type,
      name,
      details: detailsOf({ level: row.numberOrNull('level'), mainType: row.text('main_type'), tissue: row.text('tissue') }),
    });
    sink.term({ ...type, term: name, type: 'NAME' });
    for (const code of row.list('history', '|')) sink.term({ ...type, term: code, type: 'SYNONYM' });
    for (const [vocabulary, column] of [
      ['UMLS', 'umls'],
      ['NCIT', 'nci'],
    ] as const)
      for (const code of row.list(column, '|')) sink.term({ ...type, term: `${vocabulary}:${code}`, type: 'XREF' });
    const parent = row.text('parent');
    if (parent !== '') sink.fact({ kind: 'IS_A', from: type, to: { kind: 'TumourType', id: parent }, source: 'OncoTree' });
  },
};

interface Node {
  readonly name: string;
  readonly parent?: string | null;
  readonly level?: number | null;
  readonly mainType?: string | null;
  readonly tissue?: string | null;
  readonly externalReferences?: Readonly<Record<string, readonly string[]>>;
  readonly history?: readonly string[];
  readonly children?: Readonly<Record<string, Node>>;
}

/** Whether a JSON document is the tree: a map of nodes with children. */
export function isOncotree(document: unknown): document is Readonly<Record<string, Node>> {
  if (document === null || typeof document !== 'object' || Array.isArray(document)) return false;
  const roots = Object.values(document);
  return roots.length > 0 && roots.every((root) => root !== null && typeof root === 'object' && 'mainType' in root && 'children' in root);
}

/** The tree as rows of the table, parents before children. Throws TABLE_INVALID with the place in the tree. */
export function* oncotreeRows(
  document: Readonly<Record<string, Node>>,
  at: string,
): Generator<{ readonly at: string; readonly cells: readonly string[] }> {
  for (const [code, node] of Object.entries(document)) {
    const place = `${at} ${code}`;
    if (node === null || typeof node !== 'object' || typeof node.name !== 'string')
      throw new AvicennaError('TABLE_INVALID', 'Expected a tumour type with a name.', place);
    const { parent, level, mainType, tissue, externalReferences = {}, history = [], children = {} } = node;
    const joined = (codes: readonly string[] | undefined) => (codes ?? []).join('|');
    yield {
      at: place,
      cells: [
        code,
        node.name,
        parent ?? '',
        level === null || level === undefined ? '' : String(level),
        mainType ?? '',
        tissue ?? '',
        joined(externalReferences['UMLS']),
        joined(externalReferences['NCI']),
        joined(history),
      ],
    };
    yield* oncotreeRows(children, place);
  }
}

export const ONCOTREE_PLACES: ReadonlyMap<string, number> = new Map(COLUMNS.map((column, place) => [column, place]));
