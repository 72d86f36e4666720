// Draws docs/models/NAME.svg for every model whose card has calibration bands: what it said of people it had not seen, and
// what came to pass. Run after training. Build first.
//   node scripts/calibrationPlots.mjs
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { calibrationSvg } from '../dist/explanation/calibrationPlot.js';

const models = new URL('../models/', import.meta.url);
const docs = new URL('../docs/models/', import.meta.url);
mkdirSync(docs, { recursive: true });
for (const name of readdirSync(models)) {
  const file = new URL(`${name}/card.json`, models);
  if (!existsSync(file)) continue;
  const { title, calibrationBands: bands } = JSON.parse(readFileSync(file, 'utf8'));
  if (!bands) continue;
  writeFileSync(
    new URL(`${name}.svg`, docs),
    `${calibrationSvg(
      title,
      bands.map(({ n, predicted, observed }) => ({ people: n, predicted, observed })),
    )}\n`,
  );
}
