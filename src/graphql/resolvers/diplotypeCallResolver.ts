import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { callPlot } from '../../explanation/callPlot.ts';
import type { GeneCall } from '../../genotypes/call.ts';
import { type MissingPosition as GenotypeMissingPosition, wouldChangeIf } from '../../genotypes/whatIf.ts';
import { whyNot } from '../../genotypes/whyNot.ts';
import { genePaths } from '../../knowledge/evidencePaths.ts';
import type { Context } from '../context.ts';
import { agreedPhenotype, allEvidence, recall, type ShownCall, underMedications, withPosteriors } from '../diplotypeCalls.ts';
import type { ShownRecommendation } from '../recommendations.ts';
import { Diplotype, DiplotypeCall, MissingPosition, Modulator, PositionEvidence, Recommendation, WhyNot } from '../types/genotypeTypes.ts';
import { EvidencePath, Gene } from '../types/knowledgeTypes.ts';

/** Asked for twice in one request, a call is tried once. */
const tried = new WeakMap<GeneCall, Promise<GenotypeMissingPosition[]>>();

@Resolver(() => DiplotypeCall)
export class DiplotypeCallResolver {
  @FieldResolver(() => Gene)
  gene(@Root() call: ShownCall, @Ctx() { knowledge }: Context) {
    const gene = knowledge.geneBySymbol.get(call.gene);
    if (!gene) throw new AvicennaError('NOT_FOUND', `The knowledge release has no gene ${call.gene}.`);
    return gene;
  }

  @FieldResolver(() => [Diplotype])
  diplotypes(@Root() shown: ShownCall, @Ctx() { knowledge }: Context) {
    return withPosteriors(knowledge, shown, shown.call.diplotypes);
  }

  @FieldResolver(() => [Diplotype])
  lookup(@Root() { call }: ShownCall) {
    return call.lookup.map((one) => ({ ...one, posterior: null }));
  }

  @FieldResolver(() => [Diplotype])
  alsoFit(@Root() shown: ShownCall, @Ctx() { knowledge }: Context) {
    return withPosteriors(knowledge, shown, shown.call.alsoFit);
  }

  @FieldResolver(() => String, { nullable: true })
  agreedPhenotype(@Root() shown: ShownCall): string | null {
    return agreedPhenotype(shown);
  }

  @FieldResolver(() => String, { nullable: true })
  phenoconvertedPhenotype(@Root() shown: ShownCall, @Ctx() { knowledge, now }: Context): string | null {
    return underMedications(knowledge, shown, now).phenotype;
  }

  @FieldResolver(() => [Modulator])
  modulators(@Root() shown: ShownCall, @Ctx() { knowledge, now }: Context) {
    return underMedications(knowledge, shown, now).modulators;
  }

  @FieldResolver(() => [PositionEvidence])
  evidence(@Root() shown: ShownCall, @Ctx() { knowledge }: Context) {
    return allEvidence(knowledge, shown);
  }

  @FieldResolver(() => [MissingPosition], { nullable: true })
  wouldChangeIf(@Root() shown: ShownCall, @Ctx() { knowledge }: Context): Promise<GenotypeMissingPosition[]> | null {
    const recalled = recall(knowledge, shown);
    if (!recalled) return shown.call.source === 'OUTSIDE' ? Promise.resolve([]) : null;
    const known = tried.get(shown.call) ?? wouldChangeIf(recalled.gene, recalled.reading, recalled.options);
    tried.set(shown.call, known);
    return known;
  }

  @FieldResolver(() => WhyNot, { nullable: true })
  whyNot(
    @Root() shown: ShownCall,
    @Arg('allele', () => String, { description: 'Name of the allele, as in *17.' }) allele: string,
    @Ctx() { knowledge }: Context,
  ) {
    const recalled = recall(knowledge, shown);
    return recalled ? whyNot(recalled.gene, recalled.reading, allele, recalled.options) : null;
  }

  @FieldResolver(() => String, { nullable: true })
  plotSvg(
    @Root() shown: ShownCall,
    @Arg('width', () => Int, { defaultValue: 820, description: 'Width in pixels, 400 to 2000.' }) width: number,
    @Ctx() { knowledge }: Context,
  ): string | null {
    const evidence = allEvidence(knowledge, shown);
    return evidence.length === 0 ? null : callPlot(shown.call, evidence, Math.min(Math.max(width, 400), 2000));
  }
}

@Resolver(() => Recommendation)
export class RecommendationResolver {
  @FieldResolver(() => [EvidencePath])
  paths(@Root() { because, drug }: ShownRecommendation, @Ctx() { knowledge }: Context) {
    return because.flatMap(({ call }) => (drug ? genePaths(knowledge, call, drug.name) : []));
  }
}
