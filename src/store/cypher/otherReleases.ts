/** Calls that were made under another knowledge release than the one in force. */
import { type Statement, statement } from '../graphStore.ts';

/** Rows `{ release }`. */
export function otherReleases(release: string): Statement {
  return statement('calls.otherReleases', 'MATCH (c:GeneCall) WHERE c.release <> $release RETURN DISTINCT c.release AS release', {
    release,
  });
}

const PAGE = 100;

/** Rows `{ id }`, patients in the order of their ids after `after`. */
export function patientsOfOtherReleases(releases: readonly string[], after: string): Statement {
  return statement(
    'calls.patientsOfOtherReleases',
    `MATCH (p:Patient)-[:HAS_CALL]->(c:GeneCall) WHERE p.id > $after AND c.release IN $releases WITH DISTINCT p.id AS id ORDER BY id LIMIT ${PAGE} RETURN id`,
    { releases, after },
  );
}
