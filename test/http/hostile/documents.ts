/** Documents that ask too much, or that are none: each family makes as many as are wanted, by chance. */
import { parse } from 'graphql';
import type { Dice } from './dice.ts';

export interface Asked {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

/** Fields that answer, to hide the hostile part among. */
const CHEAP = ['knowledge { name }', 'models { name version }', 'gene(symbol: "TPMT") { symbol }', '__typename', 'me { role }'] as const;
const FIELD = ['name', 'release', 'digest'] as const;
const text = (query: string): Asked => ({ query });
const page = (size: number, inner: string) => `patients(first: ${size}) { edges { node { ${inner} } } }`;
const around = (levels: number, inner: string) => `${'{ guidelines { genes '.repeat(levels)}{ ${inner} }${' } }'.repeat(levels)}`;
const fragments = (dice: Dice, count: number, body: (at: number) => string) =>
  dice.many(count, (at) => `fragment F${at} on Query { ${body(at)} }`);

const TOO_MUCH: Readonly<Record<string, (dice: Dice, at: number) => Asked>> = {
  'many aliases': (dice, at) => text(`{ ${dice.many(31 + at, (n) => `a${n}: ${dice.one(CHEAP)}`)} }`),
  'many aliases below a field': (dice, at) =>
    text(`{ knowledge { ${dice.many(31 + at, (n) => `${dice.word()}${n}: ${dice.one(FIELD)}`)} } }`),
  'aliases in fragments': (dice, at) =>
    text(`{ ...F0 ...F1 } ${fragments(dice, 2, (f) => dice.many(16 + at, (n) => `f${f}_${n}: ${dice.one(CHEAP)}`))}`),
  'many root fields': (dice, at) => text(`{ ${dice.many(31 + at, () => dice.one(CHEAP))} }`),
  'many directives': (dice, at) =>
    text(`query($v: Boolean = true) { knowledge { ${dice.many(51 + at, () => `name @${dice.one(['include', 'skip'])}(if: $v)`)} } }`),
  'many directives on fragments': (dice, at) =>
    text(`{ ${dice.many(51 + at, () => `... @include(if: ${dice.one(['true', 'false'])}) { knowledge { ${dice.one(FIELD)} } }`)} }`),
  'many tokens': (dice, at) => text(`{ knowledge { ${dice.many(2000 + at, () => dice.one(FIELD))} } }`),
  'many tokens that are a list': (dice, at) => text(`{ nodes(ids: [${dice.many(2000 + at, () => `"${dice.word()}"`)}]) { id } }`),
  'a deep tree': (dice, at) =>
    text(`{ genes(symbols: ["TPMT"]) { direct { gene ${around(8 + (at % 60), dice.one(['symbol', 'name']))} } } }`),
  'a deep tree of fragments': (dice, at) =>
    text(
      `{ gene(symbol: "TPMT") { ...D0 } } ${dice.many(9 + at, (n) => `fragment D${n} on Gene { guidelines { genes { ...D${n + 1} } } }`)} fragment D${9 + at} on Gene { symbol }`,
    ),
  'fragments that double': (dice, at) =>
    text(`{ ...F0 } ${fragments(dice, 14 + at, (n) => `...F${n + 1} ...F${n + 1}`)} fragment F${14 + at} on Query { ${dice.one(CHEAP)} }`),
  'fragments that multiply': (dice, at) =>
    text(
      `{ ...F0 } ${fragments(dice, 6 + (at % 20), (n) => dice.many(dice.number(5, 9), () => `...F${n + 1}`))} fragment F${6 + (at % 20)} on Query { knowledge { name } }`,
    ),
  'a circle of fragments': (dice, at) =>
    text(`{ ...F0 } ${fragments(dice, 2 + at, (n) => `${dice.one(CHEAP)} ...F${(n + 1) % (2 + at)}`)}`),
  'lists that multiply': (dice, at) =>
    text(
      `{ ${page(
        100,
        dice.many(12 + (at % 15), (n) => `a${n}: observations(first: ${dice.number(80, 100)}) { edges { node { id code } } }`),
      )} }`,
    ),
  'a list whose length is a variable': (dice, at) => ({
    query: `query($n: Int!, $m: Int!) { patients(first: $n) { edges { node { ${dice.one(['id', 'identifier'])} observations(first: $m) { edges { node { id code value } } } } } } }`,
    variables: { n: 51 + at, m: dice.number(80, 100) },
  }),
  'explanations of a list': (dice, at) =>
    text(
      `{ ${page(Math.min(100, 90 + at), `prediction(model: "${dice.one(['news2', 'prevent', 'warfarin-dose'])}") { ${dice.word()}: explanation { narrative } plotSvg }`)} }`,
    ),
  'dear answers by many ids': (dice, at) =>
    text(
      `{ nodes(ids: [${dice.many(60 + at, () => `"${dice.word()}"`, ', ')}]) { ... on Patient { prediction(model: "prevent") { counterfactuals { narrative } similarPatients { statement } explanation { narrative } } } } }`,
    ),
};

/** Without a token: with one it is answered. */
const OF_THE_SCHEMA: Readonly<Record<string, (dice: Dice, at: number) => Asked>> = {
  'introspection of all types': (dice, at) =>
    text(`{ __schema { types { ${dice.many(1 + at, () => dice.one(['name', 'kind', 'description']))} } } }`),
  'introspection of one type': (dice, at) =>
    text(`{ ${dice.one(CHEAP)} __type(name: "${dice.one(['Patient', 'Query', dice.word()])}") { ${dice.many(1 + at, () => 'name')} } }`),
  'introspection that is hidden': (dice, at) =>
    text(
      `query { ...A } fragment A on Query { ... on Query { ${dice.one(CHEAP)} } ...B } fragment B on Query { ${dice.word()}: __schema { ${dice.many(1 + at, () => dice.one(['queryType { name }', 'mutationType { name }', 'directives { name }']))} } }`,
    ),
};

const POLLUTING = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'] as const;

const INVALID: Readonly<Record<string, (dice: Dice, at: number) => Asked>> = {
  'fields that are not there': (dice) => text(`{ ${dice.one(CHEAP)} ${dice.word()} patient(identifier: "DEMO-0001") { ${dice.word()} } }`),
  'arguments that are not there': (dice) => text(`{ gene(symbol: "TPMT", ${dice.word()}: ${dice.number(0, 99)}) { symbol } }`),
  'fragments that are not there': (dice, at) => text(`{ ${dice.one(CHEAP)} ${dice.many(1 + at, () => `...${dice.word()}`)} }`),
  'fragments on other types': (dice) =>
    text(
      `{ knowledge { ... on ${dice.one(['Patient', 'Gene', 'Mutation', 'Int', dice.word()])} { ${dice.word()}: ${dice.one(FIELD)} } } }`,
    ),
  'fields of one name': (dice, at) =>
    text(
      `{ ${page(1, `${dice.word()}: id`)} patients(first: 1) { ${dice.many(51 + at, () => `edges { node { ${dice.one(['id', 'race', 'story'])} } }`)} } }`,
    ),
  'fields of one name in fragments': (dice, at) =>
    text(`{ ${dice.many(51 + at, () => `... on Query { models { ${dice.one(['name', 'version'])} } }`)} }`),
  'fields that overlap': (dice, at) =>
    text(
      `{ knowledge { ${dice.many(1 + (at % 28), (n) => `a${n}: name`)} ${dice.many(1 + (at % 28), (n) => `a${n}: digest`)} ${dice.word()}: name } }`,
    ),
  'fields that overlap deep down': (dice, at) =>
    text(
      `{ ...A ...B } ${dice.many(2, (side) => `fragment ${'AB'[side]} on Query { ${page(1 + at, `id ${dice.one(['birthDate', 'story'])} x: ${['identifier', 'race'][side]}`)} }`)}`,
    ),
  'numbers that do not fit': (dice, at) =>
    text(`{ patients(first: ${dice.one(['', '-'])}${9 - (at % 8)}${'0'.repeat(10 + at * 20)}) { totalCount } }`),
  'literals of another type': (dice) =>
    text(
      `{ patients(first: ${dice.one(['"5"', '5.5', 'true', 'FIVE', '[[5]]', '{ n: 5 }', 'null'])}) { totalCount ${dice.word()}: totalCount } }`,
    ),
  'deep input objects': (dice, at) =>
    text(`{ patients(first: 1, filter: ${`{ ${dice.word()}: `.repeat(10 + at * 6)}1${' }'.repeat(10 + at * 6)}) { totalCount } }`),
  'deep input lists': (dice, at) =>
    text(`{ genes(symbols: ${'['.repeat(10 + at * 15)}"${dice.word()}"${']'.repeat(10 + at * 15)}) { direct { gene { symbol } } } }`),
  'huge texts where there is no text': (dice, at) => text(`{ patients(first: "${dice.word().repeat(1000 + at * 200)}") { totalCount } }`),
  'names of the language': (dice) =>
    text(
      dice.one([
        (name: string) => `{ ${dice.word()}: ${name} }`,
        (name: string) => `{ ${dice.word()}: knowledge { ${name} } }`,
        (name: string) => `{ gene(${name}: "${dice.word()}") { symbol } }`,
        (name: string) => `{ ${dice.word()}: knowledge @${name} { name } }`,
        (name: string) => `{ ${dice.word()}: me { role } ...${name} }`,
        (name: string) => `query ${dice.word()}($x: ${name}) { gene(symbol: $x) { symbol } }`,
      ])(dice.one(POLLUTING)),
    ),
  'directives that are not there': (dice) =>
    text(
      `{ knowledge @${dice.one(['defer', 'stream(initialCount: 0)', 'export(as: "x")', dice.word()])} { ${dice.one(FIELD)} ${dice.word()}: name } }`,
    ),
  'directives that are repeated or misplaced': (dice) =>
    text(
      dice.one([
        (name: string) => `query ${name} @include(if: true) { me { role } }`,
        (name: string) => `{ ${name}: me @skip(if: false) @skip(if: true) { role } }`,
        (name: string) => `{ ... @deprecated { ${name}: me { role } } }`,
        (name: string) => `query ($${name}: Boolean! @skip(if: true)) { me @include(if: $${name}) { role } }`,
        (name: string) => `{ ${name}: me @include { role } }`,
      ])(dice.word()),
    ),
  'definitions of types': (dice) =>
    text(
      `${dice.one(['type', 'interface', 'input', 'extend type', 'extend input'])} ${dice.one(['Query', dice.word()])} { ${dice.word()}: Int } { ${dice.one(CHEAP)} }`,
    ),
  'definitions that are given twice': (dice) => {
    const name = dice.word();
    return text(
      dice.one([
        `query ${name} { me { role } } query ${name} { me { role } }`,
        `query($${name}: String!, $${name}: String!) { gene(symbol: $${name}) { symbol } }`,
        `{ ...${name} } fragment ${name} on Query { me { role } } fragment ${name} on Query { me { role } }`,
        `{ gene(symbol: "${name}", symbol: "TPMT") { symbol } }`,
      ]),
    );
  },
  'variables that are not there or not used': (dice) => {
    const name = dice.word();
    return text(
      dice.one([
        `{ gene(symbol: $${name}) { symbol } }`,
        `query($${name}: String) { me { role } }`,
        `query($${name}: Patient) { gene(symbol: $${name}) { symbol } }`,
      ]),
    );
  },
  'selections that are none': (dice) =>
    text(
      dice.one([
        `{ knowledge ${dice.word()}: me { role } }`,
        `{ knowledge { name { ${dice.word()} } } }`,
        `{ models { } ${dice.word()} }`,
        `{ ${dice.word()}: patients(first: 1) }`,
      ]),
    ),
  'streams with several roots': (dice, at) =>
    text(
      `subscription { ${dice.many(2 + (at % 20), (n) => `${dice.word()}${n}: ${dice.one(['patientRiskChanged', 'alertRaised'])} { cursor }`)} }`,
    ),
  'commands without what they need': (dice) =>
    text(
      `mutation { ${dice.word()}: ${dice.one(['registerPatient', 'setConsent', 'startMedication', 'breakGlass'])}(input: { identifier: "${dice.word()}" }) { eventId } }`,
    ),
};

const VARIABLES = [null, 'x', 1.5, true, [], ['x', 1], { n: 1 }, 1e12, '5', [[1]]] as const;

const OF_VARIABLES: Readonly<Record<string, (dice: Dice, at: number) => Asked>> = {
  'variables of another shape': (dice, at) => ({
    query: `query($n: Int!) { patients(first: $n) { totalCount ${dice.word()}: totalCount } }`,
    variables: { n: VARIABLES[at % VARIABLES.length] },
  }),
  'inputs of another shape': (dice, at) => ({
    query: `mutation($input: RegisterPatientInput!) { ${dice.word()}: registerPatient(input: $input) { eventId } }`,
    variables: {
      input: { idempotencyKey: dice.word(), identifier: VARIABLES[at % 2 === 0 ? 0 : 3 + (at % 4)], [dice.word()]: dice.number(1, 9) },
    },
  }),
  'inputs that are deep': (dice, at) => ({
    query: 'query($filter: PatientFilterInput) { patients(first: 1, filter: $filter) { totalCount } }',
    variables: { filter: Array.from({ length: 20 + at * 10 }).reduce<unknown>((inner) => ({ [dice.word()]: inner }), dice.number(0, 9)) },
  }),
  'an operation that is not there': (dice) => ({
    query: `query ${dice.word()} { me { role } } query ${dice.word()}2 { knowledge { name } }`,
    operationName: dice.one([...POLLUTING, dice.word()]),
  }),
};

const REAL = [
  '{ knowledge { name } }',
  'query A($x: String!) { gene(symbol: $x) { symbol } }',
  'mutation { takeBackup(name: "x") { backup { events } } }',
];

/** A document with something cut out or put in, that can be read no more. */
function rubbish(dice: Dice): Asked {
  for (;;) {
    const whole = dice.one(REAL);
    const at = dice.number(0, whole.length);
    const query = `${whole.slice(0, at)}${dice.one(['\u0000', '"', '"""', '}', '{', '\\u{110000}', '&&', '\ud800', '$', '...', '(', dice.word()])}${whole.slice(at + dice.number(0, 5))}`;
    try {
      parse(query);
    } catch {
      return text(query);
    }
  }
}

export const DOCUMENTS: Readonly<Record<string, (dice: Dice, at: number) => Asked>> = {
  ...TOO_MUCH,
  ...OF_THE_SCHEMA,
  ...INVALID,
  ...OF_VARIABLES,
  'what is no document': rubbish,
};

/** Those that are for whoever has a token. */
export const needsNoToken = (name: string): boolean => name in OF_THE_SCHEMA;
