/** Who asks, in which role and for what. */
import { oncePer } from '../oncePer.ts';
import type { ConsentPurpose } from '../patients/record.ts';
import { type Scope, scopesOf } from './scopes.ts';

/**
 * CLINICIAN treats, ANALYST studies, PATIENT sees the own record, DEVICE sends measurements, OPERATOR runs the platform and sees no
 * patient. SYSTEM is this program itself, or a person at the command line who has the data folder in hand.
 */
export const ROLES = ['CLINICIAN', 'ANALYST', 'PATIENT', 'DEVICE', 'OPERATOR'] as const;
export type Role = (typeof ROLES)[number] | 'SYSTEM';

/** What data are asked for. OPERATIONS is for no patient's data. */
export type Purpose = ConsentPurpose | 'OWN' | 'OPERATIONS';

export interface Actor {
  /** Stable and unique: issuer and subject of the token. */
  readonly id: string;
  readonly role: Role;
  readonly purpose: Purpose;
  /** What the token allows within the role. */
  readonly scopes: readonly Scope[];
  /** The one patient that a token is about, by identifier; null where it is about none. */
  readonly patient: string | null;
  /** Units whose patients may be seen; null for all. */
  readonly sites: readonly string[] | null;
  /** Made-up patients only. */
  readonly syntheticOnly: boolean;
  /** End of the token, ISO 8601; null for none. */
  readonly expiresAt: string | null;
}

/** What each role asks for where the token does not say it, and what it may ask for. */
export const PURPOSES: Readonly<Record<Role, readonly [Purpose, ...Purpose[]]>> = {
  CLINICIAN: ['TREATMENT', 'EMERGENCY'],
  ANALYST: ['RESEARCH'],
  PATIENT: ['OWN'],
  DEVICE: ['TREATMENT'],
  OPERATOR: ['OPERATIONS'],
  SYSTEM: ['TREATMENT'],
};

/** The widest scope of each role: what a development token has. */
export const WIDEST: Readonly<Record<(typeof ROLES)[number], string>> = {
  CLINICIAN: 'user/*.cruds',
  ANALYST: 'user/*.rs',
  PATIENT: 'patient/*.rs patient/Consent.c',
  DEVICE: 'system/Observation.c',
  OPERATOR: 'system/*.rs system/Patient.d',
};

const ALL = scopesOf('system/*.cruds');

/** This program, or somebody who works on the data folder. */
export function systemActor(id: string): Actor {
  return { id, role: 'SYSTEM', purpose: 'TREATMENT', scopes: ALL, patient: null, sites: null, syntheticOnly: false, expiresAt: null };
}

/** Who comes without a token over the loopback interface. */
export const DEMO_CLINICIAN: Actor = {
  ...systemActor('loopback-demo'),
  role: 'CLINICIAN',
  scopes: scopesOf(WIDEST.CLINICIAN),
  syntheticOnly: true,
};

/** The same for actors who see the same: what one was shown may be given to the other. */
export const scopeKey = oncePer(({ role, purpose, scopes, patient, sites, syntheticOnly }: Actor): string =>
  JSON.stringify([role, purpose, scopes, patient, sites && [...sites].sort(), syntheticOnly]),
);
