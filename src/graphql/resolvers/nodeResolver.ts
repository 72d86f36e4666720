import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { covers } from '../../access/scopes.ts';
import { AvicennaError } from '../../errors.ts';
import { showStoredAlert } from '../alertStream.ts';
import type { Context } from '../context.ts';
import { SearchTypeEnum } from '../enums.ts';
import { TYPE_RESOURCES } from '../fieldRules.ts';
import { checkScope } from '../guardSchema.ts';
import { fromGlobalId, type NodeType } from '../ids.ts';
import { checkFirst, fromCursor, toCursor } from '../keyset.ts';
import { Node } from '../types/node.ts';
import { SearchConnection, SearchEdge, SearchItem } from '../types/searchTypes.ts';
import { modelKey, showModel } from './modelResolver.ts';
import { readStoredRisk } from './riskResolver.ts';

type Finder = (key: string, context: Context) => unknown;

/** How each type of node is found by its key. A medication is found through its patient only. */
const FINDERS: Readonly<Record<Exclude<NodeType, 'Medication'>, Finder>> = {
  Patient: (key, context) => context.loaders.patient.load(key),
  Gene: (key, context) => context.knowledge.geneBySymbol.get(key),
  Drug: (key, context) => context.knowledge.drugByName.get(key),
  Guideline: (key, context) => context.knowledge.guidelineById.get(key),
  Model: (key, context) => {
    const [name = '', version] = key.split('@', 2);
    const all = context.registry.versions.get(name) ?? [];
    const model = version === undefined ? context.registry.models.get(name) : all.find(({ card }) => card.version === version);
    return model && showModel(model);
  },
  RiskEvent: async (key, context) => {
    const stored = await context.reader.risk(key);
    return stored && readStoredRisk(stored);
  },
  Alert: async (key, context) => {
    const stored = await context.reader.alert(key);
    return stored && showStoredAlert(stored);
  },
};

async function findNode(id: string, context: Context, at: string): Promise<object | null> {
  const { type, key } = fromGlobalId(id, at);
  if (type === 'Medication') throw new AvicennaError('BAD_USER_INPUT', 'A medication is read through its patient.', at);
  const resource = TYPE_RESOURCES[type];
  if (resource) checkScope(context.actor, resource, 'r', at);
  const found = await FINDERS[type](key, context);
  return found === null || found === undefined ? null : { ...(found as object), __typename: type };
}

interface Hit {
  readonly type: string;
  readonly label: string;
  readonly typename: keyof typeof FINDERS;
  readonly key: string;
}

const MAX_NODES = 100;
const MAX_PATIENT_HITS = 100;

/** Everything with a name that is no patient, and the names that it is found by. */
function named({ knowledge, registry }: Context): (Hit & { readonly names: readonly string[] })[] {
  return [
    ...knowledge.genes.map(({ symbol, name }) => ({
      type: 'GENE',
      typename: 'Gene' as const,
      key: symbol,
      label: symbol,
      names: [symbol, name],
    })),
    ...knowledge.drugs.map(({ name, synonyms }) => ({
      type: 'DRUG',
      typename: 'Drug' as const,
      key: name,
      label: name,
      names: [name, ...synonyms],
    })),
    ...knowledge.guidelines.map(({ id, title }) => ({
      type: 'GUIDELINE',
      typename: 'Guideline' as const,
      key: id,
      label: title,
      names: [title],
    })),
    ...[...registry.models.values()].map(({ card }) => ({
      type: 'MODEL',
      typename: 'Model' as const,
      key: modelKey(card),
      label: card.title,
      names: [card.name, card.title],
    })),
  ];
}

/** Names of the knowledge and the models that contain the text. */
function knowledgeHits(text: string, wanted: (type: string) => boolean, context: Context): Hit[] {
  return named(context).filter(({ type, names }) => wanted(type) && names.some((name) => name.toLowerCase().includes(text)));
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Anything by its global id. Unknown: null with the error NOT_FOUND.' })
  async node(@Arg('id', () => ID, { description: 'Global id.' }) id: string, @Ctx() context: Context) {
    const found = await findNode(id, context, 'id');
    if (!found) throw new AvicennaError('NOT_FOUND', 'Nothing has that id.', 'id');
    return found;
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'Many things by their global ids, in the order asked for; null where there is nothing.',
  })
  nodes(@Arg('ids', () => [ID], { description: 'Up to 100 global ids.' }) ids: string[], @Ctx() context: Context) {
    if (ids.length > MAX_NODES) throw new AvicennaError('BAD_USER_INPUT', `At most ${MAX_NODES} ids at once.`, 'ids');
    return Promise.all(ids.map((id) => findNode(id, context, 'ids')));
  }

  @Query(() => SearchConnection, {
    description: 'Patients by the start of their identifier; genes, drugs, guidelines and models by any part of a name.',
  })
  async search(
    @Arg('text', () => String, { description: 'At least 2 characters.' }) text: string,
    @Arg('types', () => [SearchTypeEnum], { nullable: true, description: 'Only these types.' }) types: string[] | null | undefined,
    @Arg('first', () => Int, { description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: '`endCursor` of the page before.' }) after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const term = text.trim();
    if (term.length < 2) throw new AvicennaError('BAD_USER_INPUT', "'text' needs at least 2 characters.", 'text');
    const wanted = (type: string) => !types || types.includes(type);
    const scope = ['search', term, types ?? null, context.knowledge.release.name];
    const start = Number(fromCursor(after, scope)?.value ?? -1) + 1;
    const seesPatients = wanted('PATIENT') && covers(context.actor.scopes, 'Patient', 's');
    const patients = seesPatients ? await context.reader.search(term, MAX_PATIENT_HITS) : [];
    const hits: Hit[] = [
      ...patients.map(({ id, label }) => ({ type: 'PATIENT', typename: 'Patient' as const, key: id, label })),
      ...knowledgeHits(term.toLowerCase(), wanted, context),
    ];
    const begins = (hit: Hit) => (hit.label.toLowerCase().startsWith(term.toLowerCase()) ? 0 : 1);
    const ordered = [...hits].sort((a, b) => begins(a) - begins(b) || a.label.localeCompare(b.label, 'en'));
    const edges = ordered.slice(start, start + checkFirst(first)).map((hit, index) => ({
      cursor: toCursor({ value: String(start + index), id: hit.key }, scope),
      type: hit.type,
      label: hit.label,
      hit,
    }));
    context.reader.gives(edges.flatMap(({ hit }) => (hit.typename === 'Patient' ? [hit.key] : [])));
    return {
      edges,
      pageInfo: { hasNextPage: start + edges.length < hits.length, endCursor: edges.at(-1)?.cursor ?? null },
      totalCount: hits.length,
    };
  }
}

@Resolver(() => SearchEdge)
export class SearchEdgeResolver {
  @FieldResolver(() => SearchItem, { nullable: true })
  async node(@Root() { hit }: { readonly hit: Hit }, @Ctx() context: Context) {
    const found = await FINDERS[hit.typename](hit.key, context);
    return found ? { ...(found as object), __typename: hit.typename } : null;
  }
}
