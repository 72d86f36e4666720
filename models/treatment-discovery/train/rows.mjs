/**
 * Rows that a model of discovery is fitted or tested on, computed by the product's own code (`npm run build` first):
 *   node rows.mjs DATA RELEASE treatments|targets OUT [--held-out N --of M --by pair|disease]
 * Known pairs are divided into folds. A row is taken from the network without the pairs of its own fold, so that a pair that
 * is known looks as an unknown one would: positives of a fold, and a share of the pairs that are not known, beside them. With
 * --held-out the pairs of one of M parts (by pair, or all of a disease) are in no network at all; OUT then also has the rows
 * of every pair in that network, to be ranked.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadNetwork, withPairs } from '../../../dist/discovery/loadNetwork.js';
import { featuresTo, prepare } from '../../../dist/discovery/pairFeatures.js';
import { columnsOf, questionOf } from '../../../dist/discovery/question.js';

const FOLDS = 8;
/** Pairs that are not known, in all: more say nothing more. */
const MOST_UNKNOWN = 400_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'held-out': { type: 'string' }, of: { type: 'string', default: '5' }, by: { type: 'string', default: 'pair' } },
});
const [data, release, asked, out] = positionals;
const question = questionOf(asked, false);
const whole = await loadNetwork(data, release);
const starts = whole.nodes[question.start];
const diseases = whole.nodes.Disease;

/** A number from 0 to 1 that belongs to a text. */
const drawn = (text) => createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
const ofLabel = (pair) => (question.labelFromStart ? pair : [pair[1], pair[0]]);
const keyOf = ([start, disease]) => `${starts.ids[start]} ${diseases.ids[disease]}`;
const foldOf = (pair) => Math.floor(drawn(`fold ${keyOf(pair)}`) * FOLDS);
const parts = Number(values.of);
const partOf = (pair) => Math.floor(drawn(`part ${values.by === 'disease' ? diseases.ids[pair[1]] : keyOf(pair)}`) * parts);
const heldOut = values['held-out'] === undefined ? null : Number(values['held-out']);
const isHeldOut = (pair) => heldOut !== null && partOf(pair) === heldOut;

const labelled = whole.pairs[question.label].map((pair) => ({ pair, ends: ofLabel(pair) }));
const visible = labelled.filter(({ ends }) => !isHeldOut(ends));
const network = withPairs(whole, question.label, visible.map(({ pair }) => pair));
const known = new Set(visible.map(({ ends }) => keyOf(ends)));
const width = columnsOf(question).length;
const share = Math.min(1, MOST_UNKNOWN / (starts.size * whole.diseases.length));

mkdirSync(out, { recursive: true });
/** By fold and place of the disease, the starts whose rows are taken: what is known, and a share of what is not. */
const taken = Array.from({ length: FOLDS }, () => whole.diseases.map(() => []));
for (const [place, disease] of whole.diseases.entries())
  for (let start = 0; start < starts.size; start += 1) {
    const key = keyOf([start, disease]);
    if (known.has(key) || drawn(`taken ${key}`) < share) taken[foldOf([start, disease])][place].push(start);
  }
const rows = [];
const labels = [];
const places = [];
for (let fold = 0; fold < FOLDS; fold += 1) {
  const without = withPairs(network, question.label, visible.filter(({ ends }) => foldOf(ends) !== fold).map(({ pair }) => pair));
  const prepared = prepare(without, question);
  for (const [place, disease] of whole.diseases.entries()) {
    const { rows: all } = featuresTo(prepared, disease);
    for (const start of taken[fold][place]) {
      rows.push(Float32Array.from(all.subarray(start * width, (start + 1) * width)));
      labels.push(known.has(keyOf([start, disease])) ? 1 : 0);
      places.push([place, start]);
    }
  }
  console.error(`fold ${fold + 1} of ${FOLDS}: ${rows.length} rows`);
}
const flat = new Float32Array(rows.length * width);
rows.forEach((row, index) => flat.set(row, index * width));
writeFileSync(join(out, 'train.f32'), new Uint8Array(flat.buffer));

if (heldOut !== null) {
  const prepared = prepare(network, question);
  const ranked = new Float32Array(whole.diseases.length * starts.size * width);
  for (const [place, disease] of whole.diseases.entries()) ranked.set(featuresTo(prepared, disease).rows, place * starts.size * width);
  writeFileSync(join(out, 'ranked.f32'), new Uint8Array(ranked.buffer));
}
const placeOf = new Map(whole.diseases.map((disease, place) => [disease, place]));
const pairsOf = (some) => some.map(({ ends: [start, disease] }) => [placeOf.get(disease), start]);
writeFileSync(
  join(out, 'rows.json'),
  JSON.stringify({
    release,
    columns: columnsOf(question),
    withoutClasses: columnsOf(questionOf(asked, true)),
    forms: question.forms,
    degrees: question.degrees,
    stated: question.stated,
    starts: starts.size,
    diseases: whole.diseases.map((disease) => diseases.ids[disease]),
    sampled: share,
    labels,
    places,
    known: pairsOf(visible),
    heldOut: pairsOf(labelled.filter(({ ends }) => isHeldOut(ends))),
  }),
);
