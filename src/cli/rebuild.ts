import { pino } from 'pino';
import { dropProjection } from '../store/cypher/projection.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { readConfig } from './config.ts';
import { openPlatform, openStore } from './openPlatform.ts';
import { endProgress, line, note, progress } from './output.ts';

const SETTLE_MS = 3_600_000;

/** Drops the projected graph and replays the log into it; no event is written. */
export async function rebuild(options: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const config = readConfig(process.env);
  const store = openStore(options.data, config);
  try {
    await migrate(store);
    progress('Dropping the projection');
    await dropProjection(store);
  } finally {
    await store.close();
  }
  const platform = await openPlatform({ data: options.data, config, log: pino({ level: 'silent' }), progress });
  try {
    const ticker = setInterval(() => progress(`Replaying the log: event ${platform.projector.seq}`), 1000);
    const settled = await platform.projector.settle(SETTLE_MS).finally(() => clearInterval(ticker));
    endProgress();
    if (!settled) throw platform.projector.halted ?? new Error('the replay did not end');
    if (options.json) await line(JSON.stringify({ seq: platform.projector.seq }));
    note(`The graph shows the log up to event ${platform.projector.seq}.`);
  } finally {
    await platform.close();
  }
}
