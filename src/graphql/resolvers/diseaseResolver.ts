import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { DescribedThing } from '../../store/cypher/publishedNames.ts';
import type { Context } from '../context.ts';
import { checkTerms } from '../keyset.ts';
import { DiseaseLookup } from '../types/diseaseTypes.ts';

function show({ key, name, terms }: DescribedThing) {
  const of = (wanted: readonly string[]) => terms.filter(({ type }) => wanted.includes(type)).map(({ text }) => text);
  return {
    id: key.replace(/^Disease /, ''),
    name,
    synonyms: [...new Set(of(['NAME', 'SYNONYM']))].filter((one) => one !== name),
    crossReferences: of(['XREF']),
  };
}

@Resolver()
export class DiseaseResolver {
  @Query(() => DiseaseLookup, {
    description:
      "Diseases by name, synonym or id (DOID, a cross-reference such as ICD10CM:C34), in the publishers' release that is in force, or among the tumours that ship. Nothing is dropped.",
  })
  async diseases(@Arg('names', () => [String], { description: 'Up to 200 names.' }) names: string[], @Ctx() { publishedNames }: Context) {
    checkTerms(names, 'names');
    const found = [...(await publishedNames('Disease', names))].map(([term, things]) => ({ term, diseases: things.map(show) }));
    return {
      direct: found.flatMap(({ term, diseases: [disease, ...others] }) => (disease && others.length === 0 ? [{ term, disease }] : [])),
      ambiguous: found.filter(({ diseases }) => diseases.length > 1),
      noMatch: found.filter(({ diseases }) => diseases.length === 0).map(({ term }) => term),
    };
  }
}
