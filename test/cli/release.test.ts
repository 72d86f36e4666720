import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { factRows, termRows, thingRows } from '../../src/knowledge/published/releaseFiles.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { EVIDENCE_HEADER, evidenceRow, PUBLISHED, publisherFiles, table } from '../support/publisherFiles.ts';
import { temporaryFolder } from '../support/temporary.ts';

interface Summary {
  readonly release: string;
  readonly digest: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly things: Readonly<Record<string, number>>;
  readonly withheld: Readonly<Record<string, number>>;
  readonly skipped: readonly string[];
  readonly files: readonly { readonly file: string; readonly reader: string; readonly rows: number; readonly repeated: number }[];
}
interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly at: string | null };
}

async function all<Row>(batches: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

const build = (data: string, from: string, name: string, ...more: string[]) =>
  avicenna(['release', 'build', '--from', from, '--name', name, '--data', data, '--json', ...more]);

async function built(data: string, from: string, name: string, ...more: string[]): Promise<Summary> {
  const ran = await build(data, from, name, ...more);
  expect([ran.code, ran.stderr.includes('TABLE_INVALID')]).toEqual([0, false]);
  const [summary] = jsonLines<Summary>(ran);
  return summary as Summary;
}

async function refused(files: Readonly<Record<string, string>>): Promise<{ data: string; refusals: Refusal[] }> {
  const data = temporaryFolder();
  const ran = await build(data, publisherFiles(files), 'broken');
  expect(ran.code).toBe(1);
  expect(existsSync(join(data, 'releases', 'broken'))).toBe(false);
  expect(existsSync(join(data, 'releases', 'broken.partial'))).toBe(false);
  return { data, refusals: jsonLines<Refusal>(ran) };
}

describe('avicenna release build', () => {
  it("reads publishers' tables by their headers, keeps back what may not be passed on freely, and lists what it does not know", async () => {
    const data = temporaryFolder();
    const summary = await built(data, publisherFiles(PUBLISHED), 'one');
    expect(summary.facts).toMatchObject({ TREATS: 2, UPREGULATES: 2, DOWNREGULATES: 1, BINDS: 1, ASSOCIATED_WITH_GENE: 1, IS_A: 1 });
    expect(summary.withheld).toEqual({ 'CC BY-SA 3.0': 1, 'ODbL 1.0': 1 });
    expect(summary.skipped).toEqual(['names/README.md', 'names/other.tsv']);
    expect(summary.files.find(({ file }) => file === 'net/CuG.tsv.gz')).toMatchObject({ reader: 'hetnet-CuG', rows: 3, repeated: 1 });
    expect(await all(factRows(data, 'one', 'BINDS'))).toEqual([
      ['Compound', 'DB90001', 'Gene', '900001', '', '', '', 'OpenDB', 'CC BY 4.0', { affinityNanomolar: 12.5, actions: ['blocker'] }],
    ]);
  });

  it('makes the ids of publishers one where a name leads to exactly one thing', async () => {
    const data = temporaryFolder();
    await built(data, publisherFiles(PUBLISHED), 'one');
    const therapies = await all(factRows(data, 'one', 'OF_THERAPY'));
    expect(therapies.map(([, from, , to]) => [from, to])).toEqual([
      ['civic:EID7', 'DB90001'],
      ['civic:EID7', 'name:deltacept'],
    ]);
    expect(therapies.map(([, , , , , level, date, source, licence]) => [level, date, source, licence])[0]).toEqual([
      'B',
      '2025-01-02',
      'CIViC',
      'CC0 1.0',
    ]);
    expect((await all(thingRows(data, 'one', 'Disease'))).map(([id, name]) => [id, name])).toContainEqual(['DOID:900001', 'first disease']);
    const terms = await all(termRows(data, 'one'));
    expect(terms).toContainEqual(['Disease', 'DOID:900001', 'First Disease Of Old', 'SYNONYM']);
    expect(terms).toContainEqual(['Compound', 'DB90001', 'Alphacain', 'NAME']);
  });

  it('does not join by a name that two compounds have', async () => {
    const data = temporaryFolder();
    const nodes = `${PUBLISHED['net/nodes.tsv.gz']}Compound\tDB90009\tAlphacain\n`;
    await built(data, publisherFiles({ ...PUBLISHED, 'net/nodes.tsv.gz': nodes }), 'one');
    expect((await all(factRows(data, 'one', 'OF_THERAPY'))).map(([, , , to]) => to)).toEqual(['name:alphacain', 'name:deltacept']);
  });

  it('takes rows in whose licence binds, where it is accepted', async () => {
    const data = temporaryFolder();
    const summary = await built(data, publisherFiles(PUBLISHED), 'one', '--accept-licence');
    expect(summary.withheld).toEqual({});
    expect(summary.facts).toMatchObject({ BINDS: 2, ASSOCIATED_WITH_GENE: 2 });
  });

  it('changes nothing when it is built again, and refuses another release under the same name', async () => {
    const data = temporaryFolder();
    const from = publisherFiles(PUBLISHED);
    const first = await built(data, from, 'one');
    expect(await built(data, from, 'one')).toEqual(first);
    const ran = await build(data, from, 'one', '--accept-licence');
    expect([ran.code, jsonLines<Refusal>(ran)[0]?.error.code]).toEqual([1, 'BAD_USER_INPUT']);
    const [listed] = jsonLines<Summary>(await avicenna(['release', 'list', '--data', data, '--json']));
    expect(listed).toMatchObject({ release: 'one', digest: first.digest });
  });
});

describe('a broken row', () => {
  it.each([
    [
      'an id of another form',
      { 'CtD.tsv': table(['compound', 'disease'], ['DB90001', 'DOID:1'], ['DB9', 'DOID:1']) },
      'CtD.tsv:3',
      'DrugBank',
    ],
    ['too few cells', { 'CtD.tsv': `compound\tdisease\nDB90001\n` }, 'CtD.tsv:2', '1 cells where the header has 2'],
    ['a level that there is not', { 'evidence.tsv': civic({ evidence_level: 'F' }) }, 'evidence.tsv:2', "'F' in 'evidence_level'"],
    ['a date that is none', { 'evidence.tsv': civic({ last_review_date: 'yesterday' }) }, 'evidence.tsv:2', 'expected a date'],
    ['no licence where each row needs one', { 'DaG.tsv': unlicensed() }, 'DaG.tsv:2', 'licence'],
    ['a row that is withheld', { 'DaG.tsv': unlicensed('ODbL 1.0', 'no gene') }, 'DaG.tsv:2', 'Entrez'],
  ])('of %s ends it, is told of with its place, and nothing is kept', async (_what, files, place, message) => {
    const { refusals } = await refused(files);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.error.code).toBe('TABLE_INVALID');
    expect(refusals[0]?.error.at).toContain(place);
    expect(refusals[0]?.error.message).toContain(message);
  });

  it('of no licence ends it also where all licences are accepted', async () => {
    const ran = await build(temporaryFolder(), publisherFiles({ 'DaG.tsv': unlicensed() }), 'broken', '--accept-licence');
    expect([ran.code, jsonLines<Refusal>(ran)[0]?.error.code]).toEqual([1, 'TABLE_INVALID']);
  });

  it('is not the only one told of: all are', async () => {
    const rows = Array.from({ length: 150 }, (_, row) => [`X${row}`, 'DOID:1']);
    const { refusals } = await refused({ 'CtD.tsv': table(['compound', 'disease'], ...rows) });
    expect(refusals).toHaveLength(101);
    expect(refusals.at(-1)?.error.message).toBe('50 further rows are broken.');
  });

  it('is one that makes a tumour a kind of itself', async () => {
    const header = ['code', 'name', 'parent', 'level', 'main_type', 'tissue', 'umls', 'nci', 'history'];
    const type = (code: string, parent: string) => [code, code, parent, 1, '', '', '', '', ''];
    const { refusals } = await refused({ 'oncotree.tsv': table(header, type('A', 'B'), type('B', 'C'), type('C', 'A')) });
    expect(refusals.map(({ error }) => [error.at?.endsWith('oncotree.tsv:4'), error.message])).toEqual([
      [true, "'C' would be a kind of itself: 'A' is a kind of it."],
    ]);
  });
});

describe('avicenna release diff', () => {
  it('names what came, went and changed', async () => {
    const data = temporaryFolder();
    await built(data, publisherFiles(PUBLISHED), 'one');
    await built(
      data,
      publisherFiles({
        ...PUBLISHED,
        'net/CtD.tsv': table(['compound', 'disease'], ['DB90001', 'DOID:900001'], ['DB90003', 'DOID:900002']),
        'civic/evidence.tsv': civic({ doid: '900001', therapies: 'Alphacain', evidence_id: '7', evidence_level: 'A' }),
      }),
      'two',
    );
    const ran = await avicenna(['release', 'diff', 'one', 'two', '--data', data, '--json']);
    expect(ran.code).toBe(0);
    const facts = jsonLines<{ change: string; fact?: { kind: string; from: string; to: string; levelBefore?: string } }>(ran);
    const of = (kind: string) => facts.filter(({ fact }) => fact?.kind === kind).map(({ change, fact }) => [change, fact?.from, fact?.to]);
    expect(of('OF_THERAPY')).toEqual([
      ['CHANGED', 'civic:EID7', 'DB90001'],
      ['REMOVED', 'civic:EID7', 'name:deltacept'],
    ]);
    expect(facts.find(({ fact }) => fact?.kind === 'OF_THERAPY')?.fact?.levelBefore).toBe('B');
    expect((await avicenna(['release', 'diff', 'one', 'one', '--data', data])).stdout).toBe('one and one say the same.\n');
    expect((await avicenna(['release', 'diff', 'one', 'none', '--data', data])).code).toBe(1);
  });
});

const KNOWLEDGE = '../shared/knowledge';

(existsSync(KNOWLEDGE) ? describe : describe.skip)("the publishers' own files", () => {
  it('are read to the last row', async () => {
    const data = temporaryFolder();
    const ran = await avicenna(['release', 'build', '--from', KNOWLEDGE, '--name', 'all', '--data', data, '--json'], { withinMs: 300_000 });
    const [summary] = jsonLines<Summary>(ran);
    expect(ran.code).toBe(0);
    expect(summary?.facts).toMatchObject({ INTERACTS: 97_548, REGULATES: 265_672, IN_PATHWAY: 84_412, TREATS: 532, OF_THERAPY: 3690 });
    expect(summary?.withheld).toMatchObject({ 'ODbL 1.0': 4760 });
  }, 320_000);
});

function civic(given: Readonly<Record<string, string>>): string {
  return table(EVIDENCE_HEADER, evidenceRow(given));
}

function unlicensed(licence = '', gene = '900001'): string {
  return table(
    ['disease', 'gene', 'disease_name', 'gene_symbol', 'sources', 'licence'],
    ['DOID:1', gene, 'a disease', 'GENA', 'OpenDB', licence],
  );
}
