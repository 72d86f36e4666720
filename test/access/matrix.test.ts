/**
 * Role x field x consent, generated from the schema: every field of a patient is asked for by every role, of patients who have said this
 * and that, and must be there or not as the table here says. A field without a rule keeps the server from starting.
 */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLField, getNamedType, isLeafType, isNonNullType, isObjectType, lexicographicSortSchema } from 'graphql';
import { systemActor } from '../../src/access/actor.ts';
import { checkCommand } from '../../src/access/patientWriter.ts';
import { FIELD_RESOURCES, FIELDS, IN_PLACE, NEEDS, ROOTS, TYPE_RESOURCES, TYPES } from '../../src/graphql/fieldRules.ts';
import { guardSchema } from '../../src/graphql/guardSchema.ts';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { JUDGED } from '../../src/graphql/judgedFields.ts';
import type { TokenRole } from '../../src/http/developmentTokens.ts';
import type { DataCategory } from '../../src/patients/dataCategories.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { enter, type Person, SAID, type Said, tokensFor } from './people.ts';

const SDL = readFileSync('schema/schema.graphql', 'utf8');
const schema = lexicographicSortSchema(buildSchema(SDL));

const ALL: readonly DataCategory[] = ['CLINICAL', 'IDENTIFIERS', 'GENOMIC', 'SENSITIVE'];
const WITHOUT_GENOMES: readonly DataCategory[] = ['CLINICAL', 'IDENTIFIERS', 'SENSITIVE'];
const WITHOUT_SENSITIVE: readonly DataCategory[] = ['CLINICAL', 'IDENTIFIERS', 'GENOMIC'];
const NONE: readonly DataCategory[] = [];

/** What each role sees of a patient who has said so. */
const SEES: Readonly<Record<TokenRole, Readonly<Record<Said, readonly DataCategory[]>>>> = {
  CLINICIAN: {
    NOTHING: ALL,
    RESEARCH: ALL,
    RESEARCH_WITHOUT_GENOMES: ALL,
    NO_TREATMENT: NONE,
    NO_GENOMES: WITHOUT_GENOMES,
    NO_SENSITIVE: WITHOUT_SENSITIVE,
    NO_EMERGENCY: NONE,
  },
  ANALYST: {
    NOTHING: NONE,
    RESEARCH: ['CLINICAL', 'GENOMIC'],
    RESEARCH_WITHOUT_GENOMES: ['CLINICAL'],
    NO_TREATMENT: NONE,
    NO_GENOMES: NONE,
    NO_SENSITIVE: NONE,
    NO_EMERGENCY: NONE,
  },
  PATIENT: {
    NOTHING: ALL,
    RESEARCH: ALL,
    RESEARCH_WITHOUT_GENOMES: ALL,
    NO_TREATMENT: ALL,
    NO_GENOMES: ALL,
    NO_SENSITIVE: ALL,
    NO_EMERGENCY: ALL,
  },
  DEVICE: {
    NOTHING: NONE,
    RESEARCH: NONE,
    RESEARCH_WITHOUT_GENOMES: NONE,
    NO_TREATMENT: NONE,
    NO_GENOMES: NONE,
    NO_SENSITIVE: NONE,
    NO_EMERGENCY: NONE,
  },
  OPERATOR: {
    NOTHING: NONE,
    RESEARCH: NONE,
    RESEARCH_WITHOUT_GENOMES: NONE,
    NO_TREATMENT: NONE,
    NO_GENOMES: NONE,
    NO_SENSITIVE: NONE,
    NO_EMERGENCY: NONE,
  },
};
const ROLES = Object.keys(SEES) as TokenRole[];

const ARGUMENTS: Readonly<Record<string, string>> = { first: '5', model: '"warfarin-dose"', condition: '"DOID:3910"' };
/** Null of the people here, whoever asks: nothing of the kind is in their records. */
const EMPTY: ReadonlySet<string> = new Set(['ancestry']);

const patientFields = Object.values(
  (schema.getType('Patient') as { getFields(): Record<string, GraphQLField<unknown, unknown>> }).getFields(),
);

function selectionOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  const required = args.filter(({ type: of, defaultValue }) => isNonNullType(of) && defaultValue === undefined);
  const given = required.map((argument) => `${argument.name}: ${ARGUMENTS[argument.name] ?? 'missing'}`).join(', ');
  const inner = isLeafType(getNamedType(type)) ? '' : ' { __typename }';
  return `${name}${given ? `(${given})` : ''}${inner}`;
}

const QUERY = `query ($id: ID!) { node(id: $id) { __typename ... on Patient { ${patientFields.map(selectionOf).join(' ')} } } }`;

/** The data that a field of a patient tells of. */
function tellingOf(field: string): readonly DataCategory[] {
  // This model reads genotypes.
  if (field === 'prediction' || field === 'riskTrajectory') return ['GENOMIC'];
  return FIELDS[`Patient.${field}`] ?? ['CLINICAL'];
}

describe('the rules', () => {
  it('name every field that the schema has, and none that it has not', () => {
    const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
    const roots = new Set(['Query', 'Mutation', 'Subscription']);
    const names = objects.flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    );
    expect(names.filter((name) => roots.has(name.split('.')[0] ?? '') && !(name in ROOTS))).toEqual([]);
    expect(objects.map(({ name }) => name).filter((name) => !roots.has(name) && !(name in TYPES))).toEqual([]);
    const known = new Set(names);
    expect(
      [ROOTS, FIELDS, FIELD_RESOURCES, IN_PLACE, NEEDS].flatMap((rules) => Object.keys(rules)).filter((name) => !known.has(name)),
    ).toEqual([]);
    expect(JUDGED.filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(TYPES).filter((name) => !schema.getType(name))).toEqual([]);
    expect(Object.keys(TYPE_RESOURCES).filter((name) => !schema.getType(name))).toEqual([]);
  });

  it('keep a server from starting that has a field without one', () => {
    expect(() => guardSchema(buildSchema(`${SDL} extend type Query { allNames: [String] }`))).toThrow('Query.allNames has no rule');
    expect(() => guardSchema(buildSchema(`${SDL} type Diary { entry: String } extend type Model { diary: Diary }`))).toThrow(
      /^(Diary\.entry|Model\.diary) has no rule/,
    );
    // The rule of a type is none for a field that came later.
    for (const type of ['Patient', 'DiplotypeCall', 'Condition', 'Interaction', 'SearchEdge'])
      expect(() => guardSchema(buildSchema(`${SDL} extend type ${type} { passportNumber: String }`))).toThrow(
        `${type}.passportNumber has no rule`,
      );
  });

  it('hide only what may be null, so that one denial does not take the rest away', () => {
    const isNonNull = (name: string) => {
      const [type = '', field = ''] = name.split('.');
      const of = schema.getType(type);
      return isObjectType(of) && isNonNullType(of.getFields()[field]?.type);
    };
    const hidden = [...Object.keys(FIELDS), ...Object.keys(FIELD_RESOURCES)].filter((name) => !(name in IN_PLACE));
    expect(hidden.filter(isNonNull)).toEqual([]);
    expect(Object.keys(IN_PLACE).filter((name) => !isNonNull(name) || !(name in FIELDS || name in FIELD_RESOURCES))).toEqual([]);
  });
});

describe('who sees what', () => {
  let server: TestServer;
  const people = new Map<Said, Person>();

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
    for (const said of Object.keys(SAID) as Said[]) people.set(said, await enter(server, said));
  }, 180_000);
  afterAll(() => server?.close());

  const person = (said: Said) => people.get(said) as Person;
  const cells = ROLES.flatMap((role) => (Object.keys(SAID) as Said[]).map((said) => [role, said] as const));

  it.each(cells)('%s of a patient who said %s: each field as the table has it', async (role, said) => {
    const { surrogate } = person(said);
    const token = (await tokensFor(server, person(said)))[role];
    const answer = await server.query<{ node: Record<string, unknown> | null }, { id: string }>(
      QUERY,
      { id: toGlobalId('Patient', surrogate) },
      token,
    );
    const expected = SEES[role][said];
    const node = answer.data?.node ?? null;
    if (expected.length === 0) return expect(node).toBeNull();
    const wrong = patientFields.flatMap(({ name }) => {
      const isThere = node?.[name] !== null && node?.[name] !== undefined;
      const mayBe = tellingOf(name).every((category) => expected.includes(category)) && !EMPTY.has(name);
      return isThere === mayBe ? [] : [`${name} is ${isThere ? 'there' : 'not there'}`];
    });
    expect(wrong).toEqual([]);
    if (!expected.includes('IDENTIFIERS')) expect(JSON.stringify(answer)).not.toMatch(/CANARY|1951-11-17/);
  });

  it.each(['CLINICIAN', 'ANALYST'] as const)('%s is told what is held back, and why', async (role) => {
    const of = person(role === 'CLINICIAN' ? 'NO_GENOMES' : 'RESEARCH_WITHOUT_GENOMES');
    const token = (await tokensFor(server, of))[role];
    const query =
      'query ($id: ID!) { node(id: $id) { ... on Patient { withheld { category reason text } prediction(model: "warfarin-dose") { value } } } }';
    type Found = { node: { withheld: { category: string; reason: string }[] } };
    const { data, errors } = await server.query<Found, { id: string }>(query, { id: toGlobalId('Patient', of.surrogate) }, token);
    expect(data.node.withheld).toContainEqual(expect.objectContaining({ category: 'GENOMIC', reason: 'CONSENT' }));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it('is what an operator is told of each of them, and nobody else is told it', async () => {
    const query = `query ($patient: ID!, $as: AskerInput!) { accessDecision(patient: $patient, as: $as) { sees denial because } }`;
    const asked = async (role: TokenRole, said: Said, by: TokenRole) => {
      const { surrogate } = person(said);
      const token = (await tokensFor(server, person(said)))[by];
      const as = { role, ...(role === 'PATIENT' && { patient: toGlobalId('Patient', surrogate) }) };
      return server.query<{ accessDecision: { sees: string[]; because: string[] } | null }, object>(
        query,
        { patient: toGlobalId('Patient', surrogate), as },
        token,
      );
    };
    for (const [role, said] of cells) {
      const { data } = await asked(role, said, 'OPERATOR');
      expect([role, said, [...(data.accessDecision?.sees ?? ['no answer'])].sort()]).toEqual([role, said, [...SEES[role][said]].sort()]);
      expect(JSON.stringify(data)).not.toMatch(/CANARY|1951-11-17/);
    }
    // Of another patient's token, and of an identifier, it says nothing.
    const { surrogate, identifier } = person('NOTHING');
    const operator = (await tokensFor(server, person('NOTHING'))).OPERATOR;
    const about = async (patient: string) =>
      server.query<{ accessDecision: { denial: string } | null }, object>(
        query,
        { patient: toGlobalId('Patient', surrogate), as: { role: 'PATIENT', patient } },
        operator,
      );
    expect((await about(toGlobalId('Patient', person('RESEARCH').surrogate))).data.accessDecision?.denial).toBe('OTHER_PATIENT');
    expect((await about(toGlobalId('Patient', identifier))).data.accessDecision?.denial).toBe('OTHER_PATIENT');
    for (const by of ['CLINICIAN', 'ANALYST', 'PATIENT'] as const)
      expect((await asked('CLINICIAN', 'NOTHING', by)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('gives a token what its scopes name, and nothing else of the record', async () => {
    const of = person('NOTHING');
    const token = await server.token({ role: 'CLINICIAN', scope: 'user/Patient.rs user/Observation.rs' });
    const { data } = await server.query<{ node: Record<string, unknown> }, { id: string }>(
      QUERY,
      { id: toGlobalId('Patient', of.surrogate) },
      token,
    );
    const isOfResource = ({ name, type }: GraphQLField<unknown, unknown>) =>
      FIELD_RESOURCES[`Patient.${name}`] ?? TYPE_RESOURCES[getNamedType(type).name];
    const there = patientFields.filter((field) => isOfResource(field) && data.node[field.name] !== null).map(({ name }) => name);
    expect(there.sort()).toEqual(['baselines', 'observations', 'outcomes']);
    const risks = await server.query<unknown, never>('{ riskEvents(first: 1) { totalCount } }', undefined as never, token);
    expect(risks.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('leaves out of lists and counts what may not be seen, and gives no way to ask around it', async () => {
    const { ANALYST: token } = await tokensFor(server, person('RESEARCH'));
    const asked = async (query: string) => server.query<Record<string, never>, never>(query, undefined as never, token);
    const PAGE = 'totalCount edges { cursor node { id identifier } } pageInfo { endCursor }';
    type Page = { patients: { totalCount: number; edges: { cursor: string; node: { id: string; identifier: string | null } }[] } };
    const all = (await asked(`{ patients(first: 100) { ${PAGE} } }`)).data as unknown as Page;
    const visible = ['RESEARCH', 'RESEARCH_WITHOUT_GENOMES'] as const;
    const ids = (saids: readonly Said[]) => saids.map((said) => toGlobalId('Patient', person(said).surrogate)).sort();
    expect([all.patients.totalCount, all.patients.edges.map(({ node }) => node.id).sort()]).toEqual([2, ids(visible)]);
    for (const { cursor } of all.patients.edges) expect(Buffer.from(cursor, 'base64url').toString()).not.toMatch(/CANARY|1951/);
    const byGene = (await asked(`{ patients(first: 100, filter: { gene: "CYP2C9" }) { ${PAGE} } }`)).data as unknown as Page;
    expect([byGene.patients.totalCount, byGene.patients.edges.map(({ node }) => node.id)]).toEqual([1, ids(['RESEARCH'])]);
    for (const query of [
      `{ patients(first: 1, filter: { bornBefore: "1960-01-01" }) { ${PAGE} } }`,
      `{ patients(first: 1, orderBy: { field: IDENTIFIER, direction: ASC }) { ${PAGE} } }`,
      `{ patient(identifier: "${person('RESEARCH').identifier}") { id } }`,
    ])
      expect((await asked(query)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const found = (await asked('{ search(text: "CANARY", first: 10) { totalCount } }')).data as unknown as {
      search: { totalCount: number };
    };
    expect(found.search.totalCount).toBe(0);
    type Risks = { riskEvents: { totalCount: number; edges: { node: { model: { name: string }; patient: { id: string } } }[] } };
    const risks = (await asked('{ riskEvents(first: 100) { totalCount edges { node { model { name } patient { id } } } } }'))
      .data as unknown as Risks;
    const told = risks.riskEvents.edges.map(({ node }) => `${node.model.name} ${node.patient.id}`);
    const [withGenomes = '', without = ''] = visible.map((said) => toGlobalId('Patient', person(said).surrogate));
    expect(risks.riskEvents.totalCount).toBe(told.length);
    expect([
      told.includes(`warfarin-dose ${withGenomes}`),
      told.includes(`warfarin-dose ${without}`),
      told.includes(`news2 ${without}`),
    ]).toEqual([true, false, true]);
    expect(told.filter((one) => !one.endsWith(withGenomes) && !one.endsWith(without))).toEqual([]);
  });

  it('says of a closed record that it is closed to a clinician, who could open it, and to nobody else that it is there', async () => {
    const closed = person('NO_TREATMENT');
    const query = `{ patient(identifier: "${closed.identifier}") { id } }`;
    const codeFor = async (token?: string) =>
      (await server.query<unknown, never>(query, undefined as never, token)).errors?.[0]?.extensions.code;
    const other = (await tokensFor(server, person('NOTHING'))).PATIENT;
    expect([await codeFor(await server.token({ role: 'CLINICIAN' })), await codeFor(other), await codeFor()]).toEqual([
      'FORBIDDEN',
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
  });
});

describe('who may do what', () => {
  const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    recordObservations: ['CLINICIAN', 'DEVICE'],
    setConsent: ['CLINICIAN', 'PATIENT'],
    erasePatient: ['OPERATOR'],
  };
  const commands = Object.keys(ROOTS)
    .filter((name) => ROOTS[name] === 'COMMAND')
    .map((name) => name.replace('Mutation.', ''));

  it.each(commands)('%s is refused to every role that it is not for, and to a token without the scope', (name) => {
    const allowed = ALLOWED[name] ?? ['CLINICIAN'];
    const may = (role: TokenRole, more: object = {}) => {
      try {
        checkCommand({ ...systemActor('x'), role, ...more }, name as never);
        return true;
      } catch (error) {
        expect((error as { code: string }).code).toBe('FORBIDDEN');
        return false;
      }
    };
    expect(ROLES.filter((role) => may(role))).toEqual(ROLES.filter((role) => allowed.includes(role)));
    expect(ROLES.filter((role) => may(role, { scopes: [] }))).toEqual([]);
  });
});
