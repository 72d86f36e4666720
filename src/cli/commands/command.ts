/** What all commands have in common. */
import type { Command } from 'commander';

export const JSON_OPTION = ['--json', 'JSON Lines on stdout, for machines'] as const;
export const DATA_OPTION = ['--data <dir>', 'where the embedded graph and the event log lie', './data'] as const;

/** The command with an example in its help. */
export function example(command: Command, text: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${text}`);
}
