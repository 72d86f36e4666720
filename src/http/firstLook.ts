/** What is looked at before Apollo takes a request: what would cost it much to find out, or what it finds out when it has executed. */
import type { FastifyRequest } from 'fastify';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { AvicennaError } from '../errors.ts';
import { LIMIT_RULES, LIMITS, lengthError } from '../graphql/limits.ts';
import { sha256Of } from '../sha256.ts';

const MOST_KNOWN = 1000;
const ANSWERED = new Set(['*/*', 'application/*', 'application/json', 'application/graphql-response+json']);

/** Whether the client takes any form of answer: a command would be recorded and its answer refused. */
function takesAnswer(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return ANSWERED.has(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

const isPacked = (coding: string | undefined) => coding !== undefined && coding.trim().toLowerCase() !== 'identity';

function refuse(error: GraphQLError | undefined): void {
  if (error) throw Object.assign(new AvicennaError('QUERY_TOO_COMPLEX', error.message), { statusCode: 400 });
}

function readable(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: LIMITS.tokens });
  } catch (error) {
    // Apollo says what is wrong with it.
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

/**
 * The limits of a document, before the rules of GraphQL: Apollo goes by all of them at once, and one of these holds every field against
 * every other of its name, which takes a hundred times longer than to count them.
 * @throws AvicennaError QUERY_TOO_COMPLEX
 */
export function firstLook(schema: GraphQLSchema): (request: FastifyRequest) => Promise<void> {
  const known = new LRUCache<string, true>({ max: MOST_KNOWN });
  return async ({ method, headers, body, query: search }) => {
    if (!takesAnswer(headers.accept)) throw Object.assign(new Error('not acceptable'), { statusCode: 406 });
    // Bodies are read as they come (RFC 9110, 8.4): one that says it is packed would be read as what it is not.
    if (isPacked(headers['content-encoding'])) throw Object.assign(new Error('unsupported content encoding'), { statusCode: 415 });
    const { query } = ((method === 'GET' ? search : body) ?? {}) as { readonly query?: unknown };
    if (typeof query !== 'string') return;
    refuse(lengthError(query));
    const key = sha256Of(query);
    if (known.has(key)) return;
    const document = readable(query);
    const [error] = document ? validate(schema, document, LIMIT_RULES, { maxErrors: 1 }) : [];
    refuse(error);
    known.set(key, true);
  };
}
