import { isObject, type Json, listOf, textOf } from './json.ts';

/** What a guideline advises on one drug, as far as a response says it. */
export interface AdviceLine {
  /** Identifier of the patient, where the query asked for it. */
  readonly about: string | null;
  readonly drug: string;
  readonly population: string | null;
  readonly action: string;
  readonly text: string | null;
  /** GENOTYPE or PHENOCONVERTED, where the query asked for it. */
  readonly basis: string | null;
  /** False for advice that does not hold now. */
  readonly applies: boolean;
  /** Medications that the advice takes into account. */
  readonly modulators: readonly string[];
}

const nameOf = (value: unknown): string | null => textOf(isObject(value) ? (value['name'] ?? value['drug']) : value);

function lineOf(recommendation: Json, about: string | null): readonly AdviceLine[] {
  const drug = nameOf(recommendation['drug']);
  const action = textOf(recommendation['action']);
  if (drug === null || action === null) return [];
  const modulators = listOf(recommendation['modulators']);
  return [
    {
      about,
      drug,
      population: textOf(recommendation['population']),
      action,
      text: textOf(recommendation['text']),
      basis: textOf(recommendation['basis']),
      applies: recommendation['applies'] !== false,
      modulators: modulators.map(nameOf).filter((name) => name !== null),
    },
  ];
}

function search(value: unknown, about: string | null): readonly AdviceLine[] {
  if (Array.isArray(value)) return value.flatMap((item) => search(item, about));
  if (!isObject(value)) return [];
  const nearest = textOf(value['identifier']) ?? about;
  const own = listOf(value['recommendations']);
  return [
    ...own.flatMap((item) => (isObject(item) ? lineOf(item, nearest) : [])),
    ...Object.values(value).flatMap((item) => search(item, nearest)),
  ];
}

/** Every recommendation of a response, as JSON text. Empty for anything else. */
export function findAdvice(response: string): readonly AdviceLine[] {
  try {
    return search(JSON.parse(response), null);
  } catch {
    return [];
  }
}
