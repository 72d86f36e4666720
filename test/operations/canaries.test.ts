/** Words of a patient are in the answers to those who may see them and in nothing that an operator keeps: logs, metrics, errors, reports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import { MAIN } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { temporaryFolder } from '../support/temporary.ts';

// In small letters: drugs that no table knows are kept so.
const CANARY = 'qzxcanary';
const one = (what: string) => `${CANARY}${what}`;

interface Running {
  readonly url: string;
  readonly out: () => string;
  /** Node's own report of the process, as after a fatal error. */
  readonly report: () => Promise<string>;
  /** Ends as by an error that nobody caught. */
  readonly abort: () => Promise<void>;
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

async function start(data: string): Promise<Running> {
  const reports = temporaryFolder();
  const child = spawn(
    process.execPath,
    ['--report-on-signal', `--report-directory=${reports}`, MAIN, 'serve', '--port', '0', '--data', data],
    {
      env: { ...process.env, NEO4J_URI: '', NATS_URL: '', LOG_LEVEL: 'trace' },
    },
  );
  children.add(child);
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', () => {
      const ready = /ready at (http:\S+?)\/ /.exec(out);
      if (ready?.[1]) resolve(ready[1]);
    });
    child.once('exit', () => reject(new Error(out)));
  });
  return {
    url,
    out: () => out,
    report: async () => {
      child.kill('SIGUSR2');
      for (let waited = 0; waited < 100 && readdirSync(reports).length === 0; waited += 1) await pause(100);
      await pause(500);
      const [file] = readdirSync(reports);
      return file ? readFileSync(join(reports, file), 'utf8') : '';
    },
    abort: async () => {
      child.kill('SIGABRT');
      await once(child, 'close');
    },
  };
}

const REGISTER =
  'mutation R($input: RegisterPatientInput!) { registerPatient(input: $input) { patient { id } userErrors { code message } } }';
const command = (name: string, type: string) =>
  `mutation C($input: ${type}!) { ${name}(input: $input) { userErrors { code message field } } }`;

/** Frames and bodies that cannot be read, with a word of a patient in each. */
const BROKEN = [
  `{"query":"{ patient(identifier: \\"${one('unclosed')}`,
  `{"query": 1, "variables": "${one('typed')}"}`,
  `[${one('bare')}`,
  one('text'),
];

async function brokenFrames(url: string): Promise<void> {
  for (const frame of BROKEN) {
    const socket = new WebSocket(url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(frame);
    await Promise.race([once(socket, 'close'), pause(2000)]);
    socket.terminate();
  }
}

describe('what is told of a patient', () => {
  it('is in no log, metric, error or report, whatever is asked and however it is broken', async () => {
    const server = await start(await dataFolder('KNOWLEDGE'));
    const post = async (body: string) =>
      (await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
    const ask = (query: string, variables: object = {}) => post(JSON.stringify({ query, variables }));
    const key = () => `key-${Math.random().toString(36).slice(2)}`;
    const registered = await ask(REGISTER, {
      input: {
        idempotencyKey: key(),
        identifier: one('identifier'),
        birthDate: '1950-03-04',
        sexAtBirth: 'FEMALE',
        ancestry: one('ancestry'),
      },
    });
    const patientId = (JSON.parse(registered) as { data: { registerPatient: { patient: { id: string } } } }).data.registerPatient.patient
      .id;
    const at = '2026-03-01T08:00:00Z';
    const sent: [string, string, object][] = [
      ['recordAllergy', 'RecordAllergyInput', { substance: one('allergy'), severity: 'SEVERE' }],
      ['startMedication', 'StartMedicationInput', { drug: one('drug'), startedAt: at }],
      ['recordCondition', 'RecordConditionInput', { code: 'C34.1', label: one('condition'), onsetAt: at }],
      ['recordObservations', 'RecordObservationsInput', { observations: [{ code: '67775-7', text: one('refused'), observedAt: at }] }],
      [
        'importMolecularProfile',
        'ImportMolecularProfileInput',
        { assay: one('assay'), specimen: one('specimen'), reportedAt: at, genesTested: ['EGFR'] },
      ],
      // Refused: what is wrong is told, not what was sent.
      [
        'importMolecularProfile',
        'ImportMolecularProfileInput',
        { assay: 'a', reportedAt: at, variants: [{ gene: 'EGFR', proteinChange: one('change') }] },
      ],
      ['importGenotype', 'ImportGenotypeInput', { vcf: one('vcf') }],
    ];
    const answers: string[] = [];
    for (const [name, type, more] of sent)
      answers.push(await ask(command(name, type), { input: { idempotencyKey: key(), patientId, ...more } }));
    // What may be seen is seen.
    const seen = await ask(
      `{ patient(identifier: "${one('identifier')}") { allergies { substance } conditions { label } molecularProfile { specimen } treatmentOptions(condition: "C34.1") { open { question } } } }`,
    );
    for (const what of ['allergy', 'condition', 'specimen', 'drug']) expect(seen).toContain(one(what));
    answers.push(await ask(`{ patient(identifier: "${one('nobody')}") { id } }`));
    answers.push(await ask(`{ patient(identifier: "${one('identifier')}") { treatmentOptions(condition: "${one('tumour')}") { name } } }`));
    answers.push(await ask('query($x: ID!) { node(id: $x) { id } }', { x: one('id') }));
    answers.push(
      await ask('query($x: DateTime) { patient(identifier: "x") { prediction(model: "news2", at: $x) { value } } }', { x: one('time') }),
    );
    answers.push(await ask(REGISTER, { input: { idempotencyKey: key(), identifier: 'x', birthDate: one('born'), sexAtBirth: 'MALE' } }));
    answers.push(await ask(`{ patients(first: 1, filter: { bornBefore: "${one('before')}" }) { totalCount } }`));
    for (const body of BROKEN) answers.push(await post(body));
    await brokenFrames(server.url);
    expect(answers.filter((text) => text.includes(CANARY))).toEqual([]);
    expect(answers.every((text) => /errors|userErrors/.test(text))).toBe(true);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('http');
    expect(metrics).not.toContain(CANARY);
    const report = await server.report();
    expect(report).toContain('"javascriptHeap"');
    expect(report).not.toContain(CANARY);
    await server.abort();
    expect(server.out()).toContain('"level"');
    expect(server.out()).not.toContain(CANARY);
  }, 120_000);
});
