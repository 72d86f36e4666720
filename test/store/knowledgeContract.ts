/** The shipped knowledge in the graph: what is read back is what was loaded, and the paths it speaks of are there. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { phenotypeOf } from '../../src/genotypes/phenotype.ts';
import { type EvidencePath, genePaths, interactionPaths, type PathNodeKind } from '../../src/knowledge/evidencePaths.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import type { KnowledgeTables } from '../../src/knowledge/snapshot.ts';
import { knowledgeStatements, switchStatements } from '../../src/store/cypher/loadKnowledge.ts';
import { currentRelease, readKnowledge } from '../../src/store/cypher/readKnowledge.ts';
import { type Statement, statement } from '../../src/store/graphStore.ts';
import { count, type Given } from './given.ts';

const shipped = readShippedKnowledge('graph-seed');

/** The tables alone, without the indexes over them. */
function tablesOf(all: KnowledgeTables): KnowledgeTables {
  const { release, genes, variants, definitions, drugs, guidelines, rules, interactions } = all;
  const { interactionRules, ruleDrugs, modulators, alleleFrequencies, oncology } = all;
  const facts = { interactions, interactionRules, ruleDrugs, modulators, alleleFrequencies, oncology };
  return { release, genes, variants, definitions, drugs, guidelines, rules, ...facts };
}

type GenePathKind = Exclude<PathNodeKind, 'ALTERATION' | 'PROFILE' | 'EVIDENCE' | 'DISEASE'>;

/** Label and key of the node that a step of a path of guidance names. */
const NODES: Readonly<Record<GenePathKind, readonly [string, string]>> = {
  VARIANT: ['Variant', 'rsid'],
  ALLELE: ['Allele', 'key'],
  GENE: ['Gene', 'symbol'],
  GUIDELINE: ['Guideline', 'id'],
  DRUG: ['Drug', 'name'],
  INTERACTION: ['Interaction', 'id'],
};

/** The path as a pattern: a walk over these nodes by these relations, each stated by the path's release. */
export function pathStatement(path: EvidencePath): Statement {
  const nodes = path.nodes.map(({ kind }, place) => `(n${place}:${NODES[kind as GenePathKind].join(' {')}: $k${place}})`);
  const pattern = nodes
    .map((node, place) => (place === 0 ? node : `-[r${place}:${path.relations[place - 1]} {release: $release}]-${node}`))
    .join('');
  const keys = Object.fromEntries(path.nodes.map(({ key }, place) => [`k${place}`, key]));
  return statement('test.path', `MATCH ${pattern} RETURN count(*) AS n`, { ...keys, release: path.release });
}

function call(gene: string, text: string) {
  const definition = shipped.definitionByGene.get(gene);
  const answer = definition && phenotypeOf(definition, text);
  if (!answer || 'problem' in answer) throw new Error('the tables do not have it');
  return {
    gene,
    status: 'CALLED',
    source: 'OUTSIDE',
    phased: false,
    diplotypes: [answer.diplotype],
    variants: [],
    lookup: [answer.diplotype],
    alsoFit: [],
    evidence: [],
    missing: [],
    warnings: [],
  } as const;
}

function paths(given: Given): void {
  it('holds each path that leads from CYP2C9 *1/*3 to warfarin', async () => {
    const found = genePaths(shipped, call('CYP2C9', '*1/*3'), 'warfarin');
    expect(found.map(({ nodes }) => nodes.map(({ key }) => key).join(' > ')).join('\n')).toContain('rs1057910 > CYP2C9 *3 > CYP2C9');
    for (const path of found) {
      expect(path.relations).toHaveLength(path.nodes.length - 1);
      expect([path.nodes.map(({ key }) => key), await given().read(pathStatement(path))]).toEqual([
        path.nodes.map(({ key }) => key),
        [{ n: 1 }],
      ]);
    }
  });

  it('holds the path of each interaction', async () => {
    const pairs = shipped.interactions.map(({ drugs }) => drugs);
    expect(pairs.length).toBeGreaterThan(0);
    for (const [a, b] of pairs) {
      const found = interactionPaths(shipped, a, b);
      expect(found.length).toBeGreaterThan(0);
      for (const path of found) expect(await given().read(pathStatement(path))).toEqual([{ n: 1 }]);
    }
  });

  it('holds no path that the tables do not state', async () => {
    const [path] = genePaths(shipped, call('CYP2C9', '*1/*3'), 'warfarin');
    const wrong = path?.nodes.map((node) => (node.kind === 'DRUG' ? { ...node, key: 'codeine' } : node)) ?? [];
    expect(await given().read(pathStatement({ ...(path as EvidencePath), nodes: wrong }))).toEqual([{ n: 0 }]);
  });

  it('leads from each recommendation to its guideline, its drug and its evidence', async () => {
    const [row] = await given().read(
      statement(
        'test.rules',
        'MATCH (l:Guideline)<-[:UNDER {release: $release}]-(n:Recommendation)-[:ADVISES_ON {release: $release}]->(d:Drug) WHERE l.id = n.guideline AND d.name = n.drug RETURN count(n) AS n',
        {
          release: shipped.release.name,
        },
      ),
    );
    expect(row).toEqual({ n: shipped.rules.length });
    expect(await count(given(), '(:Recommendation)-[:SUPPORTED_BY]->(:Evidence)')).toBe(
      shipped.rules.reduce((sum, { pmids }) => sum + new Set(pmids).size, 0),
    );
  });
}

export function knowledgeContract(given: Given): void {
  const load = async () => {
    for (const statements of knowledgeStatements(shipped)) await given().write(statements);
    await given().write(switchStatements(shipped.release.name));
  };

  describe('with the shipped knowledge', () => {
    beforeAll(async () => {
      expect(await currentRelease(given())).toBeNull();
      await load();
    }, 120_000);

    it('gives back the very tables that were loaded', async () => {
      const release = await currentRelease(given());
      expect(release).toEqual(shipped.release);
      expect(await readKnowledge(given(), shipped.release)).toEqual(tablesOf(shipped));
    });

    it('is the same after it was loaded a second time', async () => {
      const size = async () => [await count(given()), await count(given(), '()-[r]->()'), await readKnowledge(given(), shipped.release)];
      const before = await size();
      await load();
      expect(await size()).toEqual(before);
    });

    paths(given);
  });
}
