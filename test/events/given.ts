/** What the suites over an event log share. */
import type { AppendRequest, AppendResult, EventLog, LogEvent, ReadRequest } from '../../src/events/eventLog.ts';

/** Opens the log in a folder, or a new one; it is closed when the test ends. */
export type Open = (folder?: string) => Promise<EventLog>;

export const event = (subject: string, msgId: string, more: Partial<AppendRequest> = {}): AppendRequest => ({
  subject,
  msgId,
  body: Buffer.from(`body of ${msgId}`),
  ...more,
});

/** The sequence of an append that must have been accepted. */
export function seqOf(result: AppendResult | undefined): string {
  if (!result || !('seq' in result)) throw new Error(`not accepted: ${JSON.stringify(result)}`);
  return result.seq;
}

export async function readAll(log: EventLog, request: Partial<ReadRequest> = {}): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const item of log.read({ after: '0', ...request })) if (item.kind === 'event') events.push(item);
  return events;
}
