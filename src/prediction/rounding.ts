/** To a number of decimals, half upwards; the sliver keeps 36.05 from being the 36.049999 that it is in binary. */
export function roundHalfUp(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale + 1e-9) / scale;
}
