/**
 * Scopes as SMART App Launch 2.0 writes them (section "Scopes for requesting FHIR resources"): `context/Resource.letters`, where the
 * letters are c, r, u, d, s in that order. The older `.read`, `.write` and `.*` are taken for `.rs`, `.cud` and `.cruds`.
 */

/** The FHIR resources that stand for what the platform holds. */
export const RESOURCES = [
  'Patient',
  'Observation',
  'Condition',
  'AllergyIntolerance',
  'MedicationStatement',
  'ImagingStudy',
  'MolecularSequence',
  'RiskAssessment',
  'DetectedIssue',
  'Consent',
  'AuditEvent',
] as const;
export type Resource = (typeof RESOURCES)[number];
export type Letter = 'c' | 'r' | 'u' | 'd' | 's';

export interface Scope {
  readonly context: 'patient' | 'user' | 'system';
  /** `*` for all. */
  readonly resource: Resource | '*';
  readonly letters: string;
}

const SCOPE = /^(patient|user|system)\/(\*|[A-Za-z]+)\.(c?r?u?d?s?|read|write|\*)$/;
const OLDER: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

function readScope(text: string): Scope | null {
  const [, context, resource, letters] = SCOPE.exec(text) ?? [];
  if (!context || !resource || !letters) return null;
  if (resource !== '*' && !(RESOURCES as readonly string[]).includes(resource)) return null;
  return { context: context as Scope['context'], resource: resource as Scope['resource'], letters: OLDER[letters] ?? letters };
}

/** The scopes of a token's `scope` claim that speak of what is here; others (openid, launch) say nothing about it. */
export function scopesOf(claim: string): Scope[] {
  return claim.split(' ').flatMap((text) => readScope(text) ?? []);
}

export function covers(scopes: readonly Scope[], resource: Resource, letter: Letter): boolean {
  return scopes.some((scope) => (scope.resource === '*' || scope.resource === resource) && scope.letters.includes(letter));
}
