import 'reflect-metadata'; // must come first: the decorators below need it
import { type GraphQLSchema, isAbstractType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { guardSchema } from './guardSchema.ts';
import { AccessDecisionResolver } from './resolvers/accessDecisionResolver.ts';
import { AccessResolver, PatientAccessResolver } from './resolvers/accessResolver.ts';
import { AlertConnectionResolver, AlertResolver, AlertSubscriptionResolver, PatientAlertsResolver } from './resolvers/alertResolver.ts';
import { AuditResolver } from './resolvers/auditResolver.ts';
import { BackupResolver } from './resolvers/backupResolver.ts';
import { BaselineResolver, PatientBaselinesResolver } from './resolvers/baselineResolver.ts';
import { CohortResolver } from './resolvers/cohortResolver.ts';
import { DiplotypeCallResolver, RecommendationResolver } from './resolvers/diplotypeCallResolver.ts';
import { DiseaseResolver } from './resolvers/diseaseResolver.ts';
import { EvidencePathResolver } from './resolvers/evidencePathResolver.ts';
import { KnowledgeDiffResolver } from './resolvers/knowledgeDiffResolver.ts';
import { DrugResolver, GeneResolver, GuidelineResolver, InteractionResolver } from './resolvers/knowledgeResolvers.ts';
import { LocalValidityResolver, SimilarPatientsResolver } from './resolvers/localOutcomeResolver.ts';
import { ModelResolver } from './resolvers/modelResolver.ts';
import { MutationResolver } from './resolvers/mutationResolver.ts';
import { NodeResolver, SearchEdgeResolver } from './resolvers/nodeResolver.ts';
import {
  MedicationResolver,
  ObservationConnectionResolver,
  PatientConnectionResolver,
  PatientEdgeResolver,
  PatientResolver,
} from './resolvers/patientResolver.ts';
import { AttributionResolver, PredictionResolver } from './resolvers/predictionResolver.ts';
import {
  RiskEventConnectionResolver,
  RiskEventResolver,
  RiskSubscriptionResolver,
  RiskTrajectoryResolver,
} from './resolvers/riskResolver.ts';
import { TrajectoryResolver } from './resolvers/trajectoryResolver.ts';
import {
  TreatmentOptionResolver,
  TreatmentOptionsResolver,
  TreatmentResolver,
  TrialMatchesResolver,
} from './resolvers/treatmentResolver.ts';

/** Subscriptions read the durable log by themselves; type-graphql asks for a bus all the same. */
const NO_BUS = {
  publish: () => {
    throw new Error('events go through the log');
  },
  subscribe: () => {
    throw new Error('events come from the log');
  },
};

/**
 * type-graphql wraps `resolveType` into an asynchronous function, which the compiled executor cannot use: abstract
 * values carry their type's name instead.
 */
function nameAbstractTypes(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (value: { readonly __typename?: string }) => value.__typename;
  }
  return schema;
}

const RESOLVERS = [
  TreatmentResolver,
  TreatmentOptionsResolver,
  TreatmentOptionResolver,
  TrialMatchesResolver,
  EvidencePathResolver,
  DiseaseResolver,
  AccessDecisionResolver,
  NodeResolver,
  SearchEdgeResolver,
  PatientResolver,
  PatientEdgeResolver,
  PatientConnectionResolver,
  ObservationConnectionResolver,
  DiplotypeCallResolver,
  KnowledgeDiffResolver,
  RecommendationResolver,
  MedicationResolver,
  RiskTrajectoryResolver,
  GeneResolver,
  DrugResolver,
  GuidelineResolver,
  InteractionResolver,
  PredictionResolver,
  AttributionResolver,
  ModelResolver,
  LocalValidityResolver,
  SimilarPatientsResolver,
  TrajectoryResolver,
  RiskEventResolver,
  RiskEventConnectionResolver,
  RiskSubscriptionResolver,
  PatientAlertsResolver,
  AlertResolver,
  BackupResolver,
  BaselineResolver,
  PatientBaselinesResolver,
  AlertConnectionResolver,
  AlertSubscriptionResolver,
  AccessResolver,
  AuditResolver,
  PatientAccessResolver,
  CohortResolver,
  MutationResolver,
] as const;

/**
 * The schema from its decorated types. Inputs are checked by the domain's own commands, not a second time here.
 * @param guard what is put in front of the resolvers; another only where it is measured what that costs (bench/access.mjs)
 */
export function buildApiSchema(guard: (schema: GraphQLSchema) => GraphQLSchema = guardSchema): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: RESOLVERS,
    // Only what is reachable: the base classes of inputs are not.
    orphanedTypes: [],
    validate: false,
    pubSub: NO_BUS,
  });
  return guard(nameAbstractTypes(schema));
}
