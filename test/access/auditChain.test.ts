/** The chain of entries: nothing in it can be altered, removed or put elsewhere unnoticed, whoever holds the log. */
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemActor } from '../../src/access/actor.ts';
import { Audit } from '../../src/access/audit/audit.ts';
import { AuditChain } from '../../src/access/audit/auditChain.ts';
import { type AuditEntry, decodeEntry, encodeEntry, type Head, subjectOf } from '../../src/access/audit/entry.ts';
import { accessOf } from '../../src/access/audit/noted.ts';
import { newSigningKey, signingKey } from '../../src/access/audit/signing.ts';
import { ChainVerifier, type Verification } from '../../src/access/audit/verifyChain.ts';
import type { EventLog, LogEvent } from '../../src/events/eventLog.ts';
import { SqliteLog } from '../../src/events/sqlite/sqliteLog.ts';
import { sha256Of } from '../../src/sha256.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ACTOR = systemActor('tester');
const KEY = signingKey(newSigningKey());
const read = (patient: string) =>
  ({ kind: 'ACCESS', ...accessOf(ACTOR, { document: null, operation: 'test' }, { action: 'READ', patient }) }) as const;

async function entriesOf(log: EventLog): Promise<LogEvent[]> {
  const all: LogEvent[] = [];
  for await (const item of log.read({ after: '0' })) if (item.kind === 'event') all.push(item);
  return all;
}

function verify(entries: readonly LogEvent[], heads: readonly Head[] = [], trusted: readonly string[] | null = null): Verification {
  const verifier = new ChainVerifier(trusted);
  for (const head of heads) verifier.expect(head);
  for (const entry of entries) verifier.take(entry);
  return verifier.end();
}

interface Written {
  readonly entries: readonly LogEvent[];
  readonly heads: readonly Head[];
}

/** Some writers, one after another and two at once, each of which signs in the middle and at its end. */
async function written(): Promise<Written> {
  const log = new SqliteLog(join(temporaryFolder(), 'audit.db'));
  const heads: Head[] = [];
  const open = () => new AuditChain({ log, key: () => KEY, onSeal: ({ writer, n, hash }) => heads.push({ writer, n, hash }) });
  for (let run = 0; run < 2; run += 1) {
    const chains = [open(), open()];
    for (const chain of chains) await chain.add([read('a'), read('b')]);
    await chains[0]?.seal();
    await Promise.all(chains.flatMap((chain) => Array.from({ length: 8 }, (_, at) => chain.add([read(`p${at}`)]))));
    for (const chain of chains) await chain.close();
  }
  const entries = await entriesOf(log);
  await log.close();
  return { entries, heads };
}

type Entries = readonly LogEvent[];
const writerOf = (one: LogEvent | undefined) => one && decodeEntry(one.body)?.writer;

/** What somebody who holds the log may do to it; null where it would change nothing that is bound: entries of two writers may stand either way. */
const TAMPERING: Readonly<Record<string, (entries: Entries, at: number, other: number) => LogEvent[] | null>> = {
  remove: (entries, at) => entries.toSpliced(at, 1),
  cut: (entries, at) => entries.slice(0, at),
  alter: (entries, at) => {
    const entry = entries[at] as LogEvent;
    return entries.with(at, {
      ...entry,
      body: Buffer.from(
        Buffer.from(entry.body)
          .toString()
          .replace(/"at":"2/, '"at":"1'),
      ),
    });
  },
  forge: (entries, at) => {
    const entry = entries[at] as LogEvent;
    const said = decodeEntry(entry.body);
    if (!said) throw new Error('not an entry');
    const body = encodeEntry({ ...said, at: '2001-01-01T00:00:00.000Z' });
    return entries.with(at, { ...entry, body, msgId: sha256Of(body) });
  },
  swap: (entries, at, other) =>
    at === other || writerOf(entries[at]) !== writerOf(entries[other])
      ? null
      : entries.with(at, entries[other] as LogEvent).with(other, entries[at] as LogEvent),
};

describe('the chain of the audit', () => {
  it('is found whole as it was written, by several writers at once', async () => {
    const { entries, heads } = await written();
    expect(verify(entries, heads, [KEY.publicKey])).toEqual({ entries: entries.length, writers: 4, seals: 6, unsealed: 0, faults: [] });
  });

  it('shows each entry that is altered, removed, repeated or put elsewhere', async () => {
    const { entries, heads } = await written();
    const place = fc.nat({ max: entries.length - 1 });
    const faults = (changed: readonly LogEvent[]) => verify(changed, heads, [KEY.publicKey]).faults.length;
    fc.assert(
      fc.property(place, place, fc.constantFrom(...Object.values(TAMPERING)), (at, other, tamper) => {
        const changed = tamper(entries, at, other);
        fc.pre(changed !== null);
        return faults(changed) > 0;
      }),
      { numRuns: 400 },
    );
  });

  it('does not take a chain for its own that somebody else has made anew from some entry on', async () => {
    const { entries, heads } = await written();
    const writer = decodeEntry(entries[0]?.body as Uint8Array)?.writer;
    let prev = '';
    const forged = entries.map((one) => {
      const said = decodeEntry(one.body);
      if (said?.writer !== writer || !said) return one;
      const body = encodeEntry({ ...said, prev, ...(said.kind === 'ACCESS' && { actor: 'somebody else' }) } as typeof said);
      prev = sha256Of(body);
      return { ...one, body, msgId: prev, subject: subjectOf(said) };
    });
    const kinds = (found: Verification) => new Set(found.faults.map(({ fault }) => fault));
    expect(kinds(verify(forged)).has('SIGNATURE')).toBe(true);
    expect(kinds(verify(entries, heads, [signingKey(newSigningKey()).publicKey]))).toEqual(new Set(['UNKNOWN_KEY']));
  });

  it('shows a chain whose signatures were taken away, by what others signed of it and by how long it is without one', async () => {
    const { entries } = await written();
    const writer = writerOf(entries[0]);
    let prev = '';
    const unsigned = entries.map((one) => {
      const said = decodeEntry(one.body);
      if (said?.writer !== writer || !said) return one;
      const { n, at } = said;
      const other = said.kind === 'SEAL' ? { ...read('filler'), writer: said.writer, n, at } : said;
      const body = encodeEntry({ ...other, prev, ...(other.kind === 'ACCESS' && { actor: 'somebody else' }) } as typeof said);
      prev = sha256Of(body);
      return { ...one, body, msgId: prev, subject: subjectOf({ ...other, prev } as typeof said) };
    });
    // A later writer has signed the head of this one, with its hash.
    expect(verify(unsigned).faults).toContainEqual(expect.objectContaining({ fault: 'ALTERED', writer }));
    const alone = unsigned.filter((one) => writerOf(one) === writer);
    expect(verify(alone).faults).toEqual([]);
    let last = '';
    const long = alone.map((one, place) => {
      const said = decodeEntry(one.body);
      if (!said) throw new Error('not an entry');
      const at = new Date(Date.now() + place * 5 * 60_000).toISOString();
      const body = encodeEntry(said.kind === 'OPENED' ? said : { ...said, prev: last, at });
      last = sha256Of(body);
      return { ...one, body, msgId: last };
    });
    expect(verify(long).faults).toContainEqual(expect.objectContaining({ fault: 'UNSEALED' }));
  });

  it('takes no chain of somebody without the key that it names, nor one that names none', async () => {
    const { entries } = await written();
    const opened = decodeEntry(entries[0]?.body as Uint8Array);
    if (opened?.kind !== 'OPENED') throw new Error('not the first entry');
    const asEvent = (entry: AuditEntry, seq: number): LogEvent => {
      const body = encodeEntry(entry);
      return { kind: 'event', seq: String(seq), subject: subjectOf(entry), msgId: sha256Of(body), body };
    };
    const faultsOf = (entry: AuditEntry) =>
      verify([...entries, asEvent(entry, 1000)], [], [KEY.publicKey]).faults.map(({ fault }) => fault);
    expect(faultsOf({ ...opened, writer: 'made-up', after: [] })).toEqual(['SIGNATURE']);
    expect(faultsOf({ ...read('a'), writer: 'made-up', n: 1, prev: '', at: opened.at })).toEqual(['UNKNOWN_KEY']);
  });

  it.each([
    ['in one call', (chain: AuditChain) => chain.add(Array.from({ length: 2500 }, (_, at) => read(`p${at}`)))],
    ['one by one at once', (chain: AuditChain) => Promise.all(Array.from({ length: 2500 }, (_, at) => chain.add([read(`p${at}`)])))],
  ])('is signed in time also where very many come %s', async (_how, add) => {
    const log = new SqliteLog(join(temporaryFolder(), 'audit.db'));
    const chain = new AuditChain({ log, key: () => KEY, onSeal: () => undefined });
    await add(chain);
    await chain.close();
    const found = verify(await entriesOf(log), [], [KEY.publicKey]);
    await log.close();
    expect([found.faults, found.seals >= 3, found.entries - found.seals]).toEqual([[], true, 2501]);
  });

  it('names what a crash left unsigned, and the next writer what came before it', async () => {
    const log = new SqliteLog(join(temporaryFolder(), 'audit.db'));
    const crashed = new AuditChain({ log, key: () => KEY, onSeal: () => undefined });
    await crashed.add([read('a')]);
    const next = new AuditChain({ log, key: () => KEY, onSeal: () => undefined });
    await next.add([read('b')]);
    await next.close();
    const entries = await entriesOf(log);
    await log.close();
    expect(verify(entries)).toMatchObject({ unsealed: 2, faults: [] });
    const gone = entries.filter(({ body }) => decodeEntry(body)?.writer !== decodeEntry(entries[0]?.body as Uint8Array)?.writer);
    expect(verify(gone).faults).toMatchObject([{ fault: 'MISSING' }]);
  });

  it('gives nothing to see where it cannot be written, and has no gap once it can again', async () => {
    const folder = temporaryFolder();
    const sqlite = new SqliteLog(join(folder, 'audit.db'));
    let isAway = false;
    const log = new Proxy(sqlite, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (name === 'append' && isAway) return () => Promise.reject(new Error('the disk is full'));
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const audit = new Audit({ open: async () => log, key: () => KEY, onSeal: () => undefined });
    const record = (patient: string) => {
      const { kind: _kind, ...access } = read(patient);
      return audit.record([access]);
    };
    await record('a');
    isAway = true;
    for (let tries = 0; tries < 3; tries += 1) await expect(record('b')).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    isAway = false;
    await record('c');
    expect(await audit.verify([KEY.publicKey], [])).toMatchObject({ faults: [] });
    expect((await audit.trail('c', null, 10)).map(({ entry: { action } }) => action)).toEqual(['READ']);
    await audit.close();
  });
});
