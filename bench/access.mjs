// What access control costs of a patient page's CPU: token, decisions, redaction and the rules of each field, against the same page for
// the program itself over a schema without rules; interleaved in one process, on the embedded engine.
// Run: npm run bench:access     Goal: <= 10 % of the page's CPU.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { lexicographicSortSchema } from 'graphql';
import { pino } from 'pino';
import { systemActor } from '../dist/access/actor.js';
import { readConfig } from '../dist/cli/config.js';
import { openPlatform } from '../dist/cli/openPlatform.js';
import { seedDemo } from '../dist/cli/seedDemo.js';
import { makeContext } from '../dist/graphql/context.js';
import { buildApiSchema } from '../dist/graphql/schema.js';
import { developmentToken, developmentTrust } from '../dist/http/developmentTokens.js';
import { compiledExecutor } from '../dist/http/executor.js';
import { Identity } from '../dist/http/identity.js';

const ROUNDS = Number(process.env.ROUNDS ?? 15);
const PER_ROUND = 100;
/** One reader alone, and several: what is written together is written once. */
const AT_ONCE = [1, 10];
const WARM = 300;
const IDENTIFIER = 'DEMO-0001';
const query = readFileSync('schema/operations/PatientPage.graphql', 'utf8');

const data = mkdtempSync(join(tmpdir(), 'avicenna-bench-'));
const platform = await openPlatform({ data, config: readConfig({}), log: pino({ level: 'silent' }), progress: () => undefined });
await seedDemo(platform, 'graph-seed', () => undefined);
const trusted = await developmentTrust(data);
const identity = new Identity({ trusted: () => trusted, withoutToken: null });
const authorization = `Bearer ${await developmentToken(data, { role: 'CLINICIAN', minutes: 60 })}`;

const serverOver = (schema) =>
  new ApolloServer({
    gateway: compiledExecutor(lexicographicSortSchema(schema)),
    introspection: true,
    plugins: [ApolloServerPluginCacheControlDisabled()],
    stringifyResult: (result) => JSON.stringify(result),
  });
const NO_AUDIT = { record: async () => undefined };
const ways = {
  'without access control': {
    server: serverOver(buildApiSchema((schema) => schema)),
    actor: async () => systemActor('bench'),
    audit: NO_AUDIT,
  },
  'with a token of a clinician, not audited': {
    server: serverOver(buildApiSchema()),
    actor: () => identity.actorOf(authorization),
    audit: NO_AUDIT,
  },
  'with a token of a clinician': {
    server: serverOver(buildApiSchema()),
    actor: () => identity.actorOf(authorization),
    audit: platform.audit,
  },
};

async function page({ server, actor, audit }) {
  const contextValue = { ...makeContext(platform, await actor()), audit };
  const { body } = await server.executeOperation({ query, variables: { identifier: IDENTIFIER } }, { contextValue });
  const { data: answer, errors } = body.singleResult;
  if (errors || answer.patient?.identifier !== IDENTIFIER)
    throw new Error(`no page: nothing was measured ${JSON.stringify(errors ?? answer)}`);
  return JSON.stringify(answer).length;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const sizes = [];
for (const way of Object.values(ways)) {
  sizes.push(await page(way));
  for (let warm = 0; warm < WARM; warm += 1) await page(way);
}
if (sizes[0] !== sizes[1]) throw new Error(`the pages differ: ${sizes.join(' and ')} characters`);
console.log(`pages of ${sizes[0]} characters`);

async function cpuOfPage(way, atOnce) {
  const before = process.cpuUsage();
  for (let done = 0; done < PER_ROUND; done += atOnce) await Promise.all(Array.from({ length: atOnce }, () => page(way)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / PER_ROUND;
}

for (const atOnce of AT_ONCE) {
  const cpu = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, way] of Object.entries(ways)) cpu[name].push(await cpuOfPage(way, atOnce));
  const [base, ...guarded] = Object.values(cpu).map(median);
  console.log(`${atOnce} at once:`);
  for (const [name, values] of Object.entries(cpu)) console.log(`  ${name}: ${median(values).toFixed(2)} ms of CPU a page`);
  for (const [place, value] of guarded.entries())
    console.log(`  ${Object.keys(ways)[place + 1]}: ${((value / base - 1) * 100).toFixed(1)} % more (limit 10)`);
}
await platform.close();
rmSync(data, { recursive: true, force: true });
