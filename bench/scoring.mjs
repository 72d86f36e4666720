// `avicenna predict MODEL --rows FILE --json` against bare onnxruntime on 500 trees of depth 6: a CSV file in and JSON Lines
// out, start of the process included, against the same rows in memory. Both give onnxruntime one thread, and they take
// turns. The model is trained on synthetic data by the bench. Every answer is compared before a time is counted.
// Run: npm run bench:scoring (ROWS=1000000 for more rows). Limit of the issue: >= 0.8 of bare onnxruntime. Printed, not asserted.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { folder, makeModels } from './python.mjs';

const MODEL = 'T500-D6';
const FEATURES = 20;
const ROWS = Number(process.env.ROWS ?? 300_000);
const ROUNDS = 3;
const BATCH = 1024;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const names = Array.from({ length: FEATURES }, (_, index) => `x${index}`);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

makeModels([MODEL]);
const trained = new Float64Array(readFileSync(`${folder}models/rows.f64`).buffer);
/** Four decimals, as measurements are written. */
const table = Float32Array.from({ length: ROWS * FEATURES }, (_, index) => Number(trained[index % trained.length].toFixed(4)));

function writeTable(path, rows) {
  const output = openSync(path, 'w');
  writeSync(output, `${names.join(',')}\n`);
  for (let from = 0; from < rows; from += BATCH) {
    const lines = [];
    for (let row = from; row < Math.min(rows, from + BATCH); row += 1)
      lines.push(Array.from(table.subarray(row * FEATURES, (row + 1) * FEATURES), (value) => value.toFixed(4)).join(','));
    writeSync(output, `${lines.join('\n')}\n`);
  }
  closeSync(output);
}

/** A folder of one model with a card, as a user would make it. */
function makeFolder() {
  const models = mkdtempSync(join(tmpdir(), 'avicenna-scoring-'));
  const own = join(models, 'synthetic');
  mkdirSync(own);
  copyFileSync(`${folder}models/${MODEL}.onnx`, join(own, 'model.onnx'));
  writeTable(join(own, 'background.csv'), 10);
  const text = 'Synthetic: for the bench only.';
  const card = {
    name: 'synthetic',
    version: '1.0.0',
    title: `${MODEL} on synthetic data`,
    summary: text,
    intendedUse: text,
    notFor: ['people'],
    artifact: {
      file: 'model.onnx',
      sha256: sha256(readFileSync(join(own, 'model.onnx'))),
      opset: 15,
      input: 'X',
      outputs: { margin: 'Y', value: 'Y' },
    },
    background: {
      file: 'background.csv',
      sha256: sha256(readFileSync(join(own, 'background.csv'))),
      rows: 10,
      synthetic: true,
      madeFrom: text,
    },
    output: { label: 'Answer', unit: 'units', marginUnit: 'units', link: 'identity', decimals: 3 },
    inputs: names.map((name) => ({ name, label: name, type: 'number', min: -10, max: 10, whenMissing: 'Left missing.' })),
    columns: names.map((name) => ({ name, input: name, encode: 'number', fill: null })),
    players: [{ name: 'all', label: 'All', inputs: names, modifiable: false }],
    performance: { evaluatedOn: text, n: null },
    subgroups: [],
    trainedOn: { data: text, licence: 'none', attribution: 'none', rows: null },
    limits: [text],
  };
  writeFileSync(join(own, 'card.json'), JSON.stringify(card));
  return models;
}

async function bare(session, batch) {
  const answers = new Float32Array(ROWS);
  const began = performance.now();
  for (let from = 0; from < ROWS; from += batch) {
    const count = Math.min(batch, ROWS - from);
    const rows = table.subarray(from * FEATURES, (from + count) * FEATURES);
    const { Y } = await session.run({ X: new ort.Tensor('float32', rows, [count, FEATURES]) }, ['Y']);
    answers.set(Y.data, from);
  }
  return { answers, seconds: (performance.now() - began) / 1000 };
}

/** The command as a user starts it, its answers read as they come. */
async function command(models, file, read) {
  const began = performance.now();
  const output = openSync(read.to, 'w');
  const child = spawn(process.execPath, [main, 'predict', 'synthetic', '--rows', file, '--json'], {
    stdio: ['ignore', output, 'inherit'],
    env: { ...process.env, AVICENNA_MODELS: models },
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the command ended with ${code}`);
  closeSync(output);
  return (performance.now() - began) / 1000;
}

async function compare(path, answers) {
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { value } = JSON.parse(line);
    if (!(Math.abs(value - answers[at]) <= 1e-6 * Math.max(1, Math.abs(answers[at]))))
      throw new Error(`row ${at + 1}: ${value} is not ${answers[at]}`);
    at += 1;
  }
  if (at !== ROWS) throw new Error(`${at} answers to ${ROWS} rows`);
}

const models = makeFolder();
try {
  const file = join(models, 'rows.csv');
  const to = join(models, 'answers.jsonl');
  writeTable(file, ROWS);
  const session = await ort.InferenceSession.create(`${folder}models/${MODEL}.onnx`, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const times = { command: [], small: [], large: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const small = await bare(session, BATCH);
    times.small.push(small.seconds);
    times.command.push(await command(models, file, { to }));
    times.large.push((await bare(session, 16 * BATCH)).seconds);
    await compare(to, small.answers);
  }
  const rate = (values) => Math.round(ROWS / median(values));
  const best = Math.max(rate(times.small), rate(times.large));
  console.log(`${MODEL}, ${ROWS} rows of ${FEATURES} columns, medians of ${ROUNDS} runs`);
  console.log(
    `bare onnxruntime, one thread: ${rate(times.small)} rows/s in batches of ${BATCH}, ${rate(times.large)} in batches of ${16 * BATCH}`,
  );
  console.log(
    `predict, CSV to JSON Lines: ${rate(times.command)} rows/s: ${(rate(times.command) / best).toFixed(2)} of the faster (limit 0.8)`,
  );
} finally {
  rmSync(models, { recursive: true });
}
