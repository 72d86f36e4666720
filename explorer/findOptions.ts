import { isObject, type Json, listOf, textOf } from './json.ts';

export interface AskedQuestion {
  readonly question: string;
  readonly settledBy: string;
}

/** One option or trial, as far as a response says it. */
export interface ListedLine {
  readonly name: string;
  /** Where it stands, in words. */
  readonly standing: string;
  readonly reasons: readonly string[];
  readonly open: readonly AskedQuestion[];
}

export interface Listed {
  /** Identifier of the patient and name of the tumour. */
  readonly about: string;
  readonly kind: 'OPTIONS' | 'TRIALS';
  /** What treatment after surgery adds, where the query asked. */
  readonly benefits: readonly string[];
  readonly lines: readonly ListedLine[];
  readonly open: readonly AskedQuestion[];
}

const STANDINGS: Readonly<Record<string, string>> = {
  FITS: 'fits',
  CAUTION: 'with caution',
  CONFLICTING: 'evidence on both sides',
  OTHER_TUMOUR: 'evidence in another tumour only',
  PRECLINICAL: 'cells or animals only',
  UNKNOWN: 'depends on a test',
  AGAINST: 'not for this patient',
};
const VERDICTS: Readonly<Record<string, string>> = { MET: 'met', NOT_MET: 'not met', UNKNOWN: 'cannot be told' };

const texts = (value: unknown) =>
  listOf(value)
    .map(textOf)
    .filter((text) => text !== null);

function questions(value: unknown): AskedQuestion[] {
  return listOf(value).flatMap((one) => {
    const question = isObject(one) ? textOf(one['question']) : null;
    const settledBy = isObject(one) ? textOf(one['settledBy']) : null;
    return question !== null && settledBy !== null ? [{ question, settledBy }] : [];
  });
}

function optionLine(option: Json): ListedLine {
  const between = option['together'] === 'SEQUENTIAL' ? ', then ' : ' + ';
  const standing = textOf(option['standing']) ?? '';
  // Where all depends on a test, the reasons are the questions.
  return {
    name: texts(option['therapies']).join(between),
    standing: STANDINGS[standing] ?? standing,
    reasons: standing === 'UNKNOWN' ? [] : texts(option['reasons']),
    open: questions(option['open']),
  };
}

function criterionText(criterion: unknown): string[] {
  if (!isObject(criterion)) return [];
  const verdict = textOf(criterion['verdict']) ?? '';
  const settled = textOf(criterion['settledBy']);
  return [`${VERDICTS[verdict] ?? verdict}: ${textOf(criterion['text']) ?? ''}${settled === null ? '' : `. Settled by: ${settled}`}`];
}

function trialLine(match: Json): ListedLine {
  const verdict = textOf(match['verdict']) ?? '';
  const name = [textOf(match['trial']), textOf(match['title'])].filter((text) => text !== null).join(': ');
  const clauses = listOf(match['clauses']).filter(isObject);
  return {
    name,
    standing: match['nearly'] === true ? 'nearly met' : (VERDICTS[verdict] ?? verdict),
    reasons: clauses.flatMap((clause) =>
      listOf(clause['criteria'])
        .flatMap(criterionText)
        .map((text) => `${textOf(clause['level'])} ${textOf(clause['code'])}, ${text}`),
    ),
    open: [],
  };
}

function benefitTexts(value: unknown): string[] {
  if (!isObject(value)) return [];
  const { untreated, years } = value;
  if (typeof untreated !== 'number')
    return questions(value['open']).map(({ question, settledBy }) => `${question}. Settled by: ${settledBy}`);
  const arms = listOf(value['arms']).filter(isObject);
  return [
    `Alive after ${String(years)} years with surgery alone: ${untreated.toFixed(1)} %`,
    ...arms.map((arm) => `${textOf(arm['arm'])}: ${Number(arm['benefit']).toFixed(1)} percentage points more`),
  ];
}

function listedOf(value: Json, about: string | null): Listed[] {
  const listed = (of: unknown, kind: Listed['kind']): Listed[] => {
    if (!isObject(of)) return [];
    const lines = listOf(of[kind === 'OPTIONS' ? 'options' : 'matches']).filter(isObject);
    return [
      {
        about: [about, textOf(of['name'])].filter((text) => text !== null).join(' · '),
        kind,
        benefits: benefitTexts(of['adjuvantBenefit']),
        lines: lines.map(kind === 'OPTIONS' ? optionLine : trialLine),
        open: questions(of['open']),
      },
    ];
  };
  return [...listed(value['treatmentOptions'], 'OPTIONS'), ...listed(value['trialMatches'], 'TRIALS')];
}

function search(value: unknown, about: string | null): Listed[] {
  if (Array.isArray(value)) return value.flatMap((item) => search(item, about));
  if (!isObject(value)) return [];
  const nearest = textOf(value['identifier']) ?? about;
  return [...listedOf(value, nearest), ...Object.values(value).flatMap((item) => search(item, nearest))];
}

/** The treatment options and trials of a response, as JSON text. Empty for anything else. */
export function findOptions(response: string): readonly Listed[] {
  try {
    return search(JSON.parse(response), null);
  } catch {
    return [];
  }
}
