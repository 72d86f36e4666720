/** Imports point only to the rooms named in the architecture, and each engine has one importer. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOMS: Readonly<Record<string, readonly string[]>> = {
  genotypes: [],
  patients: ['genotypes'],
  knowledge: ['genotypes'],
  prediction: ['patients'],
  explanation: ['prediction'],
  treatment: ['knowledge', 'prediction'],
  events: [],
  discovery: ['knowledge', 'explanation'],
  monitoring: ['explanation', 'events'],
  store: ['patients', 'knowledge'],
  projection: ['monitoring', 'events', 'store'],
  access: ['patients', 'store', 'events'],
  graphql: ['knowledge', 'treatment', 'explanation', 'projection', 'access'],
  http: ['graphql'],
  client: [],
  cli: ['http', 'client', 'discovery'],
};

/** Package -> the one place that may import it. */
const SOLE_IMPORTERS: Readonly<Record<string, string>> = {
  'neo4j-driver': 'src/store/neo4j/',
  '@grafeo-db/js': 'src/store/embedded/',
  libsql: 'src/events/sqlite/',
  'onnxruntime-node': 'src/prediction/onnxWorker.ts',
  'type-graphql': 'src/graphql/',
};

function reachable(room: string): Set<string> {
  const found = new Set([room]);
  for (const next of ROOMS[room] ?? []) for (const further of reachable(next)) found.add(further);
  return found;
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`);
const files = sources.map((file) => ({
  file,
  imports: [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map(([, name]) => name ?? ''),
}));

describe('the rooms', () => {
  it('are the folders of src', () => {
    expect(files.length).toBeGreaterThan(80);
    const folders = new Set(files.map(({ file }) => file.split('/')[1] ?? '').filter((name) => !name.endsWith('.ts')));
    expect([...folders].sort()).toEqual(Object.keys(ROOMS).sort());
  });

  it('import only the rooms that they may', () => {
    const wrong = files.flatMap(({ file, imports }) => {
      const room = file.split('/')[1] ?? '';
      if (room.endsWith('.ts')) return [];
      const allowed = reachable(room);
      return imports.flatMap((name) => {
        const target = name.startsWith('.') ? new URL(name, `file:///${file}`).pathname.split('/')[2] : undefined;
        return target !== undefined && !target.endsWith('.ts') && !allowed.has(target) ? [`${file} -> ${name}`] : [];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('leave each engine to one importer', () => {
    const wrong = files.flatMap(({ file, imports }) =>
      imports
        .filter((name) => SOLE_IMPORTERS[name] !== undefined && !file.startsWith(SOLE_IMPORTERS[name] ?? ''))
        .map((name) => `${file} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keep files under 320 lines', () => {
    const long = files
      .map(({ file }) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 320);
    expect(long).toEqual([]);
  });
});
