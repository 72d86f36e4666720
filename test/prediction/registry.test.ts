/** What loads, what does not and why, which version answers, and how models are replaced while they are asked. */
import { EventEmitter, once } from 'node:events';
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkRow } from '../../src/prediction/inputs.ts';
import { LiveModels } from '../../src/prediction/liveModels.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { insteadOf, loadModels, modelNamed } from '../../src/prediction/registry.ts';
import { addVersion, changeCard, modelsOf } from '../support/modelFolders.ts';

const NAME = 'warfarin-dose';
const lastByteChanged = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]);

function spoil(folder: string, file: string, change: (bytes: Buffer) => Buffer): void {
  const path = join(folder, NAME, file);
  writeFileSync(path, change(readFileSync(path)));
}

describe('a model whose files do not fit its card', () => {
  it.each([
    ['a model file with one byte changed', 'model.onnx', lastByteChanged, 'MODEL_DIGEST_MISMATCH'],
    ['another calibration set', 'calibration.json', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')]), 'MODEL_DIGEST_MISMATCH'],
    ['another background', 'background.csv', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('\n')]), 'MODEL_DIGEST_MISMATCH'],
    ['a card that is not JSON', 'card.json', () => Buffer.from('{'), 'MODEL_INVALID'],
    [
      'a card without players',
      'card.json',
      (bytes: Buffer) => Buffer.from(bytes.toString().replace('"players"', '"gamers"')),
      'MODEL_INVALID',
    ],
  ])('does not load: %s; the others do', async (_what, file, change, code) => {
    const folder = modelsOf(NAME, 'news2');
    const whole = await loadModels(folder);
    spoil(folder, file, change);
    const loaded = await loadModels(folder);
    const wrong = { code, at: expect.stringContaining(NAME) };
    const version = file === 'card.json' ? null : modelNamed(whole, NAME).card.version;
    expect(loaded.unfit).toEqual([{ folder: join(folder, NAME), name: NAME, version, error: expect.objectContaining(wrong) }]);
    expect(() => modelNamed(loaded, NAME)).toThrow(expect.objectContaining(wrong));
    expect([...loaded.models.keys()]).toEqual(['news2']);
  });

  it.each([
    ['operator set', { opset: 9 }, /operator set is \d+, the card says 9/],
    ['input', { input: 'rows' }, /no input 'rows'; there are: \w+/],
    ['outputs', { outputs: { margin: 'margin', value: 'risk' } }, /no output 'risk'; there are: .*margin/],
  ])('is found where the file is opened: another %s', async (_what, artifact, message) => {
    const folder = modelsOf(NAME);
    changeCard(folder, NAME, (card) => Object.assign(card.artifact, artifact));
    const loaded = await loadModels(folder, { open: true });
    expect(loaded.unfit).toEqual([expect.objectContaining({ name: NAME, error: expect.objectContaining({ code: 'MODEL_INVALID' }) })]);
    expect(loaded.unfit[0]?.error.message).toMatch(message);
    await loaded.close();
  });

  it('is found where the file is opened: another number of columns, and bytes that are no ONNX file', async () => {
    const folder = modelsOf(NAME, 'breast-survival');
    changeCard(folder, NAME, (card) => card.columns.pop());
    const { createHash } = await import('node:crypto');
    const bytes = Buffer.from('no protobuf');
    writeFileSync(join(folder, 'breast-survival', 'model.onnx'), bytes);
    changeCard(folder, 'breast-survival', (card) =>
      Object.assign(card.artifact, { sha256: createHash('sha256').update(bytes).digest('hex') }),
    );
    const loaded = await loadModels(folder, { open: true });
    expect(loaded.unfit.map(({ name, error }) => [name, error.message])).toEqual([
      ['breast-survival', expect.stringContaining('cannot be run')],
      [NAME, expect.stringMatching(/takes \d+ columns, the card makes \d+/)],
    ]);
    await loaded.close();
  });

  it('is a setting that is wrong where there is no folder at all', async () => {
    await expect(loadModels('no-such-folder')).rejects.toMatchObject({ code: 'CONFIG_INVALID', at: 'no-such-folder' });
  });
});

describe('versions side by side', () => {
  it('the newest that is no candidate is in force; each is asked by its version', async () => {
    const folder = modelsOf('news2');
    addVersion(folder, 'news2', '1.10.0');
    addVersion(folder, 'news2', '1.9.0');
    addVersion(folder, 'news2', '2.0.0', { status: 'CANDIDATE' });
    const loaded = await loadModels(folder);
    expect(loaded.versions.get('news2')?.map(({ card }) => card.version)).toEqual(['2.0.0', '1.10.0', '1.9.0', '1.0.0']);
    expect(modelNamed(loaded, 'news2').card.version).toBe('1.10.0');
    expect(modelNamed(loaded, 'news2', '2.0.0').card.version).toBe('2.0.0');
    expect(() => modelNamed(loaded, 'news2', '3.0.0')).toThrow(/'news2 3.0.0'.* 2.0.0 \(candidate\), 1.10.0, 1.9.0, 1.0.0/);
  });

  it('what comes before a release is older than it, and a version is numbers', async () => {
    const folder = modelsOf('news2');
    for (const version of ['1.1.0-rc.1', '1.1.0', '1.1.0-rc.2', '2']) addVersion(folder, 'news2', version);
    addVersion(folder, 'news2', 'newest');
    const loaded = await loadModels(folder);
    expect(loaded.versions.get('news2')?.map(({ card }) => card.version)).toEqual(['2', '1.1.0', '1.1.0-rc.2', '1.1.0-rc.1', '1.0.0']);
    expect(loaded.unfit.map(({ folder: unfit, error }) => [unfit, error.message])).toEqual([
      [join(folder, 'news2-newest'), expect.stringContaining('version')],
    ]);
  });

  it('one that cannot load says what answers instead, where an older one does', async () => {
    const folder = modelsOf(NAME);
    const { version } = modelNamed(await loadModels(folder), NAME).card;
    addVersion(folder, NAME, '99.0.0');
    writeFileSync(join(folder, `${NAME}-99.0.0`, 'model.onnx'), '');
    addVersion(folder, NAME, '0.0.1');
    writeFileSync(join(folder, `${NAME}-0.0.1`, 'model.onnx'), '');
    const loaded = await loadModels(folder);
    const instead = loaded.unfit.map((unfit) => [unfit.version, insteadOf(loaded, unfit)]);
    expect(instead.sort()).toEqual([
      ['0.0.1', null],
      ['99.0.0', version],
    ]);
    expect(() => modelNamed(loaded, NAME, '99.0.0')).toThrow(expect.objectContaining({ code: 'MODEL_DIGEST_MISMATCH' }));
    expect(() => modelNamed(loaded, NAME, '98.0.0')).toThrow(expect.objectContaining({ code: 'MODEL_UNKNOWN' }));
  });

  it('a folder may be a link to one', async () => {
    const folder = modelsOf('news2');
    renameSync(join(folder, 'news2'), `${folder}-elsewhere`);
    symlinkSync(`${folder}-elsewhere`, join(folder, 'news2'));
    expect([...(await loadModels(folder)).models.keys()]).toEqual(['news2']);
  });

  it('twice the same version is neither', async () => {
    const folder = modelsOf('news2');
    addVersion(folder, 'news2', '1.0.0');
    const loaded = await loadModels(folder);
    expect(loaded.models.size).toBe(0);
    expect(loaded.unfit.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('1.0.0 is in news2-1.0.0 too'),
      expect.stringContaining('1.0.0 is in news2 too'),
    ]);
  });
});

describe('models that are replaced while they are asked', () => {
  const PATIENT = { age: '67', heightCm: '170', weightKg: '70' };

  it('answers by the old one what was begun with it, by the new one what comes then', async () => {
    const folder = modelsOf(NAME);
    const models = await LiveModels.open(folder, { graceMs: 50 });
    const before = models.current;
    const old = modelNamed(before, NAME);
    const row = checkRow(old.card, PATIENT);
    const running = Array.from({ length: 20 }, () => predictRows(old, [row, row]));
    addVersion(folder, NAME, '1.1.0');
    rmSync(join(folder, NAME), { recursive: true });
    expect(await models.reload()).toEqual({ outcome: 'REPLACED', unfit: [] });
    expect(modelNamed(models.current, NAME).card.version).toBe('1.1.0');
    const answers = await Promise.all([...running, predictRows(old, [row, row])]);
    expect(new Set(answers.flat().map(({ status }) => status))).toEqual(new Set(['OK']));
    expect((await predictRows(modelNamed(models.current, NAME), [row]))[0]?.status).toBe('OK');
    expect((await models.reload()).outcome).toBe('UNCHANGED');
    await models.close();
  });

  it('keeps all as they are where one would be lost, says which, and goes on once it is mended', async () => {
    const folder = modelsOf(NAME, 'news2');
    const told: string[] = [];
    const models = await LiveModels.open(folder, { onReload: ({ outcome }) => told.push(outcome) });
    const before = models.current;
    const whole = readFileSync(join(folder, NAME, 'model.onnx'));
    spoil(folder, 'model.onnx', lastByteChanged);
    addVersion(folder, 'news2', '1.1.0');
    const { outcome, unfit } = await models.reload();
    expect([outcome, unfit.map(({ name }) => name)]).toEqual(['REFUSED', [NAME]]);
    expect(models.current).toBe(before);
    expect(models.unfit.map(({ name, error }) => [name, error.code])).toEqual([[NAME, 'MODEL_DIGEST_MISMATCH']]);
    const model = modelNamed(models.current, NAME);
    expect((await predictRows(model, [checkRow(model.card, PATIENT)]))[0]?.status).toBe('OK');
    writeFileSync(join(folder, NAME, 'model.onnx'), whole);
    expect((await models.reload()).outcome).toBe('REPLACED');
    expect([models.unfit, modelNamed(models.current, 'news2').card.version]).toEqual([[], '1.1.0']);
    expect(told).toEqual(['REFUSED', 'REPLACED']);
    await models.close();
  });

  it('sees each time that a file takes the place of another', async () => {
    const folder = modelsOf('news2');
    const told = new EventEmitter();
    const models = await LiveModels.open(folder, { onReload: ({ outcome }) => told.emit('told', outcome) });
    models.watch();
    for (const version of ['1.1.0', '1.2.0']) {
      const reloaded = once(told, 'told');
      const card = join(folder, 'news2', 'card.json');
      writeFileSync(`${card}.new`, JSON.stringify({ ...JSON.parse(readFileSync(card, 'utf8')), version }));
      renameSync(`${card}.new`, card);
      expect(await reloaded).toEqual(['REPLACED']);
      expect(modelNamed(models.current, 'news2').card.version).toBe(version);
    }
    await models.close();
    expect((await models.reload()).outcome).toBe('UNCHANGED');
  });
});
