/** Payloads sealed per patient, over a log in a file. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../src/events/envelope.ts';
import type { LogEvent } from '../../src/events/eventLog.ts';
import { MasterKeys, newMasterKey, parseMasterKeys } from '../../src/events/sealed/masterKeys.ts';
import { PatientKeys } from '../../src/events/sealed/patientKeys.ts';
import { SealedLog } from '../../src/events/sealed/sealedLog.ts';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { temporaryFolder } from '../support/temporary.ts';

const masterOf = (text: string) => new MasterKeys({ name: 'test', read: () => parseMasterKeys(text, 'test') });

function envelopeOf(patient: string, payload: Uint8Array, more: Partial<Envelope> = {}) {
  const envelope = {
    ...{ id: randomUUID(), type: 'allergy.recorded', version: 1, subject: patient, actor: 'a', purpose: 'TREATMENT' },
    ...{ recordedAt: '2026-03-01T08:00:00.000Z', observedAt: '2026-03-01T08:00:00.000Z', keyId: null, payload },
    ...more,
  };
  return { subject: `patient.${patient}`, msgId: envelope.id, body: encodeEnvelope(envelope) };
}

async function eventsOf(log: SealedLog | SqliteLog): Promise<LogEvent[]> {
  const found: LogEvent[] = [];
  for await (const item of log.read({ after: '0' })) if (item.kind === 'event') found.push(item);
  return found;
}
const payloadsOf = async (log: SealedLog | SqliteLog) =>
  (await eventsOf(log)).map(({ seq, body }) => Buffer.from(decodeEnvelope(seq, body).payload));

describe('a log whose payloads are sealed', () => {
  const master = newMasterKey();
  let file: string;
  let inner: SqliteLog;
  let log: SealedLog;

  beforeEach(() => {
    file = join(temporaryFolder(), 'events.db');
    inner = new SqliteLog(file);
    log = new SealedLog(inner, new PatientKeys(inner, masterOf(master)));
  });
  afterEach(() => log.close());

  it('gives back the bytes that were appended, whatever they are, and has none of them in its file', async () => {
    const sent: Buffer[] = [];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.constantFrom('one', 'two'), async (bytes, patient) => {
        sent.push(Buffer.from(bytes));
        await log.append([envelopeOf(patient, bytes)]);
      }),
      { numRuns: 60 },
    );
    const marked = Buffer.from('a text that is in no other file');
    await log.append([envelopeOf('one', marked)]);
    expect(await payloadsOf(log)).toEqual([...sent, marked]);
    await log.close();
    expect(readFileSync(file).includes(marked)).toBe(false);
  });

  it('does not open a payload under another event, of the same patient or of another', async () => {
    await log.append([envelopeOf('one', Buffer.from('{}')), envelopeOf('two', Buffer.from('{}'))]);
    const [first] = await eventsOf(inner);
    const { payload, ...head } = decodeEnvelope('', (first as LogEvent).body);
    const moved = ['one', 'two'].map((patient) => envelopeOf(patient, payload, { keyId: head.keyId }));
    await inner.append(moved);
    const [, , ...read] = await payloadsOf(log);
    expect(read).toEqual([Buffer.from(payload), Buffer.from(payload)]);
  });

  it('writes nothing of an erased patient and all else of the same call', async () => {
    await log.append([envelopeOf('one', Buffer.from('{}'))]);
    await log.append([envelopeOf('one', Buffer.from('{"reason":"UNLAWFUL"}'), { type: 'patient.erased' })]);
    await log.erase('patient.one');
    const results = await log.append([envelopeOf('one', Buffer.from('{"late":1}')), envelopeOf('two', Buffer.from('{"other":2}'))]);
    expect(results).toEqual([
      { seq: '2', duplicate: true },
      { seq: '3', duplicate: false },
    ]);
    expect((await payloadsOf(log)).map(String)).toEqual(['{"reason":"UNLAWFUL"}', '{"other":2}']);
    const conflict = await log.append([
      { ...envelopeOf('one', Buffer.from('{}')), expectSubjectSeq: '2' },
      envelopeOf('two', Buffer.from('{"lost":1}')),
    ]);
    expect(conflict).toEqual([
      { conflict: true, lastSubjectSeq: '2' },
      { conflict: true, lastSubjectSeq: '2' },
    ]);
    expect((await eventsOf(inner)).length).toBe(3);
  });

  it('takes from what was recorded before payloads were sealed what it said', async () => {
    await inner.append([envelopeOf('old', Buffer.from('{"never":"sealed"}'))]);
    expect((await payloadsOf(log)).map(String)).toEqual(['{"never":"sealed"}']);
    await log.erase('patient.old');
    expect(await payloadsOf(log)).toEqual([]);
    await log.close();
    expect(readFileSync(file).includes('never')).toBe(false);
  });

  it('stops at a key that is not there and was not destroyed, and names it', async () => {
    await log.append([envelopeOf('one', Buffer.from('{}'))]);
    const other = new SealedLog(inner, new PatientKeys(inner, masterOf(newMasterKey())));
    await expect(payloadsOf(other)).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE', at: 'test' });
    await inner.append([envelopeOf('nobody', randomBytes(40), { keyId: '1' })]);
    await expect(payloadsOf(log)).rejects.toMatchObject({ code: 'KEY_UNAVAILABLE', at: 'patient.nobody' });
  });

  it('refuses what are no master keys', () => {
    for (const text of ['', 'c2hvcnQ=', `${newMasterKey()} c2hvcnQ=`])
      expect(() => parseMasterKeys(text, 'here')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', at: 'here' }));
  });
});
