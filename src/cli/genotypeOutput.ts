/**
 * Where the lines of `genotype --json` go: standard output, or a file that a later run can go on with. Beside the file
 * `OUT.state.json` says what its lines are made from, so that lines of two kinds never come together in one file.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { AvicennaError } from '../errors.ts';

export interface LineOutput {
  /** Lines of an earlier run that stay. */
  readonly done: number;
  /** Waits until the reader or the disk has taken them; their buffer is then free. */
  write(lines: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What lines are made from, by name (`release`, `genotypes`): runs of the same origin make the same lines. */
export type LineOrigin = Readonly<Record<string, string>>;

export interface FileOutput {
  readonly path: string;
  readonly origin: LineOrigin;
  readonly resume: boolean;
  /** How the line of a sample begins, by its place; null after the last. */
  readonly startAt: (place: number) => string | null;
}

const NEWLINE = 10;
const BRACE = 125;

export function standardOutput(): LineOutput {
  return {
    done: 0,
    // A failed write is an 'error' event of its own: a broken pipe ends the command quietly.
    write: (lines) => new Promise((resolve) => process.stdout.write(lines, () => resolve())),
    close: async () => undefined,
  };
}

function unusable(error: unknown, path: string): AvicennaError {
  if (error instanceof AvicennaError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return new AvicennaError('FILE_UNREADABLE', `The output cannot be written or read (${code}).`, path);
}

const statePath = (path: string) => `${path}.state.json`;

/** Throws where the file's lines were made from something else than this run makes them from. */
async function checkOrigin({ path, origin }: FileOutput): Promise<void> {
  const at = statePath(path);
  const anew = 'start anew without --resume';
  const text = await readFile(at, 'utf8').catch(() => {
    throw new AvicennaError('BAD_USER_INPUT', `Nothing says what the lines of the output were made from; ${anew}.`, at);
  });
  let before: Record<string, unknown> = {};
  try {
    before = { ...(JSON.parse(text) as Record<string, unknown>) };
  } catch {
    throw new AvicennaError('BAD_USER_INPUT', `The state of the output is not JSON; ${anew}.`, at);
  }
  const differ = Object.keys(origin).filter((name) => before[name] !== origin[name]);
  if (differ.length === 0) return;
  throw new AvicennaError('BAD_USER_INPUT', `The output was begun with another value of: ${differ.join(', ')}; ${anew}.`, at);
}

/** Throws where a line is not the one that this run would write at its place. */
function checkLine(line: Buffer, number: number, { path, startAt }: FileOutput): void {
  const at = `${path}:${number + 1}`;
  const start = startAt(number);
  if (start === null) throw new AvicennaError('BAD_USER_INPUT', `The output has more lines than this run has samples (${number}).`, at);
  const begins = line.subarray(0, Buffer.byteLength(start)).equals(Buffer.from(start));
  if (begins && line.at(-1) === BRACE) return;
  throw new AvicennaError('BAD_USER_INPUT', 'The line is not of the sample and release that this run has at its place.', at);
}

/** The whole lines of a file: their number, and the bytes up to the end of the last. */
async function wholeLines(output: FileOutput): Promise<{ lines: number; bytes: number }> {
  let lines = 0;
  let bytes = 0;
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(output.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, end)]);
      checkLine(line, lines, output);
      rest = [];
      lines += 1;
      bytes += line.length + 1;
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  return { lines, bytes };
}

async function exists(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  await file?.close();
  return file !== null;
}

/** What of an earlier run stays: its whole lines, where they are what this run would write. A line cut short is dropped. */
async function kept(output: FileOutput): Promise<number> {
  if (!output.resume || !(await exists(output.path))) return 0;
  const { lines, bytes } = await wholeLines(output);
  if (lines === 0) return 0;
  await checkOrigin(output);
  await truncate(output.path, bytes);
  return lines;
}

/** Opens the file, after the lines of an earlier run where these are gone on with. Throws BAD_USER_INPUT, naming the line, where they differ. */
export async function fileOutput(output: FileOutput): Promise<LineOutput> {
  const { path, origin } = output;
  let done = 0;
  let handle: FileHandle;
  try {
    done = await kept(output);
    // Emptied before the new state is written: old lines never stand beside it.
    handle = await open(path, done > 0 ? 'a' : 'w');
    if (done === 0) await writeFile(statePath(path), `${JSON.stringify(origin, null, 2)}\n`);
  } catch (error) {
    throw unusable(error, path);
  }
  return {
    done,
    write: async (lines) => {
      await handle.appendFile(lines).catch((error: unknown) => {
        throw unusable(error, path);
      });
    },
    close: () => handle.close(),
  };
}
