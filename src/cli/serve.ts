import { pino } from 'pino';
import { AvicennaError } from '../errors.ts';
import { decodeEnvelope } from '../events/envelope.ts';
import { type Degradation, type HttpOptions, type HttpServer, startHttp } from '../http/server.ts';
import { describeUnfit } from '../prediction/registry.ts';
import { deadLetters } from '../store/cypher/deadLetters.ts';
import { demoIsEntered, markDemoEntered } from '../store/cypher/demo.ts';
import { accessOptions } from './access.ts';
import { checkHost, readConfig } from './config.ts';
import { type OpenPlatform, openPlatform } from './openPlatform.ts';
import { endProgress, note, progress } from './output.ts';
import { PLACES } from './places.ts';
import { renewCalls } from './renewCalls.ts';
import { DEMO_SEED, seedDemo } from './seedDemo.ts';

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly allowWeakLog?: boolean;
  readonly operationsOnly?: boolean;
}

const WHO = {
  development: '(this machine only: without a token the synthetic patients; tokens of other roles by avicenna token)',
  issuers: '(tokens of the issuers in AVICENNA_ISSUERS)',
} as const;

const DRAIN_MS = 10_000;

/** The parts that every answer needs: the graph, the log, and a projection that runs. A model that does not load is missed by its own askers only. */
async function checkReady({ projector, store, log, models }: OpenPlatform): Promise<Degradation[]> {
  if (projector.halted) throw projector.halted;
  await store.health();
  const { foreign } = await log.health();
  const unfit = models.unfit.map((one) => describeUnfit(models.current, one));
  return [...unfit, ...setAside(await deadLetters(store)), ...leftOut(foreign)];
}

function setAside({ PROJECT: unwritten, MONITOR: untold }: Awaited<ReturnType<typeof deadLetters>>): Degradation[] {
  const written = `${unwritten} events could not be applied and were set aside: 'avicenna rebuild' tries them again.`;
  const told = `Of ${untold} events the models failed: what they would have told of them is missing. The patient's next event is looked at anew.`;
  return [
    ...(unwritten > 0 ? [{ events: unwritten, code: 'EVENT_INVALID', message: written }] : []),
    ...(untold > 0 ? [{ events: untold, code: 'EVENT_INVALID', message: told }] : []),
  ];
}

function leftOut(messages: number): Degradation[] {
  if (messages === 0) return [];
  const message = `${messages} messages of the stream are no events of this log and are left out: another program publishes to it.`;
  return [{ events: 0, code: 'EVENT_INVALID', message }];
}

/** The log is empty, or it begins with the demo patients: a first start may have been cut off among them. */
async function beginsWithDemo({ log }: OpenPlatform): Promise<boolean> {
  for await (const item of log.read({ after: '0', maxBuffered: 1 })) {
    return item.kind === 'event' && decodeEnvelope(item.seq, item.body).actor === DEMO_SEED.id;
  }
  return true;
}

/** On a first start the demo patients are entered; what is there already is not entered again. */
async function seedFirstStart(platform: OpenPlatform): Promise<void> {
  if ((await demoIsEntered(platform.store)) || !(await beginsWithDemo(platform))) return;
  await seedDemo(platform, PLACES.graphSeed, progress);
  await markDemoEntered(platform.store);
}

/** Listens, or releases the engines and throws: their threads would keep the process alive. */
async function start(platform: OpenPlatform, http: HttpOptions): Promise<HttpServer> {
  try {
    await seedFirstStart(platform);
    endProgress();
    await platform.audit.ready();
    await platform.alarms.start();
    platform.modelChanges.start();
    return await startHttp(platform, http);
  } catch (error) {
    endProgress();
    await platform.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new AvicennaError('CONFIG_INVALID', `Port ${http.port} cannot be listened on (${code}): choose another with --port.`, '--port');
  }
}

/** Serves until SIGTERM or SIGINT, then lets running requests end. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig({ ...process.env, ...(options.allowWeakLog && { NATS_ALLOW_WEAK: '1' }) });
  const host = checkHost(options.host, config);
  const log = pino(
    { level: config.LOG_LEVEL, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 1, sync: false }),
  );
  const startedAt = Date.now();
  const access = await accessOptions(config, { ...options, host, log });
  const platform = await openPlatform({ data: options.data, config, log, progress });
  const ready = () => checkReady(platform);
  const server = await start(platform, { port: options.port, host, explorer: PLACES.explorer, log, ready, ...access });
  log.info(
    {
      url: server.url,
      graph: platform.store.engine,
      eventLog: await platform.log.health(),
      release: platform.knowledge.release.name,
      readyAfterMs: Date.now() - startedAt,
    },
    'ready',
  );
  note(`Avicenna is ready at ${server.url}/ ${WHO[access.demoTokens ? 'development' : 'issuers']}`);
  let stopping = false;
  // Beside the requests: a call that is not yet made again says under which release it was made.
  const renewal = renewCalls(platform, () => stopping)
    .then(
      (patients) => patients > 0 && log.info({ patients, release: platform.knowledge.release.name }, 'calls made again under the release'),
    )
    .catch((error: unknown) => log.error({ name: (error as Error).name }, 'calls could not be made again'));
  const stop = (signal: string) => {
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    server
      .close()
      .then(() => renewal)
      .then(() => platform.close())
      .then(() => log.flush(() => process.exit(0)))
      .catch((error: unknown) => {
        log.error({ name: (error as Error).name }, 'stopping failed');
        process.exit(1);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(signal));
  process.on('SIGHUP', () => void platform.models.reload().catch(() => log.error('the folder of models cannot be read')));
  platform.models.watch();
}
