import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { ceilingOf } from '../../access/decide.ts';
import { AvicennaError } from '../../errors.ts';
import { interactionsAmong } from '../../knowledge/interactions.ts';
import { drugsNamed } from '../../knowledge/names.ts';
import type * as record from '../../patients/record.ts';
import { isActive, takenAt } from '../../patients/record.ts';
import { featuresOf, readsStay } from '../../prediction/features.ts';
import { modelNamed } from '../../prediction/registry.ts';
import type { PatientFilter, PatientSort } from '../../store/cypher/patientLists.ts';
import type { Context } from '../context.ts';
import { showCall } from '../diplotypeCalls.ts';
import { MedicationStatusEnum } from '../enums.ts';
import { keyOf, toGlobalId } from '../ids.ts';
import { checkFirst, fromCursor, toCursor } from '../keyset.ts';
import { showOverride } from '../overridden.ts';
import { checkMayBeAsked, type PredictionSource } from '../predictionSource.ts';
import { recommendationsFor } from '../recommendations.ts';
import { DateTime } from '../scalars.ts';
import { DiplotypeCall, Recommendation } from '../types/genotypeTypes.ts';
import { PatientFilterInput, PatientOrderInput, SupposedInput } from '../types/inputs.ts';
import { Drug, Interaction } from '../types/knowledgeTypes.ts';
import { Medication, ObservationConnection, Override, Patient, PatientConnection, PatientEdge } from '../types/patientTypes.ts';
import { Prediction } from '../types/predictionTypes.ts';

const FIRST = { description: 'How many, 1 to 100.' };
const AFTER = { nullable: true, description: "`endCursor` of the page before; bound to this list's sort and filter." };

/** Patients in the filter, with the drug's own name put for the one written. */
function readFilter(input: PatientFilterInput | null | undefined, context: Context): PatientFilter {
  if (!input) return {};
  if (input.bornBefore || input.bornAfter) context.reader.requires('IDENTIFIERS', 'filter.bornBefore');
  if (input.phenotype && !input.gene) throw new AvicennaError('BAD_USER_INPUT', "'phenotype' needs 'gene'.", 'filter.gene');
  const drug = input.drug ? (drugsNamed(context.knowledge, input.drug)[0]?.name ?? input.drug.toLowerCase()) : null;
  return { ...input, drug };
}

/** By the global id, or by the identifier, which those who may not see it cannot try out either. */
async function patientNamed(name: string, { reader, loaders }: Context): Promise<record.PatientRecord | null> {
  const id = patientIdOf(name);
  if (id !== null) return loaders.patient.load(id);
  reader.requires('IDENTIFIERS', 'identifier');
  return reader.byIdentifier(name);
}

function patientIdOf(name: string): string | null {
  try {
    return keyOf('Patient', name, 'identifier');
  } catch {
    return null;
  }
}

/** Where identifiers may not be seen their order may not either: patients come in the order of their ids. */
function sortOf(orderBy: PatientOrderInput | null | undefined, { actor, reader }: Context): PatientSort {
  if (orderBy) reader.requires('IDENTIFIERS', 'orderBy.field');
  else if (!ceilingOf(actor).has('IDENTIFIERS')) return 'id';
  return orderBy?.field === 'BIRTH_DATE' ? 'birthDate' : 'identifier';
}

@Resolver(() => Patient)
export class PatientResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id(@Root() patient: record.PatientRecord): string {
    return toGlobalId('Patient', patient.id);
  }

  @FieldResolver(() => [DiplotypeCall], { nullable: true, description: 'Results by gene.' })
  diplotypes(
    @Root() patient: record.PatientRecord,
    @Arg('genes', () => [String], { nullable: true, description: 'Only these genes.' }) genes: string[] | null | undefined,
    @Ctx() { knowledge }: Context,
  ) {
    for (const [index, gene] of (genes ?? []).entries()) {
      if (!knowledge.geneBySymbol.has(gene))
        throw new AvicennaError('NOT_FOUND', 'The release has no gene of that symbol.', `genes[${index}]`);
    }
    return patient.calls.filter(({ call }) => !genes || genes.includes(call.gene)).map((call) => showCall(call, patient));
  }

  @FieldResolver(() => [Medication], { nullable: true, description: 'Medications, the latest start first.' })
  medications(
    @Root() patient: record.PatientRecord,
    @Arg('status', () => MedicationStatusEnum, { nullable: true, description: 'Only those taken now, or only those stopped.' }) status:
      | string
      | null
      | undefined,
    @Ctx() context: Context,
  ) {
    if (!status) return patient.medications;
    return patient.medications.filter((medication) => isActive(medication, context.now) === (status === 'ACTIVE'));
  }

  @FieldResolver(() => ObservationConnection, { nullable: true, description: 'Observations, newest first. One more round trip.' })
  async observations(
    @Root() patient: record.PatientRecord,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Arg('codes', () => [String], { nullable: true, description: 'Only these codes.' }) codes: string[] | null | undefined,
    @Ctx() context: Context,
  ) {
    const scope = ['observations', patient.id, codes ?? null];
    const { items, hasNext } = await context.reader.observed.page(patient.id, codes ?? null, fromCursor(after, scope), checkFirst(first));
    const edges = items.map((node) => ({ node, cursor: toCursor({ value: node.observedAt, id: node.id }, scope) }));
    return {
      edges,
      pageInfo: { hasNextPage: hasNext, endCursor: edges.at(-1)?.cursor ?? null },
      count: () => context.reader.observed.count(patient.id, codes ?? null),
    };
  }

  @FieldResolver(() => [Recommendation], {
    nullable: true,
    description: 'What guidelines advise for the called genes; drugs taken now come first.',
  })
  recommendations(
    @Root() patient: record.PatientRecord,
    @Arg('drugs', () => [String], { nullable: true, description: 'Only these drugs, taken or not.' }) drugs: string[] | null | undefined,
    @Ctx() context: Context,
  ) {
    for (const [index, drug] of (drugs ?? []).entries()) {
      if (drugsNamed(context.knowledge, drug).length === 0)
        throw new AvicennaError('NOT_FOUND', 'The release has no drug of that name.', `drugs[${index}]`);
    }
    return recommendationsFor(context.knowledge, patient, drugs, context.now);
  }

  @FieldResolver(() => [Override], { nullable: true, description: 'What was shown and not followed, newest first. One more round trip.' })
  async overrides(@Root() patient: record.PatientRecord, @Arg('first', () => Int, FIRST) first: number, @Ctx() context: Context) {
    return (await context.reader.overrides(patient.id, checkFirst(first))).map(showOverride);
  }

  @FieldResolver(() => [String], { nullable: true })
  unknownMedications(@Root() patient: record.PatientRecord, @Ctx() { knowledge, now }: Context): string[] {
    return takenAt(patient, now).filter((name) => !knowledge.drugByName.has(name));
  }

  @FieldResolver(() => [Interaction], { nullable: true, description: 'Interactions among the drugs taken now, the most serious first.' })
  interactions(@Root() patient: record.PatientRecord, @Ctx() context: Context) {
    return interactionsAmong(
      context.knowledge,
      takenAt(patient, context.now),
      patient.calls.map(({ call }) => call),
    );
  }

  @FieldResolver(() => Prediction, { nullable: true, description: 'What a model says about this patient, from the record.' })
  async prediction(
    @Root() patient: record.PatientRecord,
    @Arg('model', () => String, { description: 'As in warfarin-dose.' }) name: string,
    @Arg('version', () => String, { nullable: true, description: 'As in 1.0.0; the one in force where left out.' })
    version: string | null | undefined,
    @Arg('at', () => DateTime, {
      nullable: true,
      description:
        'By what had been measured, started and diagnosed by then, as it is recorded now; now where left out. Not in the future.',
    })
    asOf: string | null | undefined,
    @Arg('with', () => [SupposedInput], {
      nullable: true,
      description: 'A what-if: inputs as they would be. Nothing of it is stored, and the answer says that it is hypothetical.',
    })
    supposed: SupposedInput[] | null | undefined,
    @Ctx() context: Context,
  ): Promise<PredictionSource> {
    const model = modelNamed(context.registry, name, version ?? null);
    checkMayBeAsked(name, patient);
    const at = asOf == null ? context.now : new Date(asOf).toISOString();
    if (at > context.now) throw new AvicennaError('BAD_USER_INPUT', "'at' is in the future.", 'at');
    const then = asOf == null ? patient : { ...patient, latest: await context.loaders.latestAt(at).load(patient.id) };
    const record = readsStay(name) ? await context.reader.observed.withStay(then, at) : then;
    const vector = featuresOf(model.card, record, at, supposed ?? []);
    const prediction = await context.loaders.prediction(model).load(vector);
    return { model, patient: record, vector, prediction, at };
  }

  @Query(() => Patient, {
    nullable: true,
    description: 'A patient by the identifier or by the global id. Unknown: null with the error NOT_FOUND.',
  })
  async patient(
    @Arg('identifier', () => String, { description: "The hospital's own identifier, as in DEMO-0001." }) identifier: string,
    @Ctx() context: Context,
  ) {
    const patient = await patientNamed(identifier.trim(), context);
    if (!patient) throw new AvicennaError('NOT_FOUND', 'No patient is registered under that identifier.', 'identifier');
    context.loaders.patient.prime(patient.id, patient);
    return patient;
  }

  @Query(() => PatientConnection, { nullable: true, description: 'Patients by filter and order.' })
  async patients(
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('after', () => String, AFTER) after: string | null | undefined,
    @Arg('filter', () => PatientFilterInput, { nullable: true, description: 'Conditions that add up.' }) filterInput:
      | PatientFilterInput
      | null
      | undefined,
    @Arg('orderBy', () => PatientOrderInput, { nullable: true, description: 'By identifier, ascending, where left out.' }) orderBy:
      | PatientOrderInput
      | null
      | undefined,
    @Ctx() context: Context,
  ) {
    const filter = readFilter(filterInput, context);
    const sort = sortOf(orderBy, context);
    const descending = orderBy?.direction === 'DESC';
    const scope = ['patients', filter, sort, descending, context.knowledge.release.name];
    const { items, hasNext } = await context.reader.ids(filter, sort, descending, fromCursor(after, scope), checkFirst(first));
    const edges = items.map((keyset) => ({ cursor: toCursor(keyset, scope), patient: keyset.id }));
    return {
      edges,
      pageInfo: { hasNextPage: hasNext, endCursor: edges.at(-1)?.cursor ?? null },
      count: () => context.reader.count(filter),
    };
  }
}

@Resolver(() => Medication)
export class MedicationResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id(@Root() medication: record.Medication): string {
    return toGlobalId('Medication', medication.id);
  }

  @FieldResolver(() => Drug, { nullable: true })
  drug(@Root() medication: record.Medication, @Ctx() context: Context) {
    return context.knowledge.drugByName.get(medication.name) ?? null;
  }

  @FieldResolver(() => MedicationStatusEnum)
  status(@Root() medication: record.Medication, @Ctx() context: Context): string {
    return isActive(medication, context.now) ? 'ACTIVE' : 'STOPPED';
  }
}

@Resolver(() => PatientEdge)
export class PatientEdgeResolver {
  @FieldResolver(() => Patient)
  node(@Root() edge: { readonly patient: string }, @Ctx() context: Context) {
    return context.loaders.patient.load(edge.patient);
  }
}

/** What a list is resolved from: it is counted only where `totalCount` is asked for. */
interface Counted {
  readonly count: () => Promise<number>;
}

@Resolver(() => PatientConnection)
export class PatientConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { count }: Counted): Promise<number> {
    return count();
  }
}

@Resolver(() => ObservationConnection)
export class ObservationConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { count }: Counted): Promise<number> {
    return count();
  }
}
