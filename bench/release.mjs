// How fast publishers' files become a release and a release is in the graph, and what both hold in memory.
// Baseline in the same run: the same number of edges of made-up nodes written in batches of the same size, with nothing on them.
// Run: KNOWLEDGE=DIR npm run bench:release   (on Neo4j too, with NEO4J_URI; the graph must be empty)   Nothing is asserted but that all of it arrived.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../dist/cli/config.js';
import { openStore } from '../dist/cli/openPlatform.js';
import { readManifest } from '../dist/knowledge/published/releaseFiles.js';
import { statement } from '../dist/store/graphStore.js';
import { loadRelease } from '../dist/store/loadRelease.js';
import { migrate } from '../dist/store/migrations/migrate.js';

const knowledge = process.env.KNOWLEDGE;
if (!knowledge) {
  console.log("KNOWLEDGE names no folder of publishers' files: nothing measured");
  process.exit(0);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'avicenna-bench-'));
const seconds = (since) => (performance.now() - since) / 1000;
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

const buildAt = performance.now();
const built = spawnSync(
  process.execPath,
  ['dist/cli/main.js', 'release', 'build', '--from', knowledge, '--name', 'bench', '--data', data, '--accept-licence', '--json'],
  { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, NEO4J_URI: '' } },
);
if (built.status !== 0) throw new Error(built.stderr.slice(-2000));
const { rows, files } = JSON.parse(built.stdout.trim().split('\n').at(-1));
console.log(
  `build: ${rows} rows of ${files.length} files in ${seconds(buildAt).toFixed(1)} s, ${Math.round(rows / seconds(buildAt))} rows/s`,
);

// A folder of its own: the build has opened the embedded graph in the other.
const graph = mkdtempSync(join(tmpdir(), 'avicenna-bench-'));
const store = openStore(graph, readConfig(process.env));
await migrate(store);
const manifest = readManifest(data, 'bench');
let written = 0;
let before = 0;
const loadAt = performance.now();
await loadRelease(store, data, manifest, (some) => {
  written += some;
  if (written - before < 200_000) return;
  before = written;
  console.log(`  ${written} rows, ${megabytes()} MB`);
});
const loaded = seconds(loadAt);
const [{ n }] = await store.read(
  statement('bench.count', 'MATCH (:Thing)-[f]->(:Thing) WHERE f.release = $release RETURN count(f) AS n', { release: 'bench' }),
);
const facts = Object.values(manifest.facts).reduce((sum, count) => sum + count, 0);
if (n !== facts) throw new Error(`${n} facts in the graph, ${facts} in the release`);
console.log(
  `${store.engine}: ${written} rows loaded in ${loaded.toFixed(1)} s, ${Math.round(written / loaded)} rows/s, ${megabytes()} MB resident`,
);

const BATCH = 2000;
const EDGES = 100_000;
const bareAt = performance.now();
await store.write([statement('bench.nodes', 'UNWIND range(0, 1999) AS n CREATE (:Bench {n: n})')]);
await store.define(statement('bench.index', 'CREATE INDEX bench_n IF NOT EXISTS FOR (b:Bench) ON (b.n)'));
for (let edge = 0; edge < EDGES; edge += BATCH)
  await store.write([
    statement('bench.edges', 'UNWIND $rows AS row MATCH (a:Bench {n: row.a}) MATCH (b:Bench {n: row.b}) CREATE (a)-[:BARE]->(b)', {
      rows: Array.from({ length: BATCH }, (_, row) => ({ a: row, b: (row * 7 + edge) % 2000 })),
    }),
  ]);
const bare = EDGES / seconds(bareAt);
console.log(`bare edges: ${Math.round(bare)} rows/s; a release loads at ${(written / loaded / bare).toFixed(2)} x that`);
await store.close();
for (const folder of [data, graph]) rmSync(folder, { recursive: true, force: true });
