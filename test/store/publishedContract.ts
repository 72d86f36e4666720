/** A release of publishers' files in the graph: whole, once, in force when it is whole, and what is past keeping gone. */
import { beforeAll, expect, it } from '@jest/globals';
import { buildRelease } from '../../src/knowledge/published/build.ts';
import { graphPaths } from '../../src/knowledge/published/graphPaths.ts';
import type { Manifest } from '../../src/knowledge/published/releaseFiles.ts';
import { surroundingsOf } from '../../src/store/cypher/graphPaths.ts';
import { publishedReleases } from '../../src/store/cypher/published.ts';
import { publishedInForce, readPublishedOncology } from '../../src/store/cypher/publishedEvidence.ts';
import { thingsNamed, thingsOfTerms } from '../../src/store/cypher/publishedNames.ts';
import { type GraphStore, statement } from '../../src/store/graphStore.ts';
import { loadRelease } from '../../src/store/loadRelease.ts';
import { evidenceRow, PUBLISHED, publisherFiles, table } from '../support/publisherFiles.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { count, type Given } from './given.ts';

async function build(data: string, name: string, files: Readonly<Record<string, string>>): Promise<Manifest> {
  const from = [publisherFiles(files)];
  const told: Error[] = [];
  const options = { from, name, data, acceptLicence: true, builtAt: '2026-01-02T03:04:05.000Z' };
  const manifest = await buildRelease({ ...options, progress: () => undefined, onFault: (fault) => told.push(fault) });
  expect(told).toEqual([]);
  return manifest as Manifest;
}

/** More rows than one batch has. */
const MANY = 4500;
const LARGE: Readonly<Record<string, string>> = {
  ...PUBLISHED,
  // What its editors doubt, and what is no therapy's, is no option's.
  'civic/evidence.tsv': `${PUBLISHED['civic/evidence.tsv']}${[
    { doid: '900001', disease: 'First Disease Of Old', therapies: 'Alphacain', evidence_id: '8', is_flagged: 'true' },
    { doid: '900001', disease: 'First Disease Of Old', evidence_id: '9', evidence_type: 'Prognostic', significance: 'Poor Outcome' },
  ]
    .map((row) => `${evidenceRow(row).join('\t')}\n`)
    .join('')}`,
  'net/GiG.tsv': table(['gene_a', 'gene_b', 'symbol_a', 'symbol_b', 'pubmed_ids', 'methods'], ...manyRows()),
};

function manyRows(): (string | number)[][] {
  return Array.from({ length: MANY }, (_, row) => [1_000_000 + row, 2_000_000 + (row % 7), '', '', row, '']);
}

/** A store that fails at its nth write: what a process that is killed leaves behind. */
function failingAt(store: GraphStore, nth: number): GraphStore {
  let writes = 0;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'write') return typeof member === 'function' ? member.bind(target) : member;
      return (...args: Parameters<GraphStore['write']>) => {
        writes += 1;
        if (writes === nth) return Promise.reject(new Error('ended here'));
        return target.write(...args);
      };
    },
  });
}

const facts = (store: GraphStore, release: string) =>
  store
    .read<{ n: number }>(
      statement('test.facts', 'MATCH (:Thing)-[f]->(:Thing) WHERE f.release = $release RETURN count(f) AS n', { release }),
    )
    .then(([row]) => row?.n);

export function publishedContract(given: Given): void {
  const data = temporaryFolder();
  let large: Manifest;
  const total = ({ facts: counts }: Manifest) => Object.values(counts).reduce((sum, n) => sum + n, 0);

  beforeAll(async () => {
    large = await build(data, 'large', LARGE);
  });

  it('is loaded whole, also when it was ended on the way, and again it changes nothing', async () => {
    const store = given();
    for (const nth of [2, 4, 9]) await expect(loadRelease(failingAt(store, nth), data, large)).rejects.toThrow('ended here');
    expect((await publishedReleases(store)).map(({ complete, inForce }) => [complete, inForce])).toEqual([[false, false]]);
    expect((await loadRelease(store, data, large)).rows).toBeGreaterThan(0);
    expect(await facts(store, 'large')).toBe(total(large));
    const things = Object.values(large.things).reduce((sum, n) => sum + n, 0);
    expect(await count(store, '(t:Thing) WHERE t.kind IS NOT NULL')).toBe(things);
    expect(await loadRelease(store, data, large)).toEqual({ rows: 0, removed: [] });
    expect(await facts(store, 'large')).toBe(total(large));
    expect((await publishedReleases(store)).map(({ name, complete, inForce }) => [name, complete, inForce])).toEqual([
      ['large', true, true],
    ]);
  });

  it('says of each fact who states it, under which licence, and of names what they name', async () => {
    const [fact] = await given().read(
      statement(
        'test.fact',
        `MATCH (:Term {text: 'alphacain'})-[n:NAMES {type: 'NAME'}]->(c:Thing)-[f:BINDS {release: 'large'}]->(g:Thing)
         RETURN n.text AS text, c.key AS compound, g.name AS gene, f.source AS source, f.licence AS licence, f.details AS details`,
      ),
    );
    expect(fact).toEqual({
      text: 'Alphacain',
      compound: 'Compound DB90001',
      gene: 'GENA',
      source: 'OpenDB',
      licence: 'CC BY 4.0',
      details: '{"affinityNanomolar":12.5,"actions":["blocker"]}',
    });
  });

  it('gives its predictive evidence as what ships has it', async () => {
    const store = given();
    expect(await publishedInForce(store)).toMatchObject({ name: 'large' });
    const found = await readPublishedOncology(store, 'large');
    expect(found?.evidence).toEqual([
      {
        ...{ id: 'EID7', profile: 'GENA X1Y', disease: 'DOID:900001', diseaseName: 'first disease' },
        ...{ therapies: ['Alphacain', 'Deltacept'], together: 'COMBINATION', direction: 'SUPPORTS', significance: 'SENSITIVITY' },
        ...{ level: 'B', rating: 3, origin: 'SOMATIC', citation: 'PMID:12345', reviewed: '2025-01-02' },
      },
    ]);
    // A release without any is no answer: what ships is asked then.
    expect(await readPublishedOncology(store, 'no such release')).toBeNull();
  });

  it('gives what lies about two things in one statement, and refuses what it has not', async () => {
    const store = given();
    const paths = async (from: string, to: string, maxLength: number) =>
      graphPaths(await surroundingsOf(store, 'large', [from, to], maxLength), maxLength, 5).map(({ things, steps }) =>
        things.map(({ name }, place) => (place === 0 ? name : `${steps[place - 1]?.kind} ${name}`)).join(' '),
      );
    expect(await paths('Compound DB90001', 'Disease DOID:900001', 1)).toContain('Alphacain TREATS first disease');
    expect(await paths('Compound DB90001', 'Disease DOID:900001', 2)).toContain('Alphacain BINDS GENA ASSOCIATED_WITH_GENE first disease');
    expect(await paths('Compound DB90003', 'Compound DB90001', 3)).toContain('Gammanib BINDS GENA BINDS Alphacain');
    await expect(surroundingsOf(store, 'large', ['Gene 1', 'Compound DB90001'], 2)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      at: 'from',
    });
    expect(await thingsNamed(store, 'large', 'ALPHACAIN')).toEqual([{ key: 'Compound DB90001', kind: 'Compound', name: 'Alphacain' }]);
    expect((await thingsNamed(store, 'large', 'DOID:900001')).map(({ key }) => key)).toEqual(['Disease DOID:900001']);
    const meant = await thingsOfTerms(store, 'large', 'Disease', ['First Disease Of Old', 'DOID:900002', 'alphacain']);
    expect([...meant].map(([term, things]) => [term, things.map(({ key }) => key)])).toEqual([
      ['First Disease Of Old', ['Disease DOID:900001']],
      ['DOID:900002', ['Disease DOID:900002']],
      ['alphacain', []],
    ]);
    expect(meant.get('First Disease Of Old')?.[0]?.terms).toContainEqual({ text: 'First Disease Of Old', type: 'SYNONYM' });
  });

  it('keeps the one before it, and takes out what is older', async () => {
    const store = given();
    const second = await build(data, 'second', PUBLISHED);
    const third = await build(data, 'third', { 'net/CtD.tsv': PUBLISHED['net/CtD.tsv'] as string });
    expect((await loadRelease(store, data, second)).removed).toEqual([]);
    expect((await loadRelease(store, data, third)).removed).toEqual(['large']);
    expect((await publishedReleases(store)).map(({ name, inForce }) => [name, inForce])).toEqual([
      ['second', false],
      ['third', true],
    ]);
    expect(await facts(store, 'large')).toBe(0);
    expect(await facts(store, 'second')).toBe(total(second));
    // Back to the one before: it is there already.
    expect(await loadRelease(store, data, second)).toEqual({ rows: 0, removed: [] });
  });

  it('is refused where the graph has another release of its name', async () => {
    const elsewhere = temporaryFolder();
    const other = await build(elsewhere, 'second', { 'net/CtD.tsv': PUBLISHED['net/CtD.tsv'] as string });
    await expect(loadRelease(given(), elsewhere, other)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
}
