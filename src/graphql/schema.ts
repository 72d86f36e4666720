import 'reflect-metadata'; // must come first: the decorators below need it
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { DrugResolver, GeneResolver, GuidelineResolver, InteractionResolver } from './resolvers/knowledgeResolvers.ts';
import { MutationResolver } from './resolvers/mutationResolver.ts';
import { NodeResolver } from './resolvers/nodeResolver.ts';
import { DiplotypeCallResolver, MedicationResolver, PatientResolver } from './resolvers/patientResolver.ts';
import { AttributionResolver, ModelResolver, PredictionResolver } from './resolvers/predictionResolver.ts';
import { RiskEventResolver, RiskSubscriptionResolver, RiskTrajectoryResolver } from './resolvers/riskResolver.ts';

/** Subscriptions read the durable log by themselves; type-graphql asks for a bus all the same. */
const NO_BUS = {
  publish: () => {
    throw new Error('events go through the log');
  },
  subscribe: () => {
    throw new Error('events come from the log');
  },
};

/** The schema from its decorated types. Inputs are checked by the domain's own commands, not a second time here. */
export function buildApiSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      NodeResolver,
      PatientResolver,
      DiplotypeCallResolver,
      MedicationResolver,
      RiskTrajectoryResolver,
      GeneResolver,
      DrugResolver,
      GuidelineResolver,
      InteractionResolver,
      PredictionResolver,
      AttributionResolver,
      ModelResolver,
      RiskEventResolver,
      RiskSubscriptionResolver,
      MutationResolver,
    ],
    validate: false,
    pubSub: NO_BUS,
  });
}
