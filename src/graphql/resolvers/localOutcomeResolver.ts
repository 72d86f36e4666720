import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Figure } from '../../prediction/card.ts';
import { similarPatients } from '../../prediction/localOutcomes.ts';
import { metricLabel } from '../../prediction/metrics.ts';
import { type LoadedModel, modelNamed } from '../../prediction/registry.ts';
import type { Context } from '../context.ts';
import { type LocalOutcomes, localOutcomes, localValidity, SHORTEST_YEARS } from '../localOutcomes.ts';
import type { PredictionSource } from '../predictionSource.ts';
import { LocalValidity, SimilarPatients } from '../types/localOutcomeTypes.ts';
import { Model } from '../types/modelTypes.ts';
import { Prediction } from '../types/predictionTypes.ts';

/** Read once a request and model, whoever of its patients asks. */
const read = new WeakMap<Context, Map<LoadedModel, Promise<LocalOutcomes | null>>>();

function outcomesFor(model: LoadedModel, context: Context): Promise<LocalOutcomes | null> {
  const byModel = read.get(context) ?? new Map<LoadedModel, Promise<LocalOutcomes | null>>();
  read.set(context, byModel);
  const found = byModel.get(model) ?? localOutcomes(model, context);
  byModel.set(model, found);
  return found;
}

const named = (figures: Readonly<Record<string, Figure>>) =>
  Object.entries(figures).map(([metric, figure]) => ({ metric, label: metricLabel(metric), ...figure }));

const UNTIL_TODAY = ' A patient without such an outcome is taken to be free of it until his death or today.';

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
    const found = await outcomesFor(model, context);
    if (!found) return null;
    const { people, horizonYears, notCompared, judgement } = await localValidity(model, found);
    const isEvent = model.card.recordedOutcome?.kind === 'event';
    const counted =
      people === null ? 'Fewer than 11 patients have one after an answer of this version: nothing is shown.' : `${people} patients.`;
    const early =
      horizonYears !== null && horizonYears < SHORTEST_YEARS
        ? ' Half of them were followed for less than three months: nothing is shown yet.'
        : '';
    const rest =
      notCompared === 0 ? '' : ' Outcomes before the first answer of this version, or in a unit that does not convert, are left out.';
    return {
      statement: `Recorded outcomes (${outcomeText(model)}) against ${isEvent ? 'the first answer' : 'the last answer before'}. ${counted}${early}${rest}${isEvent ? UNTIL_TODAY : ''} By site cannot be told: records do not name one.`,
      people,
      horizonYears,
      figures: judgement ? named(judgement.figures) : [],
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
    const { count, quartiles, events, farthest } = similarPatients(model.card, vector.raw, others);
    return { statement: similarText(model, count, quartiles, events), count, ...quartilesOf(quartiles), events, farthest };
  }
}

type Similar = ReturnType<typeof similarPatients>;

const quartilesOf = (quartiles: Similar['quartiles']) => ({
  median: quartiles?.median ?? null,
  lowerQuartile: quartiles?.lower ?? null,
  upperQuartile: quartiles?.upper ?? null,
});

function similarText(model: LoadedModel, count: Similar['count'], quartiles: Similar['quartiles'], events: Similar['events']): string {
  const what = outcomeText(model);
  if (count === null) return `Fewer than 11 other patients have a recorded outcome (${what}) after an answer: nothing is shown.`;
  const { decimals, unit } = model.card.output;
  const shown = (value: number) => value.toFixed(decimals);
  if (quartiles)
    return `Of the ${count} patients with the nearest inputs half had ${what} between ${shown(quartiles.lower)} and ${shown(quartiles.upper)} ${unit} (median ${shown(quartiles.median)}).`;
  const seen = events === null ? 'fewer than 11, or all but fewer than 11,' : String(events);
  return `Of the ${count} patients with the nearest inputs ${seen} had ${what} since; they were followed for different times.`;
}
