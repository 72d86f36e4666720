import { pino } from 'pino';
import { startHttp } from '../http/server.ts';
import { checkHost, readConfig } from './config.ts';
import { type OpenPlatform, openPlatform } from './openPlatform.ts';
import { endProgress, note, progress } from './output.ts';
import { PLACES } from './places.ts';
import { seedDemoPatients } from './seedDemo.ts';

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
}

const DRAIN_MS = 10_000;

/** Every part that an answer needs: the graph, the log, and a projection that runs. */
async function checkReady(platform: OpenPlatform): Promise<void> {
  if (platform.projector.halted) throw platform.projector.halted;
  await platform.store.health();
  await platform.log.health();
}

/** An empty log means a first start: the demo patients are entered. */
async function seedFirstStart(platform: OpenPlatform): Promise<void> {
  const { lastSeq } = await platform.log.bounds();
  if (lastSeq === '0') await seedDemoPatients(platform, `${PLACES.graphSeed}/demo-patients`, progress);
}

/** Serves until SIGTERM or SIGINT, then lets running requests end. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig(process.env);
  const host = checkHost(options.host, config);
  const log = pino(
    { level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 1, sync: false }),
  );
  const startedAt = Date.now();
  const platform = await openPlatform({ data: options.data, config, log, progress });
  await seedFirstStart(platform);
  endProgress();
  const server = await startHttp(platform, { port: options.port, host, explorer: PLACES.explorer, log, ready: () => checkReady(platform) });
  log.info(
    { url: server.url, graph: platform.store.engine, release: platform.knowledge.release.name, readyAfterMs: Date.now() - startedAt },
    'ready',
  );
  note(`Avicenna is ready at ${server.url}/ (synthetic demo patients; no access control: loopback only)`);
  const stop = (signal: string) => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    server
      .close()
      .then(() => platform.close())
      .then(() => log.flush(() => process.exit(0)))
      .catch((error: unknown) => {
        log.error({ name: (error as Error).name }, 'stopping failed');
        process.exit(1);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal));
}
