/** How CIViC's tables name diseases and therapies. */
import type { Fact, Ref } from '../fact.ts';
import type { PublishedRow, Sink } from '../reader.ts';

export const CIVIC = { source: 'CIViC' } as const;

/** By DOID; by its name where it has none; none where the row says nothing. */
function diseaseOf(row: PublishedRow, sink: Sink): Ref | null {
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
function therapiesOf(row: PublishedRow, sink: Sink): Ref[] {
  return row.list('therapies', ',').map((name) => {
    const compound = { kind: 'Compound', id: `name:${name.toLowerCase()}` } as const;
    sink.thing({ ...compound, name, inPassing: true });
    sink.term({ ...compound, term: name, type: 'NAME' });
    return compound;
  });
}

/** What an evidence item or an assertion is about: its profile, disease and therapies. */
export function aboutFacts(row: PublishedRow, sink: Sink, from: Ref, said: Pick<Fact, 'source' | 'level' | 'date'>): void {
  const profile = { kind: 'MolecularProfile', id: `civic:${row.number('molecular_profile_id')}` } as const;
  const name = row.text('molecular_profile');
  if (name !== '') sink.thing({ ...profile, name, inPassing: true });
  sink.fact({ kind: 'OF_PROFILE', from, to: profile, ...said });
  const disease = diseaseOf(row, sink);
  if (disease) sink.fact({ kind: 'IN_DISEASE', from, to: disease, ...said });
  for (const therapy of therapiesOf(row, sink)) sink.fact({ kind: 'OF_THERAPY', from, to: therapy, ...said });
}
