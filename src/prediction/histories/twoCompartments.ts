/** Two compartments with infusions into the first, piece by piece in closed form: nothing is integrated numerically. */
import type { Parameters } from '../equations/thomson2009.ts';

/** Amounts in the central and the peripheral compartment, mg, and the area under the concentration so far, mg.h/L. */
export interface State {
  readonly central: number;
  readonly peripheral: number;
  readonly area: number;
}

export const EMPTY: State = { central: 0, peripheral: 0, area: 0 };

/**
 * The state after `hours` at a constant rate of infusion (mg/h): the exponential of the 2 x 2 rate matrix, by its two
 * eigenvalues, about the state that the infusion would settle at. The area follows from what was given and what is left.
 */
export function advance(state: State, { clearance, central, between, peripheral }: Parameters, rate: number, hours: number): State {
  if (hours <= 0) return state;
  const out = clearance / central;
  const there = between / central;
  const back = between / peripheral;
  const sum = out + there + back;
  const root = Math.sqrt(sum * sum - 4 * out * back);
  const [slow, fast] = [(sum - root) / 2, (sum + root) / 2];
  const settled = { central: rate / out, peripheral: (rate / out) * (there / back) };
  const [a, b] = [state.central - settled.central, state.peripheral - settled.peripheral];
  // K (a, b), the matrix of the rates times the distance from the settled state.
  const [ka, kb] = [-(out + there) * a + back * b, there * a - back * b];
  const [es, ef] = [Math.exp(-slow * hours), Math.exp(-fast * hours)];
  const part = (x: number, kx: number) => ((kx + fast * x) * es - (kx + slow * x) * ef) / (fast - slow);
  const next = { central: settled.central + part(a, ka), peripheral: settled.peripheral + part(b, kb) };
  const left = rate * hours - (next.central - state.central) - (next.peripheral - state.peripheral);
  return { ...next, area: state.area + left / clearance };
}
