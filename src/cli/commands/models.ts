/** Models over rows: answers, explanations, cards, tests. */
import { type Command, Option } from 'commander';
import { anyNumber, drawCount, wholeNumber } from '../values.ts';
import { example, JSON_OPTION } from './command.ts';

function addPredict(program: Command): void {
  example(
    program
      .command('predict <model>')
      .description("a model over rows; columns are the card's inputs, an empty cell is missing")
      .requiredOption('--rows <file>', 'CSV or TSV, plain or gzip')
      .option(...JSON_OPTION)
      .action(async (model, options) => (await import('../predict.ts')).predict(model, options)),
    'avicenna predict warfarin-dose --rows patients.csv --json',
  );
}

function addExplain(program: Command): void {
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
      .action(async (model, options) => (await import('../explain.ts')).explainCommand(model, options)),
    'avicenna explain warfarin-dose --rows patients.csv --output value --json',
  );
}

function addCard(program: Command): void {
  example(
    program
      .command('card <model>')
      .description('what a model is, what it was tested on and for whom')
      .addOption(new Option('--format <format>', 'json or md').choices(['json', 'md']).default('md'))
      .option('--json', 'as --format json, on one line')
      .action(async (model, options) => (await import('../card.ts')).card(model, options)),
    'avicenna card warfarin-dose --format md',
  );
}

function addEvaluate(program: Command): void {
  example(
    program
      .command('evaluate <model>')
      .description('how well a model does on recorded outcomes, overall and by group, with 95 % intervals')
      .requiredOption('--data <file>', "CSV or TSV, plain or gzip: the card's inputs and the columns of the outcome that it names")
      .option('--draws <number>', 'bootstrap draws of people, 20 at least', drawCount, 200)
      .option('--seed <number>', 'seed of the draws', wholeNumber, 1)
      .option('--svg <file>', 'write the picture of the calibration')
      .option(...JSON_OPTION)
      .action(async (model, options) => (await import('../evaluate.ts')).evaluateCommand(model, options)),
    'avicenna evaluate breast-survival --data clinical.tsv --svg calibration.svg',
  );
}

export function addModels(program: Command): void {
  for (const add of [addPredict, addExplain, addCard, addEvaluate]) add(program);
}
