// Draws the synthetic background rows of a model from what its card says of each input (`typical`), independently and with a
// fixed seed, and writes their number and digest back into the card. Run after changing a card:
//   node scripts/syntheticBackground.mjs MODEL [ROWS]
// A card with an equation gets the equation's digest as well. Build first.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { randomNumbers } from '../dist/prediction/randomNumbers.js';

const [model, count = '100'] = process.argv.slice(2);
const folder = new URL(`../models/${model}/`, import.meta.url);
const cardFile = new URL('card.json', folder);
const card = JSON.parse(readFileSync(cardFile, 'utf8'));

const random = randomNumbers(20090219);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

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
writeFileSync(new URL(card.background.file, folder), text);
card.background.sha256 = createHash('sha256').update(text).digest('hex');
card.background.rows = rows.length;

const { equation } = card.artifact;
if (equation) {
  const { EQUATIONS } = await import('../dist/prediction/equations/catalogue.js');
  const { equationDigest } = await import('../dist/prediction/equations/equation.js');
  card.artifact.sha256 = equationDigest(EQUATIONS.find(({ name }) => name === equation));
}
writeFileSync(cardFile, `${JSON.stringify(card, null, 2)}\n`);
