import { pino } from 'pino';
import { z } from 'zod';
import { systemActor } from '../access/actor.ts';
import { Noted } from '../access/audit/noted.ts';
import { AvicennaError } from '../errors.ts';
import { keyOf } from '../graphql/ids.ts';
import { recommendationsFor } from '../graphql/recommendations.ts';
import { drugsNamed } from '../knowledge/names.ts';
import { type RecommendedRule, recommend } from '../knowledge/recommend.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { callApi } from './api.ts';
import { readConfig } from './config.ts';
import { inputLines, readJsonLine } from './inputLines.ts';
import { openPlatform } from './openPlatform.ts';
import { line, progress, refuse } from './output.ts';
import { patientInGraph } from './patientAddress.ts';
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

const NOTHING = 'No guidance in this release speaks of this.';

async function print(knowledge: KnowledgeSnapshot, found: readonly RecommendedRule[], json: boolean): Promise<void> {
  if (json) await line(JSON.stringify({ recommendations: found.map((one) => recommendationShape(knowledge, one)) }));
  else await line(found.length === 0 ? NOTHING : found.map(recommendationText).join('\n'));
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
      drug { name } population action classification basis applies dose { factorLow factorHigh text } alternatives { name }
      modulators { drug effect strength } guideline { id } release text lookup { gene key }
    }
  }
}`;

/** What the lines of a patient's recommendations are made from, here and from a server. */
interface PatientRecommendation {
  readonly drug: { readonly name: string };
  readonly population: string;
  readonly action: string;
  readonly classification: string;
  readonly basis: string;
  readonly applies: boolean;
  readonly modulators: readonly { readonly drug: string; readonly effect: string; readonly strength: string }[];
  readonly dose: { readonly factorLow: number | null; readonly factorHigh: number | null; readonly text: string | null } | null;
  readonly alternatives: readonly { readonly name: string }[];
  readonly lookup: readonly { readonly gene: string; readonly key: string }[];
  readonly guideline: string;
  readonly release: string;
  readonly text: string;
}

function patientShape(found: PatientRecommendation) {
  const { drug, population, classification, action, dose, alternatives, lookup, guideline, release, text, basis, applies, modulators } =
    found;
  return {
    drug: drug.name,
    population,
    classification,
    action,
    dose,
    alternatives: alternatives.map(({ name }) => name),
    lookup: Object.fromEntries(lookup.map(({ gene, key }) => [gene, key])),
    guideline,
    release,
    text,
    basis,
    applies,
    modulators: modulators.map((one) => ({ drug: one.drug, effect: one.effect, strength: one.strength })),
  };
}

function patientText({ drug, population, action, classification, text, basis, applies, modulators }: PatientRecommendation): string {
  const why =
    basis === 'PHENOCONVERTED' ? ` (with ${modulators.map((one) => one.drug).join(', ')})` : applies ? '' : ' (by the genotype alone)';
  return `  ${drug.name} (${population}): ${action} [${classification}]${why} ${text}`;
}

async function printPatient(found: readonly PatientRecommendation[], json: boolean): Promise<void> {
  if (json) await line(JSON.stringify({ recommendations: found.map(patientShape) }));
  else await line(found.length === 0 ? NOTHING : found.map(patientText).join('\n'));
}

async function throughServer(options: RecommendOptions & { readonly url: string; readonly patient: string }): Promise<void> {
  type Shown = Omit<PatientRecommendation, 'guideline'> & { readonly guideline: { readonly id: string } };
  const variables = { identifier: options.patient, drugs: options.drug === undefined ? null : [options.drug] };
  const { patient } = await callApi<{ patient: { recommendations: Shown[] } }>(options.url, QUERY, variables);
  const found = patient.recommendations.map((one) => ({ ...one, guideline: keyOf('Guideline', one.guideline.id, 'guideline') }));
  await printPatient(found, options.json ?? false);
}

async function fromGraph(options: RecommendOptions & { readonly patient: string }): Promise<void> {
  const platform = await openPlatform({ data: options.data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    const noted = new Noted();
    const actor = systemActor('command-line');
    const record = await patientInGraph(platform.readerFor(actor, noted), options.patient, '--patient');
    await platform.audit.record(noted.take(actor, { document: null, operation: 'recommend' }));
    const drugs = drugNames(platform.knowledge, options.drug, '--drug');
    const found = recommendationsFor(platform.knowledge, record, drugs, new Date().toISOString());
    const shown = found.flatMap(({ drug, guideline, ...one }) => (drug && guideline ? { ...one, drug, guideline: guideline.id } : []));
    await printPatient(shown, options.json ?? false);
  } finally {
    await platform.close();
  }
}

export async function recommendCommand(options: RecommendOptions): Promise<void> {
  const { patient, url } = options;
  if (patient === undefined) return fromLines(options);
  if (url !== undefined) return throughServer({ ...options, url, patient });
  return fromGraph({ ...options, patient });
}
