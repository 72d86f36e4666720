/**
 * The sample columns of a VCF line, found without making a string of each: of 200,000 columns nearly all say one of a
 * few short genotypes.
 */
const TAB = 9;
const COLON = 58;
const FIXED_COLUMNS = 9;
/** Characters of a short genotype, and the bits that each takes in its key. */
const SHORT = 3;
const BITS = 7;

/**
 * Notes where every sample's column starts, and after the last where a further one would. Returns the number of columns
 * in the line; the starts count only where it is nine more than the samples.
 * @param starts one place for each sample and one more
 */
export function findColumns(line: string, starts: Uint32Array): number {
  const samples = starts.length - 1;
  let columns = 1;
  for (let at = 0; at < line.length; at += 1) {
    if (line.charCodeAt(at) !== TAB) continue;
    const sample = columns - FIXED_COLUMNS;
    if (sample >= 0 && sample < samples) starts[sample] = at + 1;
    columns += 1;
  }
  starts[samples] = line.length + 1;
  return columns;
}

/** A number for a genotype of one to three ASCII characters at the start of a column, `0/1:12,3`; -1 for any other. */
export function shortGenotype(line: string, start: number, end: number): number {
  let key = 0;
  for (let at = start; at < end; at += 1) {
    const character = line.charCodeAt(at);
    if (character === COLON) break;
    if (at - start === SHORT || character === 0 || character >= 1 << BITS) return -1;
    key = (key << BITS) | character;
  }
  return key === 0 ? -1 : key;
}

/** True for `1/1` and `0|0`, by the key of `shortGenotype`: read depths cannot contradict them. */
export function isSameTwice(key: number): boolean {
  return key >>> (2 * BITS) === (key & ((1 << BITS) - 1));
}
