import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Figure } from '../../prediction/card.ts';
import { type SimilarPatients as Similar, similarPatients } from '../../prediction/localOutcomes.ts';
import { metricLabel } from '../../prediction/metrics.ts';
import { type LoadedModel, modelNamed } from '../../prediction/registry.ts';
import type { Context } from '../context.ts';
import { localOutcomes, localValidity } from '../localOutcomes.ts';
import type { PredictionSource } from '../predictionSource.ts';
import { LocalValidity, SimilarPatients } from '../types/localOutcomeTypes.ts';
import { Model } from '../types/modelTypes.ts';
import { Prediction } from '../types/predictionTypes.ts';

/** Made once a request and model, whoever asks. */
function onceAModel<T>(make: (model: LoadedModel, context: Context) => Promise<T>): (model: LoadedModel, context: Context) => Promise<T> {
  const made = new WeakMap<Context, Map<LoadedModel, Promise<T>>>();
  return (model, context) => {
    const byModel = made.get(context) ?? new Map<LoadedModel, Promise<T>>();
    made.set(context, byModel);
    const known = byModel.get(model) ?? make(model, context);
    byModel.set(model, known);
    return known;
  };
}

const outcomesFor = onceAModel(localOutcomes);
const validityOf = onceAModel(async (model, context) => {
  const found = await outcomesFor(model, context);
  return found && { found, validity: await localValidity(model, found) };
});

const named = (figures: Readonly<Record<string, Figure>>) =>
  Object.entries(figures).map(([metric, figure]) => ({ metric, label: metricLabel(metric), ...figure }));

const UNTIL_TODAY = 'A patient without such an outcome is taken to be free of it until his death or today.';

/** What outcomes are held against the model, in words. */
function outcomeText({ card }: LoadedModel): string {
  const kinds = card.recordedOutcome?.outcomes.map((kind) => kind.toLowerCase().replaceAll('_', ' ')) ?? [];
  return kinds.join(', ');
}

@Resolver(() => Model)
export class LocalValidityResolver {
  @FieldResolver(() => LocalValidity, {
    nullable: true,
    description: "How the model did on the patients here. Null where the card names no outcome of a patient's record to hold it against.",
  })
  async localValidity(@Root() { name, version }: Model, @Ctx() context: Context): Promise<LocalValidity | null> {
    const model = modelNamed(context.registry, name, version);
    const made = await validityOf(model, context);
    if (!made) return null;
    const { people, horizonYears, judgement, silence } = made.validity;
    const isEvent = model.card.recordedOutcome?.kind === 'event';
    const statement = [
      `Recorded outcomes (${outcomeText(model)}) against ${isEvent ? "each patient's first answer" : 'the last answer before'}.`,
      ...(people === null ? [] : [`${people} patients.`]),
      ...(silence === null ? made.found.leftOut : [silence]),
      ...(isEvent ? [UNTIL_TODAY] : []),
    ];
    return {
      statement: statement.join(' '),
      people,
      horizonYears,
      figures: judgement ? named(judgement.figures) : [],
      leading: judgement?.leading ?? null,
      groups: (judgement?.groups ?? []).map(({ figures, ...group }) => ({ ...group, figures: named(figures) })),
      calibration: [...(judgement?.calibration ?? [])],
    };
  }
}

@Resolver(() => Prediction)
export class SimilarPatientsResolver {
  @FieldResolver(() => SimilarPatients, {
    nullable: true,
    description: 'What became of the patients here whose inputs were nearest. Null where the card names no outcome to look for.',
  })
  async similarPatients(@Root() { model, patient, vector }: PredictionSource, @Ctx() context: Context): Promise<SimilarPatients | null> {
    const found = await outcomesFor(model, context);
    if (!found) return null;
    const others = found.rows.filter((row) => row.patient !== patient.id);
    const { quartiles, ...similar } = similarPatients(model.card, vector.raw, others);
    return {
      ...similar,
      statement: similarText(model, { ...similar, quartiles }),
      lowerQuartile: quartiles?.lower ?? null,
      upperQuartile: quartiles?.upper ?? null,
    };
  }
}

function similarText(model: LoadedModel, { count, median, quartiles, events }: Similar): string {
  const what = outcomeText(model);
  if (count === null) return `Fewer than 11 other patients have a recorded outcome (${what}) after an answer: nothing is shown.`;
  const head = `Of the ${count} patients with the nearest inputs`;
  if (median !== null) {
    const half = quartiles ? `, half of them between ${quartiles.lower} and ${quartiles.upper}` : '';
    return `${head} the median ${what} was ${median} ${model.card.output.unit}${half}.`;
  }
  const seen = events === null ? 'fewer than 11, or all but fewer than 11,' : String(events);
  return `${head} ${seen} had ${what} since; they were followed for different times.`;
}
