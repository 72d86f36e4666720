import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeProgram } from '../../src/cli/program.ts';
import { avicenna, jsonLines, MAIN, serve } from '../support/commandLine.ts';
import { dataFolder } from '../support/dataFolder.ts';
import { temporaryFolder } from '../support/temporary.ts';

const COMMANDS = [
  'serve',
  'seed',
  'rebuild',
  'verify',
  'backup',
  'restore',
  'export',
  'token',
  'audit',
  'keys',
  'genotype',
  'phenotype',
  'recommend',
  'polygenic',
  'interactions',
  'release',
  'discover',
  'options',
  'trials',
  'predict',
  'explain',
  'card',
  'evaluate',
  'evaluate-alerts',
  'ingest',
  'watch',
];

describe('the help of the command line', () => {
  it('names every command', async () => {
    const { code, stdout } = await avicenna(['--help']);
    expect(code).toBe(0);
    const listed = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name);
    expect(listed).toEqual([...COMMANDS, 'help']);
  });

  it.each(COMMANDS)('has an example of %s that starts with the program and the command', (name) => {
    const command = makeProgram().commands.find((one) => one.name() === name);
    let help = '';
    command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(new RegExp(`\\nExample:\\n {2}.*avicenna ${name}\\b`));
  });
});

describe('the card', () => {
  it('is one line of JSON for machines', async () => {
    const ran = await avicenna(['card', 'news2', '--json']);
    expect([ran.code, jsonLines(ran).map(({ name }) => name)]).toEqual([0, ['news2']]);
  });
});

describe('wrong usage', () => {
  it.each([
    [[]],
    [['nosuch']],
    [['predict', 'warfarin-dose']],
    [['predict']],
    [['trials']],
    [['trials', 'match', '--trials', 'a.json']],
    [['genotype']],
    [['genotype', 'a.vcf', '--nosuch']],
    [['explain', 'warfarin-dose', '--rows', 'a.csv', '--method', 'magic']],
    [['card', 'warfarin-dose', '--format', 'xml']],
    [['serve', '--port', 'abc']],
    [['serve', '--port', '70000']],
  ])('ends with 2, words on stderr and nothing on stdout: %j', async (args) => {
    const { code, stdout, stderr } = await avicenna(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(stderr).not.toBe('');
  });
});

describe('settings', () => {
  it.each([
    ['NEO4J_URI', 'foo'],
    ['LOG_LEVEL', 'loud'],
    ['AVICENNA_CONTAINER', 'yes'],
  ])('that are wrong end with 1, name the variable and not its value: %s', async (name, value) => {
    for (const args of [['seed'], ['serve', '--port', '0'], ['rebuild'], ['recommend', '--patient', 'X']]) {
      const { code, stdout, stderr } = await avicenna([...args, '--data', join(temporaryFolder(), 'data')], { env: { [name]: value } });
      expect([args[0], code, stdout]).toEqual([args[0], 1, '']);
      expect(stderr).toMatch(new RegExp(`${name}.*CONFIG_INVALID`));
      expect(stderr).not.toContain(value === 'yes' ? "'yes'" : value);
    }
  });

  it('with a user and no password name the password', async () => {
    const { code, stderr } = await avicenna(['seed', '--data', temporaryFolder()], {
      env: { NEO4J_URI: 'bolt://127.0.0.1:1', NEO4J_USER: 'neo4j' },
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/NEO4J_PASSWORD.*CONFIG_INVALID/)]);
  });

  it.each(['0.0.0.0', '192.168.1.1', '::', 'example.org'])('let the server listen on no other host than this machine: %s', async (host) => {
    const { code, stderr } = await avicenna(['serve', '--host', host, '--port', '0', '--data', temporaryFolder()]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('HOST_NOT_ALLOWED')]);
  });
});

/** Runs the command with a reader that takes one line and goes. */
async function firstLineOnly(args: readonly string[], input: string) {
  const child = spawn(process.execPath, [MAIN, ...args], { timeout: 25_000, killSignal: 'SIGKILL' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  child.stdout.destroy();
  const [code, signal] = await once(child, 'close');
  return { first: first.toString('utf8').split('\n')[0] ?? '', code, signal, stderr };
}

describe('a reader that goes away', () => {
  it.each([
    ['interactions', ['interactions', '--json'], '{"drugs":["warfarin","amiodarone"]}\n'],
    ['phenotype', ['phenotype', '--json'], 'CYP2C9\t*1/*3\n'],
    ['recommend', ['recommend', '--json'], '{"lookup":{"CYP2D6":"0.0"}}\n'],
  ])('ends %s quietly', async (_name, args, one) => {
    const { first, code, signal, stderr } = await firstLineOnly(args, one.repeat(20_000));
    expect(JSON.parse(first)).toBeInstanceOf(Object);
    expect([code, signal, stderr]).toEqual([0, null, '']);
  });
});

describe('a data folder that is in use', () => {
  it('is refused with DATA_IN_USE and the pid, until the server has ended', async () => {
    const data = await dataFolder('DEMO');
    const server = await serve(data);
    for (const args of [['seed'], ['rebuild'], ['serve', '--port', '0'], ['recommend', '--patient', 'DEMO-0001', '--json']]) {
      const ran = await avicenna([...args, '--data', data]);
      expect([args[0], ran.code, `${ran.stdout}${ran.stderr}`]).toEqual([
        args[0],
        1,
        expect.stringMatching(new RegExp(`process ${server.pid}\\b[\\s\\S]*`)),
      ]);
      expect(`${ran.stdout}${ran.stderr}`).toContain('DATA_IN_USE');
    }
    const beside = await avicenna(['recommend', '--patient', 'DEMO-0001', '--drug', 'warfarin', '--json', '--url', server.url]);
    expect(await server.end('SIGTERM')).toBe(0);
    const alone = await avicenna(['recommend', '--patient', 'DEMO-0001', '--drug', 'warfarin', '--json', '--data', data]);
    expect([beside.code, alone.code]).toEqual([0, 0]);
    expect(jsonLines(beside)).toEqual(jsonLines(alone));
    expect((jsonLines<{ recommendations: unknown[] }>(alone)[0]?.recommendations ?? []).length).toBeGreaterThan(0);
  }, 90_000);
});

describe('a port that is in use', () => {
  it('ends the server with 1 and says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, signal, stderr } = await avicenna(['serve', '--port', String(port), '--data', await dataFolder('DEMO')], {
      withinMs: 60_000,
    });
    taken.close();
    expect([code, signal]).toEqual([1, null]);
    expect(stderr).toContain(String(port));
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
  }, 80_000);
});
