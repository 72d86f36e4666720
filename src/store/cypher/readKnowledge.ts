/** Reads the current knowledge release back from the graph, as the tables it was loaded from. */
import { type AlleleRow, definitionsOf, type RuleRow } from '../../knowledge/definitionsOf.ts';
import type {
  AlleleFrequency,
  Drug,
  Gene,
  GuidanceRule,
  Guideline,
  Interaction,
  InteractionRule,
  KnowledgeTables,
  Modulator,
  ReleaseInfo,
  RuleDrug,
  Variant,
} from '../../knowledge/snapshot.ts';
import { type GraphStore, type Row, statement } from '../graphStore.ts';
import { readOncology } from './oncologyTables.ts';

const CURRENT = "MATCH (:Current {name: 'knowledge'})-[:POINTS_TO]->(r:KnowledgeRelease)";

/** The release that the pointer names; null in a graph that was never seeded. */
export async function currentRelease(store: GraphStore): Promise<ReleaseInfo | null> {
  const [row] = await store.read<{ name: string; digest: string; sources: string }>(
    statement('knowledge.current', `${CURRENT} RETURN r.name AS name, r.digest AS digest, r.sources AS sources`),
  );
  return row ? { name: row.name, digest: row.digest, sources: JSON.parse(row.sources) as ReleaseInfo['sources'] } : null;
}

/** Every release in the graph, by name. */
export async function loadedReleases(store: GraphStore): Promise<ReleaseInfo[]> {
  const rows = await store.read<{ name: string; digest: string; sources: string }>(
    statement(
      'knowledge.releases',
      'MATCH (r:KnowledgeRelease) RETURN r.name AS name, r.digest AS digest, r.sources AS sources ORDER BY name',
    ),
  );
  return rows.map(({ name, digest, sources }) => ({ name, digest, sources: JSON.parse(sources) as ReleaseInfo['sources'] }));
}

function group<T>(rows: readonly Row[], key: string, pick: (row: Row) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = row[key] as string;
    const found = groups.get(name);
    if (found) found.push(pick(row));
    else groups.set(name, [pick(row)]);
  }
  return groups;
}

async function alleleRows(store: GraphStore, release: string): Promise<AlleleRow[]> {
  const rows = await store.read(
    statement(
      'knowledge.read.alleles',
      `MATCH (a:Allele)-[o:OF_GENE {release: $release}]->(g:Gene)
       RETURN g.symbol AS gene, a.key AS key, a.name AS name, o.function AS function, o.activity AS activity, o.ruleKey AS ruleKey, o.kind AS kind ORDER BY gene, o.place`,
      { release },
    ),
  );
  const defining = await store.read(
    statement(
      'knowledge.read.defining',
      'MATCH (v:Variant)-[d:DEFINES {release: $release}]->(a:Allele) RETURN a.key AS allele, v.position AS position, d.base AS base ORDER BY allele, position',
      { release },
    ),
  );
  const bases = group(defining, 'allele', (row) => [row['position'] as number, row['base'] as string] as const);
  const textOrNull = (row: Row, key: string) => (row[key] as string | null | undefined) ?? null;
  return rows.map((row) => ({
    gene: row['gene'] as string,
    name: row['name'] as string,
    function: textOrNull(row, 'function'),
    activity: textOrNull(row, 'activity'),
    key: textOrNull(row, 'ruleKey'),
    kind: row['kind'] as AlleleRow['kind'],
    defining: bases.get(row['key'] as string) ?? [],
  }));
}

async function ruleRows(store: GraphStore, release: string): Promise<RuleRow[]> {
  const rows = await store.read(
    statement(
      'knowledge.read.rules',
      'MATCH (r:PhenotypeRule)-[o:OF_GENE {release: $release}]->(g:Gene) RETURN g.symbol AS gene, r.key1 AS key1, r.key2 AS key2, r.phenotype AS phenotype, r.activityScore AS activityScore, r.lookupKey AS lookupKey ORDER BY gene, o.place',
      { release },
    ),
  );
  return rows.map((row) => ({
    gene: row['gene'] as string,
    keys: [row['key1'] as string, row['key2'] as string].filter((key) => key !== ''),
    phenotype: row['phenotype'] as string,
    activityScore: (row['activityScore'] as string | null) ?? null,
    lookupKey: row['lookupKey'] as string,
  }));
}

async function included<T>(store: GraphStore, release: string, label: string, fields: string): Promise<T[]> {
  const rows = await store.read(
    statement(
      `knowledge.read.${label}`,
      `MATCH (:KnowledgeRelease {name: $release})-[i:INCLUDES]->(n:${label}) RETURN n {${fields}} AS item ORDER BY i.place`,
      { release },
    ),
  );
  return rows.map((row) => row['item'] as T);
}

async function guidelines(store: GraphStore, release: string): Promise<Guideline[]> {
  const heads = await included<Omit<Guideline, 'genes' | 'drugs'>>(
    store,
    release,
    'Guideline',
    '.id, .title, .publisher, .url, .year, .pmid',
  );
  const genes = await store.read(
    statement(
      'knowledge.read.guidelineGenes',
      'MATCH (l:Guideline)-[a:ABOUT_GENE {release: $release}]->(g:Gene) RETURN l.id AS id, g.symbol AS other ORDER BY id, a.place',
      { release },
    ),
  );
  const drugs = await store.read(
    statement(
      'knowledge.read.guidelineDrugs',
      'MATCH (l:Guideline)-[f:FOR_DRUG {release: $release}]->(d:Drug) RETURN l.id AS id, d.name AS other ORDER BY id, f.place',
      { release },
    ),
  );
  const other = (row: Row) => row['other'] as string;
  const byGene = group(genes, 'id', other);
  const byDrug = group(drugs, 'id', other);
  return heads.map((head) => ({ ...head, genes: byGene.get(head.id) ?? [], drugs: byDrug.get(head.id) ?? [] }));
}

async function rules(store: GraphStore, release: string): Promise<GuidanceRule[]> {
  const rows = await store.read(
    statement(
      'knowledge.read.recommendations',
      `MATCH (n:Recommendation)-[:UNDER {release: $release}]->(:Guideline)
       RETURN n {.id, .guideline, .drug, .population, .lookup, .classification, .action, .doseFactorLow, .doseFactorHigh, .doseText, .alternatives, .text, .pmids} AS item ORDER BY n.place`,
      { release },
    ),
  );
  return rows.map((row) => {
    const item = row['item'] as Omit<GuidanceRule, 'lookup'> & { lookup: string };
    return { ...item, lookup: JSON.parse(item.lookup) as Record<string, string> };
  });
}

async function interactions(store: GraphStore, release: string): Promise<Interaction[]> {
  const rows = await store.read(
    statement(
      'knowledge.read.interactions',
      'MATCH (i:Interaction {release: $release}) RETURN i {.id, .drugA, .drugB, .severity, .mechanism, .effect, .advice, .source, .pmid, .doseDirection} AS item ORDER BY i.place',
      { release },
    ),
  );
  return rows.map((row) => {
    const { drugA, drugB, ...item } = row['item'] as Omit<Interaction, 'drugs'> & { drugA: string; drugB: string };
    return { ...item, drugs: [drugA, drugB] };
  });
}

async function ownFacts<T>(store: GraphStore, release: string, label: string, fields: string): Promise<T[]> {
  const rows = await store.read(
    statement(`knowledge.read.${label}`, `MATCH (n:${label} {release: $release}) RETURN n {${fields}} AS item ORDER BY n.place`, {
      release,
    }),
  );
  return rows.map((row) => row['item'] as T);
}

/** A whole release. */
export async function readKnowledge(store: GraphStore, release: ReleaseInfo): Promise<KnowledgeTables> {
  const genes = await included<Gene>(store, release.name, 'Gene', '.symbol, .name, .chromosome, .hgnc, .description');
  const variants = await included<Variant>(
    store,
    release.name,
    'Variant',
    '.rsid, .gene, .chromosome, .position, .ref, .alt, .hgvs, .role, .label',
  );
  return {
    release,
    genes,
    variants,
    definitions: definitionsOf(
      genes.map(({ symbol }) => symbol),
      variants,
      await alleleRows(store, release.name),
      await ruleRows(store, release.name),
    ),
    drugs: await included<Drug>(store, release.name, 'Drug', '.name, .rxcui, .synonyms, .class'),
    guidelines: await guidelines(store, release.name),
    rules: await rules(store, release.name),
    interactions: await interactions(store, release.name),
    interactionRules: (
      await ownFacts<InteractionRule>(
        store,
        release.name,
        'InteractionRule',
        '.rule, .list, .object, .precipitant, .mechanism, .effect, .source, .pmid, .objects, .precipitants',
      )
    ).map((rule) => ({ ...rule, mechanism: rule.mechanism ?? null, effect: rule.effect ?? null })),
    ruleDrugs: (await ownFacts<RuleDrug>(store, release.name, 'InteractionDrug', '.name, .synonyms, .drugbank')).map((drug) => ({
      ...drug,
      drugbank: drug.drugbank ?? null,
    })),
    modulators: await ownFacts<Modulator>(store, release.name, 'Modulator', '.gene, .drug, .effect, .strength, .source'),
    alleleFrequencies: await ownFacts<AlleleFrequency>(store, release.name, 'AlleleFrequency', '.gene, .allele, .population, .frequency'),
    oncology: await readOncology(store, release.name),
  };
}
