/** Gauss-Legendre points and weights on 0..1: `points` of them integrate polynomials up to degree 2 points - 1 exactly. */
export interface Quadrature {
  readonly point: Float64Array;
  readonly weight: Float64Array;
}

/** Legendre polynomial of a degree at x, and its derivative. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let before = 1;
  let value = x;
  for (let n = 2; n <= degree; n += 1) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n];
  if (degree === 0) return { value: 1, slope: 0 };
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}

const known = new Map<number, Quadrature>();

/** Roots by Newton's method from Tricomi's approximation; cached. */
export function gaussLegendre(points: number): Quadrature {
  const found = known.get(points);
  if (found) return found;
  const point = new Float64Array(points);
  const weight = new Float64Array(points);
  for (let index = 0; index < points; index += 1) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (points + 0.5));
    for (let round = 0; round < 100; round += 1) {
      const { value, slope } = legendre(points, x);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    const { slope } = legendre(points, x);
    point[index] = (1 - x) / 2;
    weight[index] = 1 / ((1 - x * x) * slope * slope);
  }
  known.set(points, { point, weight });
  return { point, weight };
}
