/** Measurements in, risk and alerts out. */
import type { Command } from 'commander';
import { drawCount, serverUrl, wholeNumber } from '../values.ts';
import { DATA_OPTION, example, JSON_OPTION } from './command.ts';

function addEvaluateAlerts(program: Command): void {
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
      .action(async (model, options) => (await import('../evaluateAlerts.ts')).evaluateAlerts(model, options)),
    'avicenna evaluate-alerts sepsis-early-warning --rows hourly.csv.gz --rules my-rules.json',
  );
}

function addIngest(program: Command): void {
  example(
    program
      .command('ingest')
      .description('measurements of devices, a JSON object a line, into the record; one that is wrong does not stop the rest')
      .requiredOption('--stdin', 'read standard input until it ends')
      .option('--url <url>', 'go through a running server', serverUrl)
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../ingest.ts')).ingest(options))
      .addHelpText(
        'after',
        `
  A line: patient (identifier or id), code (LOINC), value with unit (UCUM) or text, observedAt (ISO 8601), device (optional).
  The same measurement sent again is recorded once. A late one corrects what was said since.`,
      ),
    `echo '{"patient":"DEMO-0001","code":"8867-4","value":92,"unit":"/min","observedAt":"2026-11-01T08:00:00Z"}' | avicenna ingest --stdin`,
  );
}

function addWatch(program: Command): void {
  example(
    program
      .command('watch')
      .description('risk events as they come, from the running API')
      .option('--patient <id>', 'identifier or global id of a patient')
      .option('--alerts', 'what happens to alerts, in place of the risk events')
      .option('--after <cursor>', 'go on after this cursor')
      .option('--url <url>', 'the running server', serverUrl, 'http://127.0.0.1:4000')
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../watch.ts')).watch(options)),
    'avicenna watch --patient DEMO-0001 --json',
  );
}

export function addMonitoring(program: Command): void {
  for (const add of [addEvaluateAlerts, addIngest, addWatch]) add(program);
}
