/** Who the server takes for whom, by its settings. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { DEMO_CLINICIAN, ROLES } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import { developmentToken, developmentTrust, type TokenRole } from '../http/developmentTokens.ts';
import { Identity } from '../http/identity.ts';
import { issuersOf } from '../http/issuers.ts';
import type { DemoToken, HttpOptions } from '../http/server.ts';
import { type Config, isLoopback } from './config.ts';

const DEMO_PATIENT = 'DEMO-0001';
const DEMO_MINUTES = 12 * 60;

const SEES: Readonly<Record<TokenRole, string>> = {
  CLINICIAN: 'all of every patient who does not refuse; writes',
  ANALYST: 'patients who agreed to research, without identifiers; genotypes where they agreed to that',
  PATIENT: `the own record (${DEMO_PATIENT}), and says what it may be used for`,
  DEVICE: 'nothing; sends measurements',
  OPERATOR: 'no patient; takes backups',
};

async function demoTokens(data: string): Promise<DemoToken[]> {
  return Promise.all(
    ROLES.map(async (role) => ({
      role,
      sees: SEES[role],
      token: await developmentToken(data, { role, minutes: DEMO_MINUTES, ...(role === 'PATIENT' && { patient: DEMO_PATIENT }) }),
    })),
  );
}

function readPem(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new AvicennaError('CONFIG_INVALID', `${name}: the file cannot be read.`, file);
  }
}

/** @throws AvicennaError CONFIG_INVALID */
export async function accessOptions(
  config: Config,
  { data, host, log }: { readonly data: string; readonly host: string; readonly log: Logger },
): Promise<Pick<HttpOptions, 'identity' | 'admission' | 'tls' | 'trustProxy' | 'demoTokens'>> {
  const { AVICENNA_ISSUERS: issuers, AVICENNA_TLS_CERT: cert, AVICENNA_TLS_KEY: key } = config;
  const origins = config.AVICENNA_ORIGINS?.split(',') ?? [];
  const shared = {
    trustProxy: config.AVICENNA_TRUST_PROXY === '1',
    ...(cert !== undefined &&
      key !== undefined && { tls: { cert: readPem(cert, 'AVICENNA_TLS_CERT'), key: readPem(key, 'AVICENNA_TLS_KEY') } }),
  };
  if (issuers !== undefined) {
    const trusted = issuersOf(issuers, ({ message }) => log.error({ message }, 'the issuers were not read again: those before stay'));
    return { ...shared, identity: new Identity({ trusted, withoutToken: null }), admission: { origins, loopbackOnly: false } };
  }
  const trusted = await developmentTrust(data);
  return {
    ...shared,
    identity: new Identity({ trusted: () => trusted, withoutToken: DEMO_CLINICIAN }),
    admission: { origins, loopbackOnly: isLoopback(host, config) },
    demoTokens: () => demoTokens(data),
  };
}
