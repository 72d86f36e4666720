import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { type FoundInteraction, interactionsWith } from '../../knowledge/interactions.ts';
import { drugsNamed, lookUpDrugs } from '../../knowledge/names.ts';
import type * as knowledge from '../../knowledge/snapshot.ts';
import type { Context } from '../context.ts';
import { toGlobalId } from '../ids.ts';
import { checkTerms } from '../keyset.ts';
import { Allele, Drug, DrugLookup, Gene, GeneLookup, Guideline, Interaction, KnowledgeRelease, Variant } from '../types/knowledgeTypes.ts';

/** CPIC's term for an allele that it has not judged. */
const UNASSIGNED = 'Unassigned function';

/**
 * Drugs by the names of the shipped tables; of a name that they do not have, those that the publishers' release in force knows it as.
 * So `Uniwarfin` finds warfarin where a release has that name, without the tables naming every brand.
 */
async function drugsByName(
  { knowledge: tables, publishedNames }: Context,
  terms: readonly string[],
): Promise<Map<string, readonly knowledge.Drug[]>> {
  const own = new Map(terms.map((term) => [term, drugsNamed(tables, term)] as const));
  const others = terms.filter((term) => own.get(term)?.length === 0);
  if (others.length === 0) return own;
  const published = await publishedNames('Compound', others);
  for (const term of others) {
    const names = (published.get(term) ?? []).flatMap(({ name, terms: also }) => [name, ...also.map(({ text }) => text)]);
    const drugs = [...new Set(names.flatMap((name) => drugsNamed(tables, name)))];
    own.set(
      term,
      drugs.sort((a, b) => a.name.localeCompare(b.name, 'en')),
    );
  }
  return own;
}

@Resolver(() => Gene)
export class GeneResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id(@Root() gene: knowledge.Gene): string {
    return toGlobalId('Gene', gene.symbol);
  }

  @FieldResolver(() => [Allele])
  alleles(@Root() gene: knowledge.Gene, @Ctx() context: Context) {
    const alleles = context.knowledge.definitionByGene.get(gene.symbol)?.alleles ?? [];
    return alleles.map((allele) => ({ ...allele, function: allele.function ?? UNASSIGNED }));
  }

  @FieldResolver(() => [Variant])
  variants(@Root() gene: knowledge.Gene, @Ctx() context: Context) {
    return context.knowledge.variantsByGene.get(gene.symbol) ?? [];
  }

  @FieldResolver(() => [Guideline])
  guidelines(@Root() gene: knowledge.Gene, @Ctx() context: Context) {
    return context.knowledge.guidelines.filter(({ genes }) => genes.includes(gene.symbol));
  }

  @Query(() => Gene, { nullable: true, description: 'A gene by its HGNC symbol. Unknown: null with the error NOT_FOUND.' })
  gene(
    @Arg('symbol', () => String, { description: 'As in CYP2C9; letter case does not matter.' }) symbol: string,
    @Ctx() context: Context,
  ) {
    const gene = context.knowledge.geneBySymbol.get(symbol.trim().toUpperCase());
    if (!gene) throw new AvicennaError('NOT_FOUND', 'The knowledge release has no gene of that symbol.', 'symbol');
    return gene;
  }

  @Query(() => GeneLookup, { description: 'Many genes at once; nothing is dropped.' })
  genes(@Arg('symbols', () => [String], { description: 'Up to 200 symbols.' }) symbols: string[], @Ctx() context: Context) {
    checkTerms(symbols, 'symbols');
    const found = symbols.map((term) => ({ term, gene: context.knowledge.geneBySymbol.get(term.trim().toUpperCase()) }));
    return { direct: found.filter(({ gene }) => gene), ambiguous: [], noMatch: found.filter(({ gene }) => !gene).map(({ term }) => term) };
  }

  @Query(() => KnowledgeRelease, { name: 'knowledge', description: 'The knowledge release in force, with its sources and licences.' })
  release(@Ctx() context: Context) {
    return context.knowledge.release;
  }
}

@Resolver(() => Drug)
export class DrugResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id(@Root() drug: knowledge.Drug): string {
    return toGlobalId('Drug', drug.name);
  }

  @FieldResolver(() => [Guideline])
  guidelines(@Root() drug: knowledge.Drug, @Ctx() context: Context) {
    return context.knowledge.guidelines.filter(({ drugs }) => drugs.includes(drug.name));
  }

  @FieldResolver(() => [Interaction])
  interactions(@Root() drug: knowledge.Drug, @Ctx() context: Context) {
    const others = context.knowledge.drugs.map(({ name }) => name);
    return interactionsWith(context.knowledge, drug.name, others);
  }

  @Query(() => Drug, {
    nullable: true,
    description: 'A drug by name (generic or brand) or RxNorm id. Unknown or ambiguous: null with a coded error.',
  })
  async drug(
    @Arg('name', () => String, { nullable: true, description: 'Generic or brand name.' }) name: string | null | undefined,
    @Arg('rxcui', () => String, { nullable: true, description: 'RxNorm ingredient id.' }) rxcui: string | null | undefined,
    @Ctx() context: Context,
  ) {
    if ((name == null) === (rxcui == null)) throw new AvicennaError('BAD_USER_INPUT', "Give either 'name' or 'rxcui'.", 'name');
    const term = name ?? rxcui ?? '';
    const [only, ...more] = (await drugsByName(context, [term])).get(term) ?? [];
    if (!only) throw new AvicennaError('NOT_FOUND', 'The knowledge release has no such drug.', name == null ? 'rxcui' : 'name');
    if (more.length > 0)
      throw new AvicennaError(
        'BAD_USER_INPUT',
        `The name fits several drugs: ${[only, ...more].map((drug) => drug.name).join(', ')}.`,
        'name',
      );
    return only;
  }

  @Query(() => DrugLookup, { description: 'Many drugs at once; nothing is dropped.' })
  async drugs(@Arg('names', () => [String], { description: 'Up to 200 names.' }) names: string[], @Ctx() context: Context) {
    checkTerms(names, 'names');
    const found = await drugsByName(context, names);
    return lookUpDrugs((term) => found.get(term) ?? [], names);
  }
}

@Resolver(() => Guideline)
export class GuidelineResolver {
  @FieldResolver(() => ID, { description: 'Global id: opaque; give it back to `node`.' })
  id(@Root() guideline: knowledge.Guideline): string {
    return toGlobalId('Guideline', guideline.id);
  }

  @FieldResolver(() => [Gene])
  genes(@Root() guideline: knowledge.Guideline, @Ctx() context: Context) {
    return guideline.genes.flatMap((symbol) => context.knowledge.geneBySymbol.get(symbol) ?? []);
  }

  @FieldResolver(() => [Drug])
  drugs(@Root() guideline: knowledge.Guideline, @Ctx() context: Context) {
    return guideline.drugs.flatMap((name) => context.knowledge.drugByName.get(name) ?? []);
  }
}

@Resolver(() => Interaction)
export class InteractionResolver {
  @FieldResolver(() => [Drug])
  drugs(@Root() interaction: FoundInteraction, @Ctx() context: Context) {
    return interaction.drugs.flatMap((name) => context.knowledge.drugByName.get(name) ?? []);
  }

  @FieldResolver(() => [String])
  drugNames(@Root() interaction: FoundInteraction): readonly string[] {
    return interaction.drugs;
  }
}
