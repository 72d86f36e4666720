import { GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTimeISO, GraphQLLocalDate } from 'graphql-scalars';

/** Instants are UTC texts everywhere inside: parsed from any ISO 8601 instant, served as they are. */
function toInstant(value: unknown): string {
  try {
    return (GraphQLDateTimeISO.parseValue(value) as Date).toISOString();
  } catch {
    throw new TypeError('DateTime: expected an instant with its zone, as in 2026-03-02T09:00:00Z');
  }
}

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'An instant, ISO 8601 in UTC with milliseconds: 2026-03-02T09:00:00.000Z. Inputs may carry another offset.',
  serialize: (value) => value as string,
  parseValue: toInstant,
  parseLiteral: (node) => {
    return toInstant(node.kind === Kind.STRING ? node.value : null);
  },
});

/** The library's own messages quote what was sent. */
function toDate(value: unknown): string {
  try {
    return GraphQLLocalDate.parseValue(value) as string;
  } catch {
    throw new TypeError('Date: expected a calendar date, as in 2026-03-02');
  }
}

export const DateOnly = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar date, YYYY-MM-DD.',
  serialize: (value) => value as string,
  parseValue: toDate,
  parseLiteral: (node) => toDate(node.kind === Kind.STRING ? node.value : null),
});

export const URI = new GraphQLScalarType<string, string>({
  name: 'URI',
  description: 'An absolute address, RFC 3986.',
  serialize: (value) => value as string,
});
