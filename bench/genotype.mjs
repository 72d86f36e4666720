// Calling the whole panel: one person warm, one cold command, and a cohort by worker threads. All VCFs are synthetic,
// made here from the shipped definitions with a seed. Baselines in the same run: `node -e 0` for the cold command, and
// for the cohort reading the same file line by line and splitting it at tabs.
// Run: npm run bench:genotype
// Limits of the issue: <= 10 ms a sample, <= 100 ms the worst unphased one; cold <= 0.5 s and <= 150 MB; a cohort
// <= 100 MB (above node alone) + 2 KB a sample; 200,000 samples in < 20 minutes on two cores. Printed, not asserted.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparePanel, SampleCaller } from '../dist/genotypes/callSample.js';
import { readVcf } from '../dist/genotypes/readVcf.js';
import { vcfFileLines } from '../dist/genotypes/vcfLines.js';
import { readShippedKnowledge } from '../dist/knowledge/shippedTables.js';
import { randomNumbers } from '../dist/prediction/randomNumbers.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const knowledge = readShippedKnowledge(join(root, 'graph-seed'));
const panel = preparePanel(knowledge.definitions);
const folder = mkdtempSync(join(tmpdir(), 'avicenna-genotype-'));
const COLD_RUNS = 9;
const COHORT = 10_000;
const SMALL_COHORT = 1_000;
const BIG_COHORT = 200_000;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Which of a position's bases an allele has: 0 the genome's, else one of the alternatives. */
function alternativeOf({ defining }, { position, ref, alts }) {
  const cell = defining.get(position);
  if (cell === undefined || cell === ref) return 0;
  return Math.max(1, alts.indexOf(cell) + 1);
}

/** Genotypes of all samples at the positions of a gene: half the copies carry the reference, early alleles are commoner. */
function* recordsOf(definition, samples, kind, random) {
  const alleles = definition.alleles.filter(({ defining }) => defining !== null);
  const draw = () => (random() < 0.5 ? 0 : Math.floor(alleles.length ** random()) % alleles.length);
  const first = Uint16Array.from({ length: samples }, draw);
  const second = Uint16Array.from({ length: samples }, draw);
  const between = kind === 'phased' ? '|' : '/';
  for (const position of [...definition.positions, ...definition.markers]) {
    const bases = alleles.map((allele) => alternativeOf(allele, position));
    const genotypes = Array.from(first, (one, sample) => (kind === 'worst' ? '0/1' : `${bases[one]}${between}${bases[second[sample]]}`));
    const { chromosome, position: at, ref, alts } = position;
    yield `${[chromosome, at, '.', ref, alts.join(','), '.', 'PASS', '.', 'GT', ...genotypes].join('\t')}\n`;
  }
}

/** @param kind phased, unphased, or worst: every position heterozygous and unphased */
function makeVcf(samples, kind) {
  const path = join(folder, `synthetic-${kind}-${samples}.vcf`);
  const names = Array.from({ length: samples }, (_, index) => `SYNTHETIC-${index}`);
  const columns = ['#CHROM', 'POS', 'ID', 'REF', 'ALT', 'QUAL', 'FILTER', 'INFO', 'FORMAT', ...names].join('\t');
  const output = openSync(path, 'w');
  writeSync(output, `##fileformat=VCFv4.3\n##source=synthetic\n##reference=GRCh38\n${columns}\n`);
  const random = randomNumbers(samples);
  let positions = 0;
  for (const { definition } of panel.genes) {
    for (const record of recordsOf(definition, samples, kind, random)) {
      writeSync(output, record);
      positions += 1;
    }
  }
  closeSync(output);
  if (positions < 500) throw new Error(`only ${positions} positions: nothing would be measured`);
  return { path, positions };
}

/** One person after another, nothing kept from one to the next. */
async function warm(what, samples, kind, limit) {
  const { path, positions } = makeVcf(samples, kind);
  const readings = await readVcf(vcfFileLines(path), panel.positions, path);
  const times = [];
  let called = 0;
  for (let run = 0; run < 400; run += 1) {
    const startedAt = performance.now();
    const calls = new SampleCaller(panel, readings).call(run % samples);
    if (run >= 100) times.push(performance.now() - startedAt);
    called += calls.filter(({ status }) => status === 'CALLED').length;
  }
  if (called === 0) throw new Error(`${what}: no gene was called: nothing was measured`);
  const sorted = [...times].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length * 0.99)];
  console.log(
    `warm, ${what}: median ${median(times).toFixed(2)} ms a sample, 99 % under ${high.toFixed(2)} (limit ${limit} ms); ${times.length} calls of ${samples} samples, ${positions} positions, ${panel.genes.length} genes, ${(called / 400).toFixed(1)} called`,
  );
}

/** Notes the peak of resident memory of a whole process, its worker threads with it. */
const PEAK = join(folder, 'peak.cjs');
writeFileSync(
  PEAK,
  `const { isMainThread } = require('node:worker_threads');
  const { readFileSync, writeFileSync } = require('node:fs');
  if (isMainThread) process.on('exit', () => writeFileSync(process.env.PEAK_FILE, /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));`,
);
const SPLIT = join(folder, 'split.mjs');
writeFileSync(
  SPLIT,
  `import { createReadStream } from 'node:fs';
  import { createInterface } from 'node:readline';
  let columns = 0;
  for await (const line of createInterface({ input: createReadStream(process.argv[2]) })) columns += line.split('\\t').length;
  if (columns === 0) process.exit(1);`,
);

function run(args) {
  const peakFile = join(folder, 'peak');
  const startedAt = performance.now();
  const ran = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: `--require=${PEAK}`, PEAK_FILE: peakFile },
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (ran.status !== 0) throw new Error(`${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
  return { seconds, mb: Number(readFileSync(peakFile, 'utf8')) / 1024, stdout: ran.stdout };
}

function cold(node) {
  for (const kind of ['phased', 'worst']) {
    const { path, positions } = makeVcf(1, kind);
    const runs = Array.from({ length: COLD_RUNS }, () => run(['dist/cli/main.js', 'genotype', path, '--json']));
    const [only] = runs[0].stdout.split('\n').map((text) => text && JSON.parse(text));
    if (!only?.genes.some(({ status }) => status === 'CALLED')) throw new Error('no gene was called: nothing was measured');
    const seconds = median(runs.map((one) => one.seconds));
    console.log(
      `cold command, ${kind}: ${seconds.toFixed(2)} s (${(seconds / node.seconds).toFixed(1)} x node alone; limit 0.5 s), peak ${median(runs.map(({ mb }) => mb)).toFixed(0)} MB (limit 150); median of ${COLD_RUNS}, 1 sample, ${positions} positions`,
    );
  }
}

function cohort(samples, threads, node) {
  const { path, positions } = makeVcf(samples, 'unphased');
  const reading = run([SPLIT, path]);
  const output = join(folder, 'lines.jsonl');
  const { seconds, mb } = run(['dist/cli/main.js', 'genotype', path, '--json', '--output', output, '--threads', String(threads)]);
  const lines = readFileSync(output).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
  if (lines !== samples) throw new Error(`${lines} lines for ${samples} samples`);
  const limit = 100 + (2 * samples) / 1024;
  const rate = samples / (seconds - node.seconds);
  console.log(
    `cohort of ${samples}, ${threads} thread${threads > 1 ? 's' : ''}: ${seconds.toFixed(1)} s (${(seconds / reading.seconds).toFixed(1)} x reading and splitting, ${reading.seconds.toFixed(2)} s), ${rate.toFixed(0)} samples/s, so ${BIG_COHORT} in ${(BIG_COHORT / rate / 60).toFixed(1)} min (limit 20 on two cores); peak ${mb.toFixed(0)} MB, ${(mb - node.mb).toFixed(0)} above node (limit ${limit.toFixed(0)}); ${positions} positions`,
  );
  return mb;
}

try {
  const nodes = Array.from({ length: COLD_RUNS }, () => run(['-e', '0']));
  const node = { seconds: median(nodes.map(({ seconds }) => seconds)), mb: median(nodes.map(({ mb }) => mb)) };
  console.log(`node alone: ${node.seconds.toFixed(3)} s, ${node.mb.toFixed(0)} MB; ${availableParallelism()} cores`);
  await warm('phased', 300, 'phased', 10);
  await warm('unphased', 300, 'unphased', 10);
  await warm('worst: all positions heterozygous and unphased', 1, 'worst', 100);
  cold(node);
  for (const threads of [1, 2]) {
    const small = cohort(SMALL_COHORT, threads, node);
    const large = cohort(COHORT, threads, node);
    const slope = ((large - small) * 1024) / (COHORT - SMALL_COHORT);
    console.log(
      `memory from ${SMALL_COHORT} to ${COHORT} samples, ${threads} thread${threads > 1 ? 's' : ''}: ${slope.toFixed(1)} KB a sample`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
