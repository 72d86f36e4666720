/**
 * What an acknowledgement of a NATS server is worth. By default it flushes its files every two minutes and acknowledges before:
 * a power cut then loses acknowledged events (Jepsen, NATS 2.12.1, 2025-12-08; nats-server issue 7564). Whether a server flushes
 * first (`sync_interval: always`) is told by its monitoring address only.
 */
import { z } from 'zod';
import { AvicennaError } from '../../errors.ts';

/** Earlier releases ignore `sync_interval: always` or lost acknowledged events under it where files were damaged. */
const SAFE_FROM = [2, 12, 7] as const;
const TIMEOUT_MS = 5000;

const varzSchema = z.object({
  version: z.string(),
  jetstream: z.object({ config: z.object({ sync_always: z.boolean().optional() }).optional() }).optional(),
});

export type Varz = z.infer<typeof varzSchema>;

function isSafe(version: string): boolean {
  const parts = version.split('.').map(Number.parseFloat);
  const differs = SAFE_FROM.findIndex((part, index) => parts[index] !== part);
  return differs < 0 || (parts[differs] ?? 0) > (SAFE_FROM[differs] as number);
}

/** Why a server may lose what it acknowledged; null where it does not. */
export function weaknessOf({ version, jetstream }: Varz): string | null {
  if (!isSafe(version)) return `release ${version} is older than ${SAFE_FROM.join('.')}`;
  return jetstream?.config?.sync_always === true ? null : "it acknowledges before its files are flushed (set 'sync_interval: always')";
}

async function varzOf(url: string): Promise<Varz> {
  try {
    const answer = await fetch(new URL('/varz', url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return varzSchema.parse(await answer.json());
  } catch {
    throw new AvicennaError('LOG_UNAVAILABLE', 'A monitoring address of NATS does not answer with /varz.', 'NATS_MONITOR_URL');
  }
}

/**
 * Why the servers may lose what they acknowledged; null where all of them keep it.
 * @param monitors their monitoring addresses, comma-separated; without any, nothing is known
 * @throws AvicennaError LOG_UNAVAILABLE
 */
export async function weaknessOfServers(monitors: string | undefined): Promise<string | null> {
  if (monitors === undefined) return 'NATS_MONITOR_URL is not set, so that it cannot be asked whether it flushes its files first';
  const weaknesses = await Promise.all(monitors.split(',').map(async (url) => weaknessOf(await varzOf(url))));
  return weaknesses.find((weakness) => weakness !== null) ?? null;
}
