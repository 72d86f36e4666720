import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};

const open = (clinical: object) => ({ status: 'open', treatment_list: { step: [{ step_code: 'S', match: [{ clinical }] }] } });
const trials = file('trials.json', {
  adults: open({ age_numerical: '>=18' }),
  broken: open({ shoe_size: '>40' }),
  burden: open({ tmb_numerical: '>=10' }),
});
const patients = file('patients.json', [
  { _id: 'b', SAMPLE_ID: 's2', BIRTH_DATE: '1990-01-01', TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE: 12 },
  { _id: 'a', SAMPLE_ID: 's1', BIRTH_DATE: '2000-01-01' },
  { _id: 'c', SAMPLE_ID: 's3', BIRTH_DATE: '2020-01-01' },
]);
const findings = file('findings.json.gz', [{ CLINICAL_ID: 'a', VARIANT_CATEGORY: 'CNV' }]);
const files = ['--trials', trials, '--patients', patients, '--findings', findings, '--as-of', '2026-01-01'];

interface Line {
  readonly trial?: string;
  readonly status?: string;
  readonly clauses?: readonly object[];
  readonly error?: { readonly code: string; readonly at: string };
}

describe('trials match', () => {
  it('answers a line for each trial in the order of the file, and goes on after one that cannot be read', async () => {
    const ran = await avicenna(['trials', 'match', ...files, '--json']);
    expect(ran.code).toBe(1);
    expect(jsonLines<Line>(ran)).toEqual([
      { trial: 'adults', status: 'open', clauses: [{ level: 'step', code: 'S', suspended: false, samples: ['s1', 's2'] }] },
      {
        error: expect.objectContaining({
          code: 'BAD_USER_INPUT',
          at: expect.stringContaining('broken treatment_list.step[0].match[0].clinical.shoe_size'),
        }),
      },
      { trial: 'burden', status: 'open', clauses: [{ level: 'step', code: 'S', suspended: false, samples: ['s2'] }] },
    ]);
  });

  it('says in words of whom it cannot be told, and what would settle it', async () => {
    const { stdout } = await avicenna(['trials', 'match', ...files]);
    expect(stdout).toContain(
      'burden (open)\n  step S: 1 meet it: s2\n    of 2 it cannot be told without TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE\n',
    );
  });

  it('gives the verdict of each criterion where it is asked for', async () => {
    const ran = await avicenna(['trials', 'match', ...files, '--reasons', '--json']);
    const burden = jsonLines<Line>(ran)[2];
    expect(burden?.clauses?.[0]).toMatchObject({
      reasons: [
        { sample: 's2', verdict: 'MET', criteria: [{ verdict: 'MET', missing: null, assumed: null }] },
        { sample: 's1', verdict: 'UNKNOWN', criteria: [{ missing: 'TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE' }] },
        { sample: 's3', verdict: 'UNKNOWN' },
      ],
    });
  });

  it.each([
    ['--as-of', ['--as-of', '2026-02-30'], '--as-of'],
    ['trials that are no JSON', ['--trials', file('none.json', 'hello')], 'none.json'],
    ['a file that is not there', ['--patients', join(folder, 'nowhere.json')], 'nowhere.json'],
    ['a patient without a sample', ['--patients', file('bare.json', [{ _id: 'x' }])], 'bare.json [0]'],
    ['a finding of nobody', ['--findings', file('nobody.json', [{}])], 'nobody.json [0]'],
    ['a mapping that is none', ['--oncotree', file('mapping.json', { Lung: 'all' })], 'mapping.json Lung'],
  ])('refuses %s with the place', async (_what, more, at) => {
    const ran = await avicenna(['trials', 'match', ...files, ...more, '--json']);
    expect([ran.code, jsonLines<Line>(ran)[0]?.error?.at]).toEqual([1, expect.stringContaining(at)]);
  });
});
