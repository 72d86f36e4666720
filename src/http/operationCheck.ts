/** Whether an operation is executed at all: the same for POST, GET and WebSocket, before any resolver runs. */
import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Actor } from '../access/actor.ts';
import { costError, costOf } from '../graphql/limits.ts';
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

/** The cost of an operation that may be executed. @throws GraphQLError with why it may not */
export type OperationCheck = (asked: OperationAsked) => number;

function notThere(): GraphQLError {
  const extensions = { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } };
  return new GraphQLError('The document has no operation of that name, or several and no name was given.', { extensions });
}

export function operationCheck({ schema, budget, known }: CheckParts): OperationCheck {
  return ({ document, operationName = null, variables, hash, actor }) => {
    const refuse = (error: GraphQLError | undefined) => {
      if (error) throw error;
    };
    if (!getOperationAST(document, operationName)) refuse(notThere());
    if (known && !known(document, operationName)) refuse(unknownOperation());
    if (!mayIntrospect(actor)) refuse(introspectionErrors(document, schema)[0]);
    const cost = costOf(schema, document, variables, operationName, hash);
    refuse(costError(cost) ?? budget.spend(actor.id, cost));
    return cost;
  };
}
