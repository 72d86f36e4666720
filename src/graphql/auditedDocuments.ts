/** Writes down what a request came to see, with the fields that its operation asks for. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AuditedDocument } from '../access/audit/audit.ts';
import { sha256Of } from '../sha256.ts';
import type { Context } from './context.ts';
import { FIELDS, TYPES } from './fieldRules.ts';

const MOST_DOCUMENTS = 1000;

/** Values may be a patient's: in their place stands that there was one. */
function withoutValues(document: DocumentNode): string {
  const empty = { kind: Kind.STRING, value: '' } as const;
  const literal = () => empty;
  return print(
    visit(document, { IntValue: literal, FloatValue: literal, StringValue: literal, BooleanValue: literal, EnumValue: literal }),
  );
}

const isOfPatients = (type: string, field: string): boolean =>
  (TYPES[type] ?? 'KNOWLEDGE') !== 'KNOWLEDGE' || FIELDS[`${type}.${field}`] !== undefined;

/** Fields of the schema that tell of patients, as `Type.field`, in the order of the alphabet; fragments put in. */
function fieldsAsked(schema: GraphQLSchema, document: DocumentNode): string[] {
  const fields = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: ({ name }: FieldNode) => {
        const parent = types.getParentType();
        const isLeaf = !isCompositeType(getNamedType(types.getType()));
        if (parent && isLeaf && isOfPatients(parent.name, name.value)) fields.add(`${parent.name}.${name.value}`);
      },
    }),
  );
  return [...fields].sort();
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
