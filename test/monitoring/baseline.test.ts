import { describe, expect, it } from '@jest/globals';
import { baselinesOf } from '../../src/monitoring/baseline.ts';
import type { Observation } from '../../src/patients/record.ts';

const DAY_MS = 86_400_000;

/** Measurements eight hours apart, the last one last. */
function series(values: readonly number[], code = '8867-4'): Observation[] {
  return values.map((value, index) => {
    const observedAt = new Date(Date.parse('2026-03-01T00:00:00.000Z') + (index * DAY_MS) / 3).toISOString();
    const about = { system: 'LOINC', label: 'Heart rate', text: null, unit: '/min', device: null, flag: null };
    return { ...about, id: `${code}-${index}`, code, value, observedAt, recordedAt: observedAt };
  });
}

const USUAL = [60, 62, 58, 61, 59, 63, 57, 60, 64, 56];

describe("a patient's own baseline", () => {
  it('is the median with three scaled median absolute deviations around it', () => {
    const [found] = baselinesOf(series([...USUAL, 66]));
    // Deviations from 60: 0 2 2 1 1 3 3 0 4 4, their median 2.
    expect(found).toMatchObject({ count: 10, days: 4, median: 60, verdict: 'USUAL', needs: null });
    expect(found?.low).toBeCloseTo(60 - 3 * 1.4826 * 2, 10);
    expect(found?.high).toBeCloseTo(60 + 3 * 1.4826 * 2, 10);
    expect(found?.deviations).toBeCloseTo(6 / (1.4826 * 2), 10);
  });

  it.each([
    [69, 'ABOVE'],
    [68, 'USUAL'],
    [52, 'USUAL'],
    [51, 'BELOW'],
  ])('finds a last measurement of %d %s', (last, verdict) => {
    expect(baselinesOf(series([...USUAL, last]))[0]?.verdict).toBe(verdict);
  });

  it('is not moved by a few outliers, and not by the measurement that is held against it', () => {
    const [calm] = baselinesOf(series([...USUAL, 60]));
    const [wild] = baselinesOf(series([...USUAL, 180, 20, 60]));
    expect([wild?.median, wild?.verdict]).toEqual([calm?.median, 'USUAL']);
    expect(baselinesOf(series([...USUAL, 300]))[0]?.median).toBe(60);
  });

  it('is not told from too few measurements, of too few days, or of which most are the same', () => {
    const told = (values: readonly number[]) => {
      const [{ verdict, median, needs } = { verdict: null, median: null, needs: null }] = baselinesOf(series(values));
      return [verdict, median, needs];
    };
    expect(told(USUAL)).toEqual(['CANNOT_TELL', null, '10 earlier measurements on 3 days; there are 9 on 3']);
    expect(told([70])).toEqual(['CANNOT_TELL', null, '10 earlier measurements on 3 days; there are 0 on 0']);
    const oneDay = series([...USUAL, 90]).map((one, minute) => ({ ...one, observedAt: `2026-03-01T10:${10 + minute}:00.000Z` }));
    expect(baselinesOf(oneDay)[0]).toMatchObject({ verdict: 'CANNOT_TELL', needs: '10 earlier measurements on 3 days; there are 10 on 1' });
    expect(told([...Array.from({ length: 12 }, () => 60), 61])).toEqual(['CANNOT_TELL', 60, 'measurements that differ: most are the same']);
  });

  it('is one for each code that has numbers', () => {
    const words = series([1, 2], 'words').map((one) => ({ ...one, value: null, text: 'alert' }));
    const all = [...series(USUAL, 'b'), ...series([...USUAL, 60], 'a'), ...words];
    expect(baselinesOf(all).map(({ code }) => code)).toEqual(['a', 'b']);
    expect(baselinesOf(all, ['b']).map(({ code }) => code)).toEqual(['b']);
    expect(baselinesOf([])).toEqual([]);
  });
});
