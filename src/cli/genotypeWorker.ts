/** A worker thread of `genotype`: makes the lines of the samples that it is sent, in the buffer that comes with them. */
import { parentPort, workerData } from 'node:worker_threads';
import { type LineSource, lineMaker, linesIn, type WantedSample } from './genotypeLines.ts';
import type { ThreadMessage } from './genotypeThreads.ts';

const port = parentPort;
const make = lineMaker(workerData as LineSource);

port?.on('message', ({ work, room }: ThreadMessage<readonly WantedSample[]>) => {
  const lines = linesIn(room, make, work);
  port.postMessage(lines, [lines.buffer]);
});
