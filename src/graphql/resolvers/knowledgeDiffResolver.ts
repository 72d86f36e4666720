import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { affectedBy } from '../../knowledge/affected.ts';
import { diffKnowledge } from '../../knowledge/diff.ts';
import type { KnowledgeSnapshot } from '../../knowledge/snapshot.ts';
import { takenAt } from '../../patients/record.ts';
import type { Keyset } from '../../store/cypher/patientLists.ts';
import type { Context } from '../context.ts';
import { checkFirst, fromCursor, toCursor } from '../keyset.ts';
import { AffectedPatientConnection, FactChangeConnection, KnowledgeDiff } from '../types/knowledgeDiffTypes.ts';
import { KnowledgeRelease } from '../types/knowledgeTypes.ts';

interface Compared {
  readonly before: KnowledgeSnapshot;
  readonly after: KnowledgeSnapshot;
}

async function released(context: Context, name: string, argument: string): Promise<KnowledgeSnapshot> {
  const found = await context.releases.named(name);
  if (found) return found;
  const known = (await context.releases.list()).map((release) => release.name).join(', ');
  throw new AvicennaError('NOT_FOUND', `The graph has no knowledge release of that name; it has ${known}.`, argument);
}

const FIRST = { description: 'How many, 1 to 100.' };
const AFTER = { nullable: true, description: '`endCursor` of the page before.' };

@Resolver(() => KnowledgeDiff)
export class KnowledgeDiffResolver {
  @Query(() => KnowledgeDiff, {
    nullable: true,
    description:
      'What changes from one knowledge release to another, and for whom: to look at before the switch. Both must be in the graph.',
  })
  async knowledgeDiff(
    @Arg('from', () => String, { description: 'Name of the older release.' }) from: string,
    @Arg('to', () => String, { description: 'Name of the newer release.' }) to: string,
    @Ctx() context: Context,
  ): Promise<Compared> {
    return { before: await released(context, from, 'from'), after: await released(context, to, 'to') };
  }

  @Query(() => [KnowledgeRelease], { nullable: true, description: 'Every knowledge release in the graph.' })
  knowledgeReleases(@Ctx() context: Context) {
    return context.releases.list();
  }

  @FieldResolver(() => KnowledgeRelease)
  from(@Root() { before }: Compared) {
    return before.release;
  }

  @FieldResolver(() => KnowledgeRelease)
  to(@Root() { after }: Compared) {
    return after.release;
  }

  @FieldResolver(() => FactChangeConnection)
  changes(
    @Root() { before, after: next }: Compared,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
  ) {
    const scope = ['knowledgeDiff', before.release.digest, next.release.digest];
    const all = diffKnowledge(before, next);
    const start = Number(fromCursor(after, scope)?.value ?? -1) + 1;
    const page = all.slice(start, start + checkFirst(first));
    const edges = page.map((node, index) => ({ node, cursor: toCursor({ value: String(start + index), id: node.key }, scope) }));
    const hasNextPage = start + page.length < all.length;
    return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null }, totalCount: all.length };
  }

  @FieldResolver(() => AffectedPatientConnection)
  async affectedPatients(
    @Root() { before, after: next }: Compared,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const scope = ['affectedPatients', before.release.digest, next.release.digest];
    const wanted = checkFirst(first);
    const edges: object[] = [];
    let place: Keyset | null = fromCursor(after, scope);
    let more = before !== next;
    while (more && edges.length < wanted) {
      const { items, hasNext } = await context.reader.ids({}, 'id', false, place, wanted - edges.length);
      for (const record of await context.reader.byIds(items.map(({ id }) => id))) {
        if (!record) continue;
        const calls = record.calls.map(({ call }) => call);
        const found = affectedBy(calls, takenAt(record, context.now), before, next, record.sexAtBirth === 'MALE' ? { sex: 'male' } : {});
        if (found.phenotypes.length + found.recommendations.length === 0) continue;
        edges.push({ node: record, cursor: toCursor({ value: record.id, id: record.id }, scope), ...found });
      }
      place = items.at(-1) ?? place;
      more = hasNext;
    }
    return { edges, pageInfo: { hasNextPage: more, endCursor: place ? toCursor(place, scope) : null } };
  }
}
