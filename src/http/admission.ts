/** Who is let near the routes: from which pages a browser may ask, and under which name the server may be asked for. */
import type { IncomingHttpHeaders } from 'node:http';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AvicennaError } from '../errors.ts';

export interface AdmissionOptions {
  /** Pages of other origins that may ask, as `https://ehr.example.org`; none as a rule. */
  readonly origins: readonly string[];
  /** Only under a name of this machine: a page cannot then reach the server by a name of its own (DNS rebinding). */
  readonly loopbackOnly: boolean;
  /** Only what a proxy in front has received over TLS (`X-Forwarded-Proto`). */
  readonly httpsOnly: boolean;
}

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

const nameOf = (host: string) => host.replace(/:\d+$/, '').toLowerCase();

/** Whether a request, or the opening of a socket, comes from where it may: from no page, from this server's own, or from one that is listed. */
export function isAdmitted(headers: IncomingHttpHeaders, { origins, loopbackOnly, httpsOnly }: AdmissionOptions): boolean {
  const { host = '', origin } = headers;
  if (loopbackOnly && !LOOPBACK_NAMES.has(nameOf(host))) return false;
  if (httpsOnly && headers['x-forwarded-proto'] !== 'https') return false;
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

export async function admit(app: FastifyInstance, options: AdmissionOptions): Promise<void> {
  await app.register(cors, {
    origin: [...options.origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type'],
    maxAge: 600,
  });
  app.addHook('onRequest', async (request: FastifyRequest) => {
    if (isAdmitted(request.headers, options)) return;
    throw Object.assign(new AvicennaError('FORBIDDEN', 'Not from this page or under this name.'), { statusCode: 403 });
  });
}
