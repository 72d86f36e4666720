import {
  coerceInputValue,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  isNonNullType,
  typeFromAST,
} from 'graphql';
import { AvicennaError } from '../errors.ts';
import { withoutValue } from './withoutValue.ts';

/** `input.observations[1].observedAt`. */
const placeOf = (name: string, path: readonly (string | number)[]) =>
  path.reduce<string>((place, key) => (typeof key === 'number' ? `${place}[${key}]` : `${place}.${key}`), name);

/**
 * What is wrong with the variables, with the place inside them: graphql-jit names neither the variable nor the place, and others name
 * the value, which is left out here: it may be a patient's. Empty where nothing is wrong.
 */
export function refusedVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  name: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const refused: GraphQLError[] = [];
  for (const node of getOperationAST(document, name)?.variableDefinitions ?? []) {
    const variable = node.variable.name.value;
    const type = typeFromAST(schema, node.type);
    const refuse = (reason: string, at: string) => {
      const said = `Variable "$${variable}" is not valid${at === variable ? '' : ` at "${at}"`}: ${withoutValue(reason)}`;
      refused.push(new GraphQLError(said, { nodes: node, originalError: new AvicennaError('BAD_USER_INPUT', said, at) }));
    };
    if (!isInputType(type)) continue;
    const value = variables[variable];
    if (value === undefined) {
      if (isNonNullType(type) && node.defaultValue === undefined) refuse(`Expected type "${String(type)}": it is not given.`, variable);
      continue;
    }
    coerceInputValue(value, type, (path, _value, { message }) => refuse(message, placeOf(variable, path)));
  }
  return refused;
}
