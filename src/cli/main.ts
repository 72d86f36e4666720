#!/usr/bin/env node
/** The command line. */
import { EXIT, endOnBrokenPipe, refuse } from './output.ts';
import { makeProgram } from './program.ts';

// graphql-js checks every type test twice unless this says production: 5 % of a patient page.
process.env['NODE_ENV'] ??= 'production';

endOnBrokenPipe();
try {
  await makeProgram().parseAsync();
} catch (error) {
  const { code, exitCode } = error as { code?: string; exitCode?: number };
  if (code?.startsWith('commander.')) process.exitCode = exitCode === 0 ? EXIT.done : EXIT.usage;
  else await refuse(error, process.argv.includes('--json'));
}
