/**
 * A gene's definition from a file in PharmCAT's JSON format (`variants` with `position`, `ref`, `alts`; `namedAlleles`
 * with one cell per variant, null for none), for definitions of the caller's own. Phenotypes come from the release.
 */
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import type { GeneDefinition, NamedAllele, Position } from './definitions.ts';

const bases = z.string().regex(/^[ACGT]+$/i, 'expected bases');
const schema = z.object({
  gene: z.string().min(1),
  variants: z
    .array(
      z.object({
        chromosome: z.string().min(1),
        position: z.number().int().positive(),
        rsid: z.string().nullish(),
        chromosomeHgvsName: z.string(),
        ref: bases,
        alts: z.array(bases).min(1),
      }),
    )
    .min(1),
  namedAlleles: z
    .array(
      z.object({
        name: z.string().min(1),
        alleles: z.array(
          z
            .string()
            .regex(/^[ACGTRYSWKMBDHVN]+$/, 'expected bases or IUPAC codes')
            .nullable(),
        ),
        reference: z.boolean().optional(),
      }),
    )
    .min(1),
});

function positionOf({ chromosome, position, rsid, chromosomeHgvsName, ref, alts }: z.infer<typeof schema>['variants'][number]): Position {
  return { rsid: rsid ?? `${chromosome}:${position}`, chromosome, position, ref, alts, hgvs: chromosomeHgvsName.split('; ') };
}

/**
 * Throws TABLE_INVALID, naming the place in the file.
 * @param known the gene's definition in the release, for functions and phenotype rules
 */
export function readDefinitionFile(text: string, known: (gene: string) => GeneDefinition | undefined, at: string): GeneDefinition {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AvicennaError('TABLE_INVALID', 'The file is not JSON.', at);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AvicennaError('TABLE_INVALID', `${issue?.message ?? 'not a definition'} at ${issue?.path.join('.') ?? ''}.`, at);
  }
  const { gene, variants, namedAlleles } = parsed.data;
  const wrong = namedAlleles.find(({ alleles }) => alleles.length !== variants.length);
  if (wrong)
    throw new AvicennaError('TABLE_INVALID', `${wrong.name} has ${wrong.alleles.length} cells, the file ${variants.length} variants.`, at);
  const names = namedAlleles.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new AvicennaError('TABLE_INVALID', `${twice} is there twice.`, at);
  const released = known(gene);
  const named = new Map(released?.alleles.map((allele) => [allele.name, allele]));
  const referenceFirst = [...namedAlleles].sort((a, b) => Number(b.reference ?? false) - Number(a.reference ?? false));
  return {
    gene,
    positions: variants.map(positionOf),
    markers: [],
    alleles: referenceFirst.map(({ name, alleles }, place): NamedAllele => {
      const own = named.get(name);
      const cells = variants.flatMap(({ position, ref }, index) => {
        const cell = alleles[index] ?? null;
        return cell === null || (place === 0 && cell === ref) ? [] : [[position, cell] as const];
      });
      return { name, function: own?.function ?? null, activity: own?.activity ?? null, key: own?.key ?? null, defining: new Map(cells) };
    }),
    rules: released?.rules ?? [],
  };
}
