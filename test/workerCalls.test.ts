import { describe, expect, it } from '@jest/globals';
import { Calls } from '../src/workerCalls.ts';

interface Asked {
  readonly ticket: number;
  readonly what: unknown;
}
interface Said {
  readonly ticket: number;
  readonly said: unknown;
}

const make = (onLoss?: () => void) => new Calls<Asked, Said>(new URL('./support/echoWorker.mjs', import.meta.url), onLoss);

describe('questions to a worker thread', () => {
  it('are answered each by its own answer, in any order', async () => {
    const calls = make();
    const answers = await Promise.all([calls.ask({ what: 'slow' }), calls.ask({ what: 'quick' })]);
    expect(answers.map(({ said }) => said)).toEqual(['slow', 'quick']);
    await calls.close();
  });

  it.each(['exit', 'throw'])('fail where the thread ends (%s), and the next is answered by another', async (what) => {
    let lost = 0;
    const calls = make(() => {
      lost += 1;
    });
    const failing = [calls.ask({ what: 'slow' }), calls.ask({ what })];
    for (const asked of failing) await expect(asked).rejects.toThrow(what === 'exit' ? 'its thread has ended' : 'thrown inside');
    expect(lost).toBe(1);
    expect((await calls.ask({ what: 'again' })).said).toBe('again');
    await calls.close();
  });

  it('wait for their answers when it is closed, twice; after that none is taken', async () => {
    const calls = make();
    const asked = calls.ask({ what: 'slow' });
    await Promise.all([calls.close(), calls.close()]);
    expect((await asked).said).toBe('slow');
    await expect(calls.ask({ what: 'late' })).rejects.toThrow('closed');
  });

  it('that cannot be sent fail, and do not hold up the end', async () => {
    const calls = make();
    await expect(calls.ask({ what: () => undefined })).rejects.toThrow(/clone/);
    await calls.close();
  });
});
