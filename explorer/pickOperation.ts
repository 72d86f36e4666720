import { Kind, type OperationDefinitionNode, parse, print, visit } from 'graphql';

function fragmentNames(operation: OperationDefinitionNode): ReadonlySet<string> {
  const names = new Set<string>();
  // biome-ignore lint/correctness/noComponentHookFactories: FragmentSpread is a kind of GraphQL node, no component
  visit(operation, { FragmentSpread: ({ name }) => void names.add(name.value) });
  return names;
}

/** One operation of a document that holds several, with the fragments that it spreads, as text. */
export function pickOperation(source: string, name: string): string {
  const { definitions } = parse(source);
  const operation = definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name,
  );
  if (!operation) throw new Error(`The document holds no operation ${name}.`);
  const spread = fragmentNames(operation);
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION && spread.has(one.name.value));
  return [operation, ...fragments].map(print).join('\n\n');
}
