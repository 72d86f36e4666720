/** Commands that serve the API and look after its data. */
import type { Command } from 'commander';
import { ROLES } from '../../access/actor.ts';
import { classSize, minutesOf, portNumber, roleNamed, serverUrl } from '../values.ts';
import { DATA_OPTION, example, JSON_OPTION } from './command.ts';

const SETTINGS = `Environment:
  NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE   a Neo4j instead of the embedded graph
  NATS_URL, NATS_USER, NATS_PASSWORD, NATS_STREAM   the event log in a NATS JetStream, which several servers share
  NATS_MONITOR_URL   monitoring addresses of NATS: only by them is it known whether it keeps what it acknowledges
  KNOWLEDGE_HOLD=1   keep the knowledge release in force; a newer one is loaded beside it, to compare with knowledgeDiff
  AVICENNA_MODELS        a folder of models instead of those that ship
  AVICENNA_ALERT_RULES   a file of alert rules instead of those that ship
  AVICENNA_ISSUERS       file of the issuers whose tokens are taken, instead of development tokens on this machine
  AVICENNA_TLS_CERT, AVICENNA_TLS_KEY   certificate and key; AVICENNA_TRUST_PROXY=1 behind a proxy that ends TLS
  AVICENNA_OPERATIONS    folder of the operations that --operations-only takes
  AVICENNA_AUDIT_KEY     key that the audit's heads are signed with, instead of the data folder's own
  AVICENNA_MASTER_KEY_FILE   keys that wrap the patients' keys, instead of the data folder's own; or AVICENNA_MASTER_KEY, the keys themselves
  AVICENNA_ORIGINS       pages of other origins that may ask
  LOG_LEVEL          as in info, warn`;

function addServe(program: Command): void {
  example(
    program
      .command('serve')
      .description('the API with its explorer; seeds an empty graph first')
      .option('--port <n>', 'port to listen on', portNumber, 4000)
      .option('--host <address>', 'address to listen on; another than of this machine needs an issuer of tokens and TLS', '127.0.0.1')
      .option(...DATA_OPTION)
      .option('--allow-weak-log', 'accept NATS servers that may lose what they acknowledged')
      .option('--operations-only', 'take the operations of schema/operations/, or of AVICENNA_OPERATIONS, and no others')
      .action(async (options) => (await import('../serve.ts')).serve(options))
      .addHelpText('after', `\n${SETTINGS}`),
    'avicenna serve --port 4000',
  );
}

function addSeed(program: Command): void {
  example(
    program
      .command('seed')
      .description('loads the shipped knowledge and the synthetic demo patients; what is there stays')
      .option('--release <name>', "also a release of publishers' files that 'release build' made, and puts it in force")
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../seed.ts')).seed(options)),
    'avicenna seed --data ./data',
  );
}

function addRebuild(program: Command): void {
  example(
    program
      .command('rebuild')
      .description('drops the graph of patients and replays it from the event log')
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../rebuild.ts')).rebuild(options)),
    'avicenna rebuild --data ./data',
  );
}

function addVerify(program: Command): void {
  example(
    program
      .command('verify')
      .description('replays the event log into a graph beside the one in use and compares the two, node by node')
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../verify.ts')).verify(options)),
    'avicenna verify --data ./data',
  );
}

function addBackup(program: Command): void {
  example(
    program
      .command('backup <dir>')
      .description('copies the event log into a folder, also while a server on this machine writes to it')
      .option(...DATA_OPTION)
      .option('--url <url>', 'the running server takes the copy: <dir> is a name below the backups of its data directory', serverUrl)
      .option(...JSON_OPTION)
      .action(async (dir, options) => (await import('../backup.ts')).backup(dir, options)),
    'avicenna backup ./backups/monday --data ./data',
  );
}

function addRestore(program: Command): void {
  example(
    program
      .command('restore <dir>')
      .description("puts a backup in the event log's place and replays it into the graph; the server must be stopped")
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (dir, options) => (await import('../backup.ts')).restore(dir, options)),
    'avicenna restore ./backups/monday --data ./data',
  );
}

function addExport(program: Command): void {
  example(
    program
      .command('export')
      .description('a de-identified export for research: who agreed to it, dates moved, k-anonymous; the server must be stopped')
      .requiredOption('--to <dir>', 'a new or empty folder')
      .option('--k <n>', 'patients told alike, at least', classSize, 11)
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../export.ts')).exportCommand(options)),
    'avicenna export --to ./exports/2026-11 --k 11',
  );
}

function addToken(program: Command): void {
  example(
    program
      .command('token')
      .description('a development token, for servers of the data folder on this machine')
      .option('--role <role>', `who it names: ${ROLES.join(', ').toLowerCase()}`, roleNamed, 'CLINICIAN' as const)
      .option('--subject <name>', 'who exactly')
      .option('--patient <identifier>', "of a patient's token: whose")
      .option('--site <name...>', 'only patients of these units')
      .option('--scope <scopes>', 'SMART scopes, as in user/Observation.rs; the widest of the role where left out')
      .option('--minutes <n>', 'until it expires', minutesOf, 60)
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../token.ts')).tokenCommand(options)),
    'avicenna token --role analyst',
  );
}

function addAudit(program: Command): void {
  const audit = example(program.command('audit').description('who saw what').exitOverride(), 'avicenna audit verify --data ./data');
  example(
    audit
      .command('verify')
      .description('goes through the audit and names every entry that was altered, removed or put elsewhere')
      .option('--key <file...>', "public keys of the servers that wrote it, PEM; the data folder's own where left out")
      .option('--heads <file...>', 'signed heads that were kept elsewhere (audit-heads.jsonl)')
      .option('--url <url>', 'the running server checks, with what it has itself', serverUrl)
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../audit.ts')).auditVerify(options)),
    'avicenna audit verify --data ./data',
  );
}

function addKeys(program: Command): void {
  const keys = example(
    program.command('keys').description('keys that seal what is recorded of patients').exitOverride(),
    'avicenna keys rotate --data ./data',
  );
  example(
    keys
      .command('rotate')
      .description("puts every patient's key in the wrapping of a new master key, also while a server runs")
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../keys.ts')).keysRotate(options)),
    'avicenna keys rotate --data ./data',
  );
}

export function addServing(program: Command): void {
  const serving = [addServe, addSeed, addRebuild, addVerify, addBackup, addRestore, addExport, addToken, addAudit, addKeys];
  for (const add of serving) add(program);
}
