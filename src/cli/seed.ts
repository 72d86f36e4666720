import { pino } from 'pino';
import { type Manifest, readManifest } from '../knowledge/published/releaseFiles.ts';
import { type LoadReport, loadRelease } from '../store/loadRelease.ts';
import { readConfig } from './config.ts';
import { type OpenPlatform, openPlatform } from './openPlatform.ts';
import { endProgress, line, note, progress } from './output.ts';
import { PLACES } from './places.ts';
import { renewCalls } from './renewCalls.ts';
import { seedDemo } from './seedDemo.ts';

interface SeedOptions {
  readonly data: string;
  readonly release?: string;
  readonly json?: boolean;
}

/** How often a person is told how far it is. */
const TOLD_EVERY_ROWS = 20_000;

async function loadBuilt(platform: OpenPlatform, data: string, manifest: Manifest): Promise<LoadReport> {
  const { things, terms, facts } = manifest;
  const total = [...Object.values(things), ...Object.values(facts)].reduce((sum, count) => sum + count, terms);
  let written = 0;
  return loadRelease(platform.store, data, manifest, (rows) => {
    if (Math.floor(written / TOLD_EVERY_ROWS) !== Math.floor((written + rows) / TOLD_EVERY_ROWS))
      progress(`Loading ${manifest.name}: ${written + rows} of ${total} rows`);
    written += rows;
  });
}

/** Loads what ships, and a release of publishers' files where one is named; running it twice changes nothing. */
export async function seed(options: SeedOptions): Promise<void> {
  const manifest = options.release === undefined ? null : readManifest(options.data, options.release);
  const platform = await openPlatform({ data: options.data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    await renewCalls(platform);
    const patients = await seedDemo(platform, PLACES.graphSeed, progress);
    const loaded = manifest && (await loadBuilt(platform, options.data, manifest));
    endProgress();
    const { name: release } = platform.knowledge.release;
    const { engine } = platform.store;
    if (options.json)
      await line(
        JSON.stringify({ release, patients, engine, ...(manifest && loaded && { published: { name: manifest.name, ...loaded } }) }),
      );
    note(`Knowledge release ${release} and ${patients} synthetic demo patients are in the ${engine} graph.`);
    if (manifest && loaded)
      note(`Release ${manifest.name} is in force: ${loaded.rows === 0 ? 'all of it was there' : `${loaded.rows} rows written`}.`);
    for (const past of loaded?.removed ?? []) note(`Release ${past} is past keeping and was taken out.`);
  } finally {
    await platform.close();
  }
}
