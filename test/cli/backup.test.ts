/** Copies of the log: taken beside a running server, restored elsewhere and in place, refused where they are damaged. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ask, avicenna, jsonLines, serve } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { NATS_SERVER, startNats } from '../support/nats.ts';
import { temporaryFolder } from '../support/temporary.ts';

interface Taken {
  readonly epoch: string;
  readonly lastSeq: string;
  readonly events: number;
  readonly kept?: string | null;
  readonly error?: { readonly code: string; readonly at: string };
}

const QUERY =
  '{ patients(first: 20) { edges { node { identifier riskTrajectory(model: "warfarin-dose", first: 9) { edges { node { value observedAt } } } } } } }';
const REGISTER =
  'mutation { registerPatient(input: { idempotencyKey: "key-of-kept-1", identifier: "KEPT-1", birthDate: "1950-01-01", sexAtBirth: FEMALE }) { eventId } }';

async function run(command: 'backup' | 'restore', folder: string, data: string, env: Readonly<Record<string, string>> = {}) {
  const ran = await avicenna([command, folder, '--data', data, '--json'], { env });
  return { code: ran.code, said: jsonLines<Taken>(ran)[0] as Taken };
}

describe('backup and restore', () => {
  let data: string;
  const folder = join(temporaryFolder(), 'monday');
  let before: unknown;
  let taken: Taken;

  it('copies all that was acknowledged, beside the server that runs', async () => {
    data = await dataFolder('DEMO');
    const server = await serve(data);
    try {
      await ask(server.url, REGISTER);
      // The models speak of a new patient a moment after.
      for (let tries = 0; tries < 1200 && !/KEPT-1[^}]*"value"/.test(JSON.stringify(before)); tries += 1) {
        await pause(50);
        before = await ask(server.url, QUERY);
      }
      expect(JSON.stringify(before)).toMatch(/KEPT-1[^}]*"value"/);
      const { code, said } = await run('backup', folder, data);
      expect(code).toBe(0);
      taken = said;
      expect(Number(said.lastSeq)).toBeGreaterThan(100);
      expect(statSync(join(folder, 'events.db')).mode & 0o077).toBe(0);
      // A restore beside it would pull the log from under it.
      const refused = await run('restore', folder, data);
      expect([refused.code, refused.said.error?.code]).toEqual([1, 'DATA_IN_USE']);
      await ask(server.url, REGISTER.replaceAll(/kept-1/gi, 'LOST-1'));
    } finally {
      await server.end('SIGTERM');
    }
  }, 180_000);

  it('does not write over a backup', async () => {
    const { code, said } = await run('backup', folder, data);
    expect([code, said.error?.code]).toEqual([1, 'BAD_USER_INPUT']);
  });

  it.each([
    ['in its place', async () => data],
    ['elsewhere', async () => temporaryFolder()],
  ])(
    'restores %s: the same patients and risks, in another epoch, and no event is told anew',
    async (_where, place) => {
      const target = await place();
      if (target !== data) {
        const without = await run('restore', folder, target);
        expect([without.code, without.said.error?.code, existsSync(join(target, 'events.db'))]).toEqual([1, 'KEY_UNAVAILABLE', false]);
        copyFileSync(join(data, 'master-key'), join(target, 'master-key'));
      }
      const { code, said } = await run('restore', folder, target);
      expect([code, said.lastSeq]).toEqual([0, taken.lastSeq]);
      const server = await serve(target);
      try {
        expect(await ask(server.url, QUERY)).toEqual(before);
        const again = await run('backup', join(temporaryFolder(), 'again'), target);
        expect(again.said).toMatchObject({ lastSeq: taken.lastSeq, events: taken.events });
        expect(again.said.epoch).not.toBe(taken.epoch);
      } finally {
        await server.end('SIGTERM');
      }
      if (target === data) {
        expect(existsSync(said.kept ?? '')).toBe(true);
        expect(said.kept).toContain('events.db.before-');
      } else expect(said.kept).toBeNull();
    },
    120_000,
  );

  it.each([
    ['a folder that is none', (at: string) => mkdirSync(at), 'manifest.json'],
    [
      'a manifest of another form',
      (at: string) => copied(at, 'manifest.json', (text) => text.replace('backup-1', 'backup-9')),
      'manifest.json',
    ],
    ['a log that was changed', (at: string) => copied(at, 'events.db', (text) => text.replace('patient.', 'patienT.')), 'events.db'],
  ])('refuses %s, and leaves the data as they are', async (_what, make, at) => {
    const damaged = join(temporaryFolder(), 'damaged');
    make(damaged);
    const target = temporaryFolder();
    const { code, said } = await run('restore', damaged, target);
    expect([code, said.error]).toEqual([1, expect.objectContaining({ code: 'FILE_UNREADABLE', at: join(damaged, at) })]);
    expect(readdirSync(target).filter((name) => name.startsWith('events'))).toEqual([]);
  });

  it('has the server take the copy, below its data directory, under a new name', async () => {
    const [own, target] = [await dataFolder('DEMO'), await dataFolder('KNOWLEDGE')];
    const server = await serve(own);
    const token = (await avicenna(['token', '--role', 'operator', '--data', own])).stdout.trim();
    const clinician = await avicenna(['backup', 'not-yours', '--url', server.url, '--json']);
    expect(jsonLines<Taken>(clinician)[0]?.error).toMatchObject({ code: 'FORBIDDEN' });
    const asked = async (name: string) => {
      const ran = await avicenna(['backup', name, '--url', server.url, '--json'], { env: { AVICENNA_TOKEN: token } });
      return { code: ran.code, said: jsonLines<Taken & { readonly directory: string }>(ran)[0] };
    };
    try {
      await ask(server.url, REGISTER);
      const { code, said } = await asked('tuesday');
      expect([code, said?.directory]).toEqual([0, join(own, 'backups', 'tuesday')]);
      for (const name of ['tuesday', '../elsewhere', '.hidden', ''])
        expect([name, (await asked(name)).said?.error?.code]).toEqual([name, 'BAD_USER_INPUT']);
    } finally {
      await server.end('SIGTERM');
    }
    const keys = { AVICENNA_MASTER_KEY: readFileSync(join(own, 'master-key'), 'utf8') };
    expect((await run('restore', join(own, 'backups', 'tuesday'), target, keys)).code).toBe(0);
    const again = await serve(target, keys);
    expect(await ask(again.url, '{ patient(identifier: "KEPT-1") { identifier } }').finally(() => again.end('SIGTERM'))).toEqual({
      patient: { identifier: 'KEPT-1' },
    });
  }, 180_000);

  it('refuses to copy a log that is not there', async () => {
    const nowhere = temporaryFolder();
    const { code, said } = await run('backup', join(nowhere, 'b'), nowhere);
    expect([code, said.error?.code, existsSync(join(nowhere, 'b', 'manifest.json'))]).toEqual([1, 'FILE_UNREADABLE', false]);
  });

  /** The backup with one of its files changed. */
  function copied(at: string, name: string, change: (text: string) => string): void {
    mkdirSync(at);
    for (const file of ['manifest.json', 'events.db']) {
      const text = readFileSync(join(folder, file), 'latin1');
      writeFileSync(join(at, file), file === name ? change(text) : text, 'latin1');
    }
  }
});

(NATS_SERVER ? describe : describe.skip)('backup and restore with the log in a stream (NATS_SERVER)', () => {
  it('moves a log from a file into a stream and back, with its sequences; a stream that has events is refused', async () => {
    const [file, stream, back] = [await dataFolder('DEMO'), await dataFolder('KNOWLEDGE'), await dataFolder('KNOWLEDGE')];
    const [first, second] = [join(temporaryFolder(), 'first'), join(temporaryFolder(), 'second')];
    const server = await serve(file);
    const before = await ask(server.url, QUERY).finally(() => server.end('SIGTERM'));
    const taken = (await run('backup', first, file)).said;
    const nats = { NATS_URL: (await startNats()).url, NATS_ALLOW_WEAK: '1' };
    const keys = { AVICENNA_MASTER_KEY: readFileSync(join(file, 'master-key'), 'utf8') };
    const filled = await run('restore', first, stream, { ...nats, ...keys });
    expect([filled.code, filled.said]).toEqual([0, expect.objectContaining({ lastSeq: taken.lastSeq, kept: null })]);
    expect((await run('restore', first, temporaryFolder(), { ...nats, ...keys })).said.error).toMatchObject({
      code: 'BAD_USER_INPUT',
      at: 'NATS_STREAM',
    });
    const again = await serve(stream, nats);
    try {
      expect(await ask(again.url, QUERY)).toEqual(before);
      await ask(again.url, REGISTER);
      const { code, said } = await run('backup', second, stream, nats);
      expect([code, Number(said.lastSeq) > Number(taken.lastSeq), said.epoch === taken.epoch]).toEqual([0, true, false]);
    } finally {
      await again.end('SIGTERM');
    }
    expect((await run('restore', second, back)).code).toBe(0);
    const last = await serve(back);
    expect(await ask(last.url, '{ patient(identifier: "KEPT-1") { identifier } }').finally(() => last.end('SIGTERM'))).toEqual({
      patient: { identifier: 'KEPT-1' },
    });
  }, 180_000);

  it('refuses to serve on a server that may lose what it acknowledged, unless that is allowed', async () => {
    const nats = { NATS_URL: (await startNats()).url };
    const { code, stderr } = await avicenna(['serve', '--data', temporaryFolder(), '--port', '0'], { env: nats });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/LOG_TOO_WEAK/)]);
  }, 180_000);
});
