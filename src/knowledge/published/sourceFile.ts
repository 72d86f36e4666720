/** One file of a publisher, read row by row: plain or gzip, tab or comma separated, or the JSON tree of OncoTree. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { AvicennaError } from '../../errors.ts';
import { unpacked } from '../../genotypes/unpacked.ts';
import { RecordError, tableRecords } from '../../tableRecords.ts';
import { PublishedRow, type Reader } from './reader.ts';
import { readerOf } from './readers/catalogue.ts';
import { isOncotree, ONCOTREE_PLACES, oncotree, oncotreeRows } from './readers/oncotree.ts';

export interface SourceFile {
  readonly path: string;
  readonly reader: Reader;
  readonly delimiter: string;
}

const HEAD_BYTES = 64 * 1024;
/** A tree of tumour types is less than 1 MB; larger JSON is none. */
const MAX_JSON = 16 * 1024 * 1024;

/** The text up to about `limit` bytes, and whether that is all of it. */
async function textOf(path: string, limit: number): Promise<{ readonly text: string; readonly whole: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  const stream = await unpacked(path);
  for await (const part of stream as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > limit) break;
  }
  stream.destroy();
  return { text: Buffer.concat(parts).toString('utf8'), whole: size <= limit };
}

const cellsOf = (line: string, delimiter: string) =>
  line
    .replace(/^\uFEFF/, '')
    .replace(/\r$/, '')
    .split(delimiter)
    .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/** Who reads the file; null where no reader knows its header. Throws FILE_UNREADABLE. */
export async function recognise(path: string): Promise<SourceFile | null> {
  try {
    const { text: head } = await textOf(path, HEAD_BYTES);
    if (head.trimStart().startsWith('{')) return isOncotree(await documentOf(path)) ? { path, reader: oncotree, delimiter: '' } : null;
    const line = head.slice(0, head.indexOf('\n') < 0 ? undefined : head.indexOf('\n'));
    for (const delimiter of ['\t', ',']) {
      const reader = readerOf(cellsOf(line, delimiter), basename(path));
      if (reader) return { path, reader, delimiter };
    }
    return null;
  } catch (error) {
    throw new AvicennaError('FILE_UNREADABLE', `The file cannot be read: ${(error as Error).message}`, path);
  }
}

/** The file as a JSON document; null where it is none, or too large to be one that is read. */
async function documentOf(path: string): Promise<unknown> {
  const { text, whole } = await textOf(path, MAX_JSON);
  try {
    return whole ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

export interface RowOrFault {
  readonly row?: PublishedRow;
  readonly fault?: AvicennaError;
}

async function* treeRows(path: string): AsyncGenerator<RowOrFault> {
  const document = await documentOf(path);
  if (!isOncotree(document)) throw new AvicennaError('FILE_UNREADABLE', 'The file is no longer the tree that it was.', path);
  for (const { at, cells } of oncotreeRows(document, path)) yield { row: new PublishedRow(at, ONCOTREE_PLACES, cells) };
}

async function* tableRows(path: string, delimiter: string): AsyncGenerator<RowOrFault> {
  let header: Header | undefined;
  for await (const batch of tableRecords(await unpacked(path), delimiter))
    for (const { line, cells } of batch) {
      if (!header) header = { places: new Map(cells.map((column, place) => [column.trim(), place])), width: cells.length };
      else if (cells.length > 1 || cells[0] !== '') yield checkedRow(`${path}:${line}`, header, cells);
    }
}

/** Every row, and in the place of one that is not of the header's length what is wrong with it. */
export async function* rowsOf({ path, delimiter }: SourceFile): AsyncGenerator<RowOrFault> {
  try {
    yield* delimiter === '' ? treeRows(path) : tableRows(path, delimiter);
  } catch (error) {
    if (error instanceof RecordError) yield { fault: new AvicennaError('TABLE_INVALID', error.message, `${path}:${error.line}`) };
    else if (error instanceof AvicennaError) throw error;
    else throw new AvicennaError('FILE_UNREADABLE', `The file cannot be read to its end: ${(error as Error).message}`, path);
  }
}

interface Header {
  readonly places: ReadonlyMap<string, number>;
  readonly width: number;
}

function checkedRow(at: string, { places, width }: Header, cells: readonly string[]): RowOrFault {
  if (cells.length !== width)
    return { fault: new AvicennaError('TABLE_INVALID', `${cells.length} cells where the header has ${width}.`, at) };
  return { row: new PublishedRow(at, places, cells) };
}

/** SHA-256 of the file as it lies. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path) as AsyncIterable<Buffer>) hash.update(part);
  return hash.digest('hex');
}
