/** How a model did on the patients here, and what became of patients like one. */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Figure, NamedFigure } from './modelTypes.ts';

@ObjectType({ description: 'How a model did for one group of the patients here.' })
export class LocalGroup {
  @Field(() => String, {
    description: 'What the group is formed by: sex, race, site, age, or the year of the answer, where a gap is drift.',
  })
  by!: string;
  @Field(() => String, { description: 'Which group.' })
  level!: string;
  @Field(() => Int, { nullable: true, description: 'People; null below 11, and where the total would tell such a group.' })
  n!: number | null;
  @Field(() => [NamedFigure], { description: 'Figures of the group; none where it is suppressed.' })
  figures!: NamedFigure[];
  @Field(() => Figure, { nullable: true, description: 'The metric `leading` in this group less that in all others.' })
  gap!: Figure | null;
  @Field(() => String, { nullable: true, description: 'GAP_SHOWN, NO_GAP_SHOWN or INCONCLUSIVE.' })
  verdict!: string | null;
}

@ObjectType({ description: 'What was said and what came, for a tenth of the answers of at least 11 people.' })
export class CalibrationBin {
  @Field(() => Int, { description: 'People.' })
  people!: number;
  @Field(() => Float, { description: 'Mean of the risks that were said, taken to `horizonYears`, 0 to 1.' })
  predicted!: number;
  @Field(() => Figure, { description: 'Share in whom it happened.' })
  observed!: Figure;
}

@ObjectType({ description: 'A model held against the outcomes recorded here: each against an answer of this version given before it.' })
export class LocalValidity {
  @Field(() => String, { description: 'In plain words, with what is taken for granted.' })
  statement!: string;
  @Field(() => Int, { nullable: true, description: 'People; null below 11, of whom nothing is shown.' })
  people!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Years that risks are judged over: the middle time to the event or the last look. Null of a measured number.',
  })
  horizonYears!: number | null;
  @Field(() => [NamedFigure], { description: 'Discrimination and calibration, or errors, with 95 % intervals (200 bootstrap draws).' })
  figures!: NamedFigure[];
  @Field(() => String, { nullable: true, description: 'The metric that gaps are of; null where nothing is shown.' })
  leading!: string | null;
  @Field(() => [LocalGroup], { description: 'By sex, race, site, age and year.' })
  groups!: LocalGroup[];
  @Field(() => [CalibrationBin], { description: 'By rising answer; empty of a measured number.' })
  calibration!: CalibrationBin[];
}

@ObjectType({ description: 'What became of the patients whose inputs were nearest. Counts under 11 are not shown.' })
export class SimilarPatients {
  @Field(() => String, { description: 'In plain words.' })
  statement!: string;
  @Field(() => Int, { nullable: true, description: 'Patients, 11 to 50; null where there are fewer.' })
  count!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: "Median of what was recorded, in the answer's unit, rounded as answers are; null of an event.",
  })
  median!: number | null;
  @Field(() => Float, { nullable: true, description: 'Lower quartile; null of fewer than 44.' })
  lowerQuartile!: number | null;
  @Field(() => Float, { nullable: true, description: 'Upper quartile; null of fewer than 44.' })
  upperQuartile!: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Patients who had the event; null of a number, and where fewer than 11 did or did not.',
  })
  events!: number | null;
  @Field(() => Float, { nullable: true, description: "Gower's distance of the farthest of them, 0 (the same inputs) to 1." })
  farthest!: number | null;
}
