/** A log put into a stream, as a restore does. */
import { randomUUID } from 'node:crypto';
import { AvicennaError } from '../../errors.ts';
import type { EventLog, LogEvent } from '../eventLog.ts';
import { newEpoch } from '../sqlite/copies.ts';
import { addFirst, type Entry, encodeEntry, sizeOfEvent } from './entry.ts';
import { EntryStream, type EntryStreamOptions } from './entryStream.ts';

const MOST_EVENTS = 1000;
/** Left free in a message beside the events. */
const MARGIN_BYTES = 4096;

/** The events of a log in entries after the one named, of which each has a run of sequences without a gap. */
async function* entriesOf(log: EventLog, maxBytes: number, first: string): AsyncGenerator<Entry> {
  let run: LogEvent[] = [];
  let bytes = 0;
  let after = first;
  const entry = (): Entry => {
    const made = { id: randomUUID(), after, firstSeq: run[0]?.seq ?? '', events: run };
    after = made.id;
    return made;
  };
  for await (const item of log.read({ after: '0' })) {
    if (item.kind !== 'event') continue;
    const last = run.at(-1);
    const follows = last === undefined || BigInt(last.seq) + 1n === BigInt(item.seq);
    if (run.length > 0 && (!follows || run.length === MOST_EVENTS || bytes + sizeOfEvent(item) > maxBytes - MARGIN_BYTES)) {
      yield entry();
      [run, bytes] = [[], 0];
    }
    run.push(item);
    bytes += sizeOfEvent(item);
  }
  if (run.length > 0) yield entry();
}

/** Before anything is written. */
async function checkFits(log: EventLog, maxBytes: number): Promise<void> {
  for await (const item of log.read({ after: '0' })) {
    if (item.kind === 'event' && sizeOfEvent(item) > maxBytes)
      throw new AvicennaError(
        'BAD_USER_INPUT',
        `Event ${item.seq} has ${item.body.length} bytes, more than NATS takes in one message: raise its max_payload.`,
        'NATS_URL',
      );
  }
}

/**
 * Writes a log into a stream that has nothing yet, with its sequences and its secret key, in a new epoch. The first entry says up to which
 * event: a stream that was not filled to the end is refused when it is opened.
 * @throws AvicennaError LOG_UNAVAILABLE, LOG_TOO_WEAK, BAD_USER_INPUT where the stream is not empty, or an event is too large for it: then nothing was written
 */
export async function fillStream(options: EntryStreamOptions, log: EventLog): Promise<void> {
  const stream = await EntryStream.open(options);
  const notEmpty = () =>
    new AvicennaError(
      'BAD_USER_INPUT',
      'The stream has events already: name another (NATS_STREAM), so that nothing is lost.',
      'NATS_STREAM',
    );
  try {
    const { lastSeq: holds } = await log.bounds();
    const identity = { epoch: newEpoch(), cursorKey: await log.cursorKey(), holds };
    await checkFits(log, stream.maxBytes - MARGIN_BYTES);
    const first = await addFirst(stream, identity);
    if (first === null) throw notEmpty();
    let place = 1;
    for await (const entry of entriesOf(log, stream.maxBytes, first)) {
      const at = await stream.append(encodeEntry(entry), { id: entry.id, after: entry.after, place });
      if (at === null) throw notEmpty();
      place = at;
    }
  } finally {
    await stream.close();
  }
}
