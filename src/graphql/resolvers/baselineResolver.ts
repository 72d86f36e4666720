import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { baselinesOf, type Baseline as PatientBaseline } from '../../monitoring/baseline.ts';
import { BODY_TEMPERATURE, HEART_RATE, RESPIRATORY_RATE, SYSTOLIC_PRESSURE } from '../../patients/observationCodes.ts';
import type { PatientRecord } from '../../patients/record.ts';
import type { Context } from '../context.ts';
import { Baseline, PopulationRange } from '../types/baselineTypes.ts';
import { Patient } from '../types/patientTypes.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
/** Measurements that are looked at, at most. */
const MOST = 5000;
/** What NEWS2 calls what it is told. */
const NEWS2_INPUTS: Readonly<Record<string, string>> = {
  [RESPIRATORY_RATE]: 'respirationRate',
  [SYSTOLIC_PRESSURE]: 'systolicBP',
  [HEART_RATE]: 'pulse',
  [BODY_TEMPERATURE]: 'temperatureC',
};

@Resolver(() => Patient)
export class PatientBaselinesResolver {
  @FieldResolver(() => [Baseline], {
    nullable: true,
    description: `What is usual for this patient by the measurements of the last days, and whether the last one is; by code. Of more than ${MOST} the last ones. One more round trip.`,
  })
  async baselines(
    @Root() patient: PatientRecord,
    @Arg('codes', () => [String], { nullable: true, description: 'Only these codes; all that have a number where left out.' })
    codes: string[] | null | undefined,
    @Arg('days', () => Int, { defaultValue: 28, description: `How many days back, 1 to ${MOST_DAYS}.` }) days: number,
    @Ctx() context: Context,
  ) {
    if (days < 1 || days > MOST_DAYS) throw new AvicennaError('BAD_USER_INPUT', `'days' is 1 to ${MOST_DAYS}.`, 'days');
    const from = new Date(Date.parse(context.now) - days * DAY_MS).toISOString();
    return baselinesOf(await context.reader.observed.recent(patient.id, codes ?? null, from, MOST));
  }
}

@Resolver(() => Baseline)
export class BaselineResolver {
  @FieldResolver(() => PopulationRange, { nullable: true })
  population(@Root() { code }: PatientBaseline, @Ctx() { registry }: Context): PopulationRange | null {
    const input = registry.models.get('news2')?.card.inputs.find(({ name }) => name === NEWS2_INPUTS[code]);
    if (!input?.reference) return null;
    const { low = null, high = null, source } = input.reference;
    return { low, high, source };
  }
}
