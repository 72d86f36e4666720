/** Codes and units of what is measured: LOINC by its check digit, mass and amount of substance by the molar mass. */
import { describe, expect, it } from '@jest/globals';
import { isLoincCode, OBSERVATION_CODES, observationCode } from '../../src/patients/observationCodes.ts';
import { convertUnit } from '../../src/patients/units.ts';

describe('codes', () => {
  it('of LOINC all have their check digit, and no other digit passes', () => {
    const codes = OBSERVATION_CODES.filter(({ system }) => system === 'LOINC').map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter((code) => !isLoincCode(code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of ['8867-9', '8867', '-4', '8867-', '12345678-1', 'target-inr', '']) expect(isLoincCode(code)).toBe(false);
  });
});

describe('units', () => {
  it.each([
    ['2160-0', 90, 'umol/L', 1.018],
    ['2093-3', 5, 'mmol/L', 193.3],
    ['2345-7', 5.8, 'mmol/L', 104.5],
    ['1975-2', 20, 'umol/L', 1.169],
    ['3094-0', 7, 'mmol/L', 19.61],
    ['2524-7', 18, 'mg/dL', 1.998],
    ['17861-6', 2.4, 'mmol/L', 9.619],
    ['8310-5', 101.3, '[degF]', 38.5],
  ])('%s: %d %s is %d in the unit that is kept', async (code, value, unit, expected) => {
    const entry = observationCode(code);
    expect(await convertUnit(value, unit, entry?.unit ?? '', entry?.molarMass)).toBeCloseTo(expected, expected > 100 ? 1 : 3);
  });

  it('of mass and of substance do not convert where no molar mass is known', async () => {
    expect(await convertUnit(5, 'mmol/L', 'mg/dL')).toBeNull();
  });
});
