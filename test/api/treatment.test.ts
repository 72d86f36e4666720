/** From a laboratory's report to treatment options and trials, through the API and the command line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadTrials } from '../../src/cli/trialFiles.ts';
import { statement } from '../../src/store/graphStore.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary.ts';

const IMPORT = `mutation($input: ImportMolecularProfileInput!) { importMolecularProfile(input: $input) {
  eventId userErrors { code field index } molecularProfile { assay genesTested variants { gene proteinChange consequence origin } signatures { name result value } } } }`;
const OPTIONS = `query($identifier: String!, $condition: ID!) { patient(identifier: $identifier) { id treatmentOptions(condition: $condition) {
  condition name release order options { therapies together standing reasons evidence { id speaks diseaseMatch findings { label } }
    cautions { drug basis severity because } open { settledBy } paths { nodes { kind label } relations } }
  adjuvantBenefit { untreated arms { arm benefit } } open { question settledBy } } } }`;

interface Options {
  readonly patient: {
    readonly id: string;
    readonly treatmentOptions: {
      readonly name: string;
      readonly options: readonly {
        readonly therapies: readonly string[];
        readonly standing: string;
        readonly reasons: readonly string[];
        readonly cautions: readonly { readonly drug: string; readonly basis: string; readonly severity: string }[];
        readonly paths: readonly { readonly nodes: readonly { readonly kind: string }[] }[];
      }[];
      readonly adjuvantBenefit: { readonly arms: readonly { readonly arm: string; readonly benefit: number }[] } | null;
    };
  } | null;
}

interface Imported {
  readonly importMolecularProfile: {
    readonly eventId: string | null;
    readonly userErrors: readonly { readonly code: string; readonly field: string; readonly index: number | null }[];
    readonly molecularProfile: readonly unknown[] | null;
  };
}

describe.each(ENGINES)('treatment options on the $engine engine', ({ uri }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(uri);
  }, 180_000);
  afterAll(() => server?.close());

  const options = async (identifier: string, condition: string) => server.query<Options, object>(OPTIONS, { identifier, condition });
  const patientOf = async (identifier: string) => (await options(identifier, 'DOID:162')).data.patient?.id ?? '';
  const send = async (identifier: string, more: object) =>
    (
      await server.query<Imported, object>(IMPORT, {
        input: { idempotencyKey: freshKey(), patientId: await patientOf(identifier), ...more },
      })
    ).data.importMolecularProfile;

  it('say which drug fits the lung tumour of DEMO-0017, and why not the one that she has', async () => {
    const { data, errors } = await options('DEMO-0017', 'DOID:3910');
    expect(errors).toBeUndefined();
    const found = data.patient?.treatmentOptions;
    expect(found?.options[0]).toMatchObject({ therapies: ['Osimertinib'], standing: 'FITS', together: null });
    expect(found?.options[0]?.paths[0]?.nodes.map(({ kind }) => kind)).toEqual(['ALTERATION', 'PROFILE', 'EVIDENCE', 'DRUG', 'DISEASE']);
    const erlotinib = found?.options.find(({ therapies }) => therapies.join() === 'Erlotinib');
    expect([erlotinib?.standing, erlotinib?.reasons[0]]).toEqual(['AGAINST', expect.stringContaining('EGFR T790M')]);
  });

  it('apply the genotype of DEMO-0006 to a fluoropyrimidine, and PREDICT to DEMO-0018', async () => {
    const { data } = await options('DEMO-0006', 'C18.7');
    const fluoro = data.patient?.treatmentOptions.options.find(({ therapies }) => therapies.includes('Capecitabine'));
    expect(fluoro?.cautions).toContainEqual(expect.objectContaining({ drug: 'capecitabine', basis: 'GENOTYPE', severity: 'ADJUST' }));
    expect(data.patient?.treatmentOptions.adjuvantBenefit).toBeNull();
    const breast = (await options('DEMO-0018', 'C50.412')).data.patient?.treatmentOptions;
    expect(breast?.adjuvantBenefit?.arms[0]).toMatchObject({ arm: expect.stringContaining('Hormone'), benefit: expect.any(Number) });
  });

  it('change with a report, which becomes an event once and nodes that patients share', async () => {
    const input = {
      assay: 'Made-up panel',
      reportedAt: '2026-06-01T08:00:00Z',
      genesTested: ['TP53', 'EGFR', 'EGFR'],
      variants: [{ gene: 'EGFR', proteinChange: 'p.Leu858Arg', origin: 'SOMATIC' }],
      signatures: [{ name: 'TMB', result: 'HIGH', value: 14 }],
    };
    const answer = await send('DEMO-0001', input);
    expect(answer.userErrors).toEqual([]);
    expect(answer.molecularProfile).toEqual([
      {
        assay: 'Made-up panel',
        genesTested: ['EGFR', 'TP53'],
        variants: [{ gene: 'EGFR', proteinChange: 'L858R', consequence: 'MISSENSE', origin: 'SOMATIC' }],
        signatures: [{ name: 'TMB', result: 'HIGH', value: 14 }],
      },
    ]);
    const shared = await server.platform.store.read<{ n: number }>(
      statement(
        'test.shared',
        "MATCH (a:TumourAlteration {name: 'EGFR L858R'})<-[:FOUND_IN_TUMOUR]-(:MolecularReport)<-[:HAS_REPORT]-(p:Patient) RETURN count(DISTINCT p) AS n",
      ),
    );
    expect(shared).toEqual([{ n: 2 }]);
    expect(
      (await options('DEMO-0001', 'DOID:3910')).data.patient?.treatmentOptions.options.some(
        ({ therapies }) => therapies.join() === 'Erlotinib',
      ),
    ).toBe(true);
  });

  it('are no longer those of a report that was corrected, or taken back', async () => {
    const REPORTS = `query($identifier: String!) { patient(identifier: $identifier) {
      molecularProfile { id tumour replaces replacedBy variants { proteinChange classification } } } }`;
    interface Reports {
      readonly patient: { readonly molecularProfile: readonly { readonly id: string; readonly replacedBy: string | null }[] };
    }
    const shown = async () => (await server.query<Reports, object>(REPORTS, { identifier: 'DEMO-0003' })).data.patient.molecularProfile;
    const erlotinib = async () => {
      const found = (await options('DEMO-0003', 'DOID:3910')).data.patient?.treatmentOptions.options;
      return found?.find(({ therapies }) => therapies.join() === 'Erlotinib')?.standing;
    };
    const panel = { assay: 'Made-up panel', tumour: 'DOID:3910', genesTested: ['EGFR'] };
    const first = await send('DEMO-0003', {
      ...panel,
      reportedAt: '2026-06-01T08:00:00Z',
      variants: [{ gene: 'EGFR', proteinChange: 'L858R', classification: 'PATHOGENIC' }],
    });
    expect(first.userErrors).toEqual([]);
    expect(await erlotinib()).toBe('FITS');
    const [{ id: wrong } = { id: '' }] = await shown();
    const correction = { ...panel, reportedAt: '2026-06-03T08:00:00Z', replaces: wrong };
    expect((await send('DEMO-0003', correction)).userErrors).toEqual([]);
    expect(await erlotinib()).toBeUndefined();
    const [right, before] = await shown();
    expect([right, before]).toEqual([
      { id: expect.any(String), tumour: 'DOID:3910', replaces: wrong, replacedBy: null, variants: [] },
      {
        ...{ id: wrong, tumour: 'DOID:3910', replaces: null, replacedBy: right?.id },
        variants: [{ proteinChange: 'L858R', classification: 'PATHOGENIC' }],
      },
    ]);
    const replaced = await server.platform.store.read<{ wrong: string }>(
      statement('test.replaces', 'MATCH (:MolecularReport {id: $id})-[:REPLACES]->(o) RETURN o.id AS wrong', { id: right?.id ?? '' }),
    );
    expect(replaced).toEqual([{ wrong }]);
    // Once only, and nobody else's.
    const errorsOf = async (identifier: string, more: object) =>
      (await send(identifier, { ...correction, ...more })).userErrors.map(({ code, field }) => `${code} ${field}`);
    expect(await errorsOf('DEMO-0003', {})).toEqual(['ALREADY_REPLACED replaces']);
    expect(await errorsOf('DEMO-0001', { replaces: right?.id })).toEqual(['UNKNOWN_REPORT replaces']);
    // Without any finding it takes the report back: then nobody knows what is in the tumour.
    const nothing = { assay: 'Made-up panel', reportedAt: '2026-06-04T08:00:00Z', replaces: right?.id };
    expect((await send('DEMO-0003', nothing)).userErrors).toEqual([]);
    expect(await erlotinib()).toBe('UNKNOWN');
  });

  it.each([
    [{}, ['REQUIRED variants null']],
    [{ genesTested: ['EGFR'], tumour: 'lung' }, ['INVALID tumour null']],
    [{ genesTested: ['EGFR'], replaces: 'another' }, ['UNKNOWN_REPORT replaces null']],
    [{ variants: [{ gene: 'EGFR' }] }, ['REQUIRED variants.proteinChange 0']],
    [{ variants: [{ gene: 'egfr?', proteinChange: 'L858R' }] }, ['INVALID variants.gene 0']],
    [
      {
        variants: [
          { gene: 'EGFR', proteinChange: 'L858R' },
          { gene: 'EGFR', proteinChange: '858' },
        ],
      },
      ['INVALID variants.proteinChange 1'],
    ],
    [{ variants: [{ gene: 'EGFR', codingChange: '2573T>G' }] }, ['INVALID variants.codingChange 0']],
    [{ variants: [{ gene: 'EGFR', proteinChange: 'L858R', alleleFraction: 31 }] }, ['OUT_OF_RANGE variants.alleleFraction 0']],
    [
      {
        variants: [
          { gene: 'EGFR', proteinChange: 'L858R' },
          { gene: 'EGFR', proteinChange: 'L858R' },
        ],
      },
      ['INVALID variants 1'],
    ],
    [
      {
        signatures: [
          { name: 'MSI', result: 'HIGH' },
          { name: 'MSI', result: 'STABLE' },
        ],
      },
      ['INVALID signatures.name 1'],
    ],
    [{ genesTested: ['HER2'] }, ['INVALID genesTested 0']],
    [{ variants: [{ gene: 'EGFR', proteinChange: 'L858R', consequence: 'SYNONYMOUS' }] }, ['INVALID variants.consequence 0']],
    [{ fusions: [{}] }, ['REQUIRED fusions.threePrime 0']],
    [{ genesTested: ['EGFR', ''] }, ['REQUIRED genesTested 1']],
    [{ genesTested: ['EGFR'], reportedAt: '2126-01-01T00:00:00Z' }, ['IN_THE_FUTURE reportedAt null']],
  ])('refuse the report %j, with the place', async (more, expected) => {
    const { eventId, userErrors } = await send('DEMO-0002', { assay: 'panel', reportedAt: '2026-06-01T08:00:00Z', ...more });
    expect(eventId).toBeNull();
    expect(userErrors.map(({ code, field, index }) => `${code} ${field} ${index}`)).toEqual(expected);
  });

  it('of an unknown tumour are refused, and the rest of the answer is given', async () => {
    const { data, errors } = await options('DEMO-0017', 'DOID:424242');
    expect(data.patient).toMatchObject({ id: expect.any(String), treatmentOptions: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', at: 'condition' });
  });

  it('can be asked of one drug, with a picture, and a few at a time', async () => {
    const query = `query($standing: [OptionStanding!], $therapy: String, $first: Int) { patient(identifier: "DEMO-0017") { treatmentOptions(condition: "DOID:3910") {
      options(standing: $standing, therapy: $therapy, first: $first) { therapies standing plotSvg } } } }`;
    const asked = async (variables: object) =>
      (
        await server.query<
          { patient: { treatmentOptions: { options: { therapies: string[]; standing: string; plotSvg: string | null }[] } } },
          object
        >(query, variables)
      ).data.patient.treatmentOptions.options;
    const [erlotinib] = await asked({ therapy: 'Tarceva' });
    expect([erlotinib?.therapies, erlotinib?.plotSvg]).toEqual([
      ['Erlotinib'],
      expect.stringMatching(/^<svg[^>]*>.*<title>Erlotinib: the evidence/s),
    ]);
    const against = await asked({ standing: ['AGAINST'] });
    expect([...new Set(against.map(({ standing }) => standing))]).toEqual(['AGAINST']);
    expect(await asked({ first: 2 })).toHaveLength(2);
  });

  it('go with the trials of the graph, which are trees of criteria there', async () => {
    const { data, errors } = await server.query<
      { patient: { trialMatches: { matches: { trial: string; verdict: string; synthetic: boolean }[] } } },
      object
    >(
      'query($condition: ID!) { patient(identifier: "DEMO-0017") { trialMatches(condition: $condition) { matches { trial verdict synthetic } } } }',
      { condition: 'DOID:3910' },
    );
    expect(errors).toBeUndefined();
    expect(data.patient.trialMatches.matches[0]).toEqual({ trial: 'DEMO-T1', verdict: 'MET', synthetic: true });
    const { store } = server.platform;
    const leaves = () =>
      store.read<{ text: string }>(
        statement(
          'test.trial',
          "MATCH (:Trial {name: 'DEMO-T1'})-[:HAS_CLAUSE]->(:TrialClause {level: 'step'})-[:ASKS]->(:TrialCriterion)-[:HAS_PART*1..5]->(c:TrialCriterion) WHERE c.text IS NOT NULL RETURN c.text AS text ORDER BY text",
        ),
      );
    const before = await leaves();
    expect(before.map(({ text }) => text)).toContain('a finding with gene EGFR, kind Mutation, protein change p.T790M');
    // Loaded again it is the same tree; one that cannot be read is told of, and the others are loaded.
    const faults: unknown[] = [];
    const broken = join(temporaryFolder(), 'trials.json');
    const all = JSON.parse(readFileSync('graph-seed/trials/demo-trials.json', 'utf8')) as Record<string, unknown>;
    writeFileSync(broken, JSON.stringify({ broken: { treatment_list: { step: [{ match: [{ nand: [] }] }] } }, ...all }));
    expect(await loadTrials(store, broken, (fault) => void faults.push(fault))).toBe(Object.keys(all).length);
    expect(faults).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT', at: expect.stringContaining('broken treatment_list.step[0].match') }),
    ]);
    expect(await leaves()).toEqual(before);
  });

  it('and paths between two things are found by name; of a name that means nothing, or both the same, none', async () => {
    const ask = (from: string, to: string, maxLength = 2) =>
      server.query<
        { evidencePaths: { release: string; paths: { things: { name: string }[]; steps: { facts: { source: string }[] }[] }[] } | null },
        object
      >(
        'query($from: String!, $to: String!, $maxLength: Int!) { evidencePaths(from: $from, to: $to, maxLength: $maxLength) { release paths { things { name } steps { kind facts { source } } } plotSvg } }',
        { from, to, maxLength },
      );
    const { data, errors } = await ask('Tarceva', 'DOID:3908');
    expect(errors).toBeUndefined();
    expect(data.evidencePaths?.paths[0]?.things.map(({ name }) => name)).toEqual(['erlotinib', 'non-small cell lung carcinoma']);
    expect(data.evidencePaths?.paths.every(({ steps }) => steps.every(({ facts }) => facts.length > 0))).toBe(true);
    for (const [from, to, length, at] of [
      ['nothing', 'EGFR', 2, 'from'],
      ['EGFR', 'egfr', 2, 'to'],
      ['EGFR', 'erlotinib', 4, 'maxLength'],
    ] as const)
      expect((await ask(from, to, length)).errors?.[0]?.extensions.at).toBe(at);
  });

  it('are the same on the command line, in the graph and through the server', async () => {
    const args = ['options', '--patient', 'DEMO-0017', '--condition', 'DOID:3910', '--json'];
    const through = await avicenna([...args, '--url', server.url]);
    expect([through.code, through.stderr]).toEqual([0, '']);
    const [shown] = jsonLines<{ condition: string; options: { therapies: string[]; drugs: string[] }[] }>(through);
    expect(shown).toMatchObject({
      condition: 'DOID:3910',
      options: expect.arrayContaining([expect.objectContaining({ therapies: ['Osimertinib'] })]),
    });
    expect(shown?.options.find(({ therapies }) => therapies.join() === 'Erlotinib')?.drugs).toEqual(['erlotinib']);
    const words = await avicenna(['options', '--patient', 'DEMO-0017', '--condition', 'nothing', '--url', server.url]);
    expect([words.code, words.stderr]).toEqual([1, expect.stringContaining('NOT_FOUND')]);
  });
});
