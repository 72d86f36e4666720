/** Drugs and diseases by whatever they are called: in the shipped tables, and in a publishers' release that is in force. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildRelease } from '../../src/knowledge/published/build.ts';
import { loadRelease } from '../../src/store/loadRelease.ts';
import { publisherFiles, table } from '../support/publisherFiles.ts';
import { ENGINES, startServer, type TestServer } from '../support/server.ts';

const DRUGS =
  'query($names: [String!]!) { drugs(names: $names) { direct { term drug { name } } ambiguous { term drugs { name } } noMatch } }';
const DISEASES =
  'query($names: [String!]!) { diseases(names: $names) { direct { term disease { id name synonyms crossReferences } } ambiguous { term diseases { id } } noMatch } }';

interface Drugs {
  readonly drugs: {
    readonly direct: readonly { readonly term: string; readonly drug: { readonly name: string } }[];
    readonly ambiguous: readonly { readonly term: string; readonly drugs: readonly { readonly name: string }[] }[];
    readonly noMatch: readonly string[];
  };
}

interface Diseases {
  readonly diseases: {
    readonly direct: readonly {
      readonly term: string;
      readonly disease: {
        readonly id: string;
        readonly name: string;
        readonly synonyms: readonly string[];
        readonly crossReferences: readonly string[];
      };
    }[];
    readonly ambiguous: readonly { readonly term: string; readonly diseases: readonly { readonly id: string }[] }[];
    readonly noMatch: readonly string[];
  };
}

const concept = (claim: string, name: string, id: string) => [claim, name, id, 'OpenDB', 'CC0 1.0'];
const FILES = {
  'names/drugs.tsv': table(
    ['claim_name', 'drug_name', 'concept_id', 'source', 'licence'],
    concept('UNIWARFIN', 'WARFARIN', 'chembl:CHEMBL1464'),
    concept('MADE-UP BRAND', 'WARFARIN', 'chembl:CHEMBL1464'),
    concept('MADE-UP BRAND', 'CODEINE', 'chembl:CHEMBL485'),
    concept('NOWHERE ELSE', 'A COMPOUND OF NO TABLE', 'chembl:CHEMBL9'),
  ),
  'names/doid.tsv': table(
    ['doid', 'name', 'type'],
    ['DOID:900001', 'first disease', 'name'],
    ['DOID:900001', 'the first one', 'exact-synonym'],
    ['DOID:900002', 'second disease', 'name'],
    ['DOID:900002', 'the first one', 'exact-synonym'],
  ),
  'names/xrefs.tsv': table(['doid_code', 'resource', 'resource_id'], ['DOID:900001', 'ICD10CM', 'Z99.9']),
};

describe.each(ENGINES)('names on the $engine engine', ({ uri }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
  }, 180_000);
  afterAll(() => server?.close());

  const drugs = async (...names: string[]) => (await server.query<Drugs, object>(DRUGS, { names })).data.drugs;
  const diseases = async (...names: string[]) => (await server.query<Diseases, object>(DISEASES, { names })).data.diseases;

  it('of diseases are those of the tumours that ship, where no release is loaded', async () => {
    const found = await diseases('Lung Adenocarcinoma', 'DOID:3910', 'ICD10CM:C34', 'no disease', '');
    expect(found.direct.map(({ term, disease }) => [term, disease.id])).toEqual([
      ['Lung Adenocarcinoma', 'DOID:3910'],
      ['DOID:3910', 'DOID:3910'],
      ['ICD10CM:C34', 'DOID:1324'],
    ]);
    expect(found.direct[0]?.disease).toMatchObject({
      name: 'lung adenocarcinoma',
      crossReferences: expect.arrayContaining(['ONCOTREE:LUAD']),
    });
    expect(found.noMatch).toEqual(['no disease', '']);
    expect((await drugs('')).noMatch).toEqual(['']);
  });

  it('of drugs are also those of a release, ambiguous and unknown ones told as such', async () => {
    expect(await drugs('Coumadin', 'Uniwarfin')).toMatchObject({
      direct: [{ term: 'Coumadin', drug: { name: 'warfarin' } }],
      noMatch: ['Uniwarfin'],
    });
    const options = {
      from: [publisherFiles(FILES)],
      name: 'names',
      data: server.data,
      acceptLicence: true,
      builtAt: '2026-01-02T03:04:05.000Z',
    };
    const manifest = await buildRelease({ ...options, progress: () => undefined, onFault: (fault) => expect(fault).toBeNull() });
    if (!manifest) throw new Error('no release');
    await loadRelease(server.platform.store, server.data, manifest);
    expect(await drugs('Coumadin', 'Uniwarfin', 'made-up brand', 'nowhere else', 'nothing')).toEqual({
      direct: [
        { term: 'Coumadin', drug: { name: 'warfarin' } },
        { term: 'Uniwarfin', drug: { name: 'warfarin' } },
      ],
      ambiguous: [{ term: 'made-up brand', drugs: [{ name: 'codeine' }, { name: 'warfarin' }] }],
      noMatch: ['nowhere else', 'nothing'],
    });
    const one = (name: string) =>
      server.query<{ drug: { name: string } | null }, object>('query($name: String!) { drug(name: $name) { name } }', { name });
    expect((await one('uniwarfin')).data.drug).toEqual({ name: 'warfarin' });
    const ambiguous = await one('made-up brand');
    expect([ambiguous.data.drug, ambiguous.errors?.[0]?.extensions.code]).toEqual([null, 'BAD_USER_INPUT']);
    expect((await one('nowhere else')).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  }, 60_000);

  it('of diseases are those of the release then, and of the others those that ship', async () => {
    const found = await diseases('First Disease', 'ICD10CM:Z99.9', 'the first one', 'Lung Adenocarcinoma', 'no disease');
    expect(found.direct.map(({ term, disease }) => [term, disease.id])).toEqual([
      ['First Disease', 'DOID:900001'],
      ['ICD10CM:Z99.9', 'DOID:900001'],
      ['Lung Adenocarcinoma', 'DOID:3910'],
    ]);
    expect(found.direct[0]?.disease).toEqual({
      id: 'DOID:900001',
      name: 'first disease',
      synonyms: ['the first one'],
      crossReferences: ['ICD10CM:Z99.9'],
    });
    expect(found.ambiguous).toEqual([{ term: 'the first one', diseases: [{ id: 'DOID:900001' }, { id: 'DOID:900002' }] }]);
    expect(found.noMatch).toEqual(['no disease']);
  });
});
