/** Writes down what a request came to see, with the fields that its operation asks for. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AuditedDocument } from '../access/audit/audit.ts';
import { sha256Of } from '../sha256.ts';
import type { Context } from './context.ts';
import { FIELDS, ROOTS, TYPES } from './fieldRules.ts';

const MOST_DOCUMENTS = 1000;

/** Values may be a patient's: in their place stands that there was one. */
function withoutValues(document: DocumentNode): string {
  const empty = { kind: Kind.STRING, value: '' } as const;
  const literal = () => empty;
  return print(
    visit(document, { IntValue: literal, FloatValue: literal, StringValue: literal, BooleanValue: literal, EnumValue: literal }),
  );
}

/** A search gives identifiers, though anybody may search. */
const isOfPatients = (type: string, field: string): boolean => {
  const name = `${type}.${field}`;
  return (TYPES[type] ?? 'KNOWLEDGE') !== 'KNOWLEDGE' || name in FIELDS || (ROOTS[name] ?? 'OPEN') !== 'OPEN' || name === 'Query.search';
};

/** The fields of a document that tell of patients, and all that is asked below one: a drug is no secret, that somebody takes it is. */
class FieldsAsked {
  readonly found = new Set<string>();
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #passed = new Set<string>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    this.#fragments = new Map(
      definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
    );
  }

  collect({ selections }: SelectionSetNode, parent: GraphQLNamedType, isBelow: boolean): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) this.#field(selection, parent, isBelow);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        this.collect(selection.selectionSet, this.#typed(selection.typeCondition?.name.value) ?? parent, isBelow);
      else this.#fragment(selection.name.value, isBelow);
    }
  }

  #typed(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.#schema.getType(name);
  }

  #fragment(name: string, isBelow: boolean): void {
    const key = `${name} ${isBelow}`;
    const fragment = this.#fragments.get(name);
    const type = this.#typed(fragment?.typeCondition.name.value);
    if (!fragment || !type || this.#passed.has(key)) return;
    this.#passed.add(key);
    this.collect(fragment.selectionSet, type, isBelow);
  }

  #field({ name: { value: name }, selectionSet }: FieldNode, parent: GraphQLNamedType, isBelow: boolean): void {
    const isTelling = isBelow || isOfPatients(parent.name, name);
    const type = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name]?.type : undefined;
    if (selectionSet && type) this.collect(selectionSet, getNamedType(type), isTelling);
    else if (!selectionSet && isTelling) this.found.add(`${parent.name}.${name}`);
  }
}

/** As `Type.field`, in the order of the alphabet; fragments put in. */
function fieldsAsked(schema: GraphQLSchema, document: DocumentNode): string[] {
  const asked = new FieldsAsked(schema, document);
  for (const one of document.definitions) {
    const root = one.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(one.operation) : undefined;
    if (root && one.kind === Kind.OPERATION_DEFINITION) asked.collect(one.selectionSet, root, false);
  }
  return [...asked.found].sort();
}

export interface AskedDocument {
  readonly document: DocumentNode;
  /** Names the document's text. */
  readonly hash: string;
  readonly operationName: string | null;
}

export class AuditedDocuments {
  readonly #schema: GraphQLSchema;
  readonly #known = new LRUCache<string, AuditedDocument>({ max: MOST_DOCUMENTS });

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  of({ document, hash }: Pick<AskedDocument, 'document' | 'hash'>): AuditedDocument {
    const known = this.#known.get(hash);
    if (known) return known;
    const text = sha256Of(withoutValues(document));
    const made = { document: text, fields: fieldsAsked(this.#schema, document) };
    this.#known.set(hash, made);
    return made;
  }

  /** What the request came to see, before it is answered. @throws AvicennaError AUDIT_UNAVAILABLE */
  async record(asked: AskedDocument, context: Context): Promise<void> {
    const audited = this.of(asked);
    const operation = asked.operationName ?? getOperationAST(asked.document)?.name?.value ?? null;
    await context.audit.record(context.noted.take(context.actor, { document: audited.document, operation }), audited);
  }
}
