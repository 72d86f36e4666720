// Draws the synthetic background rows of a model from what its card says of each input (`typical`), independently and with a
// fixed seed, and writes their number and digest back into the card. Run after changing a card:
//   node scripts/syntheticBackground.mjs MODEL [ROWS]
// A card with an equation gets the equation's digest as well. Build first.
import { randomNumbers } from '../dist/prediction/randomNumbers.js';
import { normalNumbers, readCard, writeBackground } from './background.mjs';

const [model, count = '100'] = process.argv.slice(2);
const card = readCard(model);

const random = randomNumbers(20090219);
const normal = normalNumbers(random);

function draw({ typical = {}, min = -Infinity, max = Infinity }) {
  if (typical.shares) {
    let left = random();
    for (const [level, share] of Object.entries(typical.shares)) {
      left -= share;
      if (left < 0) return level;
    }
    return Object.keys(typical.shares).at(-1);
  }
  if (typical.mean === undefined) return '';
  const value = typical.mean + (typical.sd ? typical.sd * normal() : 0);
  return Math.min(max, Math.max(min, value)).toFixed(typical.decimals ?? 0);
}

const rows = Array.from({ length: Number(count) }, () => card.inputs.map(draw).join(','));
const text = `${[card.inputs.map(({ name }) => name).join(','), ...rows].join('\n')}\n`;
writeBackground(model, text, rows.length);
