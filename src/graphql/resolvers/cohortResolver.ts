import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { type CohortDimension, type CohortQuestion, type CohortTable, NOT_KNOWN } from '../../access/cohort/countCohort.ts';
import { AvicennaError } from '../../errors.ts';
import { drugsNamed } from '../../knowledge/names.ts';
import type { KnowledgeSnapshot } from '../../knowledge/snapshot.ts';
import type { Context } from '../context.ts';
import { CohortDimensionEnum } from '../enums.ts';
import { Cohort, CohortCell, CohortFilterInput, CohortValue } from '../types/cohortTypes.ts';

/** A gene with every phenotype that the release knows of it, so that a table's rows do not tell who is there. */
function geneNamed({ geneBySymbol, definitionByGene }: KnowledgeSnapshot, symbol: string): CohortQuestion['gene'] {
  if (!geneBySymbol.has(symbol)) throw new AvicennaError('NOT_FOUND', 'The release has no gene of that symbol.', 'gene');
  const phenotypes = new Set(definitionByGene.get(symbol)?.rules.map(({ phenotype }) => phenotype));
  phenotypes.delete(NOT_KNOWN);
  if (phenotypes.size === 0) throw new AvicennaError('BAD_USER_INPUT', 'The release has no phenotypes of that gene.', 'gene');
  return { symbol, phenotypes: [...phenotypes] };
}

/** Only drugs of the release: what somebody wrote by hand is not a way to count. */
function drugNamed(knowledge: KnowledgeSnapshot, name: string): string {
  const [drug, ...others] = drugsNamed(knowledge, name);
  if (!drug) throw new AvicennaError('NOT_FOUND', 'The release has no drug of that name.', 'filter.drug');
  if (others.length > 0) throw new AvicennaError('BAD_USER_INPUT', 'Several drugs have that name: give the generic one.', 'filter.drug');
  return drug.name;
}

const CATEGORY = /^[A-Z][0-9][0-9A-Z]$/;

function categoryNamed(code: string): string {
  const category = code.trim().toUpperCase();
  if (!CATEGORY.test(category))
    throw new AvicennaError('BAD_USER_INPUT', 'Expected an ICD-10-CM category of three characters, as in I48.', 'filter.condition');
  return category;
}

const labelOf = (count: number | null) => (count === null ? 'hidden' : count === 0 ? 'none' : `about ${count}`);
const cell = (values: readonly CohortValue[], count: number | null): CohortCell => ({
  values: [...values],
  count,
  suppressed: count === null,
  label: labelOf(count),
});

function statementOf(cells: readonly CohortCell[]): string {
  const hidden = cells.filter(({ suppressed }) => suppressed).length;
  const how = 'Patients whom you may see, rounded to the nearest 5 (10 stands for 11 or 12).';
  if (hidden === 0) return `${how} Nothing is hidden.`;
  return `${how} ${hidden} of ${cells.length} counts are hidden: 1 to 10 people, or such a count could be worked out from them.`;
}

/** The table as cells with the values that they are of. */
function show(by: readonly CohortDimension[], { counts, values }: CohortTable): Cohort {
  const named = values.map((all, at) => all.map((value): CohortValue => ({ dimension: by[at] as CohortDimension, value })));
  const [rowValues = [], columnValues = []] = named;
  const total = cell([], counts.total);
  const rows = rowValues.map((value, i) => cell([value], counts.rows[i] ?? null));
  const columns = columnValues.map((value, j) => cell([value], counts.columns[j] ?? null));
  const crossed = rowValues.flatMap((row, i) => columnValues.map((column, j) => cell([row, column], counts.cells[i]?.[j] ?? null)));
  const [cells, margins] = by.length === 2 ? [crossed, [...rows, ...columns]] : [rows, []];
  return { by: [...by], total, cells, margins, statement: statementOf([total, ...cells, ...margins]) };
}

@Resolver()
export class CohortResolver {
  @Query(() => Cohort, {
    nullable: true,
    description:
      'How many patients there are of each kind, by fixed dimensions, safe to be passed on. For clinicians and analysts, of 20,000 patients at most. One round trip.',
  })
  async cohort(
    @Arg('by', () => [CohortDimensionEnum], { description: 'What to count by: two at most; the total alone where there is none.' })
    by: CohortDimension[],
    @Arg('gene', () => String, { nullable: true, description: 'Of PHENOTYPE: which gene, as in CYP2C9.' }) gene: string | null | undefined,
    @Arg('filter', () => CohortFilterInput, { nullable: true, description: 'Whom to count; everybody where left out.' }) filter:
      | CohortFilterInput
      | null
      | undefined,
    @Ctx() { knowledge, reader, now }: Context,
  ): Promise<Cohort> {
    const asked: CohortQuestion = {
      by,
      gene: gene ? geneNamed(knowledge, gene) : null,
      drug: filter?.drug ? drugNamed(knowledge, filter.drug) : null,
      condition: filter?.condition ? categoryNamed(filter.condition) : null,
      year: Number(now.slice(0, 4)),
    };
    return show(by, await reader.cohort(asked));
  }
}
