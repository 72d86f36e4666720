import { pino } from 'pino';
import { z } from 'zod';
import { DEMO_ACTOR } from '../access/actor.ts';
import type { PatientReader } from '../access/patientReader.ts';
import { AvicennaError } from '../errors.ts';
import { fromGlobalId, keyOf } from '../graphql/ids.ts';
import { drugsNamed } from '../knowledge/names.ts';
import { lookupKeysOf, populationFits, type RecommendedRule, recommend } from '../knowledge/recommend.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import type { PatientRecord } from '../patients/record.ts';
import { callApi } from './api.ts';
import { readConfig } from './config.ts';
import { inputLines, readJsonLine } from './inputLines.ts';
import { openPlatform } from './openPlatform.ts';
import { line, progress, refuse } from './output.ts';
import { PLACES } from './places.ts';
import { recommendationShape, recommendationText } from './shapes.ts';

export interface RecommendOptions {
  readonly drug?: string;
  readonly patient?: string;
  readonly url?: string;
  readonly data: string;
  readonly json?: boolean;
}

const request = z.object({ lookup: z.record(z.string(), z.union([z.string(), z.array(z.string())])), drug: z.string().optional() });

async function print(knowledge: KnowledgeSnapshot, found: readonly RecommendedRule[], json: boolean): Promise<void> {
  if (json) await line(JSON.stringify({ recommendations: found.map((one) => recommendationShape(knowledge, one)) }));
  else await line(found.length === 0 ? 'No guidance in this release speaks of this.' : found.map(recommendationText).join('\n'));
}

function drugNames(knowledge: KnowledgeSnapshot, name: string | undefined, at: string): string[] | undefined {
  if (name === undefined) return undefined;
  const drugs = drugsNamed(knowledge, name);
  if (drugs.length === 0) throw new AvicennaError('NOT_FOUND', `The release has no drug '${name.slice(0, 60)}'.`, at);
  return drugs.map((drug) => drug.name);
}

async function fromLines(options: RecommendOptions): Promise<void> {
  const knowledge = readShippedKnowledge(PLACES.graphSeed);
  const json = options.json ?? false;
  for await (const { text, at } of inputLines()) {
    try {
      const parsed = request.safeParse(readJsonLine(text, at));
      if (!parsed.success)
        throw new AvicennaError('BAD_USER_INPUT', 'Expected {"lookup":{GENE:key},"drug":name}; "drug" may be left out.', at);
      const keys = new Map(Object.entries(parsed.data.lookup).map(([gene, key]) => [gene, Array.isArray(key) ? key : [key]]));
      await print(knowledge, recommend(knowledge, keys, drugNames(knowledge, options.drug ?? parsed.data.drug, at)), json);
    } catch (error) {
      await refuse(error, json);
    }
  }
}

const QUERY = `query Recommend($identifier: String!, $drugs: [String!]) {
  patient(identifier: $identifier) {
    recommendations(drugs: $drugs) {
      drug { name } population classification action dose { factorLow factorHigh text } alternatives { name } guideline { id } release text
      because { gene { symbol } diplotypes { lookupKey } }
    }
  }
}`;

interface ApiRecommendation {
  readonly drug: { readonly name: string };
  readonly alternatives: readonly { readonly name: string }[];
  readonly guideline: { readonly id: string };
  readonly because: readonly {
    readonly gene: { readonly symbol: string };
    readonly diplotypes: readonly { readonly lookupKey: string | null }[];
  }[];
  readonly population: string;
  readonly action: string;
  readonly classification: string;
  readonly text: string;
}

async function throughServer(options: RecommendOptions & { readonly url: string; readonly patient: string }): Promise<void> {
  const variables = { identifier: options.patient, drugs: options.drug === undefined ? null : [options.drug] };
  const data = await callApi<{ patient: { recommendations: ApiRecommendation[] } }>(options.url, QUERY, variables);
  const shown = data.patient.recommendations.map(({ because, ...found }) => ({
    ...found,
    drug: found.drug.name,
    alternatives: found.alternatives.map(({ name }) => name),
    guideline: keyOf('Guideline', found.guideline.id, 'guideline'),
    lookup: Object.fromEntries(because.map(({ gene, diplotypes }) => [gene.symbol, diplotypes[0]?.lookupKey ?? null])),
  }));
  if (options.json) await line(JSON.stringify({ recommendations: shown }));
  else
    await line(
      shown
        .map(({ drug, population, action, classification, text }) => `  ${drug} (${population}): ${action} [${classification}] ${text}`)
        .join('\n'),
    );
}

async function fromGraph(options: RecommendOptions & { readonly patient: string }): Promise<void> {
  const platform = await openPlatform({ data: options.data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    const reader = platform.readerFor(DEMO_ACTOR);
    const record = (await reader.byIdentifier(options.patient)) ?? (await byGlobalId(options.patient, reader));
    if (!record) throw new AvicennaError('NOT_FOUND', 'No patient has that identifier or id.', '--patient');
    const keys = lookupKeysOf(record.calls.map(({ call }) => call));
    const found = recommend(platform.knowledge, keys, drugNames(platform.knowledge, options.drug, '--drug'));
    await print(
      platform.knowledge,
      found.filter(({ rule }) => populationFits(rule.population, record.race)),
      options.json ?? false,
    );
  } finally {
    await platform.close();
  }
}

async function byGlobalId(id: string, reader: PatientReader): Promise<PatientRecord | null> {
  try {
    const { type, key } = fromGlobalId(id, '--patient');
    return type === 'Patient' ? ((await reader.byIds([key]))[0] ?? null) : null;
  } catch {
    return null;
  }
}

export async function recommendCommand(options: RecommendOptions): Promise<void> {
  const { patient, url } = options;
  if (patient === undefined) return fromLines(options);
  if (url !== undefined) return throughServer({ ...options, url, patient });
  return fromGraph({ ...options, patient });
}
