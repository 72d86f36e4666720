/** A server under attack: it counts the resolvers that are asked, so that a refusal can be told from an answer that was thrown away. */
import { Agent, request } from 'node:http';
import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { guardSchema } from '../../../src/graphql/guardSchema.ts';
import { startServer, type TestServer } from '../../support/server.ts';

export interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export interface Attacked {
  readonly server: TestServer;
  readonly port: number;
  readonly host: string;
  /** A clinician's. */
  readonly token: string;
  /** Over connections that are kept: a corpus makes thousands of requests. To `/graphql`, unless it says where. */
  readonly http: (sent: Request) => Promise<Answered>;
  /** What has been asked and recorded so far: resolvers, reads of the graph, events. */
  readonly done: () => Promise<{ readonly resolvers: number; readonly reads: number; readonly events: string }>;
}

/** Counts in front of the rules themselves: a field that a rule refuses has been asked too. */
function counting(count: () => void): (schema: GraphQLSchema) => GraphQLSchema {
  return (schema) => {
    guardSchema(schema);
    for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
      if (type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields())) {
        const { resolve = defaultFieldResolver, subscribe } = field;
        field.resolve = (...args) => {
          count();
          return resolve(...args);
        };
        if (subscribe)
          field.subscribe = (...args) => {
            count();
            return subscribe(...args);
          };
      }
    }
    return schema;
  };
}

function sender(port: number): Attacked['http'] {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  // Too long a head is answered while it is still sent, and the connection with it is gone.
  const isTooLong = (path: string) => path.length > 8000;
  return ({ method = 'GET', path = '/graphql', headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const sent = request(
        { agent: isTooLong(path) ? false : agent, host: '127.0.0.1', port, method, path, headers: { ...length, ...headers } },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.once('error', reject);
        },
      );
      sent.once('error', (error) => (isTooLong(path) ? resolve({ status: 431, text: '' }) : reject(error)));
      sent.end(body);
    });
}

export async function attacked(demo = true): Promise<Attacked> {
  let resolvers = 0;
  const server = await startServer(undefined, {
    demo,
    guard: counting(() => {
      resolvers += 1;
    }),
  });
  const { port, host } = new URL(server.url);
  return {
    server,
    port: Number(port),
    host,
    token: await server.token({ role: 'CLINICIAN', subject: 'dr-hostile' }),
    http: sender(Number(port)),
    done: async () => ({
      resolvers,
      reads: server.platform.store.roundTrips(),
      events: String((await server.platform.log.bounds()).lastSeq),
    }),
  };
}
