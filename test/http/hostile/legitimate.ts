/** What people and programs ask: the operations of schema/operations, and others that nobody listed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshKey } from '../../support/server.ts';
import type { Dice } from './dice.ts';
import type { Asked } from './documents.ts';

const FOLDER = 'schema/operations';
const documents = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => [name.replace('.graphql', ''), readFileSync(join(FOLDER, name), 'utf8')]),
);
const PAGES = ['PatientPage', 'EarlyWarning', 'GenotypeToPrescription', 'WhyThisDose', 'WhatWouldLowerRisk'] as const;
const PATIENTS = Array.from({ length: 18 }, (_, at) => `DEMO-${String(at + 1).padStart(4, '0')}`);
const OF_PATIENT = [
  'id',
  'birthDate',
  'sexAtBirth',
  'race',
  'medications { name status }',
  'conditions { code label }',
  'allergies { substance }',
  'unknownMedications',
  'story',
  'withheld { text }',
];
const GENES = ['TPMT', 'CYP2C9', 'CYP2D6', 'VKORC1', 'DPYD', 'NUDT15', 'SLCO1B1', 'UGT1A1'];
const DRUGS = ['warfarin', 'codeine', 'clopidogrel', 'simvastatin', 'azathioprine', 'abacavir', 'amiodarone'];

const some = (dice: Dice, of: readonly string[]) => [...new Set(Array.from({ length: dice.number(1, 5) }, () => dice.one(of)))].join(' ');

const KINDS: readonly ((dice: Dice) => Asked)[] = [
  (dice) => ({ query: documents[dice.one(PAGES)] as string, variables: { identifier: dice.one(PATIENTS) } }),
  (dice) => ({ query: documents['WhatChanged'] as string, variables: { identifier: dice.one(PATIENTS), first: dice.number(1, 50) } }),
  (dice) => ({
    query: documents[dice.one(['PatientList', 'WhoSeesWhat', 'AnalystPatients'])] as string,
    variables: { first: dice.number(1, 16) },
  }),
  (dice) => ({
    query: `query ${dice.word()} { patients(first: ${dice.number(1, 100)}) { totalCount edges { cursor node { ${some(dice, OF_PATIENT)} } } pageInfo { endCursor } } }`,
  }),
  (dice) => ({
    query: `{ patient(identifier: "${dice.one(PATIENTS)}") { ${dice.word()}: identifier observations(first: ${dice.number(1, 100)}) { edges { node { code value unit observedAt } } } } }`,
  }),
  (dice) => ({
    query:
      'query($symbol: String!) { gene(symbol: $symbol) { symbol name guidelines { drugs { name } } } models { name version } }'.replace(
        'name guid',
        `${dice.word()}: name guid`,
      ),
    variables: { symbol: dice.one(GENES) },
  }),
  (dice) => ({
    query: `{ ${dice.word()}: drug(name: "${dice.one(DRUGS)}") { ...D } } fragment D on Drug { name ${dice.one(['rxcui', 'id', '__typename'])} }`,
  }),
  (dice) => ({
    query: `{ search(text: "${dice.one([...DRUGS, ...GENES]).slice(0, dice.number(3, 4))}", first: ${dice.number(1, 100)}) { edges { cursor node { __typename ... on Node { id } } } } }`,
  }),
  (dice) => ({
    query: documents['Mutations'] as string,
    operationName: 'RegisterPatient',
    variables: {
      input: {
        idempotencyKey: freshKey(),
        identifier: `LEGIT-${dice.word()}`,
        birthDate: `19${dice.number(20, 99)}-0${dice.number(1, 9)}-1${dice.number(0, 9)}`,
        sexAtBirth: dice.one(['MALE', 'FEMALE']),
      },
    },
  }),
];

/** So many, no two the same. */
export function legitimate(dice: Dice, count: number): Asked[] {
  const found = new Map<string, Asked>();
  while (found.size < count) {
    const asked = (KINDS[dice.number(0, KINDS.length - 1)] as (typeof KINDS)[number])(dice);
    found.set(JSON.stringify(asked), asked);
  }
  return [...found.values()];
}
