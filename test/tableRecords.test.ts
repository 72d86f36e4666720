import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { type TableRecord, tableRecords } from '../src/tableRecords.ts';

/** As a file is read: in pieces of some bytes. */
function pieces(text: string, size: number): Readable {
  const bytes = Buffer.from(text);
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
    { objectMode: false },
  );
}

async function read(text: string, size = 7): Promise<TableRecord[]> {
  const all: TableRecord[] = [];
  for await (const batch of tableRecords(pieces(text, size), ',')) all.push(...batch);
  return all;
}

const cellsOf = (records: readonly TableRecord[]) => records.map(({ cells }) => cells);
const linesOf = (records: readonly TableRecord[]) => records.map(({ line }) => line);

describe('records of a table', () => {
  it.each([1, 2, 7, 1000])(
    'are the same in pieces of %d bytes, with a byte order mark, line ends of both kinds, no last one',
    async (size) => {
      const records = await read('\ufeffa,b\r\n1,é\n\n,\r\n3,4', size);
      expect(cellsOf(records)).toEqual([['a', 'b'], ['1', 'é'], [''], ['', ''], ['3', '4']]);
      expect(linesOf(records)).toEqual([1, 2, 3, 4, 5]);
    },
  );

  it.each([3, 7, 1000])(
    'go on by the rules of quotation from the first mark, in pieces of %d bytes, and keep count of lines',
    async (size) => {
      const records = await read('a,b\n1,2\n"3, or\n4","say ""five"""\n6,7\n', size);
      expect(cellsOf(records)).toEqual([
        ['a', 'b'],
        ['1', '2'],
        ['3, or\n4', 'say "five"'],
        ['6', '7'],
      ]);
      expect(linesOf(records)).toEqual([1, 2, 4, 5]);
    },
  );

  it('are found between the line ends of old computers', async () => {
    expect(cellsOf(await read('a,b\r1,2\r3,4'))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('keep a mark that stands in the middle of a cell', async () => {
    expect(cellsOf(await read('a,b\n1,5"8\n3,4 "x"\n5,6\n', 7))).toEqual([
      ['a', 'b'],
      ['1', '5"8'],
      ['3', '4 "x"'],
      ['5', '6'],
    ]);
  });

  it('name the line where a mark is not closed, after the records before it', async () => {
    const seen: TableRecord[] = [];
    const reading = (async () => {
      for await (const batch of tableRecords(pieces('a,b\n1,2\n3,"4\n', 7), ',')) seen.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'RecordError', line: expect.any(Number) });
    expect(cellsOf(seen)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('end at one without an end', async () => {
    await expect(read(`a,b\n${'1'.repeat(1_100_000)}`, 65_536)).rejects.toMatchObject({ name: 'RecordError', line: 2 });
  });
});
