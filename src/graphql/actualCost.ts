/** What an answer turned out to cost, in the units that a query's cost is counted in beforehand (limits.ts): each field that is in it, lists as long as they came. */
import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { oncePer } from '../oncePer.ts';
import { ownCost } from './limits.ts';

interface Asked {
  readonly key: string;
  readonly cost: number;
  readonly below: readonly Asked[];
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function askedIn({ selections }: SelectionSetNode, fragments: Fragments): Asked[] {
  const found = new Map<string, Asked>();
  const add = ({ key, cost, below }: Asked) => found.set(key, { key, cost, below: [...(found.get(key)?.below ?? []), ...below] });
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const { alias, name, selectionSet } = selection;
      add({ key: (alias ?? name).value, cost: ownCost(name.value), below: selectionSet ? askedIn(selectionSet, fragments) : [] });
      continue;
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (inner) for (const one of askedIn(inner.selectionSet, fragments)) add(one);
  }
  return [...found.values()];
}

const askedBy = oncePer((operation: OperationDefinitionNode, { definitions }: DocumentNode): readonly Asked[] => {
  const fragments = new Map(definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])));
  return askedIn(operation.selectionSet, fragments);
});

function costIn(value: unknown, asked: readonly Asked[]): number {
  if (typeof value !== 'object' || value === null || asked.length === 0) return 0;
  let cost = 0;
  if (Array.isArray(value)) {
    for (const item of value) cost += costIn(item, asked);
    return cost;
  }
  for (const one of asked) {
    const inner = (value as Readonly<Record<string, unknown>>)[one.key];
    if (inner !== undefined) cost += one.cost + costIn(inner, one.below);
  }
  return cost;
}

/** What an answer says of its cost, in `extensions.cost`. */
export interface ToldCost {
  /** As counted before it was executed. */
  readonly requested: number;
  readonly actual: number;
  readonly limit: number;
}

/** @param data of the answer; null where nothing was resolved */
export const actualCost = (data: unknown, operation: OperationDefinitionNode, document: DocumentNode): number =>
  costIn(data, askedBy(operation, document));
