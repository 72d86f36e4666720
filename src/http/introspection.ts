/** The schema is told to roles that write queries, with a token; others have it in schema/schema.graphql. */
import { type DocumentNode, GraphQLError, type GraphQLSchema, NoSchemaIntrospectionCustomRule, validate } from 'graphql';
import type { Actor } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import { oncePer } from '../oncePer.ts';

/** Those who write queries: neither devices nor patients, whose programs come with theirs. */
const ROLES: ReadonlySet<Actor['role']> = new Set(['CLINICIAN', 'ANALYST', 'OPERATOR']);
export const mayIntrospect = ({ role, expiresAt }: Actor): boolean => expiresAt !== null && ROLES.has(role);

/** What is wrong with a document of somebody who may not ask for the schema; remembered with the document. */
export const introspectionErrors = oncePer((document: DocumentNode, schema: GraphQLSchema): readonly GraphQLError[] =>
  validate(schema, document, [NoSchemaIntrospectionCustomRule], { maxErrors: 1 }).map(({ nodes = null }) => {
    const originalError = new AvicennaError(
      'FORBIDDEN',
      'Introspection needs a token of a clinician, an analyst or an operator; the schema is in schema/schema.graphql.',
    );
    return new GraphQLError(originalError.message, { nodes, originalError, extensions: { http: { status: 400 } } });
  }),
);

/** A message without what it says of the schema beyond what was asked. */
export const withoutSuggestion = (message: string): string => message.replace(/ ?Did you mean [^?]*\?/g, '');
