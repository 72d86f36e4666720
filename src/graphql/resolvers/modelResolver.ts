import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { type CardSubgroup, figuresOf } from '../../prediction/card.ts';
import { isBound } from '../../prediction/features.ts';
import { metricLabel } from '../../prediction/metrics.ts';
import { isCandidate, type LoadedModel, modelNamed } from '../../prediction/registry.ts';
import { sourceAttributes } from '../../prediction/sourceAttributes.ts';
import { tripodItems } from '../../prediction/tripodItems.ts';
import type { Context } from '../context.ts';
import { toGlobalId } from '../ids.ts';
import { Model, ModelVersion } from '../types/modelTypes.ts';

const namedFigures = (described: Readonly<Record<string, unknown>>) =>
  figuresOf(described).map(([metric, figure]) => ({ metric, label: metricLabel(metric), ...figure }));

export const showSubgroup = (subgroup: CardSubgroup) => ({ ...subgroup, figures: namedFigures(subgroup) });

/** What a model's global id is made of; the name alone stands for the version in force. */
export const modelKey = ({ name, version }: LoadedModel['card']) => `${name}@${version}`;

const shownModels = new WeakMap<LoadedModel, ReturnType<typeof describe>>();

/** A model's card as the schema shows it; made once. */
export function showModel(model: LoadedModel) {
  const shown = shownModels.get(model) ?? describe(model);
  shownModels.set(model, shown);
  return shown;
}

const ABSENT = 'This version is loaded no more: its card is not at hand.';

/** A model of which only what it once told is left. */
export function showAbsent(name: string, version: string | null, digest: string, unit: string): ReturnType<typeof describe> {
  return {
    id: toGlobalId('Model', `${name}@${version ?? '?'}`),
    name,
    version: version ?? 'not recorded',
    changeLog: [],
    ofRecord: isBound(name),
    title: name,
    summary: ABSENT,
    intendedUse: ABSENT,
    notFor: [],
    digest,
    unit,
    inputs: [],
    evaluatedOn: ABSENT,
    testedOn: null,
    mae: null,
    within20: null,
    figures: [],
    subgroups: [],
    sourceAttributes: [],
    tripodItems: [],
    limits: [ABSENT],
    trainedOn: ABSENT,
    attribution: ABSENT,
  };
}

function describe({ card, digest }: LoadedModel) {
  return {
    id: toGlobalId('Model', modelKey(card)),
    name: card.name,
    version: card.version,
    changeLog: card.changeLog,
    ofRecord: isBound(card.name),
    title: card.title,
    summary: card.summary,
    intendedUse: card.intendedUse,
    notFor: card.notFor,
    digest,
    unit: card.output.unit,
    inputs: card.inputs.map((input) => ({ ...input, lever: input.modifiable ?? null })),
    evaluatedOn: card.performance.evaluatedOn,
    testedOn: card.performance.n,
    mae: card.performance['mae'] ?? null,
    within20: card.performance['within20'] ?? null,
    figures: namedFigures(card.performance),
    subgroups: card.subgroups.map(showSubgroup),
    sourceAttributes: sourceAttributes(card),
    tripodItems: tripodItems(card),
    limits: card.limits,
    trainedOn: card.trainedOn.data,
    attribution: `${card.trainedOn.licence}. ${card.trainedOn.attribution}`,
  };
}

@Resolver(() => Model)
export class ModelResolver {
  @FieldResolver(() => [ModelVersion])
  versions(@Root() { name }: Model, @Ctx() { registry }: Context): ModelVersion[] {
    return (registry.versions.get(name) ?? []).map((one) => ({
      version: one.card.version,
      inForce: registry.models.get(name) === one,
      candidate: isCandidate(one),
      digest: one.digest,
    }));
  }

  @Query(() => Model, {
    nullable: true,
    description: 'A model by name. Unknown: null with the error MODEL_UNKNOWN; where its files do not fit its card, with what is wrong.',
  })
  model(
    @Arg('name', () => String, { description: 'As in warfarin-dose.' }) name: string,
    @Arg('version', () => String, { nullable: true, description: 'As in 1.0.0; the one in force where left out.' })
    version: string | null | undefined,
    @Ctx() context: Context,
  ) {
    return showModel(modelNamed(context.registry, name, version ?? null));
  }

  @Query(() => [Model], { description: 'All models, each in the version in force.' })
  models(@Ctx() context: Context) {
    return [...context.registry.models.values()].map(showModel);
  }
}
