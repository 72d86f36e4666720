/** Settings from the environment, checked at the start: a wrong one ends the program and is named. */
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';

const schema = z
  .object({
    NEO4J_URI: z
      .string()
      .regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\//, 'expected bolt:// or neo4j:// (with +s for TLS)')
      .optional(),
    NEO4J_USER: z.string().min(1).optional(),
    NEO4J_PASSWORD: z.string().min(1).optional(),
    NEO4J_DATABASE: z.string().min(1).optional(),
    /** Servers of NATS, comma-separated: the event log is a stream there, for several servers of this program. */
    NATS_URL: z
      .string()
      .regex(/^(nats|tls):\/\/[^,\s]+(,(nats|tls):\/\/[^,\s]+)*$/, 'expected nats:// or tls:// addresses, comma-separated')
      .optional(),
    NATS_USER: z.string().min(1).optional(),
    NATS_PASSWORD: z.string().min(1).optional(),
    /** Name of the stream. */
    NATS_STREAM: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, - and _')
      .default('avicenna-events'),
    /** Monitoring addresses of the servers, comma-separated: by them it is known whether they keep what they acknowledge. */
    NATS_MONITOR_URL: z
      .string()
      .regex(/^https?:\/\/[^,\s]+(,https?:\/\/[^,\s]+)*$/, 'expected http:// or https:// addresses, comma-separated')
      .optional(),
    /** 1: servers that may lose what they acknowledged are accepted, as `serve --allow-weak-log` does. */
    NATS_ALLOW_WEAK: z.enum(['0', '1']).default('0'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    AVICENNA_CONTAINER: z.enum(['0', '1']).default('0'),
    /** 1: a newer release that ships is loaded beside the one in force, which stays until it is 0 again (`knowledgeDiff` compares them). */
    KNOWLEDGE_HOLD: z.enum(['0', '1']).default('0'),
    /** Folder of models, one folder each with its card.json; those that ship where it is not set. */
    AVICENNA_MODELS: z.string().optional(),
    /** File of alert rules; those that ship where it is not set. */
    AVICENNA_ALERT_RULES: z.string().optional(),
    /** File of the issuers whose tokens are taken (README, "Who may see what"); without it development tokens are, on this machine only. */
    AVICENNA_ISSUERS: z.string().optional(),
    /** Pages of other origins that may ask, comma-separated. */
    AVICENNA_ORIGINS: z
      .string()
      .regex(/^https?:\/\/[^,\s/]+(,https?:\/\/[^,\s/]+)*$/, 'expected origins as https://ehr.example.org, comma-separated')
      .optional(),
    /** Folder of the operations that `serve --operations-only` takes; those that ship where it is not set. */
    AVICENNA_OPERATIONS: z.string().optional(),
    /** Files of the certificate chain and its key, PEM. */
    AVICENNA_TLS_CERT: z.string().optional(),
    AVICENNA_TLS_KEY: z.string().optional(),
    /** 1: a proxy in front of the server ends TLS and says who asks. */
    AVICENNA_TRUST_PROXY: z.enum(['0', '1']).default('0'),
    /** Keys that wrap the patients' keys: 32 bytes each in base64, the one in use first; or a file of them. One below the data folder where neither is set. */
    AVICENNA_MASTER_KEY: z.string().optional(),
    AVICENNA_MASTER_KEY_FILE: z.string().optional(),
    /** File of the key that the audit's heads are signed with (Ed25519, PKCS #8, PEM); one below the data folder where it is not set. */
    AVICENNA_AUDIT_KEY: z.string().optional(),
    /** A token for the commands that go through a server (`--url`). */
    AVICENNA_TOKEN: z.string().optional(),
    AVICENNA_URL: z.url({ protocol: /^https?$/ }).optional(),
  })
  .refine(({ NEO4J_USER, NEO4J_PASSWORD }) => (NEO4J_USER === undefined) === (NEO4J_PASSWORD === undefined), {
    path: ['NEO4J_PASSWORD'],
    message: 'NEO4J_USER and NEO4J_PASSWORD are set together or not at all',
  })
  .refine(({ AVICENNA_TLS_CERT, AVICENNA_TLS_KEY }) => (AVICENNA_TLS_CERT === undefined) === (AVICENNA_TLS_KEY === undefined), {
    path: ['AVICENNA_TLS_KEY'],
    message: 'AVICENNA_TLS_CERT and AVICENNA_TLS_KEY are set together or not at all',
  })
  .refine(
    ({ AVICENNA_MASTER_KEY, AVICENNA_MASTER_KEY_FILE }) => AVICENNA_MASTER_KEY === undefined || AVICENNA_MASTER_KEY_FILE === undefined,
    {
      path: ['AVICENNA_MASTER_KEY_FILE'],
      message: 'AVICENNA_MASTER_KEY and AVICENNA_MASTER_KEY_FILE are not both set',
    },
  )
  .refine(({ NATS_USER, NATS_PASSWORD }) => (NATS_USER === undefined) === (NATS_PASSWORD === undefined), {
    path: ['NATS_PASSWORD'],
    message: 'NATS_USER and NATS_PASSWORD are set together or not at all',
  });

export type Config = z.infer<typeof schema>;

/** Throws CONFIG_INVALID, naming the variable and what was expected; never the value. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in schema.shape && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? 'environment');
  throw new AvicennaError('CONFIG_INVALID', `${name}: ${issue?.message ?? 'not acceptable'}`, name);
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

export const isLoopback = (host: string, config: Config): boolean => LOOPBACK.has(host) || config.AVICENNA_CONTAINER === '1';

/**
 * Elsewhere than on the loopback interface the server listens only with an issuer of tokens and with TLS, its own or that of a proxy in
 * front. Inside a container, whose port is published on the host's loopback by docker-compose.yml, AVICENNA_CONTAINER=1 stands for it.
 * @throws AvicennaError HOST_NOT_ALLOWED
 */
export function checkHost(host: string, config: Config): string {
  if (isLoopback(host, config)) return host;
  const hasTls = config.AVICENNA_TLS_CERT !== undefined || config.AVICENNA_TRUST_PROXY === '1';
  const lacks = [
    ...(config.AVICENNA_ISSUERS === undefined ? ['an issuer of tokens (AVICENNA_ISSUERS)'] : []),
    ...(hasTls ? [] : ['TLS (AVICENNA_TLS_CERT and AVICENNA_TLS_KEY, or AVICENNA_TRUST_PROXY=1 behind a proxy that ends it)']),
  ];
  if (lacks.length === 0) return host;
  throw new AvicennaError(
    'HOST_NOT_ALLOWED',
    `To listen on '${host}', and not on this machine only, the server needs ${lacks.join(' and ')}.`,
    '--host',
  );
}
