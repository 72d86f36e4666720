/** How commands speak: JSON Lines or words on stdout, progress and warnings on stderr, exit codes as documented. */
import { errorLine } from '../errors.ts';

/** 0 done; 1 some inputs were refused; 2 wrong usage. */
export const EXIT = { done: 0, refused: 1, usage: 2 } as const;

/** Ends quietly when the reader of our output goes away. */
export function endOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Writes a line and waits where the reader is slow, so that memory stays bounded. */
export async function line(text: string): Promise<void> {
  if (process.stdout.write(`${text}\n`)) return;
  await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Progress for a person: rewritten in place on a terminal, a line each elsewhere. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
  else process.stderr.write(`${text}\n`);
}

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
}

/** One refusal: a line on stdout for machines, in words for a person; the exit code becomes 1. */
export async function refuse(error: unknown, json: boolean): Promise<void> {
  const refusal = errorLine(error);
  process.exitCode = EXIT.refused;
  if (json) await line(JSON.stringify(refusal));
  else note(`${refusal.error.at ? `${refusal.error.at}: ` : ''}${refusal.error.message} [${refusal.error.code}]`);
}
