/**
 * What a query may ask, decided before anything is resolved, over HTTP and WebSocket alike: tokens, depth, what documentLimits.ts
 * counts, and cost. Cost counts fields; a list counts its fields times its `first` (or a stated length).
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import { countedLimits, measuredLimits, tooMuch } from './documentLimits.ts';
import { refusedVariables } from './refusedVariables.ts';

/** `costOfEvent` is of a subscription, which is executed again and again; `characters` are of a document, without its variables: it is kept as long as a subscription that it asks for. */
export const LIMITS = { characters: 50_000, tokens: 2000, cost: 20_000, costOfEvent: 4000 } as const;

/** Rules that run before GraphQL's own validation, which goes through all that a document makes of itself (http/firstLook.ts). */
export const LIMIT_RULES: readonly ValidationRule[] = [measuredLimits, countedLimits];

/** Work that one field stands for, where it is more than reading a property. */
const HEAVY: Readonly<Record<string, number>> = {
  explanation: 200,
  localValidity: 1000,
  similarPatients: 500,
  trajectory: 50,
  plotSvg: 250,
  prediction: 20,
  patient: 5,
  observations: 5,
  recommendations: 20,
  wouldChangeIf: 400,
  changes: 20,
  affectedPatients: 20,
  whyNot: 10,
  evidence: 5,
  search: 20,
  cohort: 500,
};
/** Of a field by itself, without what is asked below it. */
export const ownCost = (field: string): number => HEAVY[field] ?? 1;

const LIST_ARGUMENTS = ['ids', 'symbols', 'names', 'genes', 'drugs'] as const;
/** Lists whose length nobody states, where it is more than a few: about as long as they are in what ships. */
const LENGTHS: Readonly<Record<string, number>> = {
  'ClauseMatch.criteria': 5,
  'DiplotypeCall.evidence': 25,
  'Drug.guidelines': 4,
  'Drug.interactions': 25,
  'Explanation.attributions': 12,
  'Gene.alleles': 200,
  'Gene.guidelines': 15,
  'Gene.variants': 150,
  'Guideline.drugs': 7,
  'Guideline.genes': 3,
  'KnowledgeRelease.sources': 20,
  'Model.inputs': 20,
  'MolecularReport.copyNumbers': 10,
  'MolecularReport.variants': 50,
  'Model.sourceAttributes': 31,
  'Model.subgroups': 10,
  'Model.tripodItems': 20,
  'Patient.diplotypes': 20,
  'Patient.interactions': 5,
  'Patient.medications': 5,
  'Patient.recommendations': 10,
  'Prediction.inputs': 12,
  'Query.models': 12,
  'Recommendation.because': 3,
  'TreatmentOption.evidence': 5,
  'TreatmentOptions.options': 60,
  'TrialMatch.clauses': 5,
  'TrialMatches.matches': 10,
};
const FEW = 2;
/** Rows of a list that the `first` of what it is in has counted already. */
const COUNTED = new Set(['edges', 'nodes']);
const COUNTED_IN: Readonly<Record<string, string>> = { GraphPaths: 'paths' };
const isCounted = (parent: string, name: string) => COUNTED.has(name) || COUNTED_IN[parent] === name;
const isListOfObjects = (type: GraphQLOutputType) => isListType(getNullableType(type)) && isCompositeType(getNamedType(type));

/** How many times what is below a field comes. */
function timesOf(parent: string, { name, type }: GraphQLField<unknown, unknown>, args: Readonly<Record<string, unknown>>): number {
  const listed = LIST_ARGUMENTS.map((argument) => args[argument] as unknown[] | undefined).find(Array.isArray)?.length;
  if (typeof args['first'] === 'number') return Math.min(Math.max(args['first'], 1), 100);
  // Of an empty list some arguments make all.
  if (listed) return listed;
  if (!isListOfObjects(type) || isCounted(parent, name)) return 1;
  // Of one therapy there are a few options.
  return args['therapy'] == null ? (LENGTHS[`${parent}.${name}`] ?? FEW) : FEW;
}

const estimate: ComplexityEstimator = ({ type, field, args, childComplexity }) =>
  ownCost(field.name) + timesOf(type.name, field, args) * childComplexity;

const costs = new LRUCache<string, number>({ max: 1000 });

/** What of a variable the cost depends on: numbers and lengths make lists long, a yes or no leaves fields out; of a text its type must fit. */
function weightOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return Array.isArray(value) ? [value.length] : typeof value;
}

/** The cost of one operation. `cacheKey` names the document; what of the variables it depends on is part of the key. */
export function costOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | null,
  cacheKey: string,
): number {
  const sizes = Object.entries(variables).map(([name, value]) => [name, weightOf(value)]);
  const key = `${cacheKey}|${operationName ?? ''}|${JSON.stringify(sizes)}`;
  const known = costs.get(key);
  if (known !== undefined) return known;
  const cost = complexity(schema, query, variables, operationName);
  costs.set(key, cost);
  return cost;
}

/** Counting reads the variables first: one that does not fit its type is the client's error. */
function complexity(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | null,
): number {
  try {
    return getComplexity({
      schema,
      query,
      variables: { ...variables },
      estimators: [estimate],
      ...(operationName === null ? {} : { operationName }),
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [refused = error] = refusedVariables(schema, query, operationName, variables);
    const { originalError, nodes = null } = refused;
    throw new GraphQLError(refused.message, {
      nodes,
      originalError,
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  }
}

/** The error of a text that is too long to be read at all, or undefined. */
export const lengthError = (query: string): GraphQLError | undefined =>
  query.length > LIMITS.characters ? tooMuch('characters', LIMITS.characters) : undefined;

/** The error of a query that costs too much, or undefined. */
export function costError(cost: number, operation: OperationTypeNode): GraphQLError | undefined {
  const limit = operation === OperationTypeNode.SUBSCRIPTION ? LIMITS.costOfEvent : LIMITS.cost;
  if (cost <= limit) return undefined;
  return new GraphQLError(`The ${operation} costs ${cost}, the limit is ${limit}: ask for fewer rows (first) or fewer fields.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', cost: { requested: cost, limit }, http: { status: 400 } },
  });
}
