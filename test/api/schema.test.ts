import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  findBreakingChanges,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildApiSchema } from '../../src/graphql/schema.ts';

const printed = `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

const bareOf = (owner: string, members: readonly Described[]) =>
  members.filter(({ description }) => !description).map(({ name }) => `${owner}.${name}`);

/** Members of a type without a description. */
function bareMembers(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return bareOf(type.name, type.getValues());
  if (isInputObjectType(type)) return bareOf(type.name, Object.values(type.getFields()));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  return [...bareOf(type.name, fields), ...fields.flatMap((field) => bareOf(`${type.name}.${field.name}`, field.args))];
}

describe('the schema', () => {
  it('is the one that is checked in: run npm run schema after a change', () => {
    expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printed);
  });

  it('breaks nothing that was released', () => {
    const released = buildSchema(readFileSync('schema/released.graphql', 'utf8'));
    expect(findBreakingChanges(released, buildApiSchema())).toEqual([]);
  });

  it('describes every type, field, argument and enum value', () => {
    const types = Object.values(buildApiSchema().getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    const roots = ['Query', 'Mutation', 'Subscription'];
    const bare = types.flatMap((type) => [...(type.description || roots.includes(type.name) ? [] : [type.name]), ...bareMembers(type)]);
    expect(bare).toEqual([]);
  });

  it('gives the typed operations that are checked in', async () => {
    const run = promisify(execFile)(process.execPath, [
      'node_modules/@graphql-codegen/cli/cjs/bin.js',
      '--config',
      'codegen.ts',
      '--check',
    ]);
    await expect(run).resolves.toBeDefined();
  }, 180_000);
});
