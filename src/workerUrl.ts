/**
 * Where a worker's compiled file lies. Node 20 runs no TypeScript, so when this code itself runs from src/ (in the
 * tests, which compile on the fly) the worker is taken from dist/, which `npm test` builds first.
 */
export function workerUrl(from: string, name: string): URL {
  const beside = new URL(`./${name}.js`, from);
  if (!from.endsWith('.ts')) return beside;
  return new URL(beside.href.replace('/src/', '/dist/'));
}
