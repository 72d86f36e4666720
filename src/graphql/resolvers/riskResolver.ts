import { Arg, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { readRiskPayload } from '../../monitoring/riskEvent.ts';
import type { PatientRecord } from '../../patients/record.ts';
import { bindingOf } from '../../prediction/features.ts';
import { isCandidate, type LoadedModel, modelNamed } from '../../prediction/registry.ts';
import type { StoredRisk } from '../../store/cypher/risk.ts';
import type { Context } from '../context.ts';
import { OutputSpaceEnum } from '../enums.ts';
import { patientsAsked } from '../eventStream.ts';
import { keyOf, toGlobalId } from '../ids.ts';
import { checkFirst, fromCursor, toCursor } from '../keyset.ts';
import { playerEvidence } from '../playerEvidence.ts';
import { checkMayBeAsked } from '../predictionSource.ts';
import { type RiskItem, type RiskSource, riskStream, showRisk } from '../riskStream.ts';
import { DateTime } from '../scalars.ts';
import { timelineOf } from '../timelineOf.ts';
import { Model } from '../types/modelTypes.ts';
import { Patient } from '../types/patientTypes.ts';
import { Attribution, RiskEvent, RiskEventConnection, RiskStreamItem } from '../types/predictionTypes.ts';
import { showAbsent, showModel } from './modelResolver.ts';
import type { AttributionSource } from './predictionResolver.ts';

const FIRST = { description: 'How many, 1 to 100.' };
const AFTER = { nullable: true, description: "`endCursor` of the page before; bound to this list's filter." };
const MODELS = { nullable: true, description: 'Only these models.' };

export function readStoredRisk({ id, patient, recordedAt, payload }: StoredRisk): RiskSource {
  return showRisk(id, patient, recordedAt, readRiskPayload(JSON.parse(payload)));
}

/** A page of risk events, of one patient or of all. */
async function page(
  context: Context,
  patient: string | null,
  models: readonly string[] | null,
  first: number,
  after: string | null | undefined,
) {
  const scope = ['risk', patient, models];
  const start = fromCursor(after, scope);
  const { items, hasNext } = await context.reader.risks({ patient, models }, start?.value ?? null, checkFirst(first));
  const edges = items.map((stored) => ({ node: readStoredRisk(stored), cursor: toCursor({ value: stored.seq, id: stored.id }, scope) }));
  return {
    edges,
    pageInfo: { hasNextPage: hasNext, endCursor: edges.at(-1)?.cursor ?? null },
    count: () => context.reader.riskCount({ patient, models }),
  };
}

@Resolver(() => Patient)
export class RiskTrajectoryResolver {
  @FieldResolver(() => RiskEventConnection, {
    nullable: true,
    description: 'How one model moved over time, newest first. One more round trip.',
  })
  riskTrajectory(
    @Root() patient: PatientRecord,
    @Arg('model', () => String, { description: 'As in warfarin-dose.' }) model: string,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    modelNamed(context.registry, model);
    checkMayBeAsked(model, patient);
    return page(context, patient.id, [model], first, after);
  }
}

/** The version that told a risk, or the one with its file; null where neither is loaded any more. */
function modelOf({ modelName, modelDigest, modelVersion }: RiskSource, { registry }: Context): LoadedModel | null {
  const same = (registry.versions.get(modelName) ?? []).filter(({ digest }) => digest === modelDigest);
  return same.find(({ card }) => card.version === modelVersion) ?? same.find((one) => !isCandidate(one)) ?? same[0] ?? null;
}

@Resolver(() => RiskEvent)
export class RiskEventResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id(@Root() risk: RiskSource): string {
    return toGlobalId('RiskEvent', risk.id);
  }

  @FieldResolver(() => Patient, { nullable: true, description: 'Whose risk; null where the record may not be seen.' })
  patient(@Root() risk: RiskSource, @Ctx() context: Context) {
    return context.loaders.patient.load(risk.patientId);
  }

  @FieldResolver(() => Model, {
    description: 'The model that told it; where that version is loaded no more, its name and digest alone, and texts that say so.',
  })
  model(@Root() risk: RiskSource, @Ctx() context: Context) {
    const model = modelOf(risk, context);
    return model ? showModel(model) : showAbsent(risk.modelName, risk.modelVersion ?? null, risk.modelDigest, risk.unit);
  }

  @FieldResolver(() => [Attribution], { description: 'What changed, summing to `delta`. Empty where one side has no value.' })
  because(@Root() risk: RiskSource, @Ctx() context: Context): AttributionSource[] {
    const { parts, patientId, recordedAt, modelName } = risk;
    const card = modelOf(risk, context)?.card;
    return parts.map((attribution) => ({
      ...attribution,
      evidenceOf: async () => {
        const player = card?.players.find(({ name }) => name === attribution.feature);
        const patient = await context.loaders.patient.load(patientId);
        return player && patient
          ? playerEvidence(context.knowledge, patient, bindingOf(modelName), player, recordedAt)
          : { paths: [], direction: null };
      },
    }));
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description: 'Of a correction: the risk event whose answer stood for `observedAt` before; null where nothing is corrected.',
  })
  replaces(@Root() { replaced }: RiskSource): string | null {
    return replaced === null ? null : toGlobalId('RiskEvent', replaced);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The model's answers for this patient over time, with thresholds and alerts, as SVG with a text alternative; show it through an img element. Null where the model is loaded no more.",
  })
  plotSvg(@Root() risk: RiskSource, @Ctx() context: Context): Promise<string | null> | null {
    const model = context.registry.models.get(risk.modelName);
    return model ? timelineOf(model, risk.patientId, context) : null;
  }

  @FieldResolver(() => DateTime, { description: 'When it was told to the platform.' })
  recordedAt(@Root() risk: RiskSource): string {
    return risk.recordedAt;
  }

  @FieldResolver(() => OutputSpaceEnum)
  outputSpace(): string {
    return 'VALUE';
  }

  @Query(() => RiskEventConnection, { nullable: true, description: 'Risk events of all patients, newest first.' })
  riskEvents(
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Arg('models', () => [String], MODELS) models: string[] | null | undefined,
    @Arg('patientId', () => ID, { nullable: true, description: 'Only this patient.' }) patientId: string | null | undefined,
    @Ctx() context: Context,
  ) {
    return page(context, patientId == null ? null : keyOf('Patient', patientId, 'patientId'), models ?? null, first, after);
  }
}

@Resolver(() => RiskEventConnection)
export class RiskEventConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { count }: { readonly count: () => Promise<number> }): Promise<number> {
    return count();
  }
}

interface SubscribeArguments {
  readonly patientIds?: string[] | null;
  readonly models?: string[] | null;
  readonly minChange?: number | null;
  readonly after?: string | null;
}

function subscribe({ args, context }: { args: SubscribeArguments; context: Context }): AsyncIterable<RiskItem> {
  if (args.models?.length === 0)
    throw new AvicennaError('BAD_USER_INPUT', "'models' is empty: nothing would ever come. Leave it out for all models.", 'models');
  for (const model of args.models ?? []) modelNamed(context.registry, model);
  if ((args.minChange ?? 0) < 0) throw new AvicennaError('BAD_USER_INPUT', "'minChange' is at least 0.", 'minChange');
  const filter = {
    patients: patientsAsked(args.patientIds),
    models: args.models ?? null,
    minChange: args.minChange ?? null,
  };
  return riskStream(context, filter, args.after ?? null);
}

@Resolver()
export class RiskSubscriptionResolver {
  @Subscription(() => RiskStreamItem, {
    subscribe: subscribe as never,
    description: "Every change of a patient's risk, from `after` on if given: nothing missed, nothing twice.",
  })
  patientRiskChanged(
    @Root() item: RiskItem,
    @Arg('patientIds', () => [ID], { nullable: true, description: 'Only these patients.' }) _patientIds: string[] | null | undefined,
    @Arg('models', () => [String], MODELS) _models: string[] | null | undefined,
    @Arg('minChange', () => Float, {
      nullable: true,
      description: "Only changes of at least this size, in the model's unit, since the last that this stream told.",
    })
    _minChange: number | null | undefined,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last item received; bound to this filter and user.' }) _after:
      | string
      | null
      | undefined,
  ): RiskStreamItem {
    return item as unknown as RiskStreamItem;
  }
}
