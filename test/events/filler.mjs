/**
 * Appends to the log named on the command line until it refuses, looks whether it still answers, and prints what was acknowledged
 * as JSON.
 */
import { SqliteLog } from '../../dist/events/sqlite/sqliteLog.js';

const log = new SqliteLog(process.argv[2]);
const acknowledged = [];
let refused = '';
for (let count = 0; count < 5000 && refused === ''; count += 1) {
  const msgId = `m${count}`;
  try {
    await log.append([{ subject: 'patient.a', msgId, body: Buffer.alloc(10_000, count % 251) }]);
    acknowledged.push(msgId);
  } catch (error) {
    refused = error.code;
  }
}
const last = await log.find(acknowledged.at(-1)).catch(() => null);
process.stdout.write(JSON.stringify({ acknowledged, refused, alive: last !== null }), () => process.exit(0));
