import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { avicenna, jsonLines, piped } from '../support/commandLine.ts';
import { COLUMNS, file, gzip, table } from './files.ts';

interface Line {
  readonly status?: string;
  readonly value?: number | null;
  readonly abstainReason?: string | null;
  readonly error?: { readonly code: string; readonly message: string; readonly at: string };
}

const predict = (path: string) => avicenna(['predict', 'warfarin-dose', '--rows', path, '--json']);
const card = JSON.parse(readFileSync('models/warfarin-dose/card.json', 'utf8')) as { artifact: { sha256: string } };

describe('predict --json', () => {
  it('gives a line with exactly the documented fields', async () => {
    const ran = await predict(file('one.csv', table([{}])));
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const [line, ...more] = jsonLines<{ value: number; interval: { low: number; high: number } }>(ran);
    expect(more).toEqual([]);
    expect(line).toEqual({
      model: 'warfarin-dose',
      digest: card.artifact.sha256,
      value: expect.any(Number),
      unit: 'mg/week',
      category: null,
      interval: { low: expect.any(Number), high: expect.any(Number), coverage: 0.9 },
      components: {},
      status: 'OK',
      abstainReason: null,
    });
    expect((line?.interval.low ?? 0) < (line?.value ?? 0) && (line?.value ?? 0) < (line?.interval.high ?? 0)).toBe(true);
  });

  it.each([
    ['age', '12'],
    ['age', '111'],
    ['age', 'sixty'],
    ['age', '67 years'],
    ['age', 'NaN'],
    ['age', 'Infinity'],
    ['weightKg', '-75'],
    ['heightCm', '1.70'],
    ['sex', 'other'],
    ['race', 'MARTIAN'],
    ['cyp2c9', '*1/*99'],
    ['vkorc1', 'C/T'],
    ['amiodarone', '2'],
    ['indication', '3;9'],
    ['targetInr', '9'],
  ])('abstains where %s is %s, and names it', async (input, cell) => {
    const ran = await predict(file('bad.csv', table([{}, { [input]: cell }, {}])));
    expect(ran.code).toBe(0);
    const lines = jsonLines<Line>(ran);
    expect(lines.map(({ status }) => status)).toEqual(['OK', 'ABSTAINED', 'OK']);
    expect(lines[1]).toMatchObject({ value: null, interval: null, abstainReason: expect.stringContaining(input) });
    expect(lines[0]).toEqual(lines[2]);
  });

  it('answers one line a row in the order of the rows, over several runs of the model', async () => {
    const ages = Array.from({ length: 5000 }, (_, row) => (row % 7 === 3 ? 'x' : String(20 + (row % 80))));
    const lines = jsonLines<Line>(await predict(file('many.csv', table(ages.map((age) => ({ age }))))));
    expect(lines).toHaveLength(ages.length);
    const byAge = new Map<string, number | null | undefined>();
    for (const [row, age] of ages.entries()) {
      const known = byAge.get(age) ?? lines[row]?.value;
      byAge.set(age, known);
      expect([row, lines[row]?.status, lines[row]?.value]).toEqual([row, age === 'x' ? 'ABSTAINED' : 'OK', known]);
    }
    expect(new Set([...byAge.values()]).size).toBeGreaterThan(40);
  });

  it('answers a row with another number of cells with an error line at its place, goes on, and ends with 1', async () => {
    const path = file('cells.csv', `${table([{}])}67,170\n${table([{}]).split('\n')[1]},1,2\n${table([{}]).split('\n')[1]}\n`);
    const ran = await predict(path);
    expect(ran.code).toBe(1);
    const [good, short, long, last] = jsonLines<Line>(ran);
    expect(short).toEqual({ error: { code: 'ROWS_INVALID', message: expect.stringContaining('2 cells'), at: `${path}:3` } });
    expect(long).toEqual({ error: { code: 'ROWS_INVALID', message: expect.stringContaining('19 cells'), at: `${path}:4` } });
    expect(last).toEqual(good);
  });

  it.each([
    ['TSV', 'rows.tsv', table([{}, { age: '80' }], '\t')],
    ['gzip', 'rows.csv.gz', gzip(table([{}, { age: '80' }]))],
    ['TSV in gzip', 'rows.tsv.gz', gzip(table([{}, { age: '80' }], '\t'))],
    ['columns in another order', 'rows.csv', table([{}, { age: '80' }], ',', [...COLUMNS].reverse())],
    ['a byte order mark and Windows lines', 'rows.csv', `\ufeff${table([{}, { age: '80' }]).replaceAll('\n', '\r\n')}`],
    ['no line end at the end', 'rows.csv', table([{}, { age: '80' }]).trimEnd()],
    ['gzip under a name that does not say so', 'rows.csv', gzip(table([{}, { age: '80' }]))],
  ])('reads the same from %s', async (_what, name, content) => {
    const expected = await predict(file('plain.csv', table([{}, { age: '80' }])));
    const ran = await predict(file(name, content));
    expect([ran.code, ran.stdout]).toEqual([0, expected.stdout]);
  });

  it('reads a pipe as it reads a file', async () => {
    const path = file('plain.csv', table([{}, { age: '80' }]));
    expect(await piped(path, ['predict', 'warfarin-dose', '--rows', '/dev/stdin', '--json'])).toBe((await predict(path)).stdout);
  });

  it('says on stderr, and there only, which columns it does not take and which it misses', async () => {
    const columns = [...COLUMNS.filter((name) => name !== 'smoker'), 'shoeSize'];
    const ran = await predict(file('columns.csv', table([{ shoeSize: '43' }], ',', columns)));
    const expected = await predict(file('plain.csv', table([{}])));
    expect([ran.code, ran.stdout]).toEqual([0, expected.stdout]);
    expect(ran.stderr).toMatch(/shoeSize/);
    expect(ran.stderr).toMatch(/smoker/);
  });

  it.each([
    ['none of the columns', 'a,b\n1,2\n'],
    ['a column twice', table([{}]).replace('heightCm', 'age')],
    ['nothing', ''],
  ])('refuses a table with %s by one located error line', async (_what, content) => {
    const path = file('wrong.csv', content);
    const ran = await predict(path);
    expect([ran.code, jsonLines<Line>(ran)]).toEqual([
      1,
      [{ error: { code: 'ROWS_INVALID', message: expect.any(String), at: `${path}:1` } }],
    ]);
  });

  it('ends with a located error where a packed file ends early, and says nothing wrong before it', async () => {
    // Noise that does not pack, so that whole rows come out before the end.
    const rows = Array.from({ length: 400 }, (_, row) => ({
      age: String(20 + ((row * 37) % 80)),
      weightKg: String(40 + ((row * 7919) % 1000) / 10),
    }));
    const packed = gzip(table(rows));
    const path = file('cut.csv.gz', packed.subarray(0, Math.floor(packed.length / 2)));
    const whole = jsonLines<Line>(await predict(file('whole.csv', table(rows))));
    const ran = await predict(path);
    const lines = jsonLines<Line>(ran);
    const refusal = { code: 'ROWS_INVALID', message: expect.any(String), at: expect.stringContaining(path) };
    expect([ran.code, lines.at(-1)]).toEqual([1, { error: refusal }]);
    expect(lines.slice(0, -1)).toEqual(whole.slice(0, lines.length - 1));
  });

  it('names the models there are where one is not', async () => {
    const ran = await avicenna(['predict', 'nosuch', '--rows', file('one.csv', table([{}])), '--json']);
    expect([ran.code, jsonLines<Line>(ran)]).toEqual([
      1,
      [{ error: { code: 'MODEL_UNKNOWN', message: expect.stringContaining('warfarin-dose'), at: expect.anything() } }],
    ]);
  });
});
