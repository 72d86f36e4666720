/** Who the server takes for whom, by its settings. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { DEMO_CLINICIAN, ROLES } from '../access/actor.ts';
import { AvicennaError } from '../errors.ts';
import { developmentToken, developmentTrust, type TokenRole } from '../http/developmentTokens.ts';
import { Identity } from '../http/identity.ts';
import { issuersOf } from '../http/issuers.ts';
import { readOperations } from '../http/knownOperations.ts';
import type { DemoToken, HttpOptions } from '../http/server.ts';
import { type Config, isLoopback } from './config.ts';
import { PLACES } from './places.ts';

/** Handed to whoever on this machine asks for them: of made-up patients only. */
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
      token: await developmentToken(data, {
        role,
        syntheticOnly: true,
        minutes: DEMO_MINUTES,
        ...(role === 'PATIENT' && { patient: DEMO_PATIENT }),
      }),
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

interface Place {
  readonly data: string;
  readonly host: string;
  readonly log: Logger;
  readonly operationsOnly?: boolean;
}

type AccessOptions = Pick<HttpOptions, 'identity' | 'admission' | 'operations' | 'tls' | 'trustProxy' | 'demoTokens'>;

/** What holds whoever the tokens are of. */
function sharedOptions(config: Config, { operationsOnly }: Place): Omit<AccessOptions, 'identity' | 'admission'> {
  const { AVICENNA_TLS_CERT: cert, AVICENNA_TLS_KEY: key, AVICENNA_OPERATIONS: operations = PLACES.operations } = config;
  return {
    trustProxy: config.AVICENNA_TRUST_PROXY === '1',
    ...(cert !== undefined &&
      key !== undefined && { tls: { cert: readPem(cert, 'AVICENNA_TLS_CERT'), key: readPem(key, 'AVICENNA_TLS_KEY') } }),
    ...(operationsOnly && { operations: readOperations(operations) }),
  };
}

/** @throws AvicennaError CONFIG_INVALID */
export async function accessOptions(config: Config, place: Place): Promise<AccessOptions> {
  const { data, host, log } = place;
  const shared = sharedOptions(config, place);
  const origins = config.AVICENNA_ORIGINS?.split(',') ?? [];
  const loopback = isLoopback(host, config);
  if (config.AVICENNA_ISSUERS !== undefined) {
    const onFault = ({ message }: AvicennaError) => log.error({ message }, 'the issuers were not read again: those before stay');
    const identity = new Identity({ trusted: issuersOf(config.AVICENNA_ISSUERS, onFault), withoutToken: null });
    // Behind a proxy that ends TLS nobody comes past it in the clear.
    return { ...shared, identity, admission: { origins, loopbackOnly: false, httpsOnly: !loopback && shared.trustProxy === true } };
  }
  const trusted = await developmentTrust(data);
  return {
    ...shared,
    identity: new Identity({ trusted: () => trusted, withoutToken: DEMO_CLINICIAN }),
    admission: { origins, loopbackOnly: loopback, httpsOnly: false },
    demoTokens: () => demoTokens(data),
  };
}
