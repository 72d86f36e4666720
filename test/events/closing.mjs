/** Closes the log named on the command line while an append is on its way, and prints what the append answered. */
import { SqliteLog } from '../../dist/events/sqlite/sqliteLog.js';

const log = new SqliteLog(process.argv[2]);
await log.bounds();
const pending = log.append([{ subject: 'patient.a', msgId: 'm1', body: Buffer.from('body') }]);
await log.close();
console.log(JSON.stringify(await pending));
