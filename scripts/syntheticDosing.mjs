// Draws the background of models/vancomycin-auc from its own population model: adults whom nobody is, with doses, levels and
// kidney function, by a fixed seed. Writes its digest and the equation's into the card. Run after changing either:
//   node scripts/syntheticDosing.mjs [PATIENTS]
// Build first.
import { THOMSON } from '../dist/prediction/equations/thomson2009.js';
import { courseOf } from '../dist/prediction/histories/dosing.js';
import { randomNumbers } from '../dist/prediction/randomNumbers.js';
import { normalNumbers, writeBackground } from './background.mjs';

const patients = Number(process.argv[2] ?? 40);
const random = randomNumbers(20090101);
const normal = normalNumbers(random);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** One draw of the logarithmic deviations: clearance and central volume are correlated. */
function etas() {
  const { omega } = THOMSON;
  const first = Math.sqrt(omega[0][0]);
  const across = omega[1][0] / first;
  const [a, b] = [normal(), normal()];
  return [
    first * a,
    across * a + Math.sqrt(omega[1][1] - across ** 2) * b,
    Math.sqrt(omega[2][2]) * normal(),
    Math.sqrt(omega[3][3]) * normal(),
  ];
}

function rowsOf(id) {
  const weight = Number(clamp(78 + 16 * normal(), 42, 140).toFixed(1));
  const creatinineClearance = Number(clamp(4.3 + 1.7 * normal(), 0.9, 9).toFixed(2));
  const covariates = { weight, creatinineClearance, dialysisClearance: 0 };
  const interval = [8, 12, 12, 24][Math.floor(random() * 4)];
  const amount = 250 * Math.round((weight * 15) / 250);
  const event = (time, kind, more = {}) => ({ time, kind, amount: 0, rate: 0, level: Number.NaN, reset: false, covariates, ...more });
  const doses = [0, 1, 2, 3].map((count) => event(count * interval, 'dose', { amount, rate: amount / 2 }));
  const levels = [event(2 * interval - 0.5, 'level'), event(3 * interval + 4, 'level')];
  const records = [...doses, ...levels].sort((a, b) => a.time - b.time);
  const { concentrations } = courseOf(records, etas());
  return records.map(({ time, kind, amount: given, rate }, index) => {
    const concentration = concentrations[index];
    const level = concentration * (1 + THOMSON.proportionalError * normal()) + (THOMSON.additiveError / 2) * normal();
    const measured = kind === 'level' ? clamp(level, 0.5, 120).toFixed(1) : '0';
    const codes = kind === 'dose' ? [given, 1, 1, rate] : [0, 0, 0, 0];
    return [`s${String(id).padStart(3, '0')}`, time, 1, measured, ...codes, weight, creatinineClearance, 0, ''].join(',');
  });
}

const header = 'ID,TIME,CMT,DV,AMT,EVID,MDV,RATE,WT,CRCL,CL_HEMO,targetAuc';
const text = `${[header, ...Array.from({ length: patients }, (_, id) => rowsOf(id + 1)).flat()].join('\n')}\n`;
writeBackground('vancomycin-auc', text, patients);
