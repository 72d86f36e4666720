/** Gives a run of jest a folder for what its tests start from (test/support/dataFolder.ts), and removes it at the end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function makeStarts() {
  process.env.TEST_STARTS = mkdtempSync(join(tmpdir(), 'avicenna-starts-'));
  globalThis.removeStarts = () => rmSync(process.env.TEST_STARTS, { recursive: true, force: true });
}
