/** What ships in graph-seed/: sourced, consistent, and synthetic where it speaks of patients. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDemoPatients } from '../../src/cli/seedDemo.ts';
import { phenotypeOf } from '../../src/genotypes/phenotype.ts';
import { drugsNamed } from '../../src/knowledge/names.ts';
import { NO_RESULT } from '../../src/knowledge/recommend.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';

interface Source {
  readonly id: string;
  readonly licence: string;
  readonly release: string;
  readonly url: string;
  readonly digests: Readonly<Record<string, string>>;
}

const knowledge = readShippedKnowledge('graph-seed');
const sources = JSON.parse(readFileSync('graph-seed/SOURCES.json', 'utf8')) as Source[];

describe('the sources', () => {
  it('name release, licence and place, and the digest of every file that ships', () => {
    const described = new Map(sources.flatMap(({ digests }) => Object.entries(digests)));
    const shipped = ['knowledge', 'demo-patients', 'trials'].flatMap((folder) =>
      readdirSync(join('graph-seed', folder)).map((name) => `${folder}/${name}`),
    );
    const equations = ['ckdEpi2021', 'news2', 'predictBreast', 'preventTenYears', 'preventThirtyYears', 'thomson2009'].map(
      (name) => `../src/prediction/equations/${name}.ts`,
    );
    const oncology = ['knowledge/oncology/exonOfResidue', 'treatment/organFunction'].map((name) => `../src/${name}.ts`);
    expect([...described.keys()].sort()).toEqual([...shipped, ...equations, ...oncology, 'alert-rules.json'].sort());
    for (const [file, digest] of described) {
      expect([
        file,
        createHash('sha256')
          .update(readFileSync(join('graph-seed', file)))
          .digest('hex'),
      ]).toEqual([file, digest]);
    }
    for (const { licence, release } of sources) expect([licence, release].every((text) => text.length > 0)).toBe(true);
  });
});

describe('the tables', () => {
  it('refer to each other: every guideline, drug and gene that is named is there', () => {
    const missing = [
      ...knowledge.rules.filter(({ guideline }) => !knowledge.guidelineById.has(guideline)).map(({ id }) => id),
      ...knowledge.rules.flatMap(({ drug, alternatives }) => [drug, ...alternatives]).filter((name) => !knowledge.drugByName.has(name)),
      ...knowledge.interactions.flatMap(({ drugs }) => drugs).filter((name) => !knowledge.drugByName.has(name)),
      ...knowledge.guidelines.flatMap(({ genes }) => genes).filter((symbol) => !knowledge.geneBySymbol.has(symbol)),
    ];
    expect(missing).toEqual([]);
  });

  it('look guidance up with keys that a phenotype rule gives, with an HLA status, or with no result', () => {
    const known = new Map(knowledge.definitions.map(({ gene, rules }) => [gene, new Set(rules.map(({ lookupKey }) => lookupKey))]));
    const strange = knowledge.rules.flatMap(({ id, lookup }) =>
      Object.entries(lookup)
        .filter(
          ([gene, key]) =>
            key !== NO_RESULT && !(gene.startsWith('HLA-') ? /^\*\d+:\d+ (positive|negative)$/.test(key) : known.get(gene)?.has(key)),
        )
        .map(([gene, key]) => `${id}: ${gene}=${key}`),
    );
    expect(strange).toEqual([]);
  });

  it('give guidance for warfarin and for the drugs of the demo patients', () => {
    for (const drug of ['warfarin', 'codeine', 'fluorouracil', 'abacavir', 'clopidogrel', 'simvastatin', 'azathioprine'])
      expect(knowledge.rulesByDrug.get(drug)?.length).toBeGreaterThan(0);
  });

  it.each([
    ['a line with a cell too many', 'drugs.tsv', (text: string) => text.replace('\n', '\n\t'), /cells where the header has/],
    ['an action that is none', 'advice.tsv', (text: string) => text.replace('\tREDUCE\t', '\tMAYBE\t'), /'MAYBE' in 'action'/],
    ['a column that is missing', 'genes.tsv', (text: string) => text.replace('symbol', 'sign'), /column 'symbol' is missing/],
  ])('refuse %s with file and line', (_what, file, spoil, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'seed-'));
    cpSync('graph-seed', folder, { recursive: true });
    const path = join(folder, 'knowledge', file);
    writeFileSync(path, spoil(readFileSync(path, 'utf8')));
    expect(() => readShippedKnowledge(folder)).toThrow(message);
    expect(() => readShippedKnowledge(folder)).toThrow(
      expect.objectContaining({ code: 'TABLE_INVALID', at: expect.stringMatching(new RegExp(`${file}:\\d+`)) }),
    );
    rmSync(folder, { recursive: true });
  });
});

describe('the demo patients', () => {
  const stories = readDemoPatients('graph-seed/demo-patients').map(({ patient }) => patient);

  it('are at least twelve, plainly synthetic, each with a story of its own', () => {
    expect(stories.length).toBeGreaterThanOrEqual(12);
    expect(new Set(stories.map(({ story }) => story)).size).toBe(stories.length);
    expect(stories.every(({ synthetic, identifier }) => synthetic && identifier.startsWith('DEMO-'))).toBe(true);
  });

  it('take drugs that the release knows, and carry diplotypes that it can read', () => {
    const unknownDrugs = stories
      .flatMap(({ medications }) => medications.map(({ drug }) => drug))
      .filter((drug) => drugsNamed(knowledge, drug).length !== 1);
    const unread = stories
      .flatMap(({ diplotypes }) => diplotypes)
      .filter(({ gene, diplotype }) => {
        const definition = knowledge.definitionByGene.get(gene);
        return !definition || 'problem' in phenotypeOf(definition, diplotype);
      });
    expect([unknownDrugs, unread]).toEqual([[], []]);
  });
});
