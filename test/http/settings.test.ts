/** Where the server may listen, and what it then asks of whoever comes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { checkHost, readConfig } from '../../src/cli/config.ts';
import { isAdmitted } from '../../src/http/admission.ts';
import { avicenna, serve } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('a server beyond this machine', () => {
  it.each<[NodeJS.ProcessEnv, string | null]>([
    [{}, 'an issuer of tokens (AVICENNA_ISSUERS) and TLS'],
    [{ AVICENNA_ISSUERS: 'x.json' }, 'needs TLS'],
    [{ AVICENNA_TRUST_PROXY: '1' }, 'needs an issuer'],
    [{ AVICENNA_ISSUERS: 'x.json', AVICENNA_TRUST_PROXY: '1' }, null],
    [{ AVICENNA_ISSUERS: 'x.json', AVICENNA_TLS_CERT: 'c.pem', AVICENNA_TLS_KEY: 'k.pem' }, null],
  ])('with %j is refused: %s', (env, why) => {
    const attempt = () => checkHost('0.0.0.0', readConfig(env));
    if (why === null) expect(attempt()).toBe('0.0.0.0');
    else expect(attempt).toThrow(expect.objectContaining({ code: 'HOST_NOT_ALLOWED', message: expect.stringContaining(why) }));
  });

  it('behind a proxy takes nothing that has not come over TLS', () => {
    const options = { origins: [], loopbackOnly: false, httpsOnly: true };
    expect(isAdmitted({ host: 'a.example' }, options)).toBe(false);
    expect(isAdmitted({ host: 'a.example', 'x-forwarded-proto': 'http' }, options)).toBe(false);
    expect(isAdmitted({ host: 'a.example', 'x-forwarded-proto': 'https' }, options)).toBe(true);
  });
});

describe('a server with an issuer', () => {
  it('takes its tokens, nobody without one, no development token, and only the operations that are listed', async () => {
    const [data, folder] = [await dataFolder('DEMO'), temporaryFolder()];
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] }));
    const file = join(folder, 'issuers.json');
    writeFileSync(file, JSON.stringify({ issuers: [{ issuer: 'https://login.example', audience: 'avicenna', jwks: 'keys.json' }] }));
    const server = await serve(data, { AVICENNA_ISSUERS: file });
    try {
      const status = async (headers: Record<string, string>) =>
        (
          await fetch(`${server.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: '{"query":"{ me { id } }"}',
          })
        ).status;
      const development = (await avicenna(['token', '--data', data])).stdout.trim();
      expect([await status({}), await status({ authorization: `Bearer ${development}` })]).toEqual([401, 401]);
      expect((await fetch(`${server.url}/demo-tokens`)).status).toBe(404);
    } finally {
      await server.end('SIGTERM');
    }
  }, 180_000);

  it('takes no operation that is not listed where it is told so, whoever asks', async () => {
    const data = await dataFolder('DEMO');
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'me.graphql'), 'query Me { me { role } }');
    const server = await serve(data, { AVICENNA_OPERATIONS: folder }, 0, ['--operations-only']);
    try {
      const ask = async (query: string) =>
        (
          await fetch(`${server.url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query }),
          })
        ).text();
      expect(await ask('query Me { me { role } }')).toContain('"role":"CLINICIAN"');
      expect(await ask('{ me { id } }')).toContain('FORBIDDEN');
    } finally {
      await server.end('SIGTERM');
    }
  }, 180_000);
});
