/** Folders of models of one's own: copies of those that ship, changed. */
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
