/** What the project ships of oncology, in the graph: nodes of their own release, and which tumour is a kind of which. */
import type { DrugCaution, Regimen } from '../../knowledge/oncology/drugCautions.ts';
import type { OncologyTables } from '../../knowledge/oncology/oncologyTables.ts';
import type { PredictiveEvidence } from '../../knowledge/oncology/predictiveEvidence.ts';
import type { Tumour } from '../../knowledge/oncology/tumours.ts';
import { type GraphStore, type Statement, statement } from '../graphStore.ts';

type Label = 'Tumour' | 'TumourEvidence' | 'DrugCaution' | 'Regimen';

const keyed = (release: string, id: string) => `${release}|${id}`;

function nodes(label: Label, release: string, facts: readonly (readonly [string, object])[]): Statement {
  return statement(`knowledge.${label}`, `UNWIND $rows AS row MERGE (n:${label} {key: row.key}) SET n += row.props`, {
    rows: facts.map(([id, props], place) => ({ key: keyed(release, id), props: { ...props, release, place } })),
  });
}

export function oncologyStatements({ tumours, evidence, cautions, regimens }: OncologyTables, release: string): Statement[] {
  return [
    nodes(
      'Tumour',
      release,
      tumours.map((tumour) => [tumour.id, tumour]),
    ),
    nodes(
      'TumourEvidence',
      release,
      evidence.map((item) => [item.id, item]),
    ),
    nodes(
      'DrugCaution',
      release,
      cautions.map((caution) => [caution.id, caution]),
    ),
    nodes(
      'Regimen',
      release,
      regimens.map((regimen) => [regimen.name, regimen]),
    ),
    statement(
      'knowledge.tumourKinds',
      'UNWIND $rows AS row MATCH (a:Tumour {key: row.a}) MATCH (b:Tumour {key: row.b}) MERGE (a)-[:KIND_OF]->(b)',
      {
        rows: tumours.flatMap(({ id, parents }) => parents.map((parent) => ({ a: keyed(release, id), b: keyed(release, parent) }))),
      },
    ),
    statement(
      'knowledge.tumourEvidence',
      'UNWIND $rows AS row MATCH (e:TumourEvidence {key: row.a}) MATCH (t:Tumour {key: row.b}) MERGE (e)-[:IN_TUMOUR]->(t)',
      { rows: evidence.map(({ id, disease }) => ({ a: keyed(release, id), b: keyed(release, disease) })) },
    ),
  ];
}

/** A property that is null is not stored. */
async function read<T extends object>(store: GraphStore, release: string, label: Label, absent: Partial<T>): Promise<T[]> {
  const rows = await store.read(
    statement(`knowledge.read.${label}`, `MATCH (n:${label} {release: $release}) RETURN n {.*} AS item ORDER BY n.place`, { release }),
  );
  return rows.map((row) => {
    const { key: _key, release: _release, place: _place, ...item } = row['item'] as Record<string, unknown>;
    return { ...absent, ...item } as T;
  });
}

export async function readOncology(store: GraphStore, release: string): Promise<OncologyTables> {
  return {
    tumours: await read<Tumour>(store, release, 'Tumour', { oncotree: null, oncotreeName: null }),
    evidence: await read<PredictiveEvidence>(store, release, 'TumourEvidence', {
      together: null,
      rating: null,
      origin: null,
      reviewed: null,
    }),
    cautions: await read<DrugCaution>(store, release, 'DrugCaution', { measure: null, below: null, limit: null }),
    regimens: await read<Regimen>(store, release, 'Regimen', {}),
  };
}
