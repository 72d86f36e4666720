/** Folders of models of one's own: copies of those that ship, changed. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with copies of some shipped models. */
export function modelsOf(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  made.push(folder);
  for (const name of names) cpSync(join('models', name), join(folder, name), { recursive: true });
  return folder;
}

type Card = Record<string, unknown> & { artifact: Record<string, unknown>; columns: unknown[] };

/** Changes a copy's card. */
export function changeCard(folder: string, name: string, change: (card: Card) => void): void {
  const path = join(folder, name, 'card.json');
  const card = JSON.parse(readFileSync(path, 'utf8')) as Card;
  change(card);
  writeFileSync(path, JSON.stringify(card));
}

/** Adds a further version of a model, in a folder of its own. */
export function addVersion(folder: string, name: string, version: string, more: Readonly<Record<string, unknown>> = {}): void {
  const own = `${name}-${version}`;
  cpSync(join('models', name), join(folder, own), { recursive: true });
  changeCard(folder, own, (card) => Object.assign(card, { version, ...more }));
}

/** Moves the intercept of the warfarin model in a copy's file, so that every answer is another. In the square root of mg/week. */
export function shiftWarfarin(folder: string, name: string, by: number): void {
  const path = join(folder, name, 'model.onnx');
  const file = readFileSync(path);
  // The initializer's name, then its field raw_data (0x4a) of four bytes.
  const at = file.lastIndexOf('intercept') + 'intercept'.length;
  if (file[at] !== 0x4a || file[at + 1] !== 4) throw new Error('the intercept is not where it was');
  file.writeFloatLE(file.readFloatLE(at + 2) + by, at + 2);
  writeFileSync(path, file);
  changeCard(folder, name, ({ artifact }) => {
    artifact['sha256'] = createHash('sha256').update(file).digest('hex');
  });
}
