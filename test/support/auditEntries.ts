import { join } from 'node:path';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';

/** All entries of a data folder, also beside the server that writes them. */
export async function entriesIn(data: string): Promise<Record<string, unknown>[]> {
  const log = new SqliteLog(join(data, 'audit.db'));
  const entries: Record<string, unknown>[] = [];
  for await (const item of log.read({ after: '0' }))
    if (item.kind === 'event') entries.push(JSON.parse(Buffer.from(item.body).toString()) as Record<string, unknown>);
  await log.close();
  return entries;
}
