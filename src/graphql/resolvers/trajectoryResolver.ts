import { FieldResolver, Resolver, Root } from 'type-graphql';
import { trajectoryOf } from '../../prediction/trajectory.ts';
import type { PredictionSource } from '../predictionSource.ts';
import { Prediction, TrajectoryPoint } from '../types/predictionTypes.ts';

@Resolver(() => Prediction)
export class TrajectoryResolver {
  @FieldResolver(() => [TrajectoryPoint], {
    nullable: true,
    description:
      'How the answer would go with age if nothing else changed: hypothetical, not a forecast of the other inputs. Null where the model abstained or counts no years.',
  })
  async trajectory(@Root() { model, vector, prediction }: PredictionSource): Promise<TrajectoryPoint[] | null> {
    if (!model.card.trajectory || prediction.status !== 'OK') return null;
    const points = await trajectoryOf(model, vector.raw);
    return points.map(({ age, prediction }) => ({
      age,
      value: prediction.status === 'OK' ? prediction.value : null,
      components: prediction.status === 'OK' ? Object.entries(prediction.components).map(([name, value]) => ({ name, value })) : [],
      warnings: prediction.status === 'OK' ? prediction.warnings : [],
      abstainReason: prediction.status === 'ABSTAINED' ? prediction.reason : null,
    }));
  }
}
