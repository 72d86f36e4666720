/** A trial in CTML, read into trees of criteria, each with its place in the file. */
import { AvicennaError } from '../../errors.ts';
import { CLINICAL, FOR_READERS, GENOMIC, type KeyMeaning } from './vocabulary.ts';

export interface Test {
  readonly key: string;
  readonly meaning: KeyMeaning;
  /** Any of them; without the `!`. */
  readonly values: readonly string[];
  /** Written with `!`: must not hold. */
  readonly negated: boolean;
}

export type Criterion =
  | { readonly kind: 'ALL' | 'ANY'; readonly at: string; readonly of: readonly Criterion[] }
  | { readonly kind: 'CLINICAL'; readonly at: string; readonly tests: readonly Test[] }
  /** All tests hold in one finding; where `absent`, in none. */
  | { readonly kind: 'GENOMIC'; readonly at: string; readonly tests: readonly Test[]; readonly absent: boolean };

export type Level = 'step' | 'arm' | 'dose_level';

/** What one level of a trial asks. */
export interface Clause {
  readonly level: Level;
  /** Where it lies, as `0.` of a step and `0.1.` of an arm in it: a part is entered through what encloses it. */
  readonly place: string;
  readonly code: string;
  readonly suspended: boolean;
  readonly criterion: Criterion;
}

export interface Trial {
  readonly name: string;
  readonly status: string;
  readonly clauses: readonly Clause[];
}

type Json = Readonly<Record<string, unknown>>;

const wrong = (message: string, at: string) => new AvicennaError('BAD_USER_INPUT', message, at);

function objectAt(value: unknown, at: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('Expected an object.', at);
  return value as Json;
}

function listAt(value: unknown, at: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong('Expected a list.', at);
  return value;
}

const COMPARISON = /^(>=|<=|==|>|<)?(\d+(\.\d*)?|\.\d+)$/;
const SYMBOL = 'hugo_symbol';
const OLDEST = 150;

function valuesAt(value: unknown, meaning: KeyMeaning, at: string): Pick<Test, 'values' | 'negated'> {
  const texts = (Array.isArray(value) ? value : [value]).map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') throw wrong('Expected a word or a number.', at);
    return String(one).trim();
  });
  const negated = texts.map((text) => text.startsWith('!'));
  if (texts.length === 0 || new Set(negated).size > 1)
    throw wrong("Expected one value, or several that are all written with '!' or all without.", at);
  const values = texts.map((text) => text.replace(/^!/, ''));
  if ((meaning.kind === 'AGE' || meaning.kind === 'NUMBER') && !values.every((text) => COMPARISON.test(text)))
    throw wrong(`'${texts[0]}' is no comparison: expected one of >=, <=, ==, > or < and a number.`, at);
  if (meaning.kind === 'AGE' && values.some((text) => Number(text.replace(/^[<>=]+/, '')) > OLDEST))
    throw wrong(`'${texts[0]}' is no age: expected ${OLDEST} years at most.`, at);
  return { values, negated: negated[0] ?? false };
}

function testsAt(value: unknown, keys: Readonly<Record<string, KeyMeaning>>, at: string): Test[] {
  return Object.entries(objectAt(value, at)).flatMap(([key, wanted]) => {
    const name = key.toLowerCase();
    if (FOR_READERS.has(name)) return [];
    const meaning = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (!meaning) throw wrong(`No criterion is called '${key}'; there are: ${Object.keys(keys).join(', ')}.`, `${at}.${key}`);
    // Signatures are findings of no gene, which CTML writes as the symbol None.
    if (name === SYMBOL && wanted === 'None') return [];
    return [{ key: name, meaning, ...valuesAt(wanted, meaning, `${at}.${key}`) }];
  });
}

const MOST_NESTED = 64;

function partAt(key: string, value: unknown, at: string, depth: number): Criterion {
  switch (key) {
    case 'and':
    case 'or': {
      const of = listAt(value, at).map((one, place) => criterionAt(one, `${at}[${place}]`, depth + 1));
      if (of.length === 0) throw wrong(`'${key}' has no criteria.`, at);
      return { kind: key === 'and' ? 'ALL' : 'ANY', at, of };
    }
    case 'clinical':
      return { kind: 'CLINICAL', at, tests: testsAt(value, CLINICAL, at) };
    case 'genomic': {
      const tests = testsAt(value, GENOMIC, at);
      return { kind: 'GENOMIC', at, tests, absent: tests.some(({ negated }) => negated) };
    }
    default:
      throw wrong(`Expected 'and', 'or', 'clinical' or 'genomic', not '${key}'.`, at);
  }
}

function criterionAt(value: unknown, at: string, depth: number): Criterion {
  if (depth > MOST_NESTED) throw wrong(`Criteria are nested more than ${MOST_NESTED} deep.`, at);
  const parts = Object.entries(objectAt(value, at)).map(([key, part]) => partAt(key, part, `${at}.${key}`, depth));
  if (parts.length === 0) throw wrong('Expected a criterion.', at);
  return parts.length === 1 ? (parts[0] as Criterion) : { kind: 'ALL', at, of: parts };
}

/** What `match` asks; null where it asks nothing. */
function matchAt(value: unknown, at: string): Criterion | null {
  const of = listAt(value, at).map((one, place) => criterionAt(one, `${at}[${place}]`, 0));
  return of.length === 0 ? null : { kind: 'ALL', at, of };
}

const isYes = (value: unknown) => typeof value === 'string' && /^y(es)?$/i.test(value.trim());
const codeOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

type Head = Omit<Clause, 'criterion'>;

function clauseOf(head: Head, match: unknown, at: string): Clause[] {
  const criterion = matchAt(match, `${at}.match`);
  return criterion ? [{ ...head, criterion }] : [];
}

function armClauses(value: unknown, place: string, at: string): Clause[] {
  const arm = objectAt(value, at);
  const doses = listAt(arm['dose_level'], `${at}.dose_level`).flatMap((one, index) => {
    const where = `${at}.dose_level[${index}]`;
    const dose = objectAt(one, where);
    const suspended = isYes(dose['level_suspended']);
    return clauseOf({ level: 'dose_level', place: `${place}${index}.`, code: codeOf(dose['level_code']), suspended }, dose['match'], where);
  });
  const head = { level: 'arm', place, code: codeOf(arm['arm_code']), suspended: isYes(arm['arm_suspended']) } as const;
  return [...clauseOf(head, arm['match'], at), ...doses];
}

/** A step is suspended where all its arms are. */
function stepClauses(value: unknown, place: string, at: string): Clause[] {
  const step = objectAt(value, at);
  const arms = listAt(step['arm'], `${at}.arm`);
  const suspended = arms.length > 0 && arms.every((arm, index) => isYes(objectAt(arm, `${at}.arm[${index}]`)['arm_suspended']));
  return [
    ...clauseOf({ level: 'step', place, code: codeOf(step['step_code']), suspended }, step['match'], at),
    ...arms.flatMap((arm, index) => armClauses(arm, `${place}${index}.`, `${at}.arm[${index}]`)),
  ];
}

/**
 * @param at the file, for errors
 * @throws AvicennaError BAD_USER_INPUT with the place in the trial
 */
export function readTrial(name: string, value: unknown, at: string): Trial {
  const place = `${at} ${name}`;
  const trial = objectAt(value, place);
  const treatments = objectAt(trial['treatment_list'], `${place} treatment_list`);
  const steps = listAt(treatments['step'], `${place} treatment_list.step`);
  return {
    name,
    status: codeOf(trial['status']),
    clauses: steps.flatMap((step, index) => stepClauses(step, `${index}.`, `${place} treatment_list.step[${index}]`)),
  };
}
