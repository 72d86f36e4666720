/** Covers from a file of the card: the path-dependent game by them is the game by the rows that they were counted on. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countCovers, readCovers } from '../../src/explanation/games/covers.ts';
import { scoreGame } from '../../src/explanation/games/scoreGame.ts';
import { forestRow } from '../../src/explanation/games/unfold.ts';
import { modelGame, pathDependentGame } from '../../src/explanation/modelGame.ts';
import { readModel } from '../../src/explanation/onnx/readModel.ts';
import { playerColumns } from '../../src/prediction/card.ts';
import { type LoadedModel, loadModels, type ModelRegistry } from '../../src/prediction/registry.ts';
import { changeCard, modelsOf } from '../support/modelFolders.ts';

const NAME = 'sepsis-early-warning-vitals';
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

describe('covers of the card', () => {
  const models = modelsOf(NAME);
  const folder = join(models, NAME);
  const opened: ModelRegistry[] = [];
  let plain: LoadedModel;
  let rows: Float64Array[];
  let score: NonNullable<ReturnType<typeof readModel>['raw']>[number];

  async function load(): Promise<LoadedModel> {
    const registry = await loadModels(models);
    opened.push(registry);
    const model = registry.models.get(NAME);
    if (!model) throw registry.unfit[0]?.error ?? new Error('not loaded');
    return model;
  }

  /** The model with a file of covers beside it. */
  async function withCovers(text: string, sha256 = digest(text)): Promise<LoadedModel> {
    writeFileSync(join(folder, 'covers.json'), text);
    const covers = { file: 'covers.json', sha256, madeFrom: 'some of the background, twice' };
    changeCard(models, NAME, (card) => Object.assign(card, { covers }));
    return load();
  }

  const coversText = (of: readonly Float64Array[]) => {
    const ensembles = [...new Set(score.forests.map(({ forest }) => forest))].map((forest) => {
      const { reached, onTrue } = countCovers(
        forest.ensemble,
        of.map((row) => forestRow(forest, row)),
      );
      return { reached: [...reached], onTrue: [...onTrue] };
    });
    return JSON.stringify({ ensembles });
  };

  beforeAll(async () => {
    plain = await load();
    const file = readModel(readFileSync(join(folder, 'model.onnx')), 'model.onnx');
    rows = (await plain.background()).map(({ columns }) => columns.map(file.rounded));
    const [raw] = file.raw ?? [];
    if (!raw) throw new Error('no trees');
    score = raw;
  });
  afterAll(() => Promise.all(opened.map((registry) => registry.close())));

  it('are counted on the background where the card names none', async () => {
    const row = rows[3] as Float64Array;
    const counted = await pathDependentGame(plain, row, 'MARGIN');
    const own = await pathDependentGame(await withCovers(coversText(rows)), row, 'MARGIN');
    expect(own.base).toBeCloseTo(counted.base, 10);
    for (const [player, value] of own.values.entries()) expect(value).toBeCloseTo(counted.values[player] as number, 10);
    expect([...counted.values]).not.toEqual([...(await modelGame(plain, row, 'MARGIN')).values]);
  });

  it('make the game of the rows that they were counted on, interactions too', async () => {
    const others = rows.slice(0, 20);
    const owners = playerColumns(plain.card).flatMap((columns, player) => columns.map((column) => [column, player] as const));
    const playerOf = new Map(owners);
    const expected = scoreGame(score, {
      game: 'path-dependent',
      background: others,
      players: plain.card.players.length,
      playerOf: (column) => playerOf.get(column) as number,
      tableLimit: 0,
    });
    const model = await withCovers(coversText([...others, ...others]));
    for (const row of rows.slice(40, 44)) {
      const [wanted] = expected.play([row], true);
      const found = await pathDependentGame(model, row, 'MARGIN', true);
      expect(found.base).toBeCloseTo(wanted?.base ?? Number.NaN, 10);
      for (const [player, value] of found.values.entries()) expect(value).toBeCloseTo(wanted?.values[player] as number, 10);
      for (const [pair, value] of found.interactions?.entries() ?? [])
        expect(value).toBeCloseTo(wanted?.interactions?.[pair] as number, 10);
      expect(found.values.reduce((sum, value) => sum + value, found.base)).toBeCloseTo(found.full, 9);
    }
  });

  it.each([
    ['no JSON', '{', /no JSON/],
    ['another number of ensembles', '{"ensembles":[]}', /Covers of 0 ensembles/],
    ['other trees', '{"ensembles":[{"reached":[1],"onTrue":[1]}]}', /covers of 1 and 1 nodes/],
    ['a text', '{"ensembles":[{"reached":["many"],"onTrue":[1]}]}', /ensembles\.0\.reached\.0/],
  ])('are refused where the file is %s', async (_what, text, message) => {
    const model = await withCovers(text);
    await expect(pathDependentGame(model, rows[0] as Float64Array, 'MARGIN')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('are refused where more rows go on than reach a branch', () => {
    const text = JSON.parse(coversText(rows)) as { ensembles: { reached: number[]; onTrue: number[] }[] };
    (text.ensembles[0] as { onTrue: number[] }).onTrue[0] = 1e6;
    const ensembles = [...new Set(score.forests.map(({ forest }) => forest.ensemble))];
    expect(() => readCovers(JSON.stringify(text), ensembles, 'covers.json')).toThrow(/more rows go on from node 1 than reach it/);
  });

  it('of another digest do not load', async () => {
    await expect(withCovers(coversText(rows), digest('another'))).rejects.toMatchObject({ code: 'MODEL_DIGEST_MISMATCH' });
  });

  it('are of trees on their raw score alone', async () => {
    await expect(pathDependentGame(plain, rows[0] as Float64Array, 'VALUE')).rejects.toMatchObject({ code: 'METHOD_NOT_AVAILABLE' });
  });
});
