/** In which band a number lies, each from its lower bound on, in words. */
export function bandText(value: number, bands: readonly number[]): string {
  const index = bands.findLastIndex((from) => value >= from);
  const [from, to] = [bands[index], bands[index + 1]];
  if (from === undefined) return `under ${bands[0]}`;
  return to === undefined ? `${from} and over` : `${from} to under ${to}`;
}
