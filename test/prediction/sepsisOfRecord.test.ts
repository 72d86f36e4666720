/** The sepsis models asked of a patient record: a stay in intensive care gives the rows that a table would. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IntensiveStay, stayAfter, type Unit } from '../../src/patients/intensiveStay.ts';
import type { Observation, PatientRecord } from '../../src/patients/record.ts';
import { featuresOf } from '../../src/prediction/features.ts';
import { predictRows } from '../../src/prediction/predict.ts';
import { loadModels, type ModelRegistry, modelNamed } from '../../src/prediction/registry.ts';
import { fullRecord } from '../store/people.ts';

const START = Date.parse('2026-05-01T10:20:00.000Z');
const hour = (count: number, minutes = 5) => new Date(START + (count * 60 + minutes) * 60_000).toISOString();

let ids = 0;
function observed(code: string, value: number | string, observedAt: string): Observation {
  ids += 1;
  const found = { value: typeof value === 'number' ? value : null, text: typeof value === 'string' ? value : null };
  const about = { id: `o${ids}`, code, system: 'LOINC', label: code, unit: null, device: null, flag: null };
  return { ...about, ...found, observedAt, recordedAt: observedAt };
}

const move = (unit: Unit, observedAt: string) => observed('patient-unit', unit, observedAt);

function inCare(observations: readonly Observation[], about: Partial<PatientRecord & IntensiveStay> = {}): PatientRecord {
  const { unit = 'medical intensive care', since = hour(0, 0), hospitalSince = hour(0, 0), ...record } = about;
  const stay = { unit, since, hospitalSince, observations };
  return { ...fullRecord({ id: 'p1', identifier: 'X', birthDate: '1950-01-01', sexAtBirth: 'MALE', race: 'UNKNOWN' }), ...record, stay };
}

/** By hand, not from the source: what each input of the data is recorded as. */
const CODES: Readonly<Record<string, string>> = {
  HR: '8867-4',
  O2Sat: '59408-5',
  Temp: '8310-5',
  SBP: '8480-6',
  MAP: '8478-0',
  DBP: '8462-4',
  Resp: '9279-1',
  BaseExcess: '1925-7',
  HCO3: '1963-8',
  FiO2: '3150-0',
  pH: '2744-1',
  PaCO2: '2019-8',
  AST: '1920-8',
  BUN: '3094-0',
  Alkalinephos: '6768-6',
  Calcium: '17861-6',
  Chloride: '2075-0',
  Creatinine: '2160-0',
  Bilirubin_direct: '1968-7',
  Glucose: '2345-7',
  Lactate: '2524-7',
  Magnesium: '19123-9',
  Phosphate: '2777-1',
  Potassium: '2823-3',
  Bilirubin_total: '1975-2',
  TroponinI: '10839-9',
  Hct: '4544-3',
  Hgb: '718-7',
  PTT: '14979-9',
  WBC: '6690-2',
  Fibrinogen: '3255-7',
  Platelets: '777-3',
};

type Cells = Readonly<Record<string, string>>;
interface Vectors {
  readonly patients: readonly { readonly rows: readonly { readonly input: Cells; readonly value: number }[] }[];
}

/** A made-up patient of the model's vectors as a record with the same measurements. */
function recordOf(rows: readonly { readonly input: Cells }[], at: string): PatientRecord {
  const [first] = rows;
  const cell = (name: string) => first?.input[name] ?? '';
  const from = Number(cell('ICULOS')) - 1;
  const observations = rows.flatMap(({ input }) =>
    Object.entries(input).flatMap(([name, text]) => {
      const code = CODES[name];
      if (!code || text === '') return [];
      const value = name === 'FiO2' ? Number(text) * 100 : Number(text);
      return [observed(code, value, hour(Number(input['ICULOS']) - 1))];
    }),
  );
  const unit =
    cell('Unit1') === '1' ? 'medical intensive care' : cell('Unit2') === '1' ? 'surgical intensive care' : 'other intensive care';
  const year = Number(at.slice(0, 4)) - Number(cell('Age'));
  const hospitalSince = new Date(START + Number(cell('HospAdmTime') || 0) * 3_600_000).toISOString();
  expect(from).toBe(0);
  const sexAtBirth = cell('Gender') === '1' ? 'MALE' : 'FEMALE';
  return inCare(observations, { birthDate: `${year}-01-01`, sexAtBirth, unit, hospitalSince });
}

describe('the sepsis model asked of a record', () => {
  let registry: ModelRegistry;
  beforeAll(async () => {
    registry = await loadModels('models');
  });
  afterAll(() => registry?.close());
  const model = () => modelNamed(registry, 'sepsis-early-warning');
  const { patients } = JSON.parse(readFileSync('models/sepsis-early-warning/vectors.json', 'utf8')) as Vectors;
  const alike = patients.filter(({ rows }) =>
    rows.every(({ input }) => !input['EtCO2'] && !input['SaO2'] && input['Unit1'] !== '' && input['HospAdmTime'] !== ''),
  );

  it('answers as the table of the same hours does, at each hour', async () => {
    expect(alike.length).toBeGreaterThan(0);
    for (const { rows } of alike) {
      if (rows[0]?.input['ICULOS'] !== '1') continue;
      for (const [index, { input, value }] of rows.entries()) {
        const at = hour(Number(input['ICULOS']) - 1, 30);
        const vector = featuresOf(model().card, recordOf(rows.slice(0, index + 1), at), at);
        const [answer] = await predictRows(model(), [vector]);
        expect(answer).toMatchObject({ status: 'OK', value: expect.closeTo(value, 5) });
      }
    }
  });

  it('takes the median of an hour, an hour without a measurement as one in which nothing was measured, and nothing of later', () => {
    const pulse = (value: number, at: string) => observed('8867-4', value, at);
    const several = [pulse(90, hour(0, 1)), pulse(120, hour(0, 20)), pulse(100, hour(0, 50)), pulse(140, hour(3))];
    const one = [pulse(100, hour(0)), pulse(140, hour(3, 50)), pulse(30, hour(4))];
    const at = hour(3, 55);
    const [a, b] = [several, one].map((all) => featuresOf(model().card, inCare(all), at));
    expect(a?.columns).toEqual(b?.columns);
    expect(a?.raw).toMatchObject({ HR: 140, ICULOS: 4, Unit1: '1', Unit2: '0', Age: 76, Gender: '1', O2Sat: null });
    expect(a?.inputs.find(({ feature }) => feature === 'HR')).toMatchObject({ value: '140', observedAt: hour(3) });
    expect(a?.inputs.some(({ value }) => value === 'p1')).toBe(false);
    const later = featuresOf(model().card, inCare(several), hour(9));
    expect(later.raw).toMatchObject({ ICULOS: 10, HR: 140 });
    expect(later.columns).not.toEqual(a?.columns);
  });

  it('abstains for whom no intensive care is recorded, before it began, and beyond the stays that it knows', async () => {
    const record = inCare([observed('8867-4', 80, hour(1))]);
    const asked: [PatientRecord, string, string][] = [
      [{ ...record, stay: null }, hour(2), 'intensive care'],
      [record, hour(-2), 'intensive care'],
      [record, hour(400), 'ICULOS'],
    ];
    for (const [of, at, reason] of asked) {
      const [answer] = await predictRows(model(), [featuresOf(model().card, of, at)]);
      expect(answer).toMatchObject({ status: 'ABSTAINED', reason: expect.stringContaining(reason) });
    }
  });

  it('takes no unit for granted, and a sex that is not recorded as missing', () => {
    const at = hour(1);
    const other = featuresOf(model().card, inCare([], { unit: 'other intensive care', sexAtBirth: 'UNKNOWN' }), at);
    expect(other.problems).toEqual([]);
    expect(other.raw).toMatchObject({ Unit1: null, Unit2: null, Gender: null });
  });
});

describe('a stay in intensive care', () => {
  it('begins with the first of the intensive units without a break, and the time in hospital with the admission', () => {
    expect(stayAfter([])).toBeNull();
    expect(stayAfter([move('other hospital unit', hour(0))])).toBeNull();
    expect(stayAfter([move('medical intensive care', hour(0)), move('not in hospital', hour(1))])).toBeNull();
    const moves = [
      move('surgical intensive care', hour(-99)),
      move('not in hospital', hour(-90)),
      move('other hospital unit', hour(-8)),
      move('medical intensive care', hour(-5)),
      move('other hospital unit', hour(-4)),
      move('surgical intensive care', hour(0)),
      move('medical intensive care', hour(2)),
    ];
    expect(stayAfter(moves)).toEqual({ unit: 'medical intensive care', since: hour(0), hospitalSince: hour(-8) });
  });
});
