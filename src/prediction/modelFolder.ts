/** One model's folder: its card, and the files that the card names, which must be those that it was written for. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AvicennaError, faultsInWords } from '../errors.ts';
import { sha256Of } from '../sha256.ts';
import { cardSchema, type ModelCard } from './card.ts';
import { cardFaults } from './cardFaults.ts';
import type { CheckedRow } from './inputs.ts';
import { mismatch } from './onnxFile.ts';
import { lastOfEach, readCheckedRows } from './readCheckedRows.ts';

export interface ModelFolder {
  readonly folder: string;
  readonly card: ModelCard;
  /** SHA-256 of card.json; with the digests in the card it stands for all that is in the folder. */
  readonly cardDigest: string;
}

/** Throws MODEL_INVALID with the file and what is wrong in it. */
export async function readFolder(folder: string): Promise<ModelFolder> {
  const file = join(folder, 'card.json');
  let bytes: Buffer;
  let raw: unknown;
  try {
    bytes = await readFile(file);
    raw = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new AvicennaError('MODEL_INVALID', 'The card is missing or is not JSON.', file);
  }
  const parsed = cardSchema.safeParse(raw);
  if (!parsed.success) throw new AvicennaError('MODEL_INVALID', faultsInWords(parsed.error), file);
  const faults = cardFaults(parsed.data);
  if (faults.length > 0) throw new AvicennaError('MODEL_INVALID', faults.join('; '), file);
  return { folder, card: parsed.data, cardDigest: sha256Of(bytes) };
}

/** Name that a folder's model goes by where its card cannot be read. */
export const folderName = (folder: string) => basename(folder);

/** A file's bytes. Throws MODEL_INVALID where it is missing, MODEL_DIGEST_MISMATCH where it is another. */
export async function readVerified(path: string, digest: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch {
    throw new AvicennaError('MODEL_INVALID', 'The file that the card names is missing.', path);
  }
  const found = sha256Of(bytes);
  if (found !== digest) throw new AvicennaError('MODEL_DIGEST_MISMATCH', mismatch(found, digest), path);
  return bytes;
}

/** The rows of the background, encoded. Throws where they are not those that the card was written for. */
export async function readBackground({ folder, card }: ModelFolder): Promise<CheckedRow[]> {
  const path = join(folder, card.background.file);
  await readVerified(path, card.background.sha256);
  const all: CheckedRow[] = [];
  for await (const batch of readCheckedRows(card, path)) {
    for (const { at, row } of batch) {
      if (row.problems.length > 0) throw new AvicennaError('MODEL_INVALID', row.problems.join('; '), at);
      all.push(row);
    }
  }
  const rows = lastOfEach(card, all);
  if (rows.length !== card.background.rows)
    throw new AvicennaError('MODEL_INVALID', `The background has ${rows.length} rows, the card says ${card.background.rows}.`, path);
  return rows;
}
