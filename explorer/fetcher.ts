import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from '@graphiql/toolkit';
import { type DocumentNode, type GraphQLError, Kind, parse } from 'graphql';
import { createClient } from 'graphql-ws';

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch (error) {
    if ((error as GraphQLError).name === 'GraphQLError') return null;
    throw error;
  }
}

/**
 * What is sent, read from the text that is sent. GraphiQL follows the editor with a delay: right after a change of tab
 * it still gives the last tab's document and the last tab's operation name, so that a subscription would go over HTTP.
 */
function settle(params: FetcherParams): { readonly params: FetcherParams; readonly document: DocumentNode | null } {
  const document = parsed(params.query);
  const names = document?.definitions.flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? [one.name?.value ?? null] : [])) ?? [];
  const named = names.includes(params.operationName ?? null);
  return { params: named || names.length !== 1 ? params : { ...params, operationName: names[0] ?? null }, document };
}

/** The name under which GraphiQL asks for the schema. */
const SCHEMA = 'IntrospectionQuery';

/**
 * As whom `headers` say: queries and mutations over POST /graphql, subscriptions over the WebSocket at the same address.
 * @param schemaHeaders as whom the schema is asked for
 */
export function makeFetcher(page: Location, headers: Record<string, string>, schemaHeaders: Record<string, string>): Fetcher {
  const http = new URL('graphql', page.href);
  const socket = new URL(http);
  socket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:';
  const fetcher = createGraphiQLFetcher({
    url: http.href,
    headers,
    wsClient: createClient({ url: socket.href, connectionParams: headers }),
    enableIncrementalDelivery: false,
  });
  return (asked, options) => {
    const { params, document } = settle(asked);
    const given = params.operationName === SCHEMA ? { ...options, headers: schemaHeaders } : options;
    return fetcher(params, document ? { ...given, documentAST: document } : given);
  };
}
