/**
 * Makes a release of publishers' files. They are read twice: first every row is checked and names and cross-references are
 * learnt, so that a broken row ends it before anything is written; then facts are written under the ids that were found.
 */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { AvicennaError } from '../../errors.ts';
import { type Details, type Fact, HIERARCHIES, type Ref, refText, type Term, type Thing } from './fact.ts';
import { Identities } from './identities.ts';
import { bindsWhoPassesOn } from './licence.ts';
import type { PublishedRow, Reader, Sink } from './reader.ts';
import { type FactRow, type FileReport, type Manifest, ReleaseWriter, type TermRow } from './releaseFiles.ts';
import { digestOf, recognise, rowsOf, type SourceFile } from './sourceFile.ts';

export interface BuildOptions {
  readonly from: readonly string[];
  readonly name: string;
  readonly data: string;
  /** Whether rows whose licence binds whoever passes them on go in. */
  readonly acceptLicence: boolean;
  readonly builtAt: string;
  readonly progress: (message: string) => void;
  /** Told of each broken row. */
  readonly onFault: (fault: AvicennaError) => void;
}

/** More of one file are counted, not told. */
const FAULTS_TOLD = 100;

interface FoundFile extends SourceFile {
  readonly file: string;
}

/** All files below the folders, in the order of their paths; hidden ones are left out. */
function filesBelow(folder: string): string[] {
  let entries: string[];
  try {
    if (statSync(folder).isFile()) return [folder];
    entries = readdirSync(folder).sort();
  } catch (error) {
    throw new AvicennaError('FILE_UNREADABLE', `The folder cannot be read: ${(error as Error).message}`, folder);
  }
  return entries.filter((name) => !name.startsWith('.')).flatMap((name) => filesBelow(join(folder, name)));
}

/** Files by what reads them, and those that nothing reads. */
export async function findFiles(from: readonly string[]): Promise<{ found: FoundFile[]; skipped: string[] }> {
  const found: FoundFile[] = [];
  const skipped: string[] = [];
  const seen = new Set<string>();
  for (const folder of from)
    for (const path of filesBelow(folder)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const file = relative(folder, path) || path;
      const source = await recognise(path);
      if (source) found.push({ ...source, file });
      else skipped.push(file);
    }
  return { found, skipped };
}

function licenceOf(reader: Reader, row: PublishedRow): string {
  const licence = row.text('licence') || row.text('licences') || reader.licence;
  if (licence === '') throw new AvicennaError('TABLE_INVALID', 'The row names no licence.', row.at);
  return licence;
}

const NOTHING: Sink = { thing: () => undefined, term: () => undefined, fact: () => undefined };

/** What the first reading finds out. */
class Survey {
  readonly identities = new Identities();
  readonly #hierarchy: { readonly child: Ref; readonly parent: Ref; readonly at: string }[] = [];
  #faults = 0;
  readonly #options: BuildOptions;

  constructor(options: BuildOptions) {
    this.#options = options;
  }

  get faults(): number {
    return this.#faults;
  }

  async read(source: FoundFile): Promise<void> {
    let faults = 0;
    const fault = (error: AvicennaError) => {
      faults += 1;
      this.#faults += 1;
      if (faults <= FAULTS_TOLD) this.#options.onFault(error);
    };
    for await (const { row, fault: broken } of rowsOf(source)) {
      if (broken) fault(broken);
      if (!row) continue;
      try {
        const licence = licenceOf(source.reader, row);
        const goesIn = this.#options.acceptLicence || !bindsWhoPassesOn(licence);
        source.reader.row(row, goesIn ? this.#sink(row.at) : NOTHING);
      } catch (error) {
        if (!(error instanceof AvicennaError)) throw error;
        fault(error);
      }
    }
    if (faults > FAULTS_TOLD)
      this.#options.onFault(new AvicennaError('TABLE_INVALID', `${faults - FAULTS_TOLD} further rows are broken.`, source.path));
  }

  #sink(at: string): Sink {
    return {
      thing: () => undefined,
      term: (term) => this.identities.learn(term),
      fact: ({ kind, from, to }) => {
        if (HIERARCHIES.has(kind)) this.#hierarchy.push({ child: from, parent: to, at });
      },
    };
  }

  /** A hierarchy that leads back to where it began is told of at each row that closes a circle. */
  checkHierarchies(): void {
    const parents = new Map<string, string[]>();
    const leadsTo = (start: string, wanted: string): boolean => {
      const open = [start];
      const seen = new Set(open);
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (next === wanted) return true;
        for (const parent of parents.get(next) ?? [])
          if (!seen.has(parent)) {
            seen.add(parent);
            open.push(parent);
          }
      }
      return false;
    };
    for (const { child, parent, at } of this.#hierarchy) {
      const [below, above] = [refText(this.identities.resolve(child)), refText(this.identities.resolve(parent))];
      if (leadsTo(above, below)) {
        this.#faults += 1;
        this.#options.onFault(
          new AvicennaError('TABLE_INVALID', `'${child.id}' would be a kind of itself: '${parent.id}' is a kind of it.`, at),
        );
      } else parents.set(below, [...(parents.get(below) ?? []), above]);
    }
  }
}

interface Known {
  name: string;
  /** How good the name is: -1 none but the id, up to 3 the name that its own vocabulary gives it. */
  standing: number;
  details: Record<string, Details[string]>;
}

/** What the second reading writes. */
class Composition {
  readonly #identities: Identities;
  readonly #writer: ReleaseWriter;
  readonly #things = new Map<string, Known & Ref>();
  readonly #terms = new Set<string>();
  readonly #facts = new Set<string>();
  #pending: Fact[] = [];

  constructor(identities: Identities, writer: ReleaseWriter) {
    this.#identities = identities;
    this.#writer = writer;
  }

  async read(source: FoundFile, { acceptLicence }: BuildOptions): Promise<FileReport> {
    let rows = 0;
    const counts = { facts: 0, repeated: 0 };
    const withheld: Record<string, number> = {};
    for await (const { row } of rowsOf(source)) {
      if (!row) continue;
      rows += 1;
      const licence = licenceOf(source.reader, row);
      if (!acceptLicence && bindsWhoPassesOn(licence)) {
        withheld[licence] = (withheld[licence] ?? 0) + 1;
        continue;
      }
      source.reader.row(row, this.#sink(licence));
      if (this.#pending.length > 0) await this.#write(counts);
    }
    return { file: source.file, sha256: await digestOf(source.path), reader: source.reader.name, rows, ...counts, withheld };
  }

  #sink(licence: string): Sink {
    return {
      thing: (thing) => this.#thing(thing),
      term: (term) => this.#term(term),
      fact: (fact) => {
        this.#pending.push({ ...fact, licence });
      },
    };
  }

  #known(given: Ref): Known & Ref {
    const { kind, id } = this.#identities.resolve(given);
    const key = refText({ kind, id });
    let known = this.#things.get(key);
    if (!known) {
      known = { kind, id, name: id.replace(/^(symbol|name):/, ''), standing: -1, details: {} };
      this.#things.set(key, known);
    }
    if (id !== given.id && !/^(symbol|name):/.test(given.id)) this.#term({ ...given, term: given.id, type: 'XREF' });
    return known;
  }

  #thing(thing: Thing): void {
    const known = this.#known(thing);
    const standing = (thing.id === known.id ? 2 : 0) + (thing.inPassing ? 0 : 1);
    if (standing > known.standing) {
      known.name = thing.name;
      known.standing = standing;
    }
    for (const [detail, value] of Object.entries(thing.details ?? {})) known.details[detail] ??= value;
  }

  #term({ kind, id, term, type }: Term): void {
    this.#terms.add(JSON.stringify([kind, this.#identities.resolve({ kind, id }).id, term, type] satisfies TermRow));
  }

  async #write(counts: { facts: number; repeated: number }): Promise<void> {
    const facts = this.#pending;
    this.#pending = [];
    for (const { kind, from: givenFrom, to: givenTo, key = '', level = '', date = '', source, licence, details } of facts) {
      const [from, to] = [this.#known(givenFrom), this.#known(givenTo)];
      const identity = [kind, from.id, to.kind, to.id, key, source].join('\t');
      if (this.#facts.has(identity)) {
        counts.repeated += 1;
        continue;
      }
      this.#facts.add(identity);
      counts.facts += 1;
      const said = details !== undefined && Object.keys(details).length > 0 ? details : 0;
      const row: FactRow = [from.kind, from.id, to.kind, to.id, key, level, date, source, licence, said];
      await this.#writer.fact(kind, row);
    }
  }

  /** Things and their names, once everything has been read. */
  async end(): Promise<void> {
    for (const { kind, id, name, details } of this.#things.values())
      await this.#writer.thing(kind, [id, name, Object.keys(details).length > 0 ? details : 0]);
    for (const term of [...this.#terms].sort()) await this.#writer.term(JSON.parse(term) as TermRow);
  }
}

/**
 * Builds the release and answers with its manifest; null where rows were broken: they have been told of, and nothing was kept.
 * @throws FILE_UNREADABLE for a folder or file that cannot be read, NOT_FOUND where no file is of a known format,
 * BAD_USER_INPUT for a name that is taken or not one
 */
export async function buildRelease(options: BuildOptions): Promise<Manifest | null> {
  const writer = new ReleaseWriter(options.data, options.name);
  try {
    const { found, skipped } = await findFiles(options.from);
    if (found.length === 0)
      throw new AvicennaError('NOT_FOUND', `None of ${skipped.length} files is of a format that a reader knows.`, options.from.join(', '));
    const survey = new Survey(options);
    for (const [place, source] of found.entries()) {
      options.progress(`Checking ${source.file} (${source.reader.title}), ${place + 1} of ${found.length}`);
      await survey.read(source);
    }
    survey.checkHierarchies();
    if (survey.faults > 0) {
      writer.abandon();
      return null;
    }
    const composition = new Composition(survey.identities, writer);
    const files: FileReport[] = [];
    for (const [place, source] of found.entries()) {
      options.progress(`Writing ${source.file}, ${place + 1} of ${found.length}`);
      files.push(await composition.read(source, options));
    }
    await composition.end();
    return await writer.finish({ builtAt: options.builtAt, licencesAccepted: options.acceptLicence, files, skipped });
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
