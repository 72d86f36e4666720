/** Models as an operator handles them: a broken one, two versions of one, and a change while requests come in. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, avicenna, jsonLines, type Serving, serve } from '../support/commandLine.ts';
import { addVersion, modelsOf } from '../support/modelFolders.ts';

interface Ready {
  readonly status: string;
  readonly degraded?: readonly {
    readonly model: string;
    readonly version: string | null;
    readonly instead: string | null;
    readonly code: string;
    readonly message: string;
  }[];
}

const ASKED = `query ($version: String) {
  patient(identifier: "DEMO-0001") { prediction(model: "warfarin-dose", version: $version) { status model { version } } }
}`;
interface Asked {
  readonly patient: { readonly prediction: { readonly status: string; readonly model: { readonly version: string } } };
}

describe('a server with a folder of models of its own', () => {
  const data = mkdtempSync(join(tmpdir(), 'avicenna-'));
  let models: string;
  let server: Serving;
  const ready = async () => (await (await fetch(`${server.url}/readyz`)).json()) as Ready;
  const version = async (asked: string | null = null) => {
    const { patient } = await ask<Asked>(server.url, ASKED, { version: asked });
    return patient.prediction.model.version;
  };
  const until = async (wanted: () => Promise<boolean>) => {
    for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) if (await wanted()) return;
    throw new Error('it did not come to that');
  };

  beforeAll(async () => {
    models = modelsOf('warfarin-dose', 'news2', 'sepsis-early-warning', 'predict-breast');
    writeFileSync(join(models, 'sepsis-early-warning', 'model.onnx'), 'another file');
    server = await serve(data, { AVICENNA_MODELS: models });
  }, 180_000);

  afterAll(async () => {
    await server.end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  });

  it('starts without the one that does not fit its card, and says which and why', async () => {
    const { status, degraded } = await ready();
    expect(status).toBe('ok');
    expect(degraded).toEqual([
      {
        model: 'sepsis-early-warning',
        version: '1.0.0',
        instead: null,
        code: 'MODEL_DIGEST_MISMATCH',
        message: expect.stringContaining('the card says 005a333448a7'),
      },
    ]);
    expect(await version()).toBe('1.0.0');
    await expect(ask(server.url, '{ model(name: "sepsis-early-warning") { title } }')).rejects.toThrow('the card says 005a333448a7');
    const listed = await ask<{ models: { name: string; ofRecord: boolean }[] }>(server.url, '{ models { name ofRecord } }');
    expect(listed.models).toEqual([
      { name: 'news2', ofRecord: true },
      { name: 'predict-breast', ofRecord: false },
      { name: 'warfarin-dose', ofRecord: true },
    ]);
  });

  it('takes up a candidate at SIGHUP, which answers only where it is asked for', async () => {
    addVersion(models, 'warfarin-dose', '2.0.0', {
      status: 'CANDIDATE',
      changeLog: [{ version: '2.0.0', date: '2026-01-31', change: 'Tried.' }],
    });
    process.kill(server.pid, 'SIGHUP');
    const query =
      '{ model(name: "warfarin-dose", version: "2.0.0") { version changeLog { version date change } versions { version inForce candidate } } }';
    let model: unknown;
    await until(async () => {
      model = await ask<{ model: unknown }>(server.url, query).catch(() => null);
      return model !== null;
    });
    expect(model).toEqual({
      model: {
        version: '2.0.0',
        changeLog: [{ version: '2.0.0', date: '2026-01-31', change: 'Tried.' }],
        versions: [
          { version: '2.0.0', inForce: false, candidate: true },
          { version: '1.0.0', inForce: true, candidate: false },
        ],
      },
    });
    expect([await version(), await version('2.0.0')]).toEqual(['1.0.0', '2.0.0']);
    await expect(version('3.0.0')).rejects.toThrow("No model 'warfarin-dose 3.0.0' is loaded");
  });

  it('changes to another version while requests come in, and drops none', async () => {
    let changed = false;
    const asked: string[] = [];
    const askOn = async () => {
      while (!changed) asked.push(await version());
    };
    const asking = Promise.all([askOn(), askOn(), askOn(), askOn()]);
    addVersion(models, 'warfarin-dose', '1.1.0');
    await until(async () => (await version()) === '1.1.0');
    changed = true;
    await asking;
    expect(new Set(asked)).toEqual(new Set(['1.0.0', '1.1.0']));
  });

  it('goes on with what it has where a file is spoilt, and says so until it is mended', async () => {
    const path = join(models, 'warfarin-dose-1.1.0', 'background.csv');
    const whole = readFileSync(path);
    writeFileSync(path, 'spoilt');
    await until(async () => ((await ready()).degraded ?? []).length === 2);
    expect((await ready()).degraded?.map(({ model, instead }) => [model, instead])).toEqual([
      ['sepsis-early-warning', null],
      ['warfarin-dose', '1.1.0'],
    ]);
    expect(await version()).toBe('1.1.0');
    writeFileSync(path, whole);
    await until(async () => ((await ready()).degraded ?? []).length === 1);
  });

  it('commands ask a version as NAME@VERSION', async () => {
    const run = (name: string) => avicenna(['card', name, '--format', 'json'], { env: { AVICENNA_MODELS: models } });
    expect(JSON.parse((await run('warfarin-dose@1.0.0')).stdout)).toMatchObject({ name: 'warfarin-dose', version: '1.0.0' });
    expect(JSON.parse((await run('warfarin-dose')).stdout)).toMatchObject({ version: '1.1.0' });
    const wrong = await run('sepsis-early-warning');
    expect([wrong.code, wrong.stdout + wrong.stderr]).toEqual([1, expect.stringContaining('MODEL_DIGEST_MISMATCH')]);
    expect(jsonLines(await avicenna(['predict', 'news2@9', '--rows', 'x.csv', '--json']))).toEqual([
      { error: { code: 'MODEL_UNKNOWN', message: expect.stringContaining("No model 'news2 9'"), at: 'model' } },
    ]);
  });
});
