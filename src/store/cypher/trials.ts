/** Trials in the graph: each a tree of criteria, and beside it the document that it was read from. */

import type { Clause, Criterion, Trial } from '../../knowledge/trials/ctml.ts';
import { criterionInWords } from '../../knowledge/trials/inWords.ts';
import { sha256Of } from '../../sha256.ts';
import { type GraphStore, type Statement, statement } from '../graphStore.ts';

export interface StoredTrial {
  readonly name: string;
  readonly title: string | null;
  readonly synthetic: boolean;
  /** The trial as it was loaded, CTML as JSON. */
  readonly document: string;
}

interface Node {
  readonly key: string;
  readonly parent: string;
  readonly place: number;
  readonly kind: Criterion['kind'];
  readonly text: string | null;
}

/** The tree from its root down: each criterion with the one that it is a part of. */
function nodesOf(criterion: Criterion, parent: string, place: number): Node[] {
  const key = `${parent}/${place}`;
  const { kind } = criterion;
  if (kind === 'CLINICAL' || kind === 'GENOMIC') return [{ key, parent, place, kind, text: criterionInWords(criterion) }];
  return [{ key, parent, place, kind, text: null }, ...criterion.of.flatMap((one, next) => nodesOf(one, key, next))];
}

function clauseStatements(trial: string, clause: Clause, place: number): Statement[] {
  const key = `${trial}|${place}`;
  const { level, code, suspended } = clause;
  const [root, ...below] = nodesOf(clause.criterion, key, 0);
  const enter =
    'UNWIND $rows AS row MATCH (p:TrialCriterion {key: row.parent}) CREATE (p)-[:HAS_PART]->(c:TrialCriterion {key: row.key}) SET c += row.props';
  const props = (node: Node) => ({ kind: node.kind, place: node.place, ...(node.text !== null && { text: node.text }) });
  return [
    statement(
      'trial.clause',
      `MATCH (t:Trial {name: $trial}) CREATE (t)-[:HAS_CLAUSE]->(l:TrialClause {key: $key})-[:ASKS]->(c:TrialCriterion {key: $root})
       SET l += $props, c += $rootProps`,
      { trial, key, props: { level, code, suspended, place }, root: root?.key ?? key, rootProps: root ? props(root) : {} },
    ),
    // Level by level: a parent is there before its parts.
    ...[...new Set(below.map(({ parent }) => parent))].map((parent) =>
      statement('trial.criteria', enter, {
        rows: below.filter((node) => node.parent === parent).map((node) => ({ key: node.key, parent, props: props(node) })),
      }),
    ),
  ];
}

/** Takes the place of a trial of the same name. To be run in one transaction. */
export function trialStatements(trial: Trial, { title, synthetic, document }: Omit<StoredTrial, 'name'>): Statement[] {
  const { name, status } = trial;
  return [
    statement(
      'trial.forget',
      'MATCH (t:Trial {name: $name})-[:HAS_CLAUSE]->(l:TrialClause)-[:ASKS]->(c:TrialCriterion)-[:HAS_PART*0..64]->(p) DETACH DELETE p',
      { name },
    ),
    statement('trial.forgetClauses', 'MATCH (t:Trial {name: $name})-[:HAS_CLAUSE]->(l:TrialClause) DETACH DELETE l', { name }),
    statement(
      'trial.enter',
      'MERGE (t:Trial {name: $name}) SET t.status = $status, t.title = $title, t.synthetic = $synthetic, t.document = $document, t.digest = $digest',
      {
        ...{ name, status, title, synthetic, document },
        digest: sha256Of(document),
      },
    ),
    ...trial.clauses.flatMap((clause, place) => clauseStatements(name, clause, place)),
  ];
}

/** What tells whether the trials are those that were read before. */
export async function trialsDigest(store: GraphStore): Promise<string> {
  const rows = await store.read<{ name: string; digest: string }>(
    statement('trials.digest', 'MATCH (t:Trial) RETURN t.name AS name, t.digest AS digest ORDER BY t.name'),
  );
  return sha256Of(JSON.stringify(rows));
}

export async function storedTrials(store: GraphStore): Promise<StoredTrial[]> {
  const rows = await store.read<{ trial: StoredTrial }>(
    statement('trials.read', 'MATCH (t:Trial) RETURN t {.name, .title, .synthetic, .document} AS trial ORDER BY t.name'),
  );
  return rows.map(({ trial }) => ({ ...trial, title: trial.title ?? null }));
}
