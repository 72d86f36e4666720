/** The law of appending: whatever is sent, the log is the plain list that the port's words describe. */
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AppendRequest, type AppendResult, compareSeq, type EventLog } from '../../src/events/eventLog.ts';
import { event, type Open, readAll } from './given.ts';

/** What a caller means by one append: which sequence it expects is found out when it is sent. */
interface Meant {
  readonly subject: string;
  readonly msgId: string;
  readonly expects: 'nothing' | 'the last' | 'another';
}

interface Kept {
  readonly subject: string;
  readonly msgId: string;
  readonly seq: string;
}

const meant = fc.record<Meant>({
  subject: fc.constantFrom('patient.a', 'patient.b', 'patient.c'),
  msgId: fc.integer({ min: 0, max: 14 }).map((number) => `m${number}`),
  expects: fc.constantFrom('nothing', 'nothing', 'the last', 'another'),
});

const lastOf = (kept: readonly Kept[], subject: string) => kept.findLast((one) => one.subject === subject)?.seq ?? '0';

function toRequest({ subject, msgId, expects }: Meant, kept: readonly Kept[]): AppendRequest {
  if (expects === 'nothing') return event(subject, msgId);
  const last = lastOf(kept, subject);
  return event(subject, msgId, { expectSubjectSeq: expects === 'the last' ? last : `${last}0` });
}

/** True where every event of the call is to be written or is there already. */
function fits(requests: readonly AppendRequest[], kept: readonly Kept[]): boolean {
  const known = new Set(kept.map(({ msgId }) => msgId));
  const touched = new Set<string>();
  return requests.every(({ msgId, subject, expectSubjectSeq }) => {
    if (known.has(msgId)) return true;
    if (expectSubjectSeq !== undefined && (touched.has(subject) || expectSubjectSeq !== lastOf(kept, subject))) return false;
    known.add(msgId);
    touched.add(subject);
    return true;
  });
}

function keep(kept: Kept[], requests: readonly AppendRequest[], results: readonly AppendResult[]): void {
  expect(results).toHaveLength(requests.length);
  for (const [index, { subject, msgId }] of requests.entries()) {
    const result = results[index] as AppendResult;
    const before = kept.find((one) => one.msgId === msgId);
    if (!('seq' in result)) throw new Error('a call that fits was refused');
    expect(result.duplicate).toBe(before !== undefined);
    if (before) expect(result.seq).toBe(before.seq);
    else {
      expect(compareSeq(result.seq, kept.at(-1)?.seq ?? '0')).toBeGreaterThan(0);
      kept.push({ subject, msgId, seq: result.seq });
    }
  }
}

async function run(log: EventLog, calls: readonly (readonly Meant[])[]): Promise<void> {
  const kept: Kept[] = [];
  for (const call of calls) {
    const requests = call.map((one) => toRequest(one, kept));
    const results = await log.append(requests);
    if (fits(requests, kept)) keep(kept, requests, results);
    else expect(results.some((result) => 'conflict' in result)).toBe(true);
  }
  const events = await readAll(log);
  expect(events.map(({ subject, msgId, seq }) => ({ subject, msgId, seq }))).toEqual(kept);
}

export function appendLaws(open: Open): void {
  it('is the plain list of what was accepted, whatever calls are sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(meant, { minLength: 1, maxLength: 4 }), { maxLength: 20 }), async (calls) => {
        const log = await open();
        await run(log, calls);
        await log.close();
      }),
      { numRuns: process.env['LONG'] ? 1000 : 25 },
    );
  }, 300_000);
}
