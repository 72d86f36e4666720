import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { EmbeddedStore } from '../../src/store/embedded/embeddedStore.ts';
import { statement } from '../../src/store/graphStore.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { graphStoreContract } from './contract.ts';
import { count } from './given.ts';

graphStoreContract('the embedded engine', () => EmbeddedStore.open(temporaryFolder()));

describe('a read while a call commits', () => {
  it('sees all of the call or nothing', async () => {
    const store = EmbeddedStore.open(temporaryFolder());
    const pair = [statement('test.one', 'CREATE (n:Pair)'), statement('test.other', 'CREATE (n:Pair)')];
    const writing = (async () => {
      for (let round = 0; round < 30; round += 1) await store.write(pair);
    })();
    const seen = new Set<number>();
    for (let round = 0; round < 30; round += 1) seen.add((await count(store, '(n:Pair)')) % 2);
    await writing;
    expect([...seen]).toEqual([0]);
    await store.close();
  });
});

const HOLDER = fileURLToPath(new URL('./holder.mjs', import.meta.url));

async function hold(folder: string) {
  const child = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

function refusal(folder: string): unknown {
  try {
    EmbeddedStore.open(folder);
  } catch (error) {
    return error;
  }
  throw new Error('the folder was opened twice');
}

describe('the folder of the embedded graph', () => {
  it('is refused with DATA_IN_USE while another process has it, naming that process', async () => {
    const folder = temporaryFolder();
    const child = await hold(folder);
    expect(refusal(folder)).toMatchObject({ code: 'DATA_IN_USE', message: expect.stringContaining(`process ${child.pid}:`) });
    child.kill('SIGTERM');
    await once(child, 'exit');
    const store = EmbeddedStore.open(folder);
    expect(await count(store, '(n:Held)')).toBe(1);
    await store.close();
  });

  it('is open again after its process was killed, with what it had written', async () => {
    const folder = temporaryFolder();
    const child = await hold(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = EmbeddedStore.open(folder);
    expect(await count(store, '(n:Held)')).toBe(1);
    await store.close();
  });

  it('keeps what was written over a close and names no owner afterwards', async () => {
    const folder = temporaryFolder();
    const store = EmbeddedStore.open(folder);
    await Promise.all([store.write([statement('test.one', "CREATE (n:Thing {value: 'a'})")]), store.close()]);
    expect(existsSync(join(folder, 'owner.pid'))).toBe(false);
    const again = EmbeddedStore.open(folder);
    expect(await count(again, '(n:Thing)')).toBe(1);
    await again.close();
  });

  it('says GRAPH_UNAVAILABLE where a file lies in its place', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'not a folder');
    expect(() => EmbeddedStore.open(file)).toThrow(expect.objectContaining({ code: 'GRAPH_UNAVAILABLE', at: file }));
  });
});
