/** Vital signs as they are recorded, for the early warning score. */
const CALM = { '9279-1': 16, '2708-6': 97, '3151-8': 0, '8480-6': 120, '8867-4': 75, '8310-5': 37 } as const;
const UNITS = { '9279-1': '/min', '2708-6': '%', '3151-8': 'L/min', '8480-6': 'mm[Hg]', '8867-4': '/min', '8310-5': 'Cel' } as const;

export type VitalSign = keyof typeof CALM;

/** A whole set of vital signs with an early warning score of 0, but for what is changed. */
export function vitalSigns(observedAt: string, changed: Partial<Record<VitalSign, number>> = {}) {
  const numbers = Object.entries({ ...CALM, ...changed }).map(([code, value]) => ({
    code,
    value,
    unit: UNITS[code as VitalSign],
    observedAt,
  }));
  return [...numbers, { code: '67775-7', text: 'alert', observedAt }];
}

/** Changes that add up to a score of 7: respiration 25 (3), pulse 131 (3), temperature 38.1 (1). */
export const SCORE_7 = { '9279-1': 25, '8867-4': 131, '8310-5': 38.1 } as const;
/** Respiration 21 (2), pulse 111 (2), temperature 38.1 (1): 5, none of them 3. */
export const SCORE_5 = { '9279-1': 21, '8867-4': 111, '8310-5': 38.1 } as const;
