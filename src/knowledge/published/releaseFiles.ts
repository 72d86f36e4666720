/**
 * A release on disk: a folder with a manifest and, per kind, a table of things or facts, sorted as their files gave them.
 * It is written beside its place and moved there whole, so that a folder of that name is always a finished release.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { AvicennaError } from '../../errors.ts';
import { unpacked } from '../../genotypes/unpacked.ts';
import type { Details, FactKind, TermType, ThingKind } from './fact.ts';

export interface FileReport {
  /** Relative to the folder that it was found under. */
  readonly file: string;
  readonly sha256: string;
  readonly reader: string;
  readonly rows: number;
  /** Facts of the rows that went in. */
  readonly facts: number;
  /** Facts that another row of the same source had stated. */
  readonly repeated: number;
  /** Rows kept out for their licence, by licence. */
  readonly withheld: Readonly<Record<string, number>>;
}

export interface Manifest {
  readonly format: 1;
  readonly name: string;
  /** SHA-256 over the tables: two releases say the same exactly when this is the same. */
  readonly digest: string;
  readonly builtAt: string;
  readonly licencesAccepted: boolean;
  readonly files: readonly FileReport[];
  readonly skipped: readonly string[];
  readonly things: Readonly<Partial<Record<ThingKind, number>>>;
  readonly terms: number;
  readonly facts: Readonly<Partial<Record<FactKind, number>>>;
}

/** `[id, name, details]` */
export type ThingRow = readonly [string, string, Details | 0];
/** `[kind, id, term, type]` */
export type TermRow = readonly [ThingKind, string, string, TermType];
/** `[from kind, from, to kind, to, key, level, date, source, licence, details]` */
export type FactRow = readonly [ThingKind, string, ThingKind, string, string, string, string, string, string, Details | 0];

const MANIFEST = 'manifest.json';
const PARTIAL = '.partial';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const releasesFolder = (data: string) => join(data, 'releases');

/** Throws BAD_USER_INPUT. */
export function checkReleaseName(name: string): void {
  if (!NAME.test(name) || name.endsWith(PARTIAL))
    throw new AvicennaError('BAD_USER_INPUT', 'A release is called by 1 to 64 letters, digits, dots, dashes and underscores.', name);
}

/** Names of the releases that were built, finished ones only. */
function builtNames(data: string): string[] {
  const folder = releasesFolder(data);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => !name.endsWith(PARTIAL) && existsSync(join(folder, name, MANIFEST)));
}

export function builtReleases(data: string): Manifest[] {
  return builtNames(data)
    .map((name) => readManifest(data, name))
    .sort((a, b) => a.builtAt.localeCompare(b.builtAt) || a.name.localeCompare(b.name));
}

/** Throws NOT_FOUND where no release of that name was built, FILE_UNREADABLE where its manifest is not one. */
export function readManifest(data: string, name: string): Manifest {
  checkReleaseName(name);
  const file = join(releasesFolder(data), name, MANIFEST);
  if (!existsSync(file)) {
    const built = builtNames(data);
    throw new AvicennaError(
      'NOT_FOUND',
      `No release '${name}' was built here; there ${built.length === 1 ? 'is' : 'are'}: ${built.join(', ') || 'none'}.`,
    );
  }
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  if (manifest.format !== 1) throw new AvicennaError('FILE_UNREADABLE', 'The release was built in another format: build it again.', file);
  return manifest;
}

/** One table being written: JSON arrays, a line each, packed. */
class Table {
  readonly #zip: Gzip = createGzip({ level: 6 });
  readonly #done: Promise<void>;
  readonly #hash = createHash('sha256');
  #waiting: string[] = [];
  #size = 0;
  rows = 0;

  constructor(file: string) {
    const out = createWriteStream(file);
    this.#done = finished(this.#zip.pipe(out));
    // Told by whoever waits for the end.
    this.#done.catch(() => undefined);
  }

  async write(row: ThingRow | TermRow | FactRow): Promise<void> {
    const line = `${JSON.stringify(row)}\n`;
    this.#waiting.push(line);
    this.#size += line.length;
    this.rows += 1;
    if (this.#size > 256 * 1024) await this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#size = 0;
    this.#hash.update(text);
    if (!this.#zip.write(text)) await Promise.race([once(this.#zip, 'drain'), this.#done]);
  }

  /** The digest of what it says. */
  async end(): Promise<string> {
    await this.#flush();
    this.#zip.end();
    await this.#done;
    return this.#hash.digest('hex');
  }
}

export class ReleaseWriter {
  readonly #data: string;
  readonly #folder: string;
  readonly #name: string;
  readonly #tables = new Map<string, Table>();

  constructor(data: string, name: string) {
    checkReleaseName(name);
    this.#data = data;
    this.#name = name;
    this.#folder = join(releasesFolder(data), `${name}${PARTIAL}`);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  #table(name: string): Table {
    const known = this.#tables.get(name);
    if (known) return known;
    const table = new Table(join(this.#folder, `${name}.jsonl.gz`));
    this.#tables.set(name, table);
    return table;
  }

  thing(kind: ThingKind, row: ThingRow): Promise<void> {
    return this.#table(`thing-${kind}`).write(row);
  }

  term(row: TermRow): Promise<void> {
    return this.#table('terms').write(row);
  }

  fact(kind: FactKind, row: FactRow): Promise<void> {
    return this.#table(`fact-${kind}`).write(row);
  }

  #counts(prefix: string): Record<string, number> {
    return Object.fromEntries(
      [...this.#tables].filter(([name]) => name.startsWith(prefix)).map(([name, { rows }]) => [name.slice(prefix.length), rows]),
    );
  }

  /**
   * Puts the release in its place. A release is never changed: building the same again changes nothing, and building
   * another under its name is refused with BAD_USER_INPUT.
   */
  async finish(report: Pick<Manifest, 'builtAt' | 'licencesAccepted' | 'files' | 'skipped'>): Promise<Manifest> {
    const hash = createHash('sha256');
    for (const [name, table] of [...this.#tables].sort(([a], [b]) => a.localeCompare(b))) hash.update(`${name} ${await table.end()}\n`);
    const manifest: Manifest = {
      format: 1,
      name: this.#name,
      digest: hash.digest('hex'),
      ...report,
      things: this.#counts('thing-'),
      terms: this.#tables.get('terms')?.rows ?? 0,
      facts: this.#counts('fact-'),
    };
    writeFileSync(join(this.#folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
    const place = join(releasesFolder(this.#data), this.#name);
    if (existsSync(join(place, MANIFEST))) {
      const before = readManifest(this.#data, this.#name);
      this.abandon();
      if (before.digest === manifest.digest) return before;
      throw new AvicennaError(
        'BAD_USER_INPUT',
        `There is another release '${this.#name}', built at ${before.builtAt}: choose another name.`,
      );
    }
    rmSync(place, { recursive: true, force: true });
    renameSync(this.#folder, place);
    return manifest;
  }

  abandon(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The rows of one table, in batches; none where the release has no such table. */
async function* rowsOf<Row>(data: string, name: string, table: string): AsyncGenerator<Row[]> {
  const file = join(releasesFolder(data), name, `${table}.jsonl.gz`);
  if (!existsSync(file)) return;
  let rest = '';
  for await (const part of (await unpacked(file)).setEncoding('utf8') as AsyncIterable<string>) {
    const text = rest + part;
    const end = text.lastIndexOf('\n');
    rest = text.slice(end + 1);
    if (end >= 0) yield JSON.parse(`[${text.slice(0, end).replaceAll('\n', ',')}]`) as Row[];
  }
}

export const thingRows = (data: string, release: string, kind: ThingKind) => rowsOf<ThingRow>(data, release, `thing-${kind}`);
export const termRows = (data: string, release: string) => rowsOf<TermRow>(data, release, 'terms');
export const factRows = (data: string, release: string, kind: FactKind) => rowsOf<FactRow>(data, release, `fact-${kind}`);
