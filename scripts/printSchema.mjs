// Prints the API's schema, sorted, to schema/schema.graphql. Needs dist/.
import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildApiSchema } from '../dist/graphql/schema.js';

writeFileSync(new URL('../schema/schema.graphql', import.meta.url), `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`);
