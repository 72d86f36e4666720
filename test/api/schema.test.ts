import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  findBreakingChanges,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { buildApiSchema } from '../../src/graphql/schema.ts';

const printed = `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;

describe('the schema', () => {
  it('is the one that is checked in: run npm run schema after a change', () => {
    expect(readFileSync('schema/schema.graphql', 'utf8')).toBe(printed);
  });

  it('breaks nothing that was released', () => {
    const released = buildSchema(readFileSync('schema/released.graphql', 'utf8'));
    expect(findBreakingChanges(released, buildApiSchema())).toEqual([]);
  });

  it('describes every type, field, argument and enum value', () => {
    const bare: string[] = [];
    for (const type of Object.values(buildApiSchema().getTypeMap())) {
      if (type.name.startsWith('__') || ['Query', 'Mutation', 'Subscription'].includes(type.name)) continue;
      if (!type.description) bare.push(type.name);
      if (isEnumType(type))
        bare.push(
          ...type
            .getValues()
            .filter(({ description }) => !description)
            .map(({ name }) => `${type.name}.${name}`),
        );
    }
    for (const type of Object.values(buildApiSchema().getTypeMap())) {
      if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))) continue;
      for (const field of Object.values(type.getFields())) {
        if (!field.description) bare.push(`${type.name}.${field.name}`);
        if ('args' in field)
          bare.push(...field.args.filter(({ description }) => !description).map(({ name }) => `${type.name}.${field.name}(${name})`));
      }
    }
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
  }, 60_000);
});
