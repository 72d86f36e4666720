/** Whether an operation is executed at all: the same for POST, GET and WebSocket, before any resolver runs. */
import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Actor } from '../access/actor.ts';
import { actualCost, type ToldCost } from '../graphql/actualCost.ts';
import { costError, costOf, LIMITS } from '../graphql/limits.ts';
import type { Budget } from './budget.ts';
import { introspectionErrors, mayIntrospect } from './introspection.ts';
import { type KnownOperations, unknownOperation } from './knownOperations.ts';

export interface OperationAsked {
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Names the document's text. */
  readonly hash: string;
  readonly actor: Actor;
}

export interface CheckParts {
  readonly schema: GraphQLSchema;
  readonly budget: Budget;
  /** Only these; null for all. */
  readonly known: KnownOperations | null;
}

export interface OperationCheck {
  /** The cost of an operation that may be executed. @throws GraphQLError with why it may not */
  admit(asked: OperationAsked): number;
  /** What the answer cost, told with it; what the actor may ask is put right by it. */
  settle(
    actor: Actor,
    requested: number,
    answered: { readonly data: unknown } & Pick<OperationAsked, 'document' | 'operationName'>,
  ): ToldCost;
}

function notThere(): GraphQLError {
  const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } };
  return new GraphQLError('The document has no operation of that name, or several and no name was given.', { extensions });
}

export function operationCheck({ schema, budget, known }: CheckParts): OperationCheck {
  const refuse = (error: GraphQLError | undefined) => {
    if (error) throw error;
  };
  const admit: OperationCheck['admit'] = ({ document, operationName = null, variables, hash, actor }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) throw notThere();
    if (known && !known(document, operationName)) refuse(unknownOperation());
    if (!mayIntrospect(actor)) refuse(introspectionErrors(document, schema)[0]);
    const cost = costOf(schema, document, variables, operationName, hash);
    refuse(costError(cost, operation.operation) ?? budget.spend(actor.id, cost));
    return cost;
  };
  const settle: OperationCheck['settle'] = (actor, requested, { data, document, operationName = null }) => {
    const operation = getOperationAST(document, operationName);
    const actual = operation ? actualCost(data, operation, document) : 0;
    // What was given up has cost as much as it might have, for all that is known.
    if (data) budget.settle(actor.id, actual - requested);
    return { requested, actual, limit: LIMITS.cost };
  };
  return { admit, settle };
}
