import { pino } from 'pino';
import { readConfig } from './config.ts';
import { openPlatform } from './openPlatform.ts';
import { endProgress, line, note, progress } from './output.ts';
import { PLACES } from './places.ts';
import { renewCalls } from './renewCalls.ts';
import { seedDemoPatients } from './seedDemo.ts';

/** Loads what ships; running it twice changes nothing. */
export async function seed(options: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const platform = await openPlatform({ data: options.data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    await renewCalls(platform);
    const patients = await seedDemoPatients(platform, `${PLACES.graphSeed}/demo-patients`, progress);
    endProgress();
    const { name: release } = platform.knowledge.release;
    const { engine } = platform.store;
    if (options.json) await line(JSON.stringify({ release, patients, engine }));
    note(`Knowledge release ${release} and ${patients} synthetic demo patients are in the ${engine} graph.`);
  } finally {
    await platform.close();
  }
}
