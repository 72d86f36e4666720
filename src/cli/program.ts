/** The commands with their options. Each command's own module is loaded when it is called, so that a small one starts fast. */
import { Command } from 'commander';
import { addGenomics } from './commands/genomics.ts';
import { addKnowledge } from './commands/knowledge.ts';
import { addModels } from './commands/models.ts';
import { addMonitoring } from './commands/monitoring.ts';
import { addServing } from './commands/serving.ts';

export function makeProgram(): Command {
  const program = new Command('avicenna')
    .description('Precision medicine over a property graph: predictions with the reasons for them.')
    .version('0.3.0')
    .showHelpAfterError()
    // Before the commands are made: they take it over from here.
    .exitOverride();
  for (const add of [addServing, addGenomics, addKnowledge, addModels, addMonitoring]) add(program);
  return program;
}
