/**
 * Writes a knowledge release into the graph. Genes, drugs, variants, alleles, guidelines and evidence are identity
 * nodes shared by releases; each fact about them is an edge or node that carries its release. Loading twice changes
 * nothing; the `Current` pointer moves in the last transaction.
 */
import type { AlleleRow } from '../../knowledge/definitionsOf.ts';
import type { KnowledgeTables } from '../../knowledge/snapshot.ts';
import { type Statement, statement } from '../graphStore.ts';
import { oncologyStatements } from './oncologyTables.ts';

function kindOf(place: number, defining: ReadonlyMap<number, string> | null): AlleleRow['kind'] {
  if (defining === null) return 'stated';
  return place === 0 ? 'reference' : 'variant';
}

const alleleKey = (gene: string, name: string) => `${gene} ${name}`;

function identities(tables: KnowledgeTables, release: string): Statement[] {
  const include = (label: string, key: string) => `
    MERGE (n:${label} {${key}: row.${key}}) SET n += row.props
    WITH n, row MATCH (r:KnowledgeRelease {name: $release})
    MERGE (r)-[i:INCLUDES]->(n) SET i.place = row.place`;
  const rows = <T extends object>(items: readonly T[], key: keyof T & string) =>
    items.map((item, place) => ({ [key]: item[key], props: item, place }));
  return [
    statement('knowledge.genes', `UNWIND $rows AS row ${include('Gene', 'symbol')}`, { release, rows: rows(tables.genes, 'symbol') }),
    statement('knowledge.variants', `UNWIND $rows AS row ${include('Variant', 'rsid')}`, { release, rows: rows(tables.variants, 'rsid') }),
    statement('knowledge.drugs', `UNWIND $rows AS row ${include('Drug', 'name')}`, { release, rows: rows(tables.drugs, 'name') }),
    statement('knowledge.guidelines', `UNWIND $rows AS row ${include('Guideline', 'id')}`, {
      release,
      rows: tables.guidelines.map(({ genes: _genes, drugs: _drugs, ...props }, place) => ({ id: props.id, props, place })),
    }),
  ];
}

function genetics(tables: KnowledgeTables, release: string): Statement[] {
  const alleles = tables.definitions.flatMap(({ gene, alleles: named, positions }) => {
    const rsids = new Map(positions.map(({ position, rsid }) => [position, rsid]));
    return named.map(({ name, function: effect, activity, key: ruleKey, defining }, place) => ({
      row: { key: alleleKey(gene, name), gene, name, function: effect, activity, ruleKey, place, kind: kindOf(place, defining) },
      bases: [...(defining ?? [])].map(([position, base]) => ({ key: alleleKey(gene, name), rsid: rsids.get(position) ?? '', base })),
    }));
  });
  return [
    statement(
      'knowledge.variantGenes',
      'UNWIND $rows AS row MATCH (v:Variant {rsid: row.rsid}) MATCH (g:Gene {symbol: row.gene}) MERGE (v)-[:IN_GENE {release: $release}]->(g)',
      {
        release,
        rows: tables.variants.map(({ rsid, gene }) => ({ rsid, gene })),
      },
    ),
    statement(
      'knowledge.alleles',
      `UNWIND $rows AS row MERGE (a:Allele {key: row.key}) SET a.gene = row.gene, a.name = row.name
       WITH a, row MATCH (g:Gene {symbol: row.gene})
       MERGE (a)-[o:OF_GENE {release: $release}]->(g) SET o.function = row.function, o.activity = row.activity, o.ruleKey = row.ruleKey, o.place = row.place, o.kind = row.kind`,
      { release, rows: alleles.map(({ row }) => row) },
    ),
    statement(
      'knowledge.defining',
      'UNWIND $rows AS row MATCH (v:Variant {rsid: row.rsid}) MATCH (a:Allele {key: row.key}) MERGE (v)-[d:DEFINES {release: $release}]->(a) SET d.base = row.base',
      { release, rows: alleles.flatMap(({ bases }) => bases) },
    ),
    statement(
      'knowledge.rules',
      `UNWIND $rows AS row MERGE (r:PhenotypeRule {key: row.key}) SET r += row.props
       WITH r, row MATCH (g:Gene {symbol: row.gene}) MERGE (r)-[o:OF_GENE {release: $release}]->(g) SET o.place = row.place`,
      {
        release,
        rows: tables.definitions.flatMap(({ gene, rules }) =>
          rules.map(({ keys, ...props }, place) => ({
            key: `${release}|${gene}|${keys.join('|')}`,
            gene,
            place,
            props: { ...props, key1: keys[0] ?? '', key2: keys[1] ?? '', gene, release },
          })),
        ),
      },
    ),
  ];
}

function guidance(tables: KnowledgeTables, release: string): Statement[] {
  const pairs = (list: 'genes' | 'drugs') =>
    tables.guidelines.flatMap((guideline) => guideline[list].map((other, place) => ({ id: guideline.id, other, place })));
  const rules = tables.rules.map(({ lookup, pmids, ...props }, place) => ({
    key: `${release}|${props.id}`,
    guideline: props.guideline,
    drug: props.drug,
    pmids,
    props: { ...props, pmids, lookup: JSON.stringify(lookup), release, place },
  }));
  return [
    statement(
      'knowledge.guidelineGenes',
      'UNWIND $rows AS row MATCH (l:Guideline {id: row.id}) MATCH (g:Gene {symbol: row.other}) MERGE (l)-[a:ABOUT_GENE {release: $release}]->(g) SET a.place = row.place',
      {
        release,
        rows: pairs('genes'),
      },
    ),
    statement(
      'knowledge.guidelineDrugs',
      'UNWIND $rows AS row MATCH (l:Guideline {id: row.id}) MATCH (d:Drug {name: row.other}) MERGE (l)-[f:FOR_DRUG {release: $release}]->(d) SET f.place = row.place',
      {
        release,
        rows: pairs('drugs'),
      },
    ),
    statement(
      'knowledge.recommendations',
      `UNWIND $rows AS row MERGE (n:Recommendation {key: row.key}) SET n += row.props
       WITH n, row MATCH (l:Guideline {id: row.guideline}) MERGE (n)-[:UNDER {release: $release}]->(l)
       WITH n, row MATCH (d:Drug {name: row.drug}) MERGE (n)-[:ADVISES_ON {release: $release}]->(d)`,
      { release, rows: rules },
    ),
    statement(
      'knowledge.evidence',
      'UNWIND $rows AS row MERGE (e:Evidence {pmid: row.pmid}) WITH e, row MATCH (n:Recommendation {key: row.key}) MERGE (n)-[:SUPPORTED_BY {release: $release}]->(e)',
      { release, rows: rules.flatMap(({ key, pmids }) => pmids.map((pmid) => ({ key, pmid }))) },
    ),
    statement(
      'knowledge.interactions',
      `UNWIND $rows AS row MERGE (i:Interaction {key: row.key}) SET i += row.props
       WITH i, row MATCH (a:Drug {name: row.a}) MERGE (i)-[:BETWEEN {release: $release, place: 0}]->(a)
       WITH i, row MATCH (b:Drug {name: row.b}) MERGE (i)-[:BETWEEN {release: $release, place: 1}]->(b)`,
      {
        release,
        rows: tables.interactions.map(({ drugs: [a, b], ...props }, place) => ({
          key: `${release}|${props.id}`,
          a,
          b,
          props: { ...props, release, place, drugA: a, drugB: b },
        })),
      },
    ),
  ];
}

/** Nodes of one label that belong to a release and to nothing else. */
function ownFacts(label: 'InteractionRule' | 'InteractionDrug', release: string, facts: readonly (readonly [string, object])[]): Statement {
  return statement(`knowledge.${label}`, `UNWIND $rows AS row MERGE (n:${label} {key: row.key}) SET n += row.props`, {
    rows: facts.map(([name, props], place) => ({ key: `${release}|${name}`, props: { ...props, release, place } })),
  });
}

/** Modulators and frequencies are facts of a release alone: nodes of their own, keyed by it. */
function furtherFacts(tables: KnowledgeTables, release: string): Statement[] {
  return [
    statement(
      'knowledge.modulators',
      `UNWIND $rows AS row MERGE (m:Modulator {key: row.key}) SET m += row.props
       WITH m, row MATCH (g:Gene {symbol: row.gene}) MERGE (m)-[:MODULATES {release: $release}]->(g)`,
      {
        release,
        rows: tables.modulators.map((props, place) => ({
          key: `${release}|${props.gene}|${props.drug}|${props.effect}`,
          gene: props.gene,
          props: { ...props, release, place },
        })),
      },
    ),
    ownFacts(
      'InteractionRule',
      release,
      tables.interactionRules.map((rule) => [rule.rule, rule]),
    ),
    ownFacts(
      'InteractionDrug',
      release,
      tables.ruleDrugs.map((drug) => [drug.name, drug]),
    ),
    statement(
      'knowledge.frequencies',
      `UNWIND $rows AS row MERGE (f:AlleleFrequency {key: row.key}) SET f += row.props
       WITH f, row MATCH (a:Allele {key: row.allele}) MERGE (f)-[:OF_ALLELE {release: $release}]->(a)`,
      {
        release,
        rows: tables.alleleFrequencies.map((props, place) => ({
          key: `${release}|${props.gene}|${props.allele}|${props.population}`,
          allele: alleleKey(props.gene, props.allele),
          props: { ...props, release, place },
        })),
      },
    ),
  ];
}

/** Makes a loaded release the one in force. */
export function switchStatements(release: string): readonly Statement[] {
  return [
    statement('knowledge.current.clear', "MATCH (:Current {name: 'knowledge'})-[i:POINTS_TO]->(:KnowledgeRelease) DELETE i"),
    statement(
      'knowledge.current',
      "MERGE (c:Current {name: 'knowledge'}) WITH c MATCH (r:KnowledgeRelease {name: $name}) MERGE (c)-[:POINTS_TO]->(r)",
      { name: release },
    ),
  ];
}

/** The statements that load a release beside those that are there, in the order they must run; each group fits one transaction. */
export function knowledgeStatements(tables: KnowledgeTables): readonly (readonly Statement[])[] {
  const { name, digest, sources } = tables.release;
  const open = statement('knowledge.release', 'MERGE (r:KnowledgeRelease {name: $name}) SET r.digest = $digest, r.sources = $sources', {
    name,
    digest,
    sources: JSON.stringify(sources),
  });
  return [
    [open, ...identities(tables, name)],
    genetics(tables, name),
    guidance(tables, name),
    furtherFacts(tables, name),
    oncologyStatements(tables.oncology, name),
  ];
}

/** Model nodes, so that risk events lead to what answered. */
export function modelStatement(models: readonly { name: string; version: string; digest: string; title: string }[]): Statement {
  return statement(
    'knowledge.models',
    'UNWIND $rows AS row MERGE (m:Model {name: row.name}) SET m.version = row.version, m.digest = row.digest, m.title = row.title',
    { rows: models },
  );
}
