/** How long a query may take: what it has begun is given up then. */
import { type DocumentNode, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import { AvicennaError } from '../errors.ts';
import type { Cancellation } from '../graphql/cancellation.ts';

/** Longer than the slowest answer that is asked for by a person: a page of explanations. */
export const TIME_LIMIT_MS = 30_000;

/**
 * The answer, if it comes in time. A mutation is waited for: what it records may be durable already, and its answer says so.
 * @throws GraphQLError TIME_SPENT
 */
export async function withinTime<T>(
  answer: T | Promise<T>,
  { document, operationName }: { readonly document: DocumentNode; readonly operationName?: string | null | undefined },
  limitMs: number,
  cancellation: Cancellation,
): Promise<T> {
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return answer;
  cancellation.allow();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = tooLate(limitMs);
      reject(error);
      cancellation.giveUp(error);
    }, limitMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function tooLate(limitMs: number): GraphQLError {
  const originalError = new AvicennaError('TIME_SPENT', `The query took longer than ${limitMs / 1000} s: ask for less of it at once.`);
  return new GraphQLError(originalError.message, { originalError, extensions: { http: { status: 504 } } });
}
