/** From a bearer token to whoever asks (RFC 6750, RFC 8725). */
import { createHash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Actor, PURPOSES, ROLES, type Role } from '../access/actor.ts';
import { scopesOf } from '../access/scopes.ts';
import { AvicennaError } from '../errors.ts';
import type { Trusted } from './issuers.ts';

/** Signatures that only the issuer can make: no shared secrets, and never `none`. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const CLOCK_TOLERANCE_S = 30;
/** A verified token is believed for so long before its signature is looked at again. */
const BELIEVED_MS = 5 * 60_000;
const MOST_BELIEVED = 5000;
const LONGEST_TOKEN = 8192;
/** A token that holds for longer is a password. */
const LONGEST_LIFE_S = 24 * 60 * 60;
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'JWT', 'jwt', 'at+jwt']);

const claims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(200),
  exp: z.number(),
  jti: z.string().optional(),
  role: z.string().optional(),
  scope: z.string().default(''),
  patient: z.string().optional(),
  sites: z.array(z.string()).optional(),
  purpose: z.string().optional(),
  /** Made-up patients only: of tokens that are handed to whoever asks. */
  synthetic_only: z.boolean().default(false),
});

const refused = (why: string) => new AvicennaError('UNAUTHENTICATED', `The token is not valid here: ${why}.`, 'authorization');

/** @throws AvicennaError UNAUTHENTICATED with what the token lacks */
function actorFrom(payload: unknown): Actor {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw refused(`its claim '${String(parsed.error.issues[0]?.path[0])}' is missing or of another form`);
  const { iss, sub, exp, scope, sites = null, ...said } = parsed.data;
  const role = ROLES.find((one) => one === said.role?.toUpperCase());
  if (!role) throw refused(`its claim 'role' is none of ${ROLES.join(', ')}`);
  const purposes: readonly string[] = PURPOSES[role];
  const purpose = said.purpose?.toUpperCase() ?? PURPOSES[role][0];
  if (!purposes.includes(purpose)) throw refused(`its claim 'purpose' is not one of the role's: ${purposes.join(', ')}`);
  const scopes = scopesOf(scope);
  // Whatever else such a token allows, it allows it of that patient.
  const isOfOne = role === 'PATIENT' || said.patient !== undefined || scopes.some(({ context }) => context === 'patient');
  if (isOfOne && said.patient === undefined) throw refused("its claim 'patient' is missing");
  return {
    id: `${iss}|${sub}`,
    role: role satisfies Role,
    purpose: purpose as Actor['purpose'],
    scopes,
    patient: isOfOne ? (said.patient ?? null) : null,
    sites,
    syntheticOnly: said.synthetic_only,
    expiresAt: new Date(exp * 1000).toISOString(),
  };
}

interface Believed {
  readonly actor: Actor;
  readonly until: number;
  /** What was trusted when it was verified: after a change it is verified again. */
  readonly under: Trusted;
}

export interface IdentityOptions {
  readonly trusted: () => Trusted;
  /** Who comes without a token; null for nobody. */
  readonly withoutToken: Actor | null;
}

export class Identity {
  readonly #trusted: IdentityOptions['trusted'];
  readonly #withoutToken: Actor | null;
  readonly #believed = new LRUCache<string, Believed>({ max: MOST_BELIEVED });

  constructor({ trusted, withoutToken }: IdentityOptions) {
    this.#trusted = trusted;
    this.#withoutToken = withoutToken;
  }

  /**
   * Who sends a request with this `Authorization` header.
   * @throws AvicennaError UNAUTHENTICATED
   */
  async actorOf(authorization: string | undefined): Promise<Actor> {
    if (authorization === undefined) {
      if (this.#withoutToken) return this.#withoutToken;
      throw new AvicennaError('UNAUTHENTICATED', 'Send a token: Authorization: Bearer ...', 'authorization');
    }
    const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization) ?? [];
    if (!token || token.length > LONGEST_TOKEN)
      throw new AvicennaError('UNAUTHENTICATED', "Expected 'Authorization: Bearer' with one token.", 'authorization');
    const trusted = this.#trusted();
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.#believed.get(key);
    if (known && known.under === trusted && known.until > Date.now()) return known.actor;
    this.#believed.delete(key);
    const { actor, exp } = await this.#verify(token, trusted);
    this.#believed.set(key, { actor, under: trusted, until: Math.min((exp + CLOCK_TOLERANCE_S) * 1000, Date.now() + BELIEVED_MS) });
    return actor;
  }

  async #verify(token: string, { issuers, revoked }: Trusted): Promise<{ actor: Actor; exp: number }> {
    try {
      const { iss } = decodeJwt(token);
      const issuer = issuers.get(iss ?? '');
      if (!issuer) throw refused('its issuer is not one that is trusted here');
      const { payload, protectedHeader } = await jwtVerify(token, issuer.keys, {
        algorithms: ALGORITHMS,
        issuer: issuer.issuer,
        audience: issuer.audience,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'sub'],
      });
      // jose takes a list that has the audience among others: a token for several servers is for none.
      if (Array.isArray(payload.aud) && payload.aud.length !== 1) throw refused('it is for several audiences');
      if (!TYPES.has(protectedHeader.typ)) throw refused('it is made for something else');
      if ((payload.exp ?? 0) > Date.now() / 1000 + LONGEST_LIFE_S + CLOCK_TOLERANCE_S) throw refused('it holds for more than 24 hours');
      if (payload.jti !== undefined && revoked.has(payload.jti)) throw refused('it was taken back');
      return { actor: actorFrom(payload), exp: payload.exp ?? 0 };
    } catch (error) {
      throw error instanceof AvicennaError ? error : refused(reasonOf(error));
    }
  }
}

/** Nothing of the token is in the words. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim '${error.claim}' is not as it must be`;
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'its algorithm is not allowed';
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is not one of the issuer';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JWKSTimeout) return "the issuer's keys cannot be had now";
  return 'it cannot be read';
}
