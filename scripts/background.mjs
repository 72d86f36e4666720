// What the scripts that draw a model's background share: normal numbers by seed, and the files that a drawn table goes into.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { EQUATIONS } from '../dist/prediction/equations/catalogue.js';
import { equationDigest } from '../dist/prediction/equations/equation.js';

/** Normal numbers from numbers in 0..1 (Box and Muller). */
export const normalNumbers = (random) => () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const cardFile = (model) => new URL(`../models/${model}/card.json`, import.meta.url);

export const readCard = (model) => JSON.parse(readFileSync(cardFile(model), 'utf8'));

/** Writes the table beside the card, and its digest, its rows and the equation's digest into the card. */
export function writeBackground(model, text, rows) {
  const card = readCard(model);
  writeFileSync(new URL(card.background.file, cardFile(model)), text);
  card.background.sha256 = createHash('sha256').update(text).digest('hex');
  card.background.rows = rows;
  const { equation } = card.artifact;
  if (equation) card.artifact.sha256 = equationDigest(EQUATIONS.find(({ name }) => name === equation));
  writeFileSync(cardFile(model), `${JSON.stringify(card, null, 2)}\n`);
}
