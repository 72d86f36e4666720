/**
 * Appends to the log named on the command line until it is killed, several appends at a time, and prints each event
 * once it is acknowledged: `seq msgId`. Before an append is sent its message id goes to stderr.
 */
import { writeSync } from 'node:fs';
import { SqliteLog } from '../../dist/events/sqlite/sqliteLog.js';

const [file, round] = process.argv.slice(2);
const log = new SqliteLog(file);
const WRITERS = 8;

async function write(writer) {
  for (let count = 0; ; count += 1) {
    const size = 1 + ((count + writer) % 3);
    const requests = Array.from({ length: size }, (_, part) => {
      const msgId = `${round}-${writer}-${count}-${part}`;
      return { subject: `patient.${writer}`, msgId, body: Buffer.from(`body of ${msgId}`) };
    });
    const results = await log.append(requests);
    writeSync(1, requests.map(({ msgId }, part) => `${results[part].seq} ${msgId}\n`).join(''));
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
