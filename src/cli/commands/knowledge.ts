/** What is known: interactions, releases, rankings over them, trials. */
import { type Command, Option } from 'commander';
import { countFromOne, serverUrl } from '../values.ts';
import { DATA_OPTION, example, JSON_OPTION } from './command.ts';

/** The readers are many files: only those who ask for releases wait for them. */
const releaseReaders = process.argv[2] === 'release' ? (await import('../release.ts')).readersHelp() : '';

function addInteractions(program: Command): void {
  example(
    program
      .command('interactions')
      .description('reads JSON Lines {"drugs":["warfarin","amiodarone"]} and answers with what is known of the pairs')
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../interactions.ts')).interactions(options)),
    'echo \'{"drugs":["warfarin","amiodarone"]}\' | avicenna interactions --json',
  );
}

function addRelease(program: Command): void {
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
      .action(async (options) => (await import('../release.ts')).releaseBuild(options))
      .addHelpText('after', releaseReaders),
    'avicenna release build --from ~/knowledge/civic ~/knowledge/hetnet --name 2026-11',
  );

  example(
    release
      .command('list')
      .description('the releases that were built here')
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../release.ts')).releaseList(options)),
    'avicenna release list',
  );

  example(
    release
      .command('diff <a> <b>')
      .description('what release b says that a does not, and the other way round')
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (a, b, options) => (await import('../release.ts')).releaseDiff(a, b, options)),
    'avicenna release diff 2026-10 2026-11',
  );
}

function addDiscover(program: Command): void {
  const discover = example(
    program.command('discover').description('rankings over the paths of a knowledge release, for research').exitOverride(),
    'avicenna discover treatments --disease DOID:9352 --top 20',
  );

  for (const [question, description, classes] of [
    ['treatments', 'every compound for a disease, by how likely it is among its disease-modifying treatments', true],
    ['targets', 'every gene for a disease, by how likely it is among those associated with it', false],
  ] as const) {
    const command = discover
      .command(question)
      .description(description)
      .option('--disease <id>', 'a DOID; all diseases that the release knows anything of where left out')
      .option('--top <n>', 'only so many of each ranking', countFromOne)
      .option('--release <name>', 'a release that was built here, instead of the one built last')
      .option(...DATA_OPTION)
      .option(...JSON_OPTION);
    if (classes)
      command.addOption(
        new Option('--without <what>', 'what remains when classes of drugs, which all but state what a drug is for, are withheld').choices([
          'drug-classes',
        ] as const),
      );
    command.action(async (options) => (await import('../discover.ts')).discover(question, options));
    example(command, `avicenna discover ${question} --disease DOID:9352 --top 20 --json`);
  }
}

function addTrials(program: Command): void {
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
      .action(async (options) => (await import('../trials.ts')).trialsMatch(options)),
    'avicenna trials match --trials trials.json --patients patients.json --findings genomic.json --as-of 2026-01-31 --json',
  );

  example(
    trials
      .command('load')
      .description(
        'enters trials into the graph, where Patient.trialMatches holds them against a patient; one of the same name is replaced',
      )
      .requiredOption('--trials <file>', 'JSON, plain or gzip: trials by name, or a list')
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../trials.ts')).trialsLoad(options)),
    'avicenna trials load --trials trials.json',
  );
}

function addOptions(program: Command): void {
  example(
    program
      .command('options')
      .description("treatment options for a patient's tumour, each with its reasons, its evidence and what is not known")
      .requiredOption('--patient <id>', 'identifier or global id of a patient')
      .requiredOption('--condition <id>', 'DOID of the tumour, or the ICD-10-CM code or id of a condition of the patient')
      .option('--url <url>', 'go through a running server', serverUrl)
      .option(...DATA_OPTION)
      .option(...JSON_OPTION)
      .action(async (options) => (await import('../options.ts')).optionsCommand(options)),
    'avicenna options --patient DEMO-0017 --condition DOID:3910',
  );
}

export function addKnowledge(program: Command): void {
  for (const add of [addInteractions, addRelease, addDiscover, addOptions, addTrials]) add(program);
}
