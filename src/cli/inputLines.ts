import { createInterface } from 'node:readline';
import { AvicennaError } from '../errors.ts';

/** The lines of standard input that are not empty, with their place. */
export async function* inputLines(): AsyncGenerator<{ readonly text: string; readonly at: string }> {
  let number = 0;
  for await (const read of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const text = number === 1 ? read.replace(/^\uFEFF/, '') : read;
    if (text.trim() !== '') yield { text, at: `stdin:${number}` };
  }
}

/** The line as a JSON object. Throws BAD_USER_INPUT with its place. */
export function readJsonLine(text: string, at: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The one error below says it.
  }
  throw new AvicennaError('BAD_USER_INPUT', 'The line is not a JSON object.', at);
}
