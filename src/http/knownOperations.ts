/** Persisted operations: with `serve --operations-only` nothing else is taken, whoever asks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, GraphQLError, getOperationAST, Kind, parse, print } from 'graphql';
import { AvicennaError } from '../errors.ts';

/** Whether an operation is known; the same in other spaces, line breaks and comments is the same. */
export type KnownOperations = (document: DocumentNode, operationName: string | null | undefined) => boolean;

/** An operation with the fragments of its document. */
function textOf(document: DocumentNode, operationName: string | null | undefined): string | null {
  const operation = getOperationAST(document, operationName);
  if (!operation) return null;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return [operation, ...fragments]
    .map((one) => print(one))
    .sort()
    .join('\n');
}

/**
 * The operations of all `.graphql` files of a folder, each file a document.
 * @throws AvicennaError CONFIG_INVALID with the file
 */
export function readOperations(folder: string): KnownOperations {
  const known = new Set<string>();
  const names = readFolder(folder).filter((name) => name.endsWith('.graphql'));
  for (const name of names) {
    const document = parsed(join(folder, name));
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const text = textOf(document, definition.name?.value);
      if (text !== null) known.add(text);
    }
  }
  if (known.size === 0) throw new AvicennaError('CONFIG_INVALID', 'AVICENNA_OPERATIONS: the folder has no operations.', folder);
  return (document, operationName) => known.has(textOf(document, operationName) ?? '');
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw new AvicennaError('CONFIG_INVALID', 'AVICENNA_OPERATIONS: the folder cannot be read.', folder);
  }
}

function parsed(file: string): DocumentNode {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AvicennaError('CONFIG_INVALID', `AVICENNA_OPERATIONS: ${(error as Error).message}`, file);
  }
}

export function unknownOperation(): GraphQLError {
  const originalError = new AvicennaError(
    'FORBIDDEN',
    'This server takes only the operations that its operator has listed (--operations-only).',
  );
  return new GraphQLError(originalError.message, { originalError, extensions: { http: { status: 400 } } });
}
