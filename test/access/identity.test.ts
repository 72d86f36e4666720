/** From a token to an actor: what is taken, and everything that is not. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CompactSign, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { DEMO_CLINICIAN } from '../../src/access/actor.ts';
import { Identity } from '../../src/http/identity.ts';
import { issuersOf } from '../../src/http/issuers.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ISSUER = 'https://login.hospital.example';
const AUDIENCE = 'https://avicenna.hospital.example';
const CLAIMS = { role: 'clinician', scope: 'user/*.cruds' };

interface Maker {
  readonly algorithm: string;
  readonly key: CryptoKey;
  readonly published: JWK;
}

async function maker(algorithm = 'ES256', kid = 'first'): Promise<Maker> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { algorithm, key: privateKey, published: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' } };
}

interface Made {
  readonly issuer?: string;
  readonly audience?: string | string[];
  readonly subject?: string;
  readonly expires?: string | number;
  readonly claims?: Record<string, unknown>;
}

function token({ algorithm, key, published }: Maker, made: Made = {}): Promise<string> {
  const { issuer = ISSUER, audience = AUDIENCE, subject = 'dr-1', expires = '5m', claims = CLAIMS } = made;
  const header = { alg: algorithm, ...(published.kid && { kid: published.kid }) };
  return new SignJWT(claims)
    .setProtectedHeader(header)
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setExpirationTime(expires)
    .sign(key);
}

/** An identity over a file of issuers, and how to write that file anew. */
function trusting(keys: readonly JWK[]) {
  const folder = temporaryFolder();
  const file = join(folder, 'issuers.json');
  const write = (published: readonly JWK[], revoked: readonly string[] = []) => {
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: published }));
    writeFileSync(file, JSON.stringify({ issuers: [{ issuer: ISSUER, audience: AUDIENCE, jwks: 'keys.json' }], revoked }));
  };
  write(keys);
  const faults: string[] = [];
  const identity = new Identity({ trusted: issuersOf(file, ({ message }) => faults.push(message)), withoutToken: null });
  return { identity, write, file, faults };
}

const bearer = (text: string) => `Bearer ${text}`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a token', () => {
  it.each(['ES256', 'RS256', 'PS256', 'ES384'])('of a trusted issuer names an actor (%s)', async (algorithm) => {
    const made = await maker(algorithm);
    const { identity } = trusting([made.published]);
    const actor = await identity.actorOf(bearer(await token(made, { claims: { ...CLAIMS, sites: ['ward 3'] } })));
    expect(actor).toMatchObject({ id: `${ISSUER}|dr-1`, role: 'CLINICIAN', purpose: 'TREATMENT', sites: ['ward 3'], patient: null });
    expect(Date.parse(actor.expiresAt ?? '')).toBeGreaterThan(Date.now());
  });

  it('of a patient is about that patient', async () => {
    const made = await maker();
    const { identity } = trusting([made.published]);
    const claims = { role: 'patient', scope: 'patient/*.rs', patient: 'P-1' };
    expect(await identity.actorOf(bearer(await token(made, { claims })))).toMatchObject({
      role: 'PATIENT',
      patient: 'P-1',
      purpose: 'OWN',
    });
    const without = token(made, { claims: { role: 'patient', scope: 'patient/*.rs' } });
    await expect(identity.actorOf(bearer(await without))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each<[string, (made: Maker) => Promise<string> | string]>([
    [
      'without a signature',
      () => new UnsecuredJWT(CLAIMS).setIssuer(ISSUER).setAudience(AUDIENCE).setSubject('x').setExpirationTime('5m').encode(),
    ],
    [
      'signed with the published key as a shared secret',
      ({ published }) =>
        new CompactSign(Buffer.from(JSON.stringify({ ...CLAIMS, iss: ISSUER, aud: AUDIENCE, sub: 'x', exp: Date.now() / 1000 + 300 })))
          .setProtectedHeader({ alg: 'HS256', kid: published.kid ?? '' })
          .sign(Buffer.from(JSON.stringify(published))),
    ],
    ['of another issuer', (made) => token(made, { issuer: 'https://evil.example' })],
    ['for another audience', (made) => token(made, { audience: `${AUDIENCE}/admin` })],
    ['for several audiences', (made) => token(made, { audience: [AUDIENCE, 'https://other.example'] })],
    ['that has expired', (made) => token(made, { expires: Math.floor(Date.now() / 1000) - 120 })],
    ['signed by somebody else under the same key id', async () => token(await maker())],
    ['with a key that is not published', async () => token(await maker('ES256', 'unknown'))],
    ['without a role', (made) => token(made, { claims: { scope: 'user/*.cruds' } })],
    ['with a role of its own', (made) => token(made, { claims: { ...CLAIMS, role: 'system' } })],
    ["with a purpose that is not the role's", (made) => token(made, { claims: { ...CLAIMS, role: 'analyst', purpose: 'treatment' } })],
    ['that is no token', () => 'a.b.c'],
    ['that is much too long', () => 'x'.repeat(9000)],
  ])('%s is refused, and nothing of it is in the answer', async (_what, make) => {
    const made = await maker();
    const { identity } = trusting([made.published]);
    const text = await make(made);
    const error = (await identity.actorOf(bearer(text)).catch((thrown: unknown) => thrown)) as Error & { code: string };
    expect(error.code).toBe('UNAUTHENTICATED');
    for (const part of text.split('.').filter((one) => one.length > 8)) expect(error.message).not.toContain(part);
  });

  it.each(['Basic abc', 'Bearer', 'Bearer a b', ''])('is not what a header is that says: %s', async (header) => {
    const { identity } = trusting([(await maker()).published]);
    await expect(identity.actorOf(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is asked for where nobody comes without one', async () => {
    const { identity } = trusting([(await maker()).published]);
    await expect(identity.actorOf(undefined)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const open = new Identity({ trusted: () => ({ issuers: new Map(), revoked: new Set(), files: [] }), withoutToken: DEMO_CLINICIAN });
    expect(await open.actorOf(undefined)).toBe(DEMO_CLINICIAN);
  });
});

describe('the issuers', () => {
  it('may change their keys while the server runs: the old key is taken no more, though its token was believed', async () => {
    const [old, next] = [await maker('ES256', 'old'), await maker('ES256', 'next')];
    const { identity, write } = trusting([old.published]);
    const before = await token(old);
    await identity.actorOf(bearer(before));
    await pause(1100);
    write([next.published]);
    await expect(identity.actorOf(bearer(before))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await identity.actorOf(bearer(await token(next)))).toMatchObject({ role: 'CLINICIAN' });
  });

  it('may change their keys in the file of keys alone', async () => {
    const [old, next] = [await maker('ES256', 'old'), await maker('ES256', 'next')];
    const { identity, file } = trusting([old.published]);
    const before = await token(old);
    await identity.actorOf(bearer(before));
    await pause(1100);
    writeFileSync(join(dirname(file), 'keys.json'), JSON.stringify({ keys: [next.published] }));
    await expect(identity.actorOf(bearer(before))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(identity.actorOf(bearer(await token(old)))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await identity.actorOf(bearer(await token(next)))).toMatchObject({ role: 'CLINICIAN' });
  });

  it('may take a token back', async () => {
    const made = await maker();
    const { identity, write } = trusting([made.published]);
    const text = await token(made, { claims: { ...CLAIMS, jti: 'token-1' } });
    await identity.actorOf(bearer(text));
    await pause(1100);
    write([made.published], ['token-1']);
    await expect(identity.actorOf(bearer(text))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('taken back'),
    });
  });

  it('stay as they were where the file becomes wrong, which is said; a wrong file at the start ends the program', async () => {
    const made = await maker();
    const { identity, file, faults } = trusting([made.published]);
    await pause(1100);
    writeFileSync(file, '{"issuers": []}');
    expect(await identity.actorOf(bearer(await token(made)))).toMatchObject({ role: 'CLINICIAN' });
    expect(faults).toEqual([expect.stringMatching(/AVICENNA_ISSUERS: issuers/)]);
    expect(() => issuersOf(file, () => undefined)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
