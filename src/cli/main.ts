#!/usr/bin/env node
/** The command line. Each command is loaded when it is called, so that a small one starts fast. */
import { Command } from 'commander';
import { addGenomics } from './commands/genomics.ts';
import { addKnowledge } from './commands/knowledge.ts';
import { addModels } from './commands/models.ts';
import { addMonitoring } from './commands/monitoring.ts';
import { addServing } from './commands/serving.ts';
import { EXIT, endOnBrokenPipe, refuse } from './output.ts';

// graphql-js checks every type test twice unless this says production: 5 % of a patient page.
process.env['NODE_ENV'] ??= 'production';

const program = new Command('avicenna')
  .description('Precision medicine over a property graph: predictions with the reasons for them.')
  .version('0.3.0')
  .showHelpAfterError()
  // Before the commands are made: they take it over from here.
  .exitOverride();
for (const add of [addServing, addGenomics, addKnowledge, addModels, addMonitoring]) add(program);

endOnBrokenPipe();
try {
  await program.parseAsync();
} catch (error) {
  const { code, exitCode } = error as { code?: string; exitCode?: number };
  if (code?.startsWith('commander.')) process.exitCode = exitCode === 0 ? EXIT.done : EXIT.usage;
  else await refuse(error, process.argv.includes('--json'));
}
