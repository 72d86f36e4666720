/** Copies of the log: taken beside a running server, restored elsewhere and in place, refused where they are damaged. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ask, avicenna, jsonLines, serve } from '../support/commandLine.ts';
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
  'mutation { registerPatient(input: { idempotencyKey: "kept-1", identifier: "KEPT-1", birthDate: "1950-01-01", sexAtBirth: FEMALE }) { eventId } }';

async function run(command: 'backup' | 'restore', folder: string, data: string) {
  const ran = await avicenna([command, folder, '--data', data, '--json']);
  return { code: ran.code, said: jsonLines<Taken>(ran)[0] as Taken };
}

describe('backup and restore', () => {
  const data = temporaryFolder();
  const folder = join(temporaryFolder(), 'monday');
  let before: unknown;
  let taken: Taken;

  it('copies all that was acknowledged, beside the server that runs', async () => {
    const server = await serve(data);
    try {
      await ask(server.url, REGISTER);
      before = await ask(server.url, QUERY);
      const { code, said } = await run('backup', folder, data);
      expect(code).toBe(0);
      taken = said;
      expect(Number(said.lastSeq)).toBeGreaterThan(100);
      expect(statSync(join(folder, 'events.db')).mode & 0o077).toBe(0);
      // A restore beside it would pull the log from under it.
      const refused = await run('restore', folder, data);
      expect([refused.code, refused.said.error?.code]).toEqual([1, 'DATA_IN_USE']);
      await ask(server.url, REGISTER.replace('kept-1', 'lost-1').replace('KEPT-1', 'LOST-1'));
    } finally {
      await server.end('SIGTERM');
    }
  }, 60_000);

  it('does not write over a backup', async () => {
    const { code, said } = await run('backup', folder, data);
    expect([code, said.error?.code]).toEqual([1, 'BAD_USER_INPUT']);
  });

  it.each([
    ['in its place', () => data],
    ['elsewhere', temporaryFolder],
  ])(
    'restores %s: the same patients and risks, in another epoch, and no event is told anew',
    async (_where, place) => {
      const target = place();
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
