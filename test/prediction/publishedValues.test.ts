/** Worked values of the publishers' own tools, where the folder that holds them lies beside the project. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRows } from '../../src/prediction/rows.ts';
import { file } from '../cli/files.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';

const DATA = '../shared/data';

type Cells = Readonly<Record<string, string>>;
interface Line {
  readonly value: number;
  readonly components: Readonly<Record<string, number>>;
}

async function table(file: string): Promise<Cells[]> {
  const rows: Cells[] = [];
  let header: readonly string[] = [];
  const lines = readRows(join(DATA, file), ['id', 'preventr_id', 'cr', 'ID'], (report) => {
    header = report.header;
  });
  for await (const batch of lines)
    for (const { cells } of batch) rows.push(Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
  return rows;
}

const predicted = async (model: string, file: string) =>
  jsonLines<Line>(await avicenna(['predict', model, '--rows', join(DATA, file), '--json']));

(existsSync(DATA) ? describe : describe.skip)('published values', () => {
  it('PREVENT: every risk of the base, HbA1c and albumin models, at 3 decimals', async () => {
    const lines = await predicted('prevent', 'prevent-pce/prevent_inputs.csv');
    const people = await table('prevent-pce/prevent_inputs.csv');
    const byId = new Map(people.map(({ id }, index) => [id, lines[index]]));
    const wrong: string[] = [];
    let compared = 0;
    for (const row of await table('prevent-pce/prevent_expected.csv')) {
      if (row['model'] === 'full') continue;
      for (const outcome of ['total_cvd', 'ascvd', 'heart_failure', 'chd', 'stroke']) {
        const name = `${row['model']}_${row['over_years']}_${outcome}`;
        compared += 1;
        if (byId.get(row['preventr_id'])?.components[name] !== Number(row[outcome])) wrong.push(`${row['preventr_id']} ${name}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(1000);
  });

  it('PREDICT: every figure within 1e-6', async () => {
    const lines = await predicted('predict-breast', 'predict-breast/predict_v32_inputs.csv');
    for (const [index, { id: _id, ...figures }] of (await table('predict-breast/predict_v32_expected.csv')).entries()) {
      for (const [name, figure] of Object.entries(figures)) {
        expect(Math.abs((lines[index]?.components[name] ?? Number.NaN) - Number(figure))).toBeLessThan(1e-6);
      }
    }
  });

  it('CKD-EPI 2021: every eGFR as a whole number', async () => {
    const lines = await predicted('ckd-epi-2021', 'prevent-pce/ckdepi2021_expected.csv');
    const expected = await table('prevent-pce/ckdepi2021_expected.csv');
    expect(lines.map(({ value }) => value)).toEqual(expected.map(({ egfr }) => Number(egfr)));
  });

  it("vancomycin: NONMEM's PRED and IPRED within 1 %, from one level to all five", async () => {
    const events = await table('vanco-map/nm_vanco.csv');
    const expected = await table('vanco-map/proseval_nonmem_vanco_thomson.csv');
    for (let known = 1; known <= 5; known += 1) {
      const truth = expected.filter((row) => Number(row['OBS']) === known);
      // The file says by EVID 2 which levels are kept back.
      const rows = events.map((row, index) => ({ ...row, EVID: String(Number(truth[index]?.['EVID'])) }));
      const header = Object.keys(rows[0] ?? {});
      const text = [header.join(','), ...rows.map((row: Cells) => header.map((name) => row[name]).join(','))].join('\n');
      const lines = jsonLines<Line>(await avicenna(['predict', 'vancomycin-auc', '--rows', file('levels.csv', `${text}\n`), '--json']));
      for (const [index, { PRED, IPRED }] of truth.entries()) {
        if (Number(PRED) === 0) continue;
        expect(Math.abs((lines[index]?.components['pred'] ?? 0) / Number(PRED) - 1)).toBeLessThan(0.01);
        expect(Math.abs((lines[index]?.components['ipred'] ?? 0) / Number(IPRED) - 1)).toBeLessThan(0.01);
      }
    }
  });
});
