/** What a decision about access rests on, as it lies in the graph. */
import { type Statement, statement } from '../graphStore.ts';

/** Of the patient `p`: what is said of the record without its content. */
export const FACTS = 'p {.id, .identifier, .site, .synthetic, consents: [(p)-[:HAS_CONSENT]->(c) | c {.*}]} AS facts';

export function accessFacts(ids: readonly string[]): Statement {
  return statement('access.facts', `UNWIND $ids AS id MATCH (p:Patient {id: id}) RETURN ${FACTS}`, { ids: [...ids] });
}
