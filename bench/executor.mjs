// CPU of one operation with about 200 nested objects of the knowledge: Apollo Server with its own executor against the
// same server with compiled plans, interleaved in one process. Run: npm run bench:executor (sets NODE_ENV=production)
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { lexicographicSortSchema } from 'graphql';
import { buildApiSchema } from '../dist/graphql/schema.js';
import { compiledExecutor } from '../dist/http/executor.js';
import { readShippedKnowledge } from '../dist/knowledge/shippedTables.js';

const ROUNDS = 12;
const PER_ROUND = 100;
const knowledge = readShippedKnowledge('graph-seed');
const query =
  'query Genes($symbols: [String!]!) { genes(symbols: $symbols) { direct { gene { id symbol name variants { rsid label position } guidelines { id title url drugs { id name class interactions { id severity } } } } } noMatch } }';
const variables = { symbols: knowledge.genes.map(({ symbol }) => symbol) };

const stringifyResult = (result) => JSON.stringify(result);
const schema = () => lexicographicSortSchema(buildApiSchema());
const plugins = [ApolloServerPluginCacheControlDisabled()];
const servers = {
  'Apollo as it comes': new ApolloServer({ schema: schema(), introspection: true, stringifyResult }),
  'Apollo without cache control': new ApolloServer({ schema: schema(), introspection: true, stringifyResult, plugins }),
  'compiled plans, without cache control': new ApolloServer({
    gateway: compiledExecutor(schema()),
    introspection: true,
    stringifyResult,
    plugins,
  }),
};

const countObjects = (value) =>
  value === null || typeof value !== 'object'
    ? 0
    : (Array.isArray(value) ? 0 : 1) + Object.values(value).reduce((sum, inner) => sum + countObjects(inner), 0);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function run(server) {
  const { body } = await server.executeOperation({ query, variables }, { contextValue: { knowledge } });
  return body.singleResult.data;
}

const cpu = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
for (const server of Object.values(servers)) {
  const objects = countObjects(await run(server));
  if (objects < 100) throw new Error(`only ${objects} objects: nothing was measured`);
  console.log(`${objects} objects in the answer`);
  for (let warm = 0; warm < 300; warm += 1) await run(server);
}
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, server] of Object.entries(servers)) {
    const before = process.cpuUsage();
    for (let done = 0; done < PER_ROUND; done += 1) await run(server);
    const { user, system } = process.cpuUsage(before);
    cpu[name].push((user + system) / 1000 / PER_ROUND);
  }
}
const base = median(cpu['Apollo as it comes']);
for (const [name, values] of Object.entries(cpu))
  console.log(`${name}: ${median(values).toFixed(2)} ms of CPU an operation (${(median(values) / base).toFixed(2)} x)`);
