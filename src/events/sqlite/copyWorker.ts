/** Copies a log in a thread of its own: it may be large, and whoever asks for it goes on meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { errorLine } from '../../errors.ts';
import { copyLog } from './copies.ts';

const { file, target } = workerData as { readonly file: string; readonly target: string };
try {
  parentPort?.postMessage({ copied: copyLog(file, target) });
} catch (error) {
  parentPort?.postMessage(errorLine(error));
}
