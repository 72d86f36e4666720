// `npm ci` runs this: the program into dist/, then the explorer into dist/explorer. Where only production packages
// are installed there is no compiler, and dist/ must be there already.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
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

// npm links the commands of dependencies, not the project's own: with this link `npx avicenna` finds it at once instead
// of installing the project into npm's cache first.
if (process.platform !== 'win32') {
  chmodSync(`${root}dist/cli/main.js`, 0o755);
  rmSync(`${root}node_modules/.bin/avicenna`, { force: true });
  symlinkSync('../../dist/cli/main.js', `${root}node_modules/.bin/avicenna`);
}
