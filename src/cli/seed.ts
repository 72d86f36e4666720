import { pino } from 'pino';
import { readConfig } from './config.ts';
import { openPlatform } from './openPlatform.ts';
import { endProgress, note, progress } from './output.ts';
import { PLACES } from './places.ts';
import { renewCalls } from './renewCalls.ts';
import { seedDemoPatients } from './seedDemo.ts';

/** Loads what ships; running it twice changes nothing. */
export async function seed(options: { readonly data: string }): Promise<void> {
  const platform = await openPlatform({ data: options.data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    await renewCalls(platform);
    const patients = await seedDemoPatients(platform, `${PLACES.graphSeed}/demo-patients`, progress);
    endProgress();
    note(
      `Knowledge release ${platform.knowledge.release.name} and ${patients} synthetic demo patients are in the ${platform.store.engine} graph.`,
    );
  } finally {
    await platform.close();
  }
}
