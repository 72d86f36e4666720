// How long the API takes to be ready, and what it holds in memory: the first start (empty data folder, everything
// seeded) and later ones. Baseline in the same run: `node -e 0`, what this machine takes to start Node alone.
// Run: npm run bench:boot   Limits of the issue: first <= 20 s, later <= 3 s, resident <= 400 MB. Printed, not asserted.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const RUNS = 5;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const residentMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function start(data) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--port', '0', '--data', data], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  const url = await new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const ready = /ready at (\S+)/.exec(text);
      if (ready) resolve(ready[1]);
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
  const seconds = (performance.now() - startedAt) / 1000;
  return { child, url, seconds };
}

async function ask(url, query) {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()).data;
}

async function measure(data) {
  const { child, url, seconds } = await start(data);
  const { patients } = await ask(url, '{ patients(first: 100) { totalCount edges { node { identifier } } } }');
  if (patients.totalCount < 12) throw new Error('the demo patients are not there: nothing was measured');
  await ask(url, '{ patient(identifier: "DEMO-0001") { prediction(model: "warfarin-dose") { value plotSvg explanation { narrative } } } }');
  const memory = residentMb(child.pid);
  child.kill('SIGTERM');
  await new Promise((resolve) => child.on('exit', resolve));
  return { seconds, memory, patients: patients.totalCount };
}

const first = [];
const later = [];
for (let run = 0; run < RUNS; run += 1) {
  const data = mkdtempSync(join(tmpdir(), 'avicenna-boot-'));
  first.push(await measure(data));
  later.push(await measure(data));
  rmSync(data, { recursive: true });
}
const node = Array.from({ length: RUNS }, () => {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return (performance.now() - startedAt) / 1000;
});

const show = (name, runs, limit) => {
  const seconds = median(runs.map((run) => run.seconds));
  const ratio = seconds / median(node);
  console.log(
    `${name}: ready after ${seconds.toFixed(2)} s (${ratio.toFixed(0)} x node alone; limit ${limit} s), resident ${median(runs.map((run) => run.memory)).toFixed(0)} MB after a first explanation (limit 400 MB), ${runs[0].patients} patients`,
  );
};
console.log(`median of ${RUNS}; node alone ${median(node).toFixed(3)} s`);
show('first start', first, 20);
show('later start', later, 3);
