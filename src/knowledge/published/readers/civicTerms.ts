/** How CIViC's tables name diseases and therapies. */
import type { Ref } from '../fact.ts';
import type { PublishedRow, Sink } from '../reader.ts';

export const CIVIC = { source: 'CIViC' } as const;

/** By DOID; by its name where it has none; none where the row says nothing. */
export function diseaseOf(row: PublishedRow, sink: Sink): Ref | null {
  const name = row.text('disease');
  const doid = row.text('doid');
  if (doid === '' && name === '') return null;
  const id = doid === '' ? `name:${name.toLowerCase()}` : `DOID:${row.matching('doid', /^\d+$/, 'the number of a DOID')}`;
  const disease = { kind: 'Disease', id } as const;
  sink.thing({ ...disease, name: name || id, inPassing: true });
  if (name !== '') sink.term({ ...disease, term: name, type: doid === '' ? 'NAME' : 'SYNONYM' });
  return disease;
}

/** Therapies have names only. */
export function therapiesOf(row: PublishedRow, sink: Sink): Ref[] {
  return row.list('therapies', ',').map((name) => {
    const compound = { kind: 'Compound', id: `name:${name.toLowerCase()}` } as const;
    sink.thing({ ...compound, name, inPassing: true });
    sink.term({ ...compound, term: name, type: 'NAME' });
    return compound;
  });
}
