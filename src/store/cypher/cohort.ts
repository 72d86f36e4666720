/** What patients are counted by, with what access is decided by. */
import { type Statement, statement } from '../graphStore.ts';
import { FACTS } from './access.ts';

export interface CohortParts {
  /** Gene whose phenotype is asked for; null for none. */
  readonly gene: string | null;
  /** Generic name of a drug taken now or before; null where it is not asked for. */
  readonly drug: string | null;
  /** First characters of ICD-10-CM codes; null where they are not asked for. */
  readonly category: string | null;
}

/** Of the lists only what was asked for is there. */
export type CountedPatient = {
  readonly sexAtBirth: string;
  readonly race: string;
  /** YYYY-MM-DD */
  readonly birthDate: string;
  readonly phenotypes: readonly (string | null)[] | null;
  readonly drugs: readonly string[] | null;
  /** ICD-10-CM codes in the category. */
  readonly codes: readonly string[] | null;
};

const PHENOTYPES = '[(p)-[:HAS_CALL]->(g:GeneCall) WHERE g.gene = $gene | g.phenotype] AS phenotypes';
const DRUGS = '[(p)-[:TAKES]->(m:Medication) WHERE m.name = $drug | m.name] AS drugs';
const CODES = "[(p)-[:HAS_CONDITION]->(d:Condition) WHERE d.system = 'ICD-10-CM' AND d.code STARTS WITH $category | d.code] AS codes";

/** All patients, up to a limit, in no order. */
export function countedPatients({ gene, drug, category }: CohortParts, limit: number): Statement {
  const asked = [
    'p.sexAtBirth AS sexAtBirth, p.race AS race, p.birthDate AS birthDate',
    gene === null ? 'null AS phenotypes' : PHENOTYPES,
    drug === null ? 'null AS drugs' : DRUGS,
    category === null ? 'null AS codes' : CODES,
  ];
  return statement('cohort.patients', `MATCH (p:Patient) WITH p LIMIT $limit RETURN ${[...asked, FACTS].join(', ')}`, {
    gene: gene ?? '',
    drug: drug ?? '',
    category: category ?? '',
    limit,
  });
}
