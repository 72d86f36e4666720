import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { pathsPlot } from '../../explanation/pathsPlot.ts';
import type { FoundPaths } from '../../knowledge/published/graphPaths.ts';
import type { Context } from '../context.ts';
import { checkFirst } from '../keyset.ts';
import { GraphPaths } from '../types/evidencePathTypes.ts';

const LONGEST = 3;
const END = 'A name or synonym, an id (DB00619, DOID:1909, an Entrez number), or kind and id as in Gene 7157.';

@Resolver(() => GraphPaths)
export class EvidencePathResolver {
  @Query(() => GraphPaths, {
    nullable: true,
    description:
      "Paths between two things by the publishers' release that is in force, or by what ships. Of a name that means several: null with the ids to choose from. An end of more than 5,000 facts is refused (QUERY_TOO_COMPLEX).",
  })
  async evidencePaths(
    @Arg('from', () => String, { description: END }) from: string,
    @Arg('to', () => String, { description: END }) to: string,
    @Arg('maxLength', () => Int, {
      defaultValue: 2,
      description:
        'Facts of a path at most, 1 to 3. Of three, the 120 neighbours of each end with the fewest facts are looked about, of 2 to 50 facts each: a way over commoner things only is not found.',
    })
    maxLength: number,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many, 1 to 100.' }) first: number,
    @Ctx() { evidencePaths }: Context,
  ): Promise<FoundPaths> {
    if (maxLength < 1 || maxLength > LONGEST) throw new AvicennaError('BAD_USER_INPUT', `Expected 1 to ${LONGEST}.`, 'maxLength');
    return evidencePaths({ from: from.trim(), to: to.trim(), maxLength, first: checkFirst(first) });
  }

  @FieldResolver(() => String, { nullable: true, description: 'Picture (SVG with a text alternative); null where there is no path.' })
  plotSvg(@Root() { from, to, paths }: FoundPaths): string | null {
    if (paths.length === 0) return null;
    const drawn = paths.map(({ things, steps }) => ({
      nodes: things.map(({ key, name }) => ({ key, label: name })),
      steps: steps.map(({ kind, forward }) => (forward ? kind : `${kind} (backwards)`)),
      side: null,
    }));
    return pathsPlot(`From ${from.name} to ${to.name}`, drawn, 640);
  }
}
