import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import { GraphQLError, type GraphQLSchema, lexicographicSortSchema } from 'graphql';
import type { Logger } from 'pino';
import { AvicennaError } from '../errors.ts';
import { Cancellation, GONE } from '../graphql/cancellation.ts';
import { makeContext, type Platform } from '../graphql/context.ts';
import { buildApiSchema } from '../graphql/schema.ts';
import type { Degraded } from '../prediction/registry.ts';
import { type AdmissionOptions, admit } from './admission.ts';
import { makeApollo } from './apollo.ts';
import { Budget } from './budget.ts';
import { firstLook } from './firstLook.ts';
import type { Identity } from './identity.ts';
import type { KnownOperations } from './knownOperations.ts';
import { makeMetrics } from './metrics.ts';
import { takeFiles } from './multipart.ts';
import { operationCheck } from './operationCheck.ts';
import { serveWebSocket } from './websocket.ts';

/** What does not work, or was not done, though the rest works. */
export type Degradation = Degraded | { readonly events: number; readonly code: string; readonly message: string };

export interface HttpOptions {
  readonly port: number;
  readonly host: string;
  /** Folder of the built explorer; left out where it was not built. */
  readonly explorer: string;
  readonly log: Logger;
  readonly identity: Identity;
  /** How long a query may take; TIME_LIMIT_MS where left out. */
  readonly timeLimitMs?: number;
  /** The only operations that are taken; left out, all are. */
  readonly operations?: KnownOperations;
  /** What is put in front of the resolvers; another only where a test counts who is asked (graphql/schema.ts). */
  readonly guard?: (schema: GraphQLSchema) => GraphQLSchema;
  readonly admission: AdmissionOptions;
  /** Certificate chain and key, PEM; left out for plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A proxy in front says who asks (`X-Forwarded-For`, `-Proto`). */
  readonly trustProxy?: boolean;
  /** Tokens for the explorer, where development tokens are taken: one for each role. */
  readonly demoTokens?: () => Promise<readonly DemoToken[]>;
  /** What does not work though the rest does. Throws where a part that every request needs does not work. */
  readonly ready: () => Promise<readonly Degradation[]>;
}

/** A token that the explorer offers. */
export interface DemoToken {
  readonly role: string;
  /** What the role sees, in words. */
  readonly sees: string;
  readonly token: string;
}

export interface HttpServer {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** Ends subscriptions, waits for running requests, then closes. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 6_000_000;

/** The explorer runs offline: nothing but its own files, its API, and what GraphiQL's editor makes for itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function serveHealth(app: FastifyInstance, options: HttpOptions, metrics: ReturnType<typeof makeMetrics>): void {
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    try {
      const degraded = await options.ready();
      return degraded.length === 0 ? { status: 'ok' } : { status: 'ok', degraded };
    } catch (error) {
      // Only our own errors are free of patient data: a Neo4jError has a code too, and quotes the value that it refused.
      const { code, message } =
        error instanceof AvicennaError ? error : { code: 'INTERNAL', message: 'a part of the platform does not work' };
      return reply.code(503).send({ status: 'unavailable', code, message });
    }
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
}

async function serveExplorer(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await app.register(fastifyStatic, {
    root: resolve(folder),
    setHeaders: (reply, path) => {
      if (path.endsWith('.html')) reply.setHeader('cache-control', 'no-cache');
    },
  });
}

const isApi = (url: string) => /^\/graphql(\?|$)/.test(url);

/** Without the address that was asked for: somebody may have put a name into it. */
const notFound = (_request: FastifyRequest, reply: FastifyReply) =>
  reply.code(404).send({ errors: [{ message: 'There is nothing here.', extensions: { code: 'NOT_FOUND' } }] });

function failed(error: unknown, _request: FastifyRequest, reply: FastifyReply) {
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (error instanceof AvicennaError)
    return reply.code(status).send({ errors: [{ message: error.message, extensions: { code: error.code } }] });
  const message =
    status < 500
      ? 'The request cannot be read: expected JSON with a query, or a GraphQL multipart request with one file.'
      : 'Something went wrong here.';
  return reply.code(status).send({ errors: [{ message, extensions: { code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR' } }] });
}

/** The HTTP server without its routes, how many requests are open, and a switch that no longer keeps connections. */
function makeApp({ tls, trustProxy = false }: HttpOptions): {
  readonly app: FastifyInstance;
  readonly openRequests: () => number;
  letGo(): void;
} {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: 'idle',
    trustProxy,
    // Whoever sends slowly lets go of the connection.
    requestTimeout: 60_000,
    connectionTimeout: 0,
    ...(tls && { https: tls }),
  } as FastifyServerOptions) as FastifyInstance;
  const overTls = tls || trustProxy ? { 'strict-transport-security': 'max-age=31536000' } : {};
  let openRequests = 0;
  app.server.on('request', (_request, response) => {
    openRequests += 1;
    response.once('close', () => {
      openRequests -= 1;
    });
  });
  let closing = false;
  app.addHook('onSend', async ({ url }, reply) => {
    // What is told of a patient is nobody's to keep.
    if (isApi(url)) reply.header('cache-control', 'no-store');
    // A kept connection would hold up the end until the client lets go of it.
    if (closing) reply.header('connection', 'close');
    reply
      .header('x-content-type-options', 'nosniff')
      .headers(overTls)
      .header('x-frame-options', 'DENY')
      .header('cross-origin-resource-policy', 'same-origin')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('referrer-policy', 'no-referrer')
      .header('content-security-policy', CONTENT_SECURITY_POLICY);
  });
  app.setNotFoundHandler(notFound);
  app.setErrorHandler(failed);
  return {
    app,
    openRequests: () => openRequests,
    letGo: () => {
      closing = true;
    },
  };
}

/** As Apollo answers it: the request was not executed, for nobody known has sent it. */
function asUnauthenticated(error: unknown): never {
  if (!(error instanceof AvicennaError)) throw error;
  throw new GraphQLError(error.message, { originalError: error, extensions: { code: error.code, http: { status: 401 } } });
}

/** Given up when the client lets go of the connection before it is answered. */
function untilGone({ raw }: FastifyReply): Cancellation {
  const cancellation = new Cancellation();
  raw.once('close', () => {
    if (!raw.writableEnded) cancellation.giveUp(GONE);
  });
  return cancellation;
}

/** The API over HTTP and WebSocket on one port, with the explorer, health and metrics. */
export async function startHttp(platform: Platform, options: HttpOptions): Promise<HttpServer> {
  const schema = lexicographicSortSchema(buildApiSchema(options.guard));
  const { app, openRequests, letGo } = makeApp(options);
  await admit(app, options.admission);
  let openSockets = () => 0;
  const metrics = makeMetrics({
    projectedSeq: () => Number(platform.projector.seq),
    openSockets: () => openSockets(),
    openRequests,
    emergencies: () => platform.emergencies.count,
  });
  const check = operationCheck({ schema, budget: new Budget(), known: options.operations ?? null });
  const apollo = makeApollo({ schema, check, log: options.log, metrics, timeLimitMs: options.timeLimitMs });
  await apollo.start();
  takeFiles(app, MAX_BODY_BYTES);
  serveHealth(app, options, metrics);
  const contextOf = async ({ headers }: Pick<FastifyRequest, 'headers'>, reply: FastifyReply) =>
    makeContext(platform, await options.identity.actorOf(headers.authorization).catch(asUnauthenticated), untilGone(reply));
  const answer = fastifyApolloHandler(apollo, { context: contextOf });
  const preHandler = firstLook(schema);
  app.post('/graphql', { preHandler }, answer);
  // Without a token a page could have a browser ask by a mere link.
  app.get('/graphql', { preHandler }, async (request, reply) => {
    if (request.headers.authorization === undefined)
      throw Object.assign(new AvicennaError('UNAUTHENTICATED', 'A GET needs a token: Authorization: Bearer ...'), { statusCode: 401 });
    return answer.call(app, request, reply);
  });
  const { demoTokens } = options;
  if (demoTokens) app.get('/demo-tokens', async (_request, reply) => reply.header('cache-control', 'no-store').send(await demoTokens()));
  await serveExplorer(app, options.explorer);
  const address = await app.listen({ port: options.port, host: options.host });
  // After it listens: a port that is taken would be reported by the socket server as its own failure.
  const sockets = serveWebSocket(app.server, { ...options, schema, platform, check });
  openSockets = sockets.open;
  return {
    url: address,
    close: async () => {
      letGo();
      await sockets.close();
      await app.close();
      await apollo.stop();
    },
  };
}
