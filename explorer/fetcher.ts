import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';

/** Queries and mutations over POST /graphql, subscriptions over the WebSocket at the same address. */
export function makeFetcher(page: Location): Fetcher {
  const http = new URL('graphql', page.href);
  const socket = new URL(http);
  socket.protocol = http.protocol === 'https:' ? 'wss:' : 'ws:';
  return createGraphiQLFetcher({ url: http.href, wsClient: createClient({ url: socket.href }), enableIncrementalDelivery: false });
}
