/** The knowledge that the project ships: the tables under graph-seed/knowledge, checked as they are read. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AvicennaError } from '../errors.ts';
import { groupBy } from '../groupBy.ts';
import { ALLELE_KINDS, type AlleleRow, definitionsOf, type RuleRow } from './definitionsOf.ts';
import { readOncologyTables } from './oncology/oncologyTables.ts';
import { readTable, type TableRow } from './readTable.ts';
import {
  type GuidanceRule,
  type Guideline,
  type Interaction,
  indexKnowledge,
  type KnowledgeSnapshot,
  type Modulator,
  type ReleaseInfo,
  type Variant,
} from './snapshot.ts';

const ACTIONS = ['STANDARD', 'REDUCE', 'INCREASE', 'AVOID', 'ALTERNATIVE', 'MONITOR', 'NO_RECOMMENDATION'] as const;
const SEVERITIES = ['CONTRAINDICATED', 'MAJOR', 'MODERATE', 'MINOR'] as const;
const SOURCE_FIELDS = ['id', 'title', 'publisher', 'release', 'licence', 'url'] as const;
type Source = Readonly<Record<(typeof SOURCE_FIELDS)[number], string>>;

/** Checked by hand: a schema library takes longer to load than all tables to read. */
function readSources(file: string): Source[] {
  const wrong = (what: string) => new AvicennaError('TABLE_INVALID', what, file);
  let sources: unknown;
  try {
    sources = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw wrong('The sources cannot be read as JSON.');
  }
  if (!Array.isArray(sources)) throw wrong('Expected a list of sources.');
  return sources.map((source: Record<string, unknown> | null, place) => {
    const field = (name: (typeof SOURCE_FIELDS)[number]) => {
      const value = source?.[name];
      if (typeof value !== 'string') throw wrong(`Source ${place + 1} has no text '${name}'.`);
      return value;
    };
    return {
      id: field('id'),
      title: field('title'),
      publisher: field('publisher'),
      release: field('release'),
      licence: field('licence'),
      url: field('url'),
    };
  });
}

function release(directory: string): ReleaseInfo {
  const folder = join(directory, 'knowledge');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.tsv'))
    .sort()) {
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(folder, name)))
      .update('\0');
  }
  const digest = hash.digest('hex');
  return { name: `starter-${digest.slice(0, 8)}`, digest, sources: readSources(join(directory, 'SOURCES.json')) };
}

function modulatorOf(row: TableRow): Modulator {
  return {
    gene: row.text('gene'),
    drug: row.text('drug'),
    effect: row.oneOf('effect', ['INHIBITOR', 'INDUCER'] as const),
    strength: row.oneOf('strength', ['STRONG', 'MODERATE'] as const),
    source: row.text('source'),
  };
}

type Table = (name: string) => TableRow[];

/** Rules between classes of drugs, each with its drugs. */
function interactionRules(table: Table): Pick<KnowledgeSnapshot, 'interactionRules' | 'ruleDrugs'> {
  const ruleDrugs = table('interaction_drugs').map((row) => ({
    name: row.text('drug'),
    synonyms: row.list('synonyms'),
    drugbank: row.text('drugbank') || null,
  }));
  const known = new Set(ruleDrugs.map(({ name }) => name));
  const members = table('interaction_rule_drugs').map((row) => {
    const drug = row.text('drug');
    if (!known.has(drug)) throw new AvicennaError('TABLE_INVALID', `'${drug}' is not in interaction_drugs.tsv.`, row.at);
    return { drug, of: `${row.text('rule')} ${row.oneOf('role', ['object', 'precipitant'] as const)}` };
  });
  const byRole = groupBy(members, (member) => member.of);
  const drugsOf = (rule: string, role: string) => (byRole.get(`${rule} ${role}`) ?? []).map(({ drug }) => drug);
  const interactionRules = table('interaction_rules').map((row) => {
    const rule = row.text('rule');
    return {
      rule,
      list: row.oneOf('list', ['MUST_ALERT', 'DO_NOT_INTERRUPT'] as const),
      object: row.text('object'),
      precipitant: row.text('precipitant'),
      mechanism: row.text('mechanism') || null,
      effect: row.text('effect') || null,
      source: row.text('source'),
      pmid: row.text('pmid'),
      objects: drugsOf(rule, 'object'),
      precipitants: drugsOf(rule, 'precipitant'),
    };
  });
  return { interactionRules, ruleDrugs };
}

function variantOf(row: TableRow): Variant {
  return {
    rsid: row.text('rsid'),
    gene: row.text('gene'),
    chromosome: row.text('chromosome'),
    position: row.numberOrNull('position') ?? 0,
    ref: row.text('ref'),
    alt: row.text('alt'),
    hgvs: row.text('hgvs'),
    role: row.oneOf('role', ['allele', 'marker'] as const),
    label: row.text('label'),
  };
}

function definingOf(row: TableRow): (readonly [number, string])[] {
  return row.list('defining').map((cell) => {
    const [position = '', base = ''] = cell.split(':');
    if (!/^\d+$/.test(position) || !/^[A-Z]+$/.test(base))
      throw new AvicennaError('TABLE_INVALID', `'${cell}' in 'defining': expected position:base.`, row.at);
    return [Number(position), base] as const;
  });
}

function alleleRow(row: TableRow): AlleleRow {
  return {
    gene: row.text('gene'),
    name: row.text('allele'),
    function: row.text('function') || null,
    activity: row.text('activity') || null,
    key: row.text('key') || null,
    kind: row.oneOf('kind', ALLELE_KINDS),
    defining: definingOf(row),
  };
}

function ruleRow(row: TableRow): RuleRow {
  return {
    gene: row.text('gene'),
    keys: [row.text('key1'), row.text('key2')].filter((key) => key !== ''),
    phenotype: row.text('phenotype'),
    activityScore: row.text('activityScore') || null,
    lookupKey: row.text('lookupKey'),
  };
}

function lookupOf(row: TableRow): Record<string, string> {
  return Object.fromEntries(
    row.list('lookup').map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new AvicennaError('TABLE_INVALID', `'${pair}' in 'lookup': expected GENE=key.`, row.at);
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    }),
  );
}

/** What is said about a drug; several rows of recommendations.tsv may say the same. */
type Advice = Pick<GuidanceRule, 'drug' | 'action' | 'doseFactorLow' | 'doseFactorHigh' | 'doseText' | 'alternatives' | 'text'>;

function adviceOf(row: TableRow): Advice {
  return {
    drug: row.text('drug'),
    action: row.oneOf('action', ACTIONS),
    doseFactorLow: row.numberOrNull('doseFactorLow'),
    doseFactorHigh: row.numberOrNull('doseFactorHigh'),
    doseText: row.text('doseText') || null,
    alternatives: row.list('alternatives'),
    text: row.text('text'),
  };
}

function ruleOf(row: TableRow, advice: ReadonlyMap<string, Advice>): GuidanceRule {
  const said = advice.get(row.text('advice'));
  if (!said || said.drug !== row.text('drug'))
    throw new AvicennaError('TABLE_INVALID', `'${row.text('advice')}' in 'advice': no such row about this drug in advice.tsv.`, row.at);
  return {
    id: row.text('id'),
    guideline: row.text('guideline'),
    population: row.text('population'),
    lookup: lookupOf(row),
    classification: row.text('classification'),
    ...said,
    pmids: row.list('pmids'),
  };
}

function guidelineOf(row: TableRow): Guideline {
  return {
    id: row.text('id'),
    title: row.text('title'),
    genes: row.list('genes'),
    drugs: row.list('drugs'),
    publisher: row.text('publisher'),
    url: row.text('url'),
    year: row.text('year'),
    pmid: row.text('pmid'),
  };
}

function interactionOf(row: TableRow): Interaction {
  return {
    id: row.text('id'),
    drugs: [row.text('drugA'), row.text('drugB')] as const,
    severity: row.oneOf('severity', SEVERITIES),
    mechanism: row.text('mechanism'),
    effect: row.text('effect'),
    advice: row.text('advice'),
    source: row.text('source'),
    pmid: row.text('pmid'),
    doseDirection: row.text('doseDirection') === '' ? null : row.oneOf('doseDirection', ['UP', 'DOWN'] as const),
  };
}

/**
 * Reads graph-seed/. Throws TABLE_INVALID with file, line and column.
 * @param parts `CALLING`: without guidance (recommendations and advice), for a command that calls genotypes only and is to be quick
 */
export function readShippedKnowledge(directory: string, parts: 'ALL' | 'CALLING' = 'ALL'): KnowledgeSnapshot {
  const folder = join(directory, 'knowledge');
  const table = (name: string) => readTable(join(folder, `${name}.tsv`));
  const genes = table('genes').map((row) => ({
    symbol: row.text('symbol'),
    name: row.text('name'),
    chromosome: row.text('chromosome'),
    hgnc: row.text('hgnc'),
    description: row.text('description'),
  }));
  const variants = table('variants').map(variantOf);
  const guidance = (name: string) => (parts === 'ALL' ? table(name) : []);
  const advice = new Map(guidance('advice').map((row) => [row.text('id'), adviceOf(row)]));
  return indexKnowledge({
    release: release(directory),
    genes,
    variants,
    definitions: definitionsOf(
      genes.map(({ symbol }) => symbol),
      variants,
      table('alleles').map(alleleRow),
      table('phenotype_rules').map(ruleRow),
    ),
    drugs: table('drugs').map((row) => ({
      name: row.text('name'),
      rxcui: row.text('rxcui'),
      synonyms: row.list('synonyms'),
      class: row.text('class'),
    })),
    guidelines: table('guidelines').map(guidelineOf),
    rules: guidance('recommendations').map((row) => ruleOf(row, advice)),
    interactions: table('interactions').map(interactionOf),
    ...interactionRules(guidance),
    modulators: table('modulators').map(modulatorOf),
    alleleFrequencies: table('allele_frequencies').map((row) => ({
      gene: row.text('gene'),
      allele: row.text('allele'),
      population: row.text('population'),
      frequency: row.numberOrNull('frequency') ?? 0,
    })),
    oncology: readOncologyTables(guidance),
  });
}
