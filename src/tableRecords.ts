/**
 * The records of a CSV or TSV text, in batches. Up to the first quotation mark a record is a line and its cells stand between
 * delimiters, which costs a third of what a parser costs; from there on csv-parse reads.
 */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';

export interface TableRecord {
  /** Line of the text that it ends on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What csv-parse refuses, with the line. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const MAX_RECORD = 1_000_000;
const BATCH = 512;
const BYTE_ORDER_MARK = '\ufeff';

/** Whether lines and delimiters alone do not divide it: a quoted cell, or lines that end otherwise. */
const needsParser = (text: string) => text.includes('"') || /\r(?!\n)/.test(text);

async function* chunksFrom(text: string, chunks: AsyncIterator<string>): AsyncGenerator<string> {
  yield text;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* parsed(text: AsyncIterable<string>, delimiter: string, linesBefore: number): AsyncGenerator<TableRecord[]> {
  const parser = parse({ delimiter, bom: true, relax_column_count: true, relax_quotes: true, info: true, max_record_size: MAX_RECORD });
  const source = Readable.from(text);
  source.on('error', (error: Error) => parser.destroy(error));
  source.pipe(parser);
  let batch: TableRecord[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      batch.push({ line: linesBefore + info.lines, cells: record });
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield batch;
    throw new RecordError(error.message.split('\n')[0] ?? 'The table cannot be read.', linesBefore + Number(error['lines'] ?? 1));
  }
  yield batch;
}

/** The whole lines of a text, cell by cell. */
function divided(lines: string, delimiter: string, linesBefore: number): TableRecord[] {
  return lines.split('\n').map((line, index) => ({
    line: linesBefore + index + 1,
    cells: (line.endsWith('\r') ? line.slice(0, -1) : line).split(delimiter),
  }));
}

async function* records(text: Readable, delimiter: string): AsyncGenerator<readonly TableRecord[]> {
  const chunks = text.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  let rest = '';
  let lines = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const all = rest + (lines === 0 && rest === '' && next.value.startsWith(BYTE_ORDER_MARK) ? next.value.slice(1) : next.value);
    const end = all.lastIndexOf('\n');
    if (needsParser(all.slice(0, end + 1)) || all.length - end > MAX_RECORD)
      return yield* parsed(chunksFrom(all, chunks), delimiter, lines);
    rest = all.slice(end + 1);
    if (end < 0) continue;
    const records = divided(all.slice(0, end), delimiter, lines);
    lines += records.length;
    yield records;
  }
  if (needsParser(rest)) yield* parsed(chunksFrom(rest, chunks), delimiter, lines);
  else if (rest !== '') yield divided(rest, delimiter, lines);
}

/**
 * An empty line is a record of one empty cell.
 * @throws RecordError where quotation marks do not fit or a record is too long
 */
export async function* tableRecords(text: Readable, delimiter: string): AsyncGenerator<readonly TableRecord[]> {
  try {
    yield* records(text, delimiter);
  } finally {
    // Whoever stops early, or refuses, leaves no file open.
    text.destroy();
  }
}
