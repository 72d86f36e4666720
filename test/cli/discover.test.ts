import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Ranking } from '../../src/discovery/discover.ts';
import { loadNetwork } from '../../src/discovery/loadNetwork.ts';
import { featuresTo, prepare } from '../../src/discovery/pairFeatures.ts';
import { columnsOf, questionOf } from '../../src/discovery/question.ts';
import { OnnxRunner } from '../../src/prediction/onnxScorer.ts';
import { loadFolder } from '../../src/prediction/registry.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { PUBLISHED, publisherFiles, table } from '../support/publisherFiles.ts';
import { temporaryFolder } from '../support/temporary.ts';

type Answer = Ranking & { readonly release: string; readonly model: string; readonly digest: string };

/** The made-up network with a third compound that is like the one which treats the first disease, acts on its gene and is of its class. */
const NETWORK: Readonly<Record<string, string>> = {
  ...PUBLISHED,
  'net/CrC.tsv': table(['compound_a', 'compound_b'], ['DB90001', 'DB90003']),
  'net/CpD.tsv': table(['compound', 'disease', 'licence', 'source'], ['DB90002', 'DOID:900001', 'CC0 1.0', 'MadeUp']),
  'net/PCiC.tsv': table(
    ['class_id', 'class_name', 'class_source', 'class_type', 'compound', 'compound_name'],
    ['N1', 'Made-up class', 'FDA', 'Pharmacological Action', 'DB90001', 'Alphacain'],
    ['N1', 'Made-up class', 'FDA', 'Pharmacological Action', 'DB90003', 'Gammanib'],
  ),
};

describe('avicenna discover', () => {
  const data = temporaryFolder();
  const discover = (question: string, ...more: string[]) => avicenna(['discover', question, '--data', data, '--json', ...more]);

  beforeAll(async () => {
    const ran = await avicenna([
      'release',
      'build',
      '--from',
      publisherFiles(NETWORK),
      '--name',
      'one',
      '--data',
      data,
      '--accept-licence',
    ]);
    expect(ran.code).toBe(0);
  }, 180_000);

  it('ranks every compound for every disease, says what is known, and shows the paths that carry a score', async () => {
    const ran = await discover('treatments');
    expect(ran.code).toBe(0);
    const answers = jsonLines<Answer>(ran);
    expect(answers.map(({ disease, release, model }) => [disease, release, model])).toEqual([
      ['DOID:900001', 'one', 'treatment-discovery'],
      ['DOID:900002', 'one', 'treatment-discovery'],
    ]);
    const items = answers[0]?.items ?? [];
    expect(items.map(({ id }) => id).sort()).toEqual(['DB90001', 'DB90002', 'DB90003']);
    expect(items.map(({ score }) => score)).toEqual([...items.map(({ score }) => score)].sort((a, b) => b - a));
    expect(items.find(({ id }) => id === 'DB90001')).toMatchObject({ name: 'Alphacain', known: true, stated: [] });
    expect(items.find(({ id }) => id === 'DB90002')).toMatchObject({ known: false, stated: ['PALLIATES'] });
    const ways = items
      .find(({ id }) => id === 'DB90003')
      ?.paths.map(({ nodes, steps }) => [
        nodes.map(({ name }) => name).join(' - '),
        steps.map(({ relation, sources }) => `${relation} (${sources.join()})`),
      ]);
    expect(ways).toContainEqual([
      'Gammanib - Made-up class - Alphacain - first disease',
      ['HAS_CLASS (DrugCentral (FDA))', '<HAS_CLASS (DrugCentral (FDA))', 'TREATS (MadeUp)'],
    ]);
  }, 180_000);

  it('leaves out what classes of drugs say where that is asked for', async () => {
    const [answer] = jsonLines<Answer>(await discover('treatments', '--without', 'drug-classes', '--disease', 'DOID:900001'));
    expect(answer?.model).toBe('treatment-discovery-without-classes');
    const kinds = answer?.items.flatMap(({ paths }) => paths.flatMap(({ steps }) => steps.map(({ relation }) => relation))) ?? [];
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.some((relation) => relation.includes('HAS_CLASS'))).toBe(false);
  }, 180_000);

  it('ranks genes, only so many where that is asked for', async () => {
    const [whole] = jsonLines<Answer>(await discover('targets', '--disease', 'DOID:900002'));
    expect(whole?.items.map(({ id }) => id).sort()).toEqual(['900001', '900002']);
    expect(whole?.items.find(({ id }) => id === '900002')?.known).toBe(true);
    const [one] = jsonLines<Answer>(await discover('targets', '--disease', 'DOID:900002', '--top', '1'));
    expect(one?.items).toEqual(whole?.items.slice(0, 1));
  }, 180_000);

  it.each([
    [['--disease', 'DOID:999'], 'NOT_FOUND'],
    [['--release', 'none'], 'NOT_FOUND'],
  ])('refuses %j with %s', async (more, code) => {
    const ran = await discover('treatments', ...more);
    expect([ran.code, jsonLines<{ error: { code: string } }>(ran)[0]?.error.code]).toEqual([1, code]);
  });

  it('says how a release is made where there is none', async () => {
    const ran = await avicenna(['discover', 'treatments', '--data', temporaryFolder()]);
    expect([ran.code, ran.stderr.includes('release build')]).toEqual([1, true]);
  });

  it.each(['treatments', 'targets'] as const)('asks its models for the columns that %s are asked by', async (name) => {
    const runner = new OnnxRunner();
    for (const without of [false, true]) {
      const question = questionOf(name, without);
      const model = await loadFolder(join('models', question.model), runner);
      expect(model.card.columns.map(({ name: column }) => column)).toEqual(columnsOf(question));
    }
    await runner.close();
  });

  it("does not see a known pair's own edge", async () => {
    const network = await loadNetwork(data, 'one');
    const prepared = prepare(network, questionOf('treatments', false));
    const [first] = network.diseases as [number];
    const known = network.nodes.Compound.placeOf('DB90001') as number;
    const row = featuresTo(prepared, first).rows.subarray(known * prepared.width, (known + 1) * prepared.width);
    const of = (column: string) => row[columnsOf(prepared.question).indexOf(column)];
    // What it treats is this disease alone, and what is like it treats nothing.
    expect([of('diseases treated'), of('treatments'), of('alike treats'), of('action -action treats')]).toEqual([0, 0, 0, 0]);
  });
});

const KNOWLEDGE = '../shared/knowledge/hetnet';

(existsSync(KNOWLEDGE) ? describe : describe.skip)("over the publishers' own network", () => {
  it('every compound is ranked for all 137 diseases', async () => {
    const data = temporaryFolder();
    await avicenna(['release', 'build', '--from', KNOWLEDGE, '--name', 'net', '--data', data], { withinMs: 200_000 });
    const answers = jsonLines<Answer>(await avicenna(['discover', 'treatments', '--data', data, '--json'], { withinMs: 200_000 }));
    expect(answers).toHaveLength(137);
    expect(new Set(answers.map(({ items }) => items.length))).toEqual(new Set([1552]));
    expect(answers.every(({ items }) => items.slice(10).every(({ paths }) => paths.length === 0))).toBe(true);
  }, 420_000);
});
