#!/usr/bin/env node
/** The command line. Each command is loaded when it is called, so that a small one starts fast. */
import { Command, Option } from 'commander';
import { EXIT, endOnBrokenPipe, refuse } from './output.ts';
import { anyNumber, collect, drawCount, portNumber, researchGene, share, threadCount, wholeNumber } from './values.ts';

// graphql-js checks every type test twice unless this says production: 5 % of a patient page.
process.env['NODE_ENV'] ??= 'production';

const JSON_OPTION = ['--json', 'JSON Lines on stdout, for machines'] as const;
const DATA_OPTION = ['--data <dir>', 'where the embedded graph and the event log lie', './data'] as const;

function example(command: Command, text: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${text}`);
}

const SETTINGS = `Environment:
  NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE   a Neo4j instead of the embedded graph
  NATS_URL, NATS_USER, NATS_PASSWORD, NATS_STREAM   the event log in a NATS JetStream, which several servers share
  NATS_MONITOR_URL   monitoring addresses of NATS: only by them is it known whether it keeps what it acknowledges
  KNOWLEDGE_HOLD=1   keep the knowledge release in force; a newer one is loaded beside it, to compare with knowledgeDiff
  AVICENNA_MODELS        a folder of models instead of those that ship
  AVICENNA_ALERT_RULES   a file of alert rules instead of those that ship
  LOG_LEVEL          as in info, warn`;

const program = new Command('avicenna')
  .description('Precision medicine over a property graph: predictions with the reasons for them.')
  .version('0.3.0')
  .showHelpAfterError()
  // Before the commands are made: they take it over from here.
  .exitOverride();

example(
  program
    .command('serve')
    .description('the API with its explorer; seeds an empty graph first')
    .option('--port <n>', 'port to listen on', portNumber, 4000)
    .option('--host <address>', 'address to listen on; loopback only until access control exists', '127.0.0.1')
    .option(...DATA_OPTION)
    .option('--allow-weak-log', 'accept NATS servers that may lose what they acknowledged')
    .action(async (options) => (await import('./serve.ts')).serve(options))
    .addHelpText('after', `\n${SETTINGS}`),
  'avicenna serve --port 4000',
);

example(
  program
    .command('seed')
    .description('loads the shipped knowledge and the synthetic demo patients; what is there stays')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./seed.ts')).seed(options)),
  'avicenna seed --data ./data',
);

example(
  program
    .command('rebuild')
    .description('drops the graph of patients and replays it from the event log')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./rebuild.ts')).rebuild(options)),
  'avicenna rebuild --data ./data',
);

example(
  program
    .command('verify')
    .description('replays the event log into a graph beside the one in use and compares the two, node by node')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./verify.ts')).verify(options)),
  'avicenna verify --data ./data',
);

example(
  program
    .command('backup <dir>')
    .description('copies the event log into a folder, also while a server on this machine writes to it')
    .option(...DATA_OPTION)
    .option('--url <url>', 'the running server takes the copy: <dir> is a name below the backups of its data directory')
    .option(...JSON_OPTION)
    .action(async (dir, options) => (await import('./backup.ts')).backup(dir, options)),
  'avicenna backup ./backups/monday --data ./data',
);

example(
  program
    .command('restore <dir>')
    .description("puts a backup in the event log's place and replays it into the graph; the server must be stopped")
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (dir, options) => (await import('./backup.ts')).restore(dir, options)),
  'avicenna restore ./backups/monday --data ./data',
);

example(
  program
    .command('genotype <file>')
    .description('diplotypes, phenotypes and guidance from a VCF on GRCh38, plain or gzip, one sample or many')
    .option('--sample <name>', 'only this sample; may be repeated', collect, [] as string[])
    .option(
      '--outside-calls <file>',
      'stated results, gene<TAB>diplotype<TAB>phenotype<TAB>score, win over the VCF; may be repeated',
      collect,
      [] as string[],
    )
    .addOption(new Option('--sex <sex>', 'a male has one X chromosome').choices(['male', 'female'] as const))
    .option('--combinations', 'where no pair of named alleles fits, name combinations and lone variants (research)')
    .option(
      '--research <gene>',
      'cyp2d6: call it from single variants, without copy number (research); may be repeated',
      researchGene,
      [] as string[],
    )
    .option('--definitions <file>', "a gene's allele definitions of your own, in PharmCAT's JSON format")
    .option('--recommend', 'with the recommendations for what was called')
    .option('--output <file>', 'the JSON Lines go there')
    .option('--resume', 'go on after the whole lines that --output already has')
    .option('--threads <number>', 'worker threads for a cohort, where memory allows; by default none', threadCount)
    .option(...JSON_OPTION)
    .action(async (file, options) => (await import('./genotype.ts')).genotype(file, options)),
  'avicenna genotype graph-seed/demo-patients/01-warfarin-sensitive.vcf --recommend',
);

example(
  program
    .command('phenotype [gene] [diplotype]')
    .description('phenotype, activity score and lookup key of a diplotype; without arguments reads gene<TAB>diplotype lines')
    .option(...JSON_OPTION)
    .action(async (gene, diplotype, options) => (await import('./phenotype.ts')).phenotype(gene, diplotype, options)),
  'avicenna phenotype CYP2C9 "*1/*3"',
);

example(
  program
    .command('recommend')
    .description('guidance; without --patient reads JSON Lines {"lookup":{"CYP2D6":"0.0"},"drug":"codeine"}')
    .option('--drug <name>', 'only this drug')
    .option('--patient <id>', 'identifier or global id of a patient')
    .option('--url <url>', 'go through a running server')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./recommend.ts')).recommendCommand(options)),
  'echo \'{"lookup":{"CYP2D6":"0.0"},"drug":"codeine"}\' | avicenna recommend --json',
);

example(
  program
    .command('interactions')
    .description('reads JSON Lines {"drugs":["warfarin","amiodarone"]} and answers with what is known of the pairs')
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./interactions.ts')).interactions(options)),
  'echo \'{"drugs":["warfarin","amiodarone"]}\' | avicenna interactions --json',
);

/** The readers are many files: only those who ask for releases wait for them. */
const releaseReaders = process.argv[2] === 'release' ? (await import('./release.ts')).readersHelp() : '';

const release = example(
  program.command('release').description("releases of knowledge from publishers' files, kept in the data directory").exitOverride(),
  'avicenna release build --from ~/knowledge --name 2026-11',
);

example(
  release
    .command('build')
    .description('reads, checks and normalises the files below folders; a broken row ends it and nothing is kept')
    .requiredOption('--from <dir...>', 'folders (or files); those that no reader knows are listed and skipped')
    .requiredOption('--name <name>', 'what the release is called')
    .option('--accept-licence', 'take in rows whose licence binds whoever passes them on (share-alike, non-commercial)')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./release.ts')).releaseBuild(options))
    .addHelpText('after', releaseReaders),
  'avicenna release build --from ~/knowledge/civic ~/knowledge/hetnet --name 2026-11',
);

example(
  release
    .command('list')
    .description('the releases that were built here')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./release.ts')).releaseList(options)),
  'avicenna release list',
);

example(
  release
    .command('diff <a> <b>')
    .description('what release b says that a does not, and the other way round')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (a, b, options) => (await import('./release.ts')).releaseDiff(a, b, options)),
  'avicenna release diff 2026-10 2026-11',
);

const trials = example(
  program.command('trials').description('clinical trials in CTML, the markup of MatchMiner').exitOverride(),
  'avicenna trials match --trials trials.json --patients patients.json --findings genomic.json',
);

example(
  trials
    .command('match')
    .description('the criteria of trials against patients: who meets each step, arm and dose level')
    .requiredOption('--trials <file>', 'JSON, plain or gzip: trials by name, or a list')
    .requiredOption('--patients <file>', 'JSON, plain or gzip: a list of clinical records with _id and SAMPLE_ID')
    .requiredOption('--findings <file>', 'JSON, plain or gzip: a list of genomic findings with CLINICAL_ID')
    .option('--oncotree <file>', 'JSON: a diagnosis and the list of those that it stands for; without it each stands for itself')
    .option('--as-of <date>', 'day on which ages are taken; today where left out')
    .option('--reasons', 'with the verdict of every criterion for every patient, and what would settle an unknown one')
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./trials.ts')).trialsMatch(options)),
  'avicenna trials match --trials trials.json --patients patients.json --findings genomic.json --as-of 2026-01-31 --json',
);

example(
  program
    .command('predict <model>')
    .description("a model over rows; columns are the card's inputs, an empty cell is missing")
    .requiredOption('--rows <file>', 'CSV or TSV, plain or gzip')
    .option(...JSON_OPTION)
    .action(async (model, options) => (await import('./predict.ts')).predict(model, options)),
  'avicenna predict warfarin-dose --rows patients.csv --json',
);

example(
  program
    .command('explain [model]')
    .description('what the model used for each row, exactly; all rows or none')
    .option('--onnx <file>', 'explain an ONNX file instead of a model of ours; its columns in order')
    .requiredOption('--rows <file>', 'CSV or TSV, plain or gzip')
    .option('--background <file>', "reference rows instead of the model's own; needed with --onnx")
    .addOption(
      new Option('--method <method>', 'how')
        .choices(['auto', 'exact', 'interventional', 'path-dependent', 'linear', 'permutation'])
        .default('auto'),
    )
    .addOption(new Option('--output <space>', 'scale that the values add up on').choices(['raw', 'probability', 'value']).default('raw'))
    .option('--class <number>', 'which class or output of several, from 0', wholeNumber)
    .option('--interactions', 'also the interactions of pairs, rows x features x features')
    .option('--counterfactuals', 'also the nearest changes that bring the answer below the threshold')
    .option('--threshold <number>', "threshold of --counterfactuals in the answer's unit, instead of the card's", anyNumber)
    .option('--svg <file>', 'write the picture of the first row')
    .option(...JSON_OPTION)
    .action(async (model, options) => (await import('./explain.ts')).explainCommand(model, options)),
  'avicenna explain warfarin-dose --rows patients.csv --output value --json',
);

example(
  program
    .command('polygenic')
    .description('a polygenic score for each sample of a VCF on GRCh38, by a scoring file of the PGS Catalog')
    .requiredOption('--vcf <file>', 'plain or gzip, one sample or many')
    .requiredOption('--score <file>', 'scoring file harmonised to GRCh38, plain or gzip')
    .option('--min-coverage <share>', "share of the score's variants that a sample needs, 0 to 1", share, 0.75)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./polygenic.ts')).polygenic(options)),
  'avicenna polygenic --vcf cohort.vcf.gz --score PGS000001_hmPOS_GRCh38.txt.gz --json',
);

example(
  program
    .command('card <model>')
    .description('what a model is, what it was tested on and for whom')
    .addOption(new Option('--format <format>', 'json or md').choices(['json', 'md']).default('md'))
    .option('--json', 'as --format json, on one line')
    .action(async (model, options) => (await import('./card.ts')).card(model, options)),
  'avicenna card warfarin-dose --format md',
);

example(
  program
    .command('evaluate <model>')
    .description('how well a model does on recorded outcomes, overall and by group, with 95 % intervals')
    .requiredOption('--data <file>', "CSV or TSV, plain or gzip: the card's inputs and the columns of the outcome that it names")
    .option('--draws <number>', 'bootstrap draws of people, 20 at least', drawCount, 200)
    .option('--seed <number>', 'seed of the draws', wholeNumber, 1)
    .option('--svg <file>', 'write the picture of the calibration')
    .option(...JSON_OPTION)
    .action(async (model, options) => (await import('./evaluate.ts')).evaluateCommand(model, options)),
  'avicenna evaluate breast-survival --data clinical.tsv --svg calibration.svg',
);

example(
  program
    .command('evaluate-alerts [model]')
    .description('what alerts cost and find: rules on labelled rows of a model, or what the event log has of them')
    .option('--rows <file>', "CSV or TSV, plain or gzip, one row an hour: the model's inputs and the label that its card names")
    .option('--rules <file>', 'rules to try, instead of those that ship; beside them the bare threshold of the card')
    .option('--within <hours>', 'an alert is right where the event is labelled within so many hours after it', wholeNumber, 6)
    .option('--acknowledged-after <minutes>', 'somebody acknowledges each alert after so many minutes', wholeNumber, 15)
    .option('--draws <number>', 'bootstrap draws of people, 20 at least', drawCount, 200)
    .option('--seed <number>', 'seed of the draws', wholeNumber, 1)
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (model, options) => (await import('./evaluateAlerts.ts')).evaluateAlerts(model, options)),
  'avicenna evaluate-alerts sepsis-early-warning --rows hourly.csv.gz --rules my-rules.json',
);

example(
  program
    .command('ingest')
    .description('measurements of devices, a JSON object a line, into the record; one that is wrong does not stop the rest')
    .requiredOption('--stdin', 'read standard input until it ends')
    .option('--url <url>', 'go through a running server')
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./ingest.ts')).ingest(options))
    .addHelpText(
      'after',
      `
A line: patient (identifier or id), code (LOINC), value with unit (UCUM) or text, observedAt (ISO 8601), device (optional).
The same measurement sent again is recorded once. A late one corrects what was said since.`,
    ),
  `echo '{"patient":"DEMO-0001","code":"8867-4","value":92,"unit":"/min","observedAt":"2026-11-01T08:00:00Z"}' | avicenna ingest --stdin`,
);

example(
  program
    .command('watch')
    .description('risk events as they come, from the running API')
    .option('--patient <id>', 'identifier or global id of a patient')
    .option('--alerts', 'what happens to alerts, in place of the risk events')
    .option('--after <cursor>', 'go on after this cursor')
    .option('--url <url>', 'the running server', 'http://127.0.0.1:4000')
    .option(...JSON_OPTION)
    .action(async (options) => (await import('./watch.ts')).watch(options)),
  'avicenna watch --patient DEMO-0001 --json',
);

endOnBrokenPipe();
try {
  await program.parseAsync();
} catch (error) {
  const { code, exitCode } = error as { code?: string; exitCode?: number };
  if (code?.startsWith('commander.')) process.exitCode = exitCode === 0 ? EXIT.done : EXIT.usage;
  else await refuse(error, process.argv.includes('--json'));
}
