import { createHash } from 'node:crypto';
import type { VcfReadings } from './cohortColumns.ts';

/**
 * SHA-256 over all that calls are made from: the samples' names in order, and every genotype with its line. Two files
 * with the same digest give the same calls, wherever they lie and however they are packed.
 */
export function digestOf({ samples, columns }: VcfReadings): string {
  const hash = createHash('sha256').update(JSON.stringify(samples));
  for (const column of columns) {
    hash.update(JSON.stringify(column?.readings ?? null));
    if (column) hash.update(column.codes);
  }
  return hash.digest('hex');
}
