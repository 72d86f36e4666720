/**
 * k-anonymity (Samarati and Sweeney, 1998): of each combination of what others may know of a person at least k records. Combinations of
 * fewer are told less exactly, step by step and each as a whole, and left out where no step is enough. Pure.
 */
import type { Race, Sex } from '../../patients/record.ts';
import { widerBand } from '../ageBand.ts';

/** What others may know of a person; of an export's other columns the report says nothing. */
export interface QuasiIdentifiers {
  /** Place in AGE_BANDS. */
  readonly age: number;
  readonly sexAtBirth: Sex;
  readonly race: Race;
}

/** As told: null where it is withheld. */
export interface ToldOf {
  readonly ageBand: string | null;
  readonly sexAtBirth: Sex | null;
  readonly race: Race | null;
}

interface Step {
  readonly name: string;
  readonly tell: (of: QuasiIdentifiers) => ToldOf;
}

const STEPS: readonly Step[] = [
  { name: 'age in bands of 10 years, sex, race', tell: ({ age, sexAtBirth, race }) => ({ ageBand: widerBand(age, 1), sexAtBirth, race }) },
  { name: 'age in bands of 20 years, sex, race', tell: ({ age, sexAtBirth, race }) => ({ ageBand: widerBand(age, 2), sexAtBirth, race }) },
  { name: 'age in bands of 20 years, sex', tell: ({ age, sexAtBirth }) => ({ ageBand: widerBand(age, 2), sexAtBirth, race: null }) },
  { name: 'age in bands of 40 years, sex', tell: ({ age, sexAtBirth }) => ({ ageBand: widerBand(age, 4), sexAtBirth, race: null }) },
  { name: 'sex', tell: ({ sexAtBirth }) => ({ ageBand: null, sexAtBirth, race: null }) },
  { name: 'nothing', tell: () => ({ ageBand: null, sexAtBirth: null, race: null }) },
];

export const keyOf = ({ age, sexAtBirth, race }: QuasiIdentifiers): string => [age, sexAtBirth, race].join(' ');
/** Of what is told: those with the same key cannot be told apart. */
export const classOf = ({ ageBand, sexAtBirth, race }: ToldOf): string => [ageBand, sexAtBirth, race].join(' ');

/** How many people there are of each combination, by its key. */
export type Combinations = ReadonlyMap<string, { readonly of: QuasiIdentifiers; readonly count: number }>;

export function combinationsOf(people: Iterable<QuasiIdentifiers>): Combinations {
  const found = new Map<string, { readonly of: QuasiIdentifiers; readonly count: number }>();
  for (const of of people) found.set(keyOf(of), { of, count: (found.get(keyOf(of))?.count ?? 0) + 1 });
  return found;
}

export interface Generalised {
  /** What is told of each combination, by its key; it is not there where its people are left out. */
  readonly told: ReadonlyMap<string, ToldOf>;
  /** Records that each step settled, with the classes that they are in. */
  readonly steps: readonly { readonly told: string; readonly records: number; readonly classes: number }[];
  /** Records in combinations of fewer than k, before anything was done. */
  readonly inSmallClasses: number;
  readonly leftOut: number;
}

type Combination = readonly [string, { readonly of: QuasiIdentifiers; readonly count: number }];

const people = (all: readonly Combination[]) => all.reduce((sum, [, { count }]) => sum + count, 0);

function byClass(all: readonly Combination[], { tell }: Step): Map<string, Combination[]> {
  const classes = new Map<string, Combination[]>();
  for (const one of all) {
    const key = classOf(tell(one[1].of));
    classes.set(key, [...(classes.get(key) ?? []), one]);
  }
  return classes;
}

/** Each combination as exactly as at least k records can be told together with it. A combination is never told in two ways. */
export function generalise(combinations: Combinations, k: number): Generalised {
  const told = new Map<string, ToldOf>();
  const inSmallClasses = people([...combinations].filter(([, { count }]) => count < k));
  let left: readonly Combination[] = [...combinations];
  const steps = STEPS.map((step) => {
    const settled = [...byClass(left, step).values()].filter((members) => people(members) >= k);
    for (const [key, { of }] of settled.flat()) told.set(key, step.tell(of));
    left = left.filter(([key]) => !told.has(key));
    return { told: step.name, records: people(settled.flat()), classes: settled.length };
  });
  return { told, steps, inSmallClasses, leftOut: people(left) };
}
