/** Puts the rules of fieldRules.ts in front of the resolvers: they hold whatever a resolver does. */
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Actor } from '../access/actor.ts';
import { ceilingOf } from '../access/decide.ts';
import { covers, type Letter, type Resource } from '../access/scopes.ts';
import { AvicennaError } from '../errors.ts';
import type { DataCategory } from '../patients/dataCategories.ts';
import type { Withheld } from '../patients/record.ts';
import type { Context } from './context.ts';
import { FIELD_RESOURCES, FIELDS, IN_PLACE, NEEDS, ROOTS, type RootRule, TYPE_RESOURCES, TYPES } from './fieldRules.ts';
import { isJudged } from './judgedFields.ts';

type Field = GraphQLField<unknown, Context>;

/** @throws AvicennaError FORBIDDEN where the role sees no patient, or the token's scopes do not have it */
export function checkScope(actor: Actor, resource: Resource, letter: Letter, at: string): void {
  if (ceilingOf(actor).size === 0) throw new AvicennaError('FORBIDDEN', `The role ${actor.role} sees no patient.`, at);
  if (!covers(actor.scopes, resource, letter)) throw new AvicennaError('FORBIDDEN', `The token's scopes lack ${resource}.${letter}.`, at);
}

function checkRoot(rule: RootRule, { actor }: Context, at: string): void {
  if (rule === 'OPEN' || rule === 'COMMAND') return;
  if (rule === 'AUDIT') checkAudit(actor, at);
  else if (rule !== 'OPERATOR') checkScope(actor, rule.resource, rule.letter, at);
  else if ((actor.role !== 'OPERATOR' && actor.role !== 'SYSTEM') || actor.scopes.length === 0)
    throw new AvicennaError('FORBIDDEN', 'This is for the role OPERATOR, with a scope as system/*.rs.', at);
}

/** Who treats or studies patients does not see who else does. */
function checkAudit({ role, scopes }: Actor, at: string): void {
  if (role !== 'PATIENT' && role !== 'OPERATOR' && role !== 'SYSTEM')
    throw new AvicennaError('FORBIDDEN', 'The audit is for the patient whom it is about, and for the role OPERATOR.', at);
  if (!covers(scopes, 'AuditEvent', 'r')) throw new AvicennaError('FORBIDDEN', "The token's scopes lack AuditEvent.r.", at);
}

function guardRoot(field: Field, rule: RootRule): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  field.resolve = (root, args, context, info) => {
    checkRoot(rule, context, field.name);
    return resolve(root, args, context, info);
  };
  if (subscribe)
    field.subscribe = (root, args, context, info) => {
      checkRoot(rule, context, field.name);
      return subscribe(root, args, context, info);
    };
}

interface Guard {
  readonly categories: readonly DataCategory[];
  readonly resources: readonly Resource[];
  readonly needs: readonly (readonly [Resource, Letter])[];
  readonly inPlace: ((source: object) => string | readonly never[]) | undefined;
}

function isHidden(root: object, { actor }: Context, { categories, resources }: Guard): boolean {
  const { withheld } = root as { readonly withheld?: readonly Withheld[] };
  const seen = ceilingOf(actor);
  if (categories.some((category) => !seen.has(category) || withheld?.some((one) => one.category === category))) return true;
  return !resources.every((resource) => covers(actor.scopes, resource, 'r'));
}

/** The field is null for those who may not see the data that it tells of, by their role, by the patient's word or by their token. */
function guardField(field: Field, guard: Guard): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (root, args, context, info) => {
    for (const [resource, letter] of guard.needs) checkScope(context.actor, resource, letter, field.name);
    if (isHidden(root as object, context, guard)) return guard.inPlace?.(root as object) ?? null;
    return resolve(root, args, context, info);
  };
}

/** The resources of a field by its name, or by its type where it may be null: what may not be is reached through a field that may. */
function resourcesOf(name: string, { type }: Field): readonly Resource[] {
  const ofType = isNonNullType(type) ? undefined : TYPE_RESOURCES[getNamedType(type).name];
  return FIELD_RESOURCES[name] ?? (ofType ? [ofType] : []);
}

const withoutRule = (name: string) => new Error(`${name} has no rule: who may see it? (graphql/fieldRules.ts)`);

/** @throws Error where a field has no rule */
function guardRoots(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields()) as Field[]) {
    const name = `${type.name}.${field.name}`;
    const rule = ROOTS[name];
    if (rule === undefined) throw withoutRule(name);
    guardRoot(field, rule);
  }
}

/** @throws Error where a field has no rule */
function guardFields(type: GraphQLObjectType): void {
  const telling = TYPES[type.name];
  for (const field of Object.values(type.getFields()) as Field[]) {
    const name = `${type.name}.${field.name}`;
    if (telling === undefined || !isJudged(type.name, field.name)) throw withoutRule(name);
    const guard: Guard = {
      categories: FIELDS[name] ?? [],
      resources: resourcesOf(name, field),
      needs: NEEDS[name] ?? [],
      inPlace: IN_PLACE[name],
    };
    if (guard.categories.length + guard.needs.length + guard.resources.length > 0) guardField(field, guard);
  }
}

/** @throws Error where a field has no rule: the server does not start with it */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    if (roots.has(type)) guardRoots(type);
    else if (!type.name.startsWith('__')) guardFields(type);
  }
  return schema;
}
