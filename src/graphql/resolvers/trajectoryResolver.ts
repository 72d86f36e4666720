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
    return points.map(({ age, prediction: at }) => {
      if (at.status === 'ABSTAINED') return { age, value: null, components: [], warnings: [], abstainReason: at.reason };
      const components = Object.entries(at.components).map(([name, value]) => ({ name, value }));
      return { age, value: at.value, components, warnings: at.warnings, abstainReason: null };
    });
  }
}
