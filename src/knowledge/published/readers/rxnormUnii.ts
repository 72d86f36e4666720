/** Which RxNorm concept is which UNII of FDA's substance registration. */
import type { Reader } from '../reader.ts';

export const rxnormUnii: Reader = {
  name: 'rxnorm-unii',
  title: 'RxNorm and UNII: the same substance',
  licence: 'public domain',
  columns: ['rxcui', 'unii'],
  row(row, sink) {
    const id = `rxcui:${row.matching('rxcui', /^\d+$/, 'an RxNorm id')}`;
    sink.term({ kind: 'Compound', id, term: `unii:${row.matching('unii', /^[0-9A-Z]{10}$/, 'a UNII of ten characters')}`, type: 'XREF' });
  },
};
