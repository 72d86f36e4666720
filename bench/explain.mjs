// Shapley values of tree ensembles by this program against shap's C++ (PyPI shap), interleaved, on models that the bench
// trains on synthetic data. Every pair of answers is compared before a time is counted. Run: npm run bench:explain
// It makes a Python environment in .bench (or uses the one that PYTHON names) the first time.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { scoreGame } from '../dist/explanation/games/scoreGame.js';
import { readModel } from '../dist/explanation/onnx/readModel.js';
import { folder, interpreter, makeModels, script } from './python.mjs';

const FEATURES = 20;
const TRAINING = 16_000;
const TABLE_LIMIT = 512 * 2 ** 20;
const models = process.env.MODELS?.split(',') ?? ['T100-D4', 'T500-D6', 'T500-D8', 'T200-D12'];

makeModels(models);
const baseline = spawn(interpreter, [script, 'serve', `${folder}models`], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: baseline.stdout })[Symbol.asyncIterator]();

async function askShap(question) {
  baseline.stdin.write(`${JSON.stringify(question)}\n`);
  const { value, done } = await answers.next();
  if (done) throw new Error('shap ended early');
  return JSON.parse(value);
}

const table = new Float64Array(readFileSync(`${folder}models/rows.f64`).buffer);
const rowAt = (index) => table.slice(index * FEATURES, (index + 1) * FEATURES);
const rowsFrom = (from, to) => Array.from({ length: to - from }, (_, index) => rowAt(from + index));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Largest difference over the largest value: shap's interventional method works in float32. */
function difference(games, values) {
  let worst = 0;
  let scale = 0;
  for (const [index, { values: own }] of games.entries()) {
    for (const [column, value] of own.entries()) {
      worst = Math.max(worst, Math.abs(value - values[index][column]));
      scale = Math.max(scale, Math.abs(value));
    }
  }
  return worst / scale;
}

async function compare(name, method, background, game, batch, rounds) {
  const question = (from) => ({ model: name, method, background, rows: [from, from + batch] });
  const times = { own: [], shap: [] };
  // shap's code is compiled before it starts; ours while it runs: a second of rows first.
  for (const until = performance.now() + 1000; performance.now() < until; ) game.play(rowsFrom(TRAINING, TRAINING + batch), false);
  let worst = 0;
  for (let round = -1; round < rounds; round += 1) {
    const from = ((round + 1) * batch) % (512 - batch + 1);
    const rows = rowsFrom(TRAINING + from, TRAINING + from + batch);
    const began = performance.now();
    const games = game.play(rows, false);
    const own = performance.now() - began;
    const shap = await askShap(question(from));
    worst = Math.max(worst, difference(games, shap.values));
    if (!(worst <= (method === 'interventional' ? 1e-2 : 1e-9))) throw new Error(`${name} ${method}: the values differ by ${worst}`);
    if (round < 0) continue;
    times.own.push(own / batch);
    times.shap.push(shap.ms / batch);
  }
  const [own, shap] = [median(times.own), median(times.shap)];
  const what = `${name.padEnd(9)} ${method.padEnd(15)} ${method === 'interventional' ? `B=${String(background).padEnd(5)}` : '       '}`;
  console.log(
    `${what} ${batch === 1 ? 'one row  ' : `${String(batch).padStart(3)} rows `} ${own.toFixed(3)} ms a row, shap ${shap.toFixed(2)}: ${(shap / own).toFixed(1)} x (values agree to ${worst.toExponential(0)})`,
  );
  return own;
}

try {
  for (const name of models) {
    const bytes = readFileSync(`${folder}models/${name}.onnx`);
    const began = performance.now();
    const model = readModel(bytes, name);
    console.log(`${name}: ${(bytes.length / 2 ** 20).toFixed(1)} MB read in ${(performance.now() - began).toFixed(0)} ms`);
    const prepare = (game, count) => {
      const start = performance.now();
      const prepared = scoreGame(model.raw[0], {
        game,
        background: rowsFrom(0, count),
        players: FEATURES,
        playerOf: (column) => column,
        tableLimit: TABLE_LIMIT,
      });
      console.log(
        `${name}: ${game} over ${count} rows prepared in ${((performance.now() - start) / 1000).toFixed(2)} s, ${prepared.withoutTables} of ${prepared.trees} trees without tables`,
      );
      return prepared;
    };
    const deep = name === 'T200-D12';
    const pathDependent = prepare('path-dependent', TRAINING);
    await compare(name, 'path-dependent', 0, pathDependent, 1, deep ? 15 : 31);
    await compare(name, 'path-dependent', 0, pathDependent, 32, deep ? 5 : 9);
    const batches = [];
    for (const count of [100, 1000]) {
      const game = prepare('interventional', count);
      await compare(name, 'interventional', count, game, 1, deep || count > 100 ? 9 : 31);
      batches.push(await compare(name, 'interventional', count, game, 32, deep || count > 100 ? 3 : 9));
    }
    console.log(`${name}: 1,000 background rows cost ${(batches[1] / batches[0]).toFixed(2)} x of 100`);
  }
} finally {
  baseline.stdin.end();
}
