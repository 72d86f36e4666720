/**
 * Data folders that do not start from nothing: the shipped knowledge, and where it is asked for the demo patients, are loaded
 * once a run of jest and copied for each test that starts with them.
 */
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../src/cli/config.ts';
import { openPlatform } from '../../src/cli/openPlatform.ts';
import { seedDemo } from '../../src/cli/seedDemo.ts';
import { LOG_FILE, removeLog } from '../../src/events/sqlite/copies.ts';
import { markDemoEntered } from '../../src/store/cypher/demo.ts';
import { EmbeddedStore } from '../../src/store/embedded/embeddedStore.ts';
import { statement } from '../../src/store/graphStore.ts';
import { temporaryFolder } from './temporary.ts';

/** KNOWLEDGE: the graph with the shipped release, and no log yet. DEMO: also the demo patients, with their log. */
export type Start = 'KNOWLEDGE' | 'DEMO';

/** As if it had not been projected yet: every log has an epoch of its own, and two tests must not take theirs for the same one. */
async function forgetLog(folder: string): Promise<void> {
  removeLog(join(folder, LOG_FILE));
  const store = EmbeddedStore.open(folder);
  await store.write([statement('test.places', "MATCH (p:Projection) SET p.seq = '0', p.epoch = ''")]);
  await store.close();
}

async function make(start: Start, folder: string): Promise<void> {
  const platform = await openPlatform({ data: folder, config: readConfig({}), log: pino({ level: 'silent' }), progress: () => undefined });
  if (start === 'DEMO') {
    await seedDemo(platform, 'graph-seed', () => undefined);
    await markDemoEntered(platform.store);
    await platform.projector.settle(60_000);
  }
  await platform.close();
  if (start === 'KNOWLEDGE') await forgetLog(folder);
}

/** The folder to copy from. Test files run side by side: who makes it second takes the first's. */
async function madeOnce(start: Start): Promise<string> {
  const kept = join(process.env['TEST_STARTS'] ?? tmpdir(), start);
  if (existsSync(kept)) return kept;
  const folder = mkdtempSync(`${kept}-`);
  await make(start, folder);
  try {
    renameSync(folder, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(folder, { recursive: true });
  }
  return kept;
}

/** A folder of the test's own to start from. */
export async function dataFolder(start: Start): Promise<string> {
  const from = await madeOnce(start);
  const folder = temporaryFolder();
  cpSync(from, folder, { recursive: true });
  return folder;
}
