/**
 * Limits of a document that are counted, not weighed. Fragments are measured once each, however often they are used: a document of
 * fragments that use each other twice is small to send and endless to go through.
 */
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * `fields` are those of the operation with its fragments put in. `repeats` are fields of one name that have fields below them: GraphQL holds
 * each of them against each other.
 */
export const MOST = { depth: 15, fields: 5000, aliases: 30, directives: 50, rootFields: 30, repeats: 50 } as const;

export function tooMuch(what: string, most: number): GraphQLError {
  return new GraphQLError(`The document has more ${what} than the ${most} that are taken.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  });
}

interface Size {
  readonly depth: number;
  readonly fields: number;
  /** Fields at its top, fragments put in. */
  readonly roots: number;
}

const NOTHING: Size = { depth: 0, fields: 0, roots: 0 };

const isOfSchema = ({ name }: FieldNode) => name.value.startsWith('__');

/** Measures selections with their fragments; a fragment that is in itself is nothing (another rule refuses it). */
class Measure {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<string, Size>();

  constructor({ definitions }: DocumentNode) {
    const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  of({ selections }: SelectionSetNode): Size {
    let [depth, fields, roots] = [0, 0, 0];
    for (const selection of selections) {
      const size = this.#ofOne(selection);
      depth = Math.max(depth, size.depth);
      fields += size.fields;
      roots += size.roots;
    }
    return { depth, fields, roots };
  }

  #ofOne(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(selection.name.value);
    const inner = selection.selectionSet ? this.of(selection.selectionSet) : NOTHING;
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    // Introspection goes deep by itself; it is for those with a token.
    return { depth: 1 + (isOfSchema(selection) ? 0 : inner.depth), fields: 1 + inner.fields, roots: 1 };
  }

  #ofFragment(name: string): Size {
    const known = this.#known.get(name);
    if (known) return known;
    this.#known.set(name, NOTHING);
    const fragment = this.#fragments.get(name);
    const size = fragment ? this.of(fragment.selectionSet) : NOTHING;
    this.#known.set(name, size);
    return size;
  }
}

/** Depth, and the size that the fragments make. */
export const measuredLimits: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  [Kind.DOCUMENT]: (document: DocumentNode) => {
    const measure = new Measure(document);
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const { depth, fields, roots } = measure.of(definition.selectionSet);
      if (depth > MOST.depth) context.reportError(tooMuch('levels', MOST.depth));
      if (fields > MOST.fields) context.reportError(tooMuch('fields', MOST.fields));
      if (roots > MOST.rootFields) context.reportError(tooMuch('root fields', MOST.rootFields));
    }
  },
});

/** What repeats itself where it stands. */
export const countedLimits: ValidationRule = (context: ValidationContext): ASTVisitor => {
  let [aliases, directives] = [0, 0];
  const repeats = new Map<string, number>();
  return {
    [Kind.FIELD]: ({ alias, name, selectionSet }: FieldNode) => {
      if (alias) aliases += 1;
      const answeredAs = (alias ?? name).value;
      if (selectionSet) repeats.set(answeredAs, (repeats.get(answeredAs) ?? 0) + 1);
    },
    [Kind.DIRECTIVE]: () => {
      directives += 1;
    },
    [Kind.DOCUMENT]: {
      leave: () => {
        if (aliases > MOST.aliases) context.reportError(tooMuch('aliases', MOST.aliases));
        if (Math.max(0, ...repeats.values()) > MOST.repeats) context.reportError(tooMuch('fields of one name', MOST.repeats));
        if (directives > MOST.directives) context.reportError(tooMuch('directives', MOST.directives));
      },
    },
  };
};
