import { AvicennaError } from '../errors.ts';

/** Types that `node(id)` finds. */
export const NODE_TYPES = ['Patient', 'Gene', 'Drug', 'Guideline', 'Model', 'RiskEvent', 'Alert', 'Medication'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** A global id: opaque to clients, typed inside. */
export function toGlobalId(type: NodeType, key: string): string {
  return Buffer.from(`${type}:${key}`, 'utf8').toString('base64url');
}

/** Throws BAD_USER_INPUT, naming the argument, where the id is not one of ours. */
export function fromGlobalId(id: string, at: string): { type: NodeType; key: string } {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const split = text.indexOf(':');
  const type = NODE_TYPES.find((known) => known === text.slice(0, split));
  if (!type || split === text.length - 1)
    throw new AvicennaError('BAD_USER_INPUT', `'${at}' is not an id of this API: give it back exactly as it was received.`, at);
  return { type, key: text.slice(split + 1) };
}

/** The key of an id that must be of one type. */
export function keyOf(type: NodeType, id: string, at: string): string {
  const found = fromGlobalId(id, at);
  if (found.type !== type) throw new AvicennaError('BAD_USER_INPUT', `'${at}' is the id of a ${found.type}; expected a ${type}.`, at);
  return found.key;
}
