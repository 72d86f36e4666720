// `npm ci` runs this: the program into dist/, then the explorer into dist/explorer. Where only production packages
// are installed there is no compiler, and dist/ must be there already.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (script, ...args) =>
  execFileSync(process.execPath, [`${root}node_modules/${script}`, ...args], { cwd: root, stdio: 'inherit' });

if (existsSync(`${root}node_modules/typescript`)) {
  run('typescript/bin/tsc', '-p', 'tsconfig.json');
  run('vite/bin/vite.js', 'build', '--config', 'explorer/vite.config.js', '--logLevel', 'warn');
} else if (!existsSync(`${root}dist/cli/main.js`)) {
  throw new Error('dist/ is missing and the compiler is not installed: run npm ci without --omit=dev first');
}
