import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AvicennaError } from '../../errors.ts';
import { workerUrl } from '../../workerUrl.ts';
import type { LogCopy } from './copies.ts';

type Answer = { readonly copied: LogCopy } | { readonly error: { readonly message: string; readonly at: string | null } };

/**
 * As `copyLog`, in a thread of its own.
 * @throws AvicennaError FILE_UNREADABLE
 */
export async function copyAside(file: string, target: string): Promise<LogCopy> {
  const worker = new Worker(workerUrl(import.meta.url, 'copyWorker'), { workerData: { file, target } });
  const [answer] = (await once(worker, 'message')) as [Answer];
  await worker.terminate();
  if ('copied' in answer) return answer.copied;
  throw new AvicennaError('FILE_UNREADABLE', answer.error.message, answer.error.at ?? file);
}
