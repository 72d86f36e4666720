/** Ages in bands, for whoever may not know more. */

const WIDTH = 10;
/** Ages over 89 are one (45 CFR 164.514(b)(2)(i)(C)). */
export const AGE_BANDS = ['0-9', '10-19', '20-29', '30-39', '40-49', '50-59', '60-69', '70-79', '80-89', '90+'] as const;
const OLDEST = AGE_BANDS.length - 1;

/** Place in AGE_BANDS. By the year of birth alone, so that asking on two days does not tell a birthday; somebody who turns 90 this year is 90+. */
export function ageBandOf(birthDate: string, year: number): number {
  return Math.min(OLDEST, Math.max(0, Math.floor((year - Number(birthDate.slice(0, 4))) / WIDTH)));
}

/** The band of several bands that has the place: `20-39` of two, `80+` where it is the last. */
export function widerBand(place: number, bands: number): string {
  const first = Math.floor(place / bands) * bands;
  const last = first + bands - 1;
  return last >= OLDEST ? `${first * WIDTH}+` : `${first * WIDTH}-${(last + 1) * WIDTH - 1}`;
}
