import { isObject, type Json, listOf, textOf } from './json.ts';

/** What one prediction or gene result in a response says in words and in a picture. */
export interface PicturedAnswer {
  /** Identifier of the patient and symbol of the gene, where the query asked for them. */
  readonly about: string | null;
  readonly statement: string | null;
  readonly warnings: readonly string[];
  readonly svg: string | null;
  readonly narrative: string | null;
  /** What would have to be otherwise, where the query asked. */
  readonly otherwise: string | null;
  /** Why the model did not answer; null where it did. */
  readonly abstainReason: string | null;
}

function answerOf(prediction: Json, about: string | null): PicturedAnswer {
  const applicability = isObject(prediction['applicability']) ? prediction['applicability'] : {};
  const explanation = isObject(prediction['explanation']) ? prediction['explanation'] : {};
  const counterfactuals = isObject(prediction['counterfactuals']) ? prediction['counterfactuals'] : {};
  const warnings = listOf(applicability['warnings'] ?? prediction['warnings']);
  const gene = isObject(prediction['gene']) ? textOf(prediction['gene']['symbol']) : null;
  return {
    about: [about, gene].filter((name) => name !== null).join(' · ') || null,
    statement: textOf(applicability['statement']),
    warnings: warnings.map((warning) => textOf(isObject(warning) ? warning['message'] : warning)).filter((warning) => warning !== null),
    svg: textOf(prediction['plotSvg']),
    narrative: textOf(explanation['narrative']),
    otherwise: textOf(counterfactuals['narrative']),
    abstainReason: textOf(prediction['abstainReason']),
  };
}

function search(value: unknown, about: string | null): readonly PicturedAnswer[] {
  if (Array.isArray(value)) return value.flatMap((item) => search(item, about));
  if (!isObject(value)) return [];
  const patient = isObject(value['patient']) ? textOf(value['patient']['identifier']) : null;
  const nearest = textOf(value['identifier']) ?? patient ?? about;
  const own = 'plotSvg' in value ? [answerOf(value, nearest)] : [];
  return [
    ...own.filter(({ svg, abstainReason }) => svg !== null || abstainReason !== null),
    ...Object.values(value).flatMap((item) => search(item, nearest)),
  ];
}

/** Every prediction and gene result of a response, as JSON text, that has a picture or says why it has none. Empty for anything else. */
export function findAnswers(response: string): readonly PicturedAnswer[] {
  try {
    return search(JSON.parse(response), null);
  } catch {
    return [];
  }
}
