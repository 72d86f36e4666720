/** A folder of JSON Lines that is there whole or not at all: written under another name beside it, and renamed at the end. */
import { randomBytes } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { AvicennaError } from '../errors.ts';
import { sha256OfFile } from '../events/sqlite/copies.ts';
import { flush } from './backupFolder.ts';

const PRIVATE = { file: 0o600, folder: 0o700 } as const;
const MANIFEST = 'manifest.json';

export interface WrittenFile {
  readonly file: string;
  readonly rows: number;
  readonly sha256: string;
}

/** @throws AvicennaError BAD_USER_INPUT where something is there already */
function checkIsFree(target: string): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory() || readdirSync(target).length > 0)
    throw new AvicennaError('BAD_USER_INPUT', 'There is something under that name already: name a new folder, or an empty one.', '--to');
}

export class ExportFolder {
  readonly #target: string;
  readonly #partial: string;
  readonly #streams = new Map<string, { readonly stream: WriteStream; rows: number }>();

  private constructor(target: string) {
    this.#target = target;
    this.#partial = `${target}.partial-${randomBytes(4).toString('hex')}`;
    mkdirSync(this.#partial, { recursive: true, mode: PRIVATE.folder });
  }

  /** @throws AvicennaError BAD_USER_INPUT, FILE_UNREADABLE where it cannot be made */
  static at(folder: string, names: readonly string[]): ExportFolder {
    const target = resolve(folder);
    checkIsFree(target);
    try {
      const made = new ExportFolder(target);
      for (const name of names) made.#open(name);
      return made;
    } catch (error) {
      if (error instanceof AvicennaError) throw error;
      throw new AvicennaError('FILE_UNREADABLE', 'The folder cannot be made there.', '--to');
    }
  }

  #open(name: string): void {
    const stream = createWriteStream(join(this.#partial, `${name}.jsonl`), { mode: PRIVATE.file, flags: 'wx' });
    // What goes wrong is told where the stream is waited for.
    stream.on('error', () => undefined);
    this.#streams.set(name, { stream, rows: 0 });
  }

  /** Waits where the disk is slow, so that memory stays bounded. */
  async write(name: string, row: object): Promise<void> {
    const open = this.#streams.get(name);
    if (!open) throw new Error(`no file ${name}`);
    open.rows += 1;
    if (open.stream.errored) throw open.stream.errored;
    if (open.stream.write(`${JSON.stringify(row)}\n`)) return;
    await new Promise<void>((done) => {
      open.stream.once('drain', done);
      open.stream.once('close', done);
    });
  }

  /** Puts the folder in its place, all of it on disk. */
  async finish(manifestOf: (files: readonly WrittenFile[]) => object): Promise<void> {
    const files: WrittenFile[] = [];
    for (const [name, { stream, rows }] of this.#streams) {
      stream.end();
      await finished(stream);
      const path = join(this.#partial, `${name}.jsonl`);
      flush(path);
      files.push({ file: `${name}.jsonl`, rows, sha256: await sha256OfFile(path) });
    }
    const manifest = join(this.#partial, MANIFEST);
    writeFileSync(manifest, `${JSON.stringify(manifestOf(files), null, 2)}\n`, { mode: PRIVATE.file });
    flush(manifest);
    flush(this.#partial);
    checkIsFree(this.#target);
    renameSync(this.#partial, this.#target);
    flush(resolve(this.#target, '..'));
  }

  /** Takes back what was written. */
  async abandon(): Promise<void> {
    for (const { stream } of this.#streams.values()) {
      stream.destroy();
      if (!stream.closed) await new Promise<void>((done) => stream.once('close', () => done()));
    }
    rmSync(this.#partial, { recursive: true, force: true });
  }
}
