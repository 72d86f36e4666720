import { describe, expect, it } from '@jest/globals';
import { avicenna, jsonLines } from '../support/commandLine.ts';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly at: string };
}

interface Recommended {
  readonly recommendations: readonly {
    readonly drug: string;
    readonly action: string;
    readonly lookup: Readonly<Record<string, string>>;
  }[];
}

describe('phenotype', () => {
  it('answers gene and diplotype given as arguments', async () => {
    const ran = await avicenna(['phenotype', 'CYP2C9', '*3/*1', '--json']);
    expect([ran.code, jsonLines(ran)]).toEqual([
      0,
      [{ gene: 'CYP2C9', diplotype: '*1/*3', phenotype: 'Intermediate Metabolizer', activityScore: '1.0', lookupKey: '1.0' }],
    ]);
  });

  it('answers one line for each line of stdin in order, errors in their place, and ends with 1', async () => {
    const ran = await avicenna(['phenotype', '--json'], {
      input: 'CYP2C9\t*1/*1\n\nNOGENE\t*1/*1\r\nCYP2C9\t*1/*999\nCYP2C9\nCYP2C9\t*2/*3',
    });
    expect(ran.code).toBe(1);
    const [first, gene, allele, none, last, ...more] = jsonLines<Refusal & { diplotype: string }>(ran);
    expect(more).toEqual([]);
    expect([first?.diplotype, last?.diplotype]).toEqual(['*1/*1', '*2/*3']);
    expect([gene, allele, none].map((line) => line?.error.at)).toEqual(['stdin:3', 'stdin:4', 'stdin:5']);
    expect([gene?.error.message, allele?.error.message]).toEqual([expect.stringContaining('NOGENE'), expect.stringContaining('*999')]);
  });

  it('is in words without --json', async () => {
    const ran = await avicenna(['phenotype', 'CYP2C9', '*1/*3']);
    expect([ran.code, ran.stdout]).toEqual([0, 'CYP2C9 *1/*3: Intermediate Metabolizer, activity score 1.0\n']);
  });
});

describe('recommend', () => {
  it('answers one line for each line of stdin in order, errors in their place, and ends with 1', async () => {
    const input = [
      '{"lookup":{"CYP2D6":"0.0"},"drug":"codeine"}',
      'no json',
      '{"lookup":{"CYP2C19":"Poor Metabolizer"}}',
      '{"lookup":{"CYP2D6":"0.0"},"drug":"nosuch"}',
      '{"drug":"codeine"}',
      '[]',
      '{"lookup":{}}',
    ].join('\n');
    const ran = await avicenna(['recommend', '--json'], { input });
    expect(ran.code).toBe(1);
    const lines = jsonLines<Recommended & Refusal>(ran);
    expect(lines.map((line) => ('error' in line ? `${line.error.code} ${line.error.at}` : 'ok'))).toEqual([
      'ok',
      'BAD_USER_INPUT stdin:2',
      'ok',
      'NOT_FOUND stdin:4',
      'BAD_USER_INPUT stdin:5',
      'BAD_USER_INPUT stdin:6',
      'ok',
    ]);
    expect(lines[0]?.recommendations).toMatchObject([{ drug: 'codeine', action: 'AVOID', lookup: { CYP2D6: '0.0' } }]);
    expect(new Set(lines[2]?.recommendations.map(({ drug }) => drug)).size).toBeGreaterThan(1);
    expect(lines[6]?.recommendations).toEqual([]);
  });

  it('takes brand names, and says of a drug without guidance for the key that there is none', async () => {
    const ran = await avicenna(['recommend', '--drug', 'Plavix', '--json'], {
      input: '{"lookup":{"CYP2C19":"Poor Metabolizer"}}\n{"lookup":{"CYP2D6":"0.0"}}\n',
    });
    expect(ran.code).toBe(0);
    const [one, none] = jsonLines<Recommended>(ran);
    expect(new Set(one?.recommendations.map(({ drug }) => drug))).toEqual(new Set(['clopidogrel']));
    expect(none?.recommendations).toEqual([]);
  });

  it('says that no server answers', async () => {
    const ran = await avicenna(['recommend', '--patient', 'X', '--url', 'http://127.0.0.1:1', '--json']);
    expect([ran.code, jsonLines<Refusal>(ran).map(({ error }) => error.code)]).toEqual([1, ['SERVER_UNREACHABLE']]);
  });
});

describe('interactions', () => {
  it('answers one line for each line of stdin in order, with the names that it does not know', async () => {
    const ran = await avicenna(['interactions', '--json'], {
      input: '{"drugs":["Coumadin","amiodarone","nosuch"]}\n{"drugs":[]}\n{"drugs":["metformin"]}\n{"drugs":"warfarin"}\n',
    });
    expect(ran.code).toBe(1);
    const [found, empty, none, wrong] = jsonLines<Refusal & { interactions: { drugs: string[]; severity: string }[]; noMatch: string[] }>(
      ran,
    );
    expect(found).toMatchObject({ interactions: [{ drugs: ['warfarin', 'amiodarone'], severity: 'MAJOR' }], noMatch: ['nosuch'] });
    expect([empty?.error.at, wrong?.error.at]).toEqual(['stdin:2', 'stdin:4']);
    expect(none).toMatchObject({ interactions: [], noMatch: [] });
  });

  it('says in words that none is known', async () => {
    const ran = await avicenna(['interactions'], { input: '{"drugs":["metformin"]}\n' });
    expect([ran.code, ran.stdout]).toEqual([0, 'none known in this release\n']);
  });
});

describe('card', () => {
  it('is the card as JSON, and in words with its uses, its limits and its digest', async () => {
    const json = JSON.parse((await avicenna(['card', 'warfarin-dose', '--format', 'json'])).stdout) as {
      name: string;
      artifact: { sha256: string };
      notFor: string[];
    };
    expect(json.name).toBe('warfarin-dose');
    const words = await avicenna(['card', 'warfarin-dose']);
    expect(words.code).toBe(0);
    for (const text of [json.artifact.sha256, json.notFor[0] ?? '', '## Limits', '| WHITE |']) expect(words.stdout).toContain(text);
  });

  it('ends with 1 for a model that is not there', async () => {
    const ran = await avicenna(['card', 'nosuch']);
    expect([ran.code, ran.signal, ran.stdout]).toEqual([1, null, '']);
    expect(ran.stderr).toContain('warfarin-dose');
  });
});

describe('watch', () => {
  it('ends with SERVER_UNREACHABLE where no server answers', async () => {
    const ran = await avicenna(['watch', '--patient', 'X', '--url', 'http://127.0.0.1:1', '--json'], { withinMs: 15_000 });
    expect([ran.code, jsonLines<Refusal>(ran).map(({ error }) => error.code)]).toEqual([1, ['SERVER_UNREACHABLE']]);
  });
});
