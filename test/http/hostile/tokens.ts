/** Tokens that look like one of this server. */
import { CompactSign, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { Dice } from './dice.ts';

const CLAIMS = { role: 'CLINICIAN', scope: 'user/*.cruds' };
const ISSUER = 'avicenna-development';
const AUDIENCE = 'avicenna';

/** What takes a token to another: by its own claims, another key, another algorithm, or by force. */
export async function badTokens(good: string): Promise<readonly ((dice: Dice) => Promise<string> | string)[]> {
  const { privateKey } = await generateKeyPair('ES256');
  const [header = '', payload = '', signature = ''] = good.split('.');
  const signed = (claims: object, issuer = ISSUER, audience = AUDIENCE, expires: string | number = '5m') =>
    new SignJWT({ ...CLAIMS, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('x')
      .setExpirationTime(expires)
      .sign(privateKey);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claimsOf = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  return [
    (dice) =>
      new UnsecuredJWT({ ...CLAIMS, n: dice.word() })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject('x')
        .setExpirationTime('5m')
        .encode(),
    (dice) =>
      new CompactSign(Buffer.from(JSON.stringify({ ...claimsOf, sub: dice.word() })))
        .setProtectedHeader({ alg: 'HS256' })
        .sign(Buffer.from(header.padEnd(40, 'x'))),
    (dice) => signed({ n: dice.word() }),
    (dice) => signed({ n: dice.word() }, `https://${dice.word()}.example`),
    (dice) => signed({ n: dice.word() }, ISSUER, dice.word()),
    (dice) => signed({ n: dice.word() }, ISSUER, AUDIENCE, 1_600_000_000 + dice.number(0, 1_000_000)),
    // Other claims under a good signature, and a good body under another one.
    (dice) => `${header}.${encode({ ...claimsOf, sub: dice.word(), role: 'SYSTEM' })}.${signature}`,
    (dice) =>
      `${header}.${payload}.${Buffer.from(dice.many(64, () => String.fromCharCode(dice.number(1, 120)), '')).toString('base64url')}`,
    (dice) =>
      `${encode({ alg: dice.one(['none', 'ES256', 'RS256']), kid: dice.word(), jku: `https://${dice.word()}.example` })}.${payload}.${signature}`,
    (dice) => good.slice(0, good.length - dice.number(4, 300)),
    (dice) => `${dice.word()}.${dice.word()}.${dice.word()}`,
    (dice) => `${good} ${dice.word()}`,
    (dice) => dice.word().repeat(dice.number(1500, 2000)),
  ];
}
