import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { AlertSeverity } from '../../monitoring/alertRule.ts';
import type { PatientRecord } from '../../patients/record.ts';
import { type AlertItem, type AlertSource, alertStream, severitiesFrom, showStoredAlert } from '../alertStream.ts';
import type { Context } from '../context.ts';
import { AlertSeverityEnum } from '../enums.ts';
import { patientsAsked } from '../eventStream.ts';
import { keyOf, toGlobalId } from '../ids.ts';
import { checkFirst, fromCursor, toCursor } from '../keyset.ts';
import { Alert, AlertConnection, AlertStreamItem } from '../types/alertTypes.ts';
import { Model } from '../types/modelTypes.ts';
import { Patient } from '../types/patientTypes.ts';
import { RiskEvent } from '../types/predictionTypes.ts';
import { showAbsent, showModel } from './modelResolver.ts';
import { readStoredRisk } from './riskResolver.ts';

const FIRST = { description: 'How many, 1 to 100.' };
const AFTER = { nullable: true, description: "`endCursor` of the page before; bound to this list's filter." };
const LEAST = { nullable: true, description: 'The least urgent to be told; all where it is left out.' };
const OPEN = { nullable: true, description: 'True: only those that are not over.' };

interface Asked {
  readonly patient: string | null;
  readonly least: AlertSeverity | null | undefined;
  readonly open: boolean | null | undefined;
}

/** A page of alerts, of one patient or of all. */
async function page(context: Context, { patient, least, open }: Asked, first: number, after: string | null | undefined) {
  const filter = { patient, severities: least ? severitiesFrom(least) : null, open: open ?? false };
  const scope = ['alerts', patient, least ?? null, open ?? false];
  const start = fromCursor(after, scope);
  const { items, hasNext } = await context.reader.alerts(filter, start?.value ?? null, checkFirst(first));
  const edges = items.map((stored) => ({ node: showStoredAlert(stored), cursor: toCursor({ value: stored.seq, id: stored.id }, scope) }));
  return {
    edges,
    pageInfo: { hasNextPage: hasNext, endCursor: edges.at(-1)?.cursor ?? null },
    count: () => context.reader.alertCount(filter),
  };
}

@Resolver(() => Patient)
export class PatientAlertsResolver {
  @FieldResolver(() => AlertConnection, {
    nullable: true,
    description: 'What the rules said of this patient, the alert that changed last first. One more round trip.',
  })
  alerts(
    @Root() patient: PatientRecord,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Arg('minSeverity', () => AlertSeverityEnum, LEAST) least: AlertSeverity | null | undefined,
    @Arg('open', () => Boolean, OPEN) open: boolean | null | undefined,
    @Ctx() context: Context,
  ) {
    return page(context, { patient: patient.id, least, open }, first, after);
  }
}

@Resolver(() => Alert)
export class AlertResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node` or to acknowledgeAlert.' })
  id(@Root() alert: AlertSource): string {
    return toGlobalId('Alert', alert.id);
  }

  @FieldResolver(() => Patient, { nullable: true, description: 'Whom it is about; null where the record may not be seen.' })
  patient(@Root() alert: AlertSource, @Ctx() context: Context) {
    return context.loaders.patient.load(alert.patientId);
  }

  @FieldResolver(() => Model, { description: 'The model whose answer it rests on.' })
  model(@Root() { modelName, unit }: AlertSource, @Ctx() { registry }: Context) {
    const model = registry.models.get(modelName);
    return model ? showModel(model) : showAbsent(modelName, null, '', unit ?? '');
  }

  @FieldResolver(() => RiskEvent, {
    nullable: true,
    description: 'The change of the risk that it rests on, with the reasons; null for none.',
  })
  async riskEvent(@Root() { risk }: AlertSource, @Ctx() context: Context) {
    const stored = risk === null ? null : await context.reader.risk(risk);
    return stored && readStoredRisk(stored);
  }

  @Query(() => AlertConnection, { nullable: true, description: 'Alerts of all patients, the one that changed last first.' })
  alerts(
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Arg('patientId', () => ID, { nullable: true, description: 'Only this patient.' }) patientId: string | null | undefined,
    @Arg('minSeverity', () => AlertSeverityEnum, LEAST) least: AlertSeverity | null | undefined,
    @Arg('open', () => Boolean, OPEN) open: boolean | null | undefined,
    @Ctx() context: Context,
  ) {
    const patient = patientId == null ? null : keyOf('Patient', patientId, 'patientId');
    return page(context, { patient, least, open }, first, after);
  }
}

@Resolver(() => AlertConnection)
export class AlertConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { count }: { readonly count: () => Promise<number> }): Promise<number> {
    return count();
  }
}

interface SubscribeArguments {
  readonly patientIds?: string[] | null;
  readonly minSeverity?: AlertSeverity | null;
  readonly after?: string | null;
}

function subscribe({ args, context }: { args: SubscribeArguments; context: Context }): AsyncIterable<AlertItem> {
  const filter = { patients: patientsAsked(args.patientIds), minSeverity: args.minSeverity ?? 'INFO' };
  return alertStream(context, filter, args.after ?? null);
}

@Resolver()
export class AlertSubscriptionResolver {
  @Subscription(() => AlertStreamItem, {
    subscribe: subscribe as never,
    description: 'Everything that happens to alerts, from `after` on if given: nothing missed, nothing twice.',
  })
  alertRaised(
    @Root() item: AlertItem,
    @Arg('patientIds', () => [ID], { nullable: true, description: 'Only these patients.' }) _patientIds: string[] | null | undefined,
    @Arg('minSeverity', () => AlertSeverityEnum, LEAST) _minSeverity: AlertSeverity | null | undefined,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last item received; bound to this filter and user.' }) _after:
      | string
      | null
      | undefined,
  ): AlertStreamItem {
    return item as unknown as AlertStreamItem;
  }
}
