import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { changeSince, modelAttribution } from '../../explanation/contrast.ts';
import { counterfactuals, MOST_COUNTERFACTUALS, narrateCounterfactuals } from '../../explanation/counterfactuals.ts';
import { agreement, type PlayerEvidence } from '../../explanation/evidence.ts';
import {
  type Attribution as DomainAttribution,
  type Explanation as DomainExplanation,
  explain,
  type OutputSpace,
} from '../../explanation/explain.ts';
import { narrate, narrateChange, topAttributions } from '../../explanation/narrative.ts';
import { waterfallSvg } from '../../explanation/plot.ts';
import type { EvidencePath as Path } from '../../knowledge/evidencePaths.ts';
import { earlierAnswer, readRiskPayload } from '../../monitoring/riskEvent.ts';
import { applicabilityOf } from '../../prediction/applicability.ts';
import { bindingOf } from '../../prediction/features.ts';
import type { Context } from '../context.ts';
import { DirectionEnum, EvidenceAgreementEnum, OutputSpaceEnum, PlotKindEnum, PredictionStatusEnum } from '../enums.ts';
import { leverCheck } from '../leverCheck.ts';
import { playerEvidence } from '../playerEvidence.ts';
import type { PredictionSource } from '../predictionSource.ts';
import { DateTime } from '../scalars.ts';
import { timelineOf } from '../timelineOf.ts';
import { Counterfactuals } from '../types/counterfactualTypes.ts';
import { EvidencePath } from '../types/knowledgeTypes.ts';
import { Model } from '../types/modelTypes.ts';
import {
  Applicability,
  Attribution,
  Component,
  Explanation,
  FeatureValue,
  Interval,
  Prediction,
  PredictionChange,
} from '../types/predictionTypes.ts';
import { showModel, showSubgroup } from './modelResolver.ts';

const MAX_PLAYERS = 12;

/** Explanations made in this request, so that the text and the picture share one. */
const explained = new WeakMap<PredictionSource, Map<OutputSpace, Promise<DomainExplanation>>>();

function explanationOf(source: PredictionSource, space: OutputSpace, { play }: Context): Promise<DomainExplanation> {
  const bySpace = explained.get(source) ?? new Map<OutputSpace, Promise<DomainExplanation>>();
  explained.set(source, bySpace);
  const known = bySpace.get(space);
  if (known) return known;
  const made = explain(source.model, source.vector, source.vector.inputs, space, { play });
  bySpace.set(space, made);
  return made;
}

/** What an Attribution of the schema is resolved from: `evidence` is worked out only where it is asked for. */
export interface AttributionSource
  extends Pick<DomainAttribution, 'feature' | 'label' | 'value' | 'unit' | 'observedAt' | 'missing' | 'contribution' | 'modifiable'> {
  readonly evidenceOf: () => PlayerEvidence<Path> | Promise<PlayerEvidence<Path>>;
}

function withEvidence(
  attributions: readonly DomainAttribution[],
  { model, patient, at }: PredictionSource,
  { knowledge }: Context,
): AttributionSource[] {
  const binding = bindingOf(model.card.name);
  return attributions.map((attribution) => ({
    ...attribution,
    evidenceOf: () => playerEvidence(knowledge, patient, binding, attribution.player, at),
  }));
}

@Resolver(() => Prediction)
export class PredictionResolver {
  @FieldResolver(() => Model, { description: 'The model that answered.' })
  model(@Root() source: PredictionSource) {
    return showModel(source.model);
  }

  @FieldResolver(() => PredictionStatusEnum)
  status(@Root() { prediction }: PredictionSource): string {
    return prediction.status;
  }

  @FieldResolver(() => Number, { nullable: true })
  value(@Root() { prediction }: PredictionSource): number | null {
    return prediction.status === 'OK' ? prediction.value : null;
  }

  @FieldResolver(() => String)
  unit(@Root() { model }: PredictionSource): string {
    return model.card.output.unit;
  }

  @FieldResolver(() => Interval, { nullable: true })
  interval(@Root() { prediction }: PredictionSource): Interval | null {
    return prediction.status === 'OK' ? prediction.interval : null;
  }

  @FieldResolver(() => String, { nullable: true })
  abstainReason(@Root() { prediction }: PredictionSource): string | null {
    return prediction.status === 'ABSTAINED' ? prediction.reason : null;
  }

  @FieldResolver(() => [FeatureValue])
  inputs(@Root() { vector }: PredictionSource) {
    return vector.inputs;
  }

  @FieldResolver(() => [FeatureValue])
  missing(@Root() { vector }: PredictionSource) {
    return vector.inputs.filter((input) => input.missing);
  }

  @FieldResolver(() => String)
  release(@Ctx() context: Context): string {
    return context.knowledge.release.name;
  }

  @FieldResolver(() => Explanation, { nullable: true, description: 'Why: exact, adding up to the answer. Null where the model abstained.' })
  async explanation(
    @Root() source: PredictionSource,
    @Arg('top', () => Int, { defaultValue: 5, description: 'How many drivers to list, 1 to 12; the rest is summed in `remainder`.' })
    top: number,
    @Arg('space', () => OutputSpaceEnum, { defaultValue: 'VALUE', description: 'The scale that it adds up on.' }) space: OutputSpace,
    @Ctx() context: Context,
  ) {
    if (!Number.isInteger(top) || top < 1 || top > MAX_PLAYERS)
      throw new AvicennaError('BAD_USER_INPUT', `'top' must be between 1 and ${MAX_PLAYERS}.`, 'top');
    if (source.prediction.status !== 'OK') return null;
    const explanation = await explanationOf(source, space, context);
    const { listed, remainder } = topAttributions(explanation.attributions, top);
    return {
      ...explanation,
      outputSpace: space,
      attributions: withEvidence(listed, source, context),
      remainder,
      narrative: narrate(source.model.card, explanation, source.prediction.interval),
    };
  }

  @FieldResolver(() => PredictionChange, {
    nullable: true,
    description: 'What changed since an earlier time. Null where the model had not answered by then, or does not answer now.',
  })
  async change(
    @Root() source: PredictionSource,
    @Arg('since', () => DateTime, { description: 'The last answer given by then is compared with.' }) since: string,
    @Ctx() context: Context,
  ) {
    const { model, patient, vector, prediction } = source;
    const by = new Date(since).toISOString();
    if (by > context.now) throw new AvicennaError('BAD_USER_INPUT', "'since' lies in the future: nothing was answered by then.", 'since');
    const told = await context.loaders.lastRisk(model.card.name, by).load(patient.id);
    const earlier = told && readRiskPayload(JSON.parse(told.payload));
    if (!earlier || earlier.value === null || prediction.status !== 'OK') return null;
    const change = await changeSince(model, earlierAnswer(earlier), vector, vector.inputs);
    const ownPart = change.byModel === null ? [] : [modelAttribution(model, change.byModel)];
    return {
      ...change,
      since: told.recordedAt,
      unit: model.card.output.unit,
      outputSpace: 'VALUE',
      because: [
        ...withEvidence(change.because, source, context),
        ...ownPart.map((part) => ({ ...part, evidenceOf: () => ({ paths: [], direction: null }) })),
      ],
      modelChanged: change.byModel !== null,
      previousModelDigest: earlier.modelDigest,
      narrative: narrateChange(model.card, told.recordedAt, change, [...change.because, ...ownPart]),
    };
  }

  @FieldResolver(() => Counterfactuals, {
    nullable: true,
    description: 'What would have to be otherwise. Null where the model abstained or knows no threshold.',
  })
  async counterfactuals(
    @Root() source: PredictionSource,
    @Arg('max', () => Int, { defaultValue: MOST_COUNTERFACTUALS, description: 'How many, 1 to 3.' }) max: number,
    @Arg('threshold', () => Number, { nullable: true, description: "In the answer's unit; the model's own where left out." })
    threshold: number | null | undefined,
    @Ctx() { knowledge }: Context,
  ) {
    if (!Number.isInteger(max) || max < 1 || max > MOST_COUNTERFACTUALS)
      throw new AvicennaError('BAD_USER_INPUT', `'max' must be between 1 and ${MOST_COUNTERFACTUALS}.`, 'max');
    const { model, patient, vector, prediction, at } = source;
    const { decision, link } = model.card.output;
    if (threshold != null && link === 'logistic' && !(threshold > 0 && threshold < 1))
      throw new AvicennaError('BAD_USER_INPUT', "'threshold' is a probability here: between 0 and 1.", 'threshold');
    if (prediction.status !== 'OK' || (threshold == null && !decision)) return null;
    const check = leverCheck(knowledge, patient, bindingOf(model.card.name), at);
    const made = await counterfactuals(model, vector.raw, { max, threshold: threshold ?? undefined, check });
    const found = made.found.map(({ changes, value }) => ({
      value,
      changes: changes.map((change) => ({ ...change, from: String(change.from), to: String(change.to) })),
    }));
    const thresholdSource = threshold == null ? (decision?.source ?? '') : 'as asked for';
    return { ...made, found, thresholdSource, narrative: narrateCounterfactuals(model.card, made) };
  }

  @FieldResolver(() => Boolean, { description: 'True for a what-if: some inputs were set otherwise than recorded.' })
  hypothetical(@Root() { vector }: PredictionSource): boolean {
    return vector.hypothetical;
  }

  @FieldResolver(() => String, { nullable: true, description: "The model's category of the answer." })
  category(@Root() { prediction }: PredictionSource): string | null {
    return prediction.status === 'OK' ? prediction.category : null;
  }

  @FieldResolver(() => [Component], { description: 'Further answers of the model by name, as risks of other outcomes.' })
  components(@Root() { prediction }: PredictionSource) {
    if (prediction.status !== 'OK') return [];
    return Object.entries(prediction.components).map(([name, value]) => ({ name, value }));
  }

  @FieldResolver(() => [String], { description: 'What to be careful about in this answer.' })
  warnings(@Root() { prediction }: PredictionSource): readonly string[] {
    return prediction.status === 'OK' ? prediction.warnings : [];
  }

  @FieldResolver(() => Applicability, { nullable: true, description: 'How well the model works for people like this one.' })
  applicability(@Root() { model, vector }: PredictionSource) {
    const applicability = applicabilityOf(model.card, vector.raw);
    return { ...applicability, subgroups: applicability.subgroups.map(showSubgroup) };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'A picture of the explanation as SVG with a text alternative; show it through an img element.',
  })
  async plotSvg(
    @Root() source: PredictionSource,
    @Arg('kind', () => PlotKindEnum, { defaultValue: 'WATERFALL', description: 'Which picture.' }) kind: string,
    @Ctx() context: Context,
  ): Promise<string | null> {
    if (kind === 'TIMELINE') return timelineOf(source.model, source.patient.id, context);
    if (source.prediction.status !== 'OK') return null;
    return waterfallSvg(source.model.card, await explanationOf(source, 'VALUE', context));
  }
}

@Resolver(() => Attribution)
export class AttributionResolver {
  @FieldResolver(() => DirectionEnum)
  direction(@Root() { contribution }: AttributionSource): string {
    if (contribution === 0) return 'NONE';
    return contribution > 0 ? 'RAISES' : 'LOWERS';
  }

  @FieldResolver(() => [EvidencePath])
  async evidence(@Root() source: AttributionSource) {
    return (await source.evidenceOf()).paths;
  }

  @FieldResolver(() => EvidenceAgreementEnum)
  async evidenceAgreement(@Root() source: AttributionSource): Promise<string> {
    return agreement(source, await source.evidenceOf());
  }
}
