// Answers, fails or ends as it is asked to: for the tests of workerCalls.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ ticket, what }) => {
  if (what === 'exit') process.exit(0);
  if (what === 'throw') throw new Error('thrown inside');
  setTimeout(() => parentPort.postMessage({ ticket, said: what }), what === 'slow' ? 100 : 0);
});
