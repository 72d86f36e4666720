/** A whole platform in this process on real engines, and a client for it. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLSchema, print } from 'graphql';
import { pino } from 'pino';
import { accessOptions } from '../../src/cli/access.ts';
import { readConfig } from '../../src/cli/config.ts';
import { type OpenPlatform, openPlatform } from '../../src/cli/openPlatform.ts';
import { seedDemo } from '../../src/cli/seedDemo.ts';
import { developmentToken, type TokenRequest } from '../../src/http/developmentTokens.ts';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import { dataFolder } from './dataFolder.ts';
import { emptyNeo4j } from './neo4j.ts';
import { temporaryFolder } from './temporary.ts';

export interface Answer<T> {
  readonly data: T;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly at?: string };
  }[];
  readonly extensions?: { readonly cost?: { readonly requested: number; readonly actual: number; readonly limit: number } };
}

export interface TestServer {
  readonly url: string;
  /** Its data folder. */
  readonly data: string;
  readonly platform: OpenPlatform;
  /** Without a token as the demo clinician. */
  query<R, V>(document: TypedDocumentNode<R, V> | string, variables?: V, token?: string): Promise<Answer<R>>;
  /** A development token of this server. */
  token(request: Omit<TokenRequest, 'minutes'> & { readonly minutes?: number }): Promise<string>;
  close(): Promise<void>;
}

/** The engines to test on: Neo4j where NEO4J_URI names one, the embedded one unless NEO4J_ONLY says that it has been tested on already. */
export const ENGINES = [
  ...(process.env['NEO4J_ONLY'] && process.env['NEO4J_URI'] ? [] : [{ engine: 'embedded', uri: undefined }]),
  ...(process.env['NEO4J_URI'] ? [{ engine: 'neo4j', uri: process.env['NEO4J_URI'] }] : []),
];

export async function startServer(
  uri: string | undefined,
  options: {
    readonly demo: boolean;
    readonly timeLimitMs?: number;
    readonly guard?: (schema: GraphQLSchema) => GraphQLSchema;
  } = { demo: true },
): Promise<TestServer> {
  if (uri) await emptyNeo4j();
  const data = uri ? temporaryFolder() : await dataFolder(options.demo ? 'DEMO' : 'KNOWLEDGE');
  const log = pino({ level: 'silent' });
  const config = readConfig(uri ? { NEO4J_URI: uri } : {});
  const platform = await openPlatform({ data, config, log, progress: () => undefined });
  if (options.demo && uri) await seedDemo(platform, 'graph-seed', () => undefined);
  const host = '127.0.0.1';
  const http: HttpServer = await startHttp(platform, {
    port: 0,
    host,
    ...(await accessOptions(config, { data, host, log })),
    explorer: 'dist/explorer',
    ...(options.timeLimitMs !== undefined && { timeLimitMs: options.timeLimitMs }),
    ...(options.guard && { guard: options.guard }),
    log,
    ready: async () => {
      await platform.store.health();
      return [];
    },
  });
  return {
    url: http.url,
    data,
    platform,
    token: (request) => developmentToken(data, { minutes: 10, ...request }),
    query: async (document, variables, token) => {
      const query = typeof document === 'string' ? document : print(document);
      const response = await fetch(`${http.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as never;
    },
    close: async () => {
      await http.close();
      await platform.close();
    },
  };
}

let keys = 0;

/** A fresh idempotency key. */
export function freshKey(): string {
  keys += 1;
  return `test-${process.pid}-${Date.now()}-${keys}`;
}
