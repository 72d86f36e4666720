import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import { cardFaults, cardSchema, type ModelCard } from './card.ts';
import { equationOf, equationScorer } from './equations/catalogue.ts';
import type { CheckedRow } from './inputs.ts';
import { OnnxRunner } from './onnxScorer.ts';
import { lastOfEach, readCheckedRows } from './readCheckedRows.ts';
import type { Scorer } from './scorer.ts';

/** A model that may be served: its card, its digest verified, its background encoded. */
export interface LoadedModel {
  readonly card: ModelCard;
  /** SHA-256 of the file that answers. */
  readonly digest: string;
  readonly scorer: Scorer;
  /** The synthetic background rows, the explanation's reference: its digest is checked at load, its rows are read when first asked for. */
  readonly background: () => Promise<readonly CheckedRow[]>;
  /** Path of the ONNX file that answers; null for an equation. */
  readonly file: string | null;
  /** First 12 characters of the background's digest, named in explanations. */
  readonly backgroundId: string;
}

export interface ModelRegistry {
  readonly models: ReadonlyMap<string, LoadedModel>;
  close(): Promise<void>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function readCard(folder: string): ModelCard {
  const file = join(folder, 'card.json');
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new AvicennaError('MODEL_INVALID', 'The card is missing or is not JSON.', file);
  }
  const parsed = cardSchema.safeParse(raw);
  if (!parsed.success) throw new AvicennaError('MODEL_INVALID', z.prettifyError(parsed.error), file);
  const faults = cardFaults(parsed.data);
  if (faults.length > 0) throw new AvicennaError('MODEL_INVALID', faults.join('; '), file);
  return parsed.data;
}

/** The file's bytes, which must be those that the card was written for. */
function verified(folder: string, file: string, digest: string): Uint8Array {
  const path = join(folder, file);
  if (!existsSync(path)) throw new AvicennaError('MODEL_INVALID', 'The file that the card names is missing.', path);
  const bytes = readFileSync(path);
  if (sha256(bytes) !== digest) {
    throw new AvicennaError(
      'MODEL_DIGEST_MISMATCH',
      `The file has SHA-256 ${sha256(bytes).slice(0, 12)}..., the card says ${digest.slice(0, 12)}...; it is not loaded.`,
      path,
    );
  }
  return bytes;
}

async function readBackground(folder: string, card: ModelCard): Promise<CheckedRow[]> {
  const all: CheckedRow[] = [];
  for await (const batch of readCheckedRows(card, join(folder, card.background.file))) {
    for (const { at, row } of batch) {
      if (row.problems.length > 0) throw new AvicennaError('MODEL_INVALID', row.problems.join('; '), at);
      all.push(row);
    }
  }
  const rows = lastOfEach(card, all);
  if (rows.length !== card.background.rows)
    throw new AvicennaError('MODEL_INVALID', `The background has ${rows.length} rows, the card says ${card.background.rows}.`, folder);
  return rows;
}

/** Reads once, whoever asks; a failure is not kept. */
function readOnce(folder: string, card: ModelCard): LoadedModel['background'] {
  let rows: Promise<CheckedRow[]> | undefined;
  return () => {
    rows ??= readBackground(folder, card).catch((error: unknown) => {
      rows = undefined;
      throw error;
    });
    return rows;
  };
}

interface Found {
  readonly folder: string;
  readonly card: ModelCard;
}

/** One worker for all ONNX files, their bytes checked against the cards. */
function onnxRunner(found: readonly Found[]): OnnxRunner {
  return new OnnxRunner(
    found.flatMap(({ folder, card }) => {
      if ('equation' in card.artifact) return [];
      const { file, sha256: key, input, outputs } = card.artifact;
      verified(folder, file, key);
      const { margin, value, spread } = outputs;
      const read = [margin, value, ...(spread === undefined ? [] : [spread])];
      return [{ key, file: join(folder, file), input, outputs: read, width: card.columns.length }];
    }),
  );
}

function scorerOf({ folder, card }: Found, runner: OnnxRunner): Scorer {
  const { artifact } = card;
  if ('equation' in artifact) return equationScorer(card, equationOf(card, artifact.equation, join(folder, 'card.json')));
  return runner.scorer(artifact.sha256);
}

/**
 * Loads every model under `directory`. A model whose file or background does not match its card does not load.
 * Throws MODEL_INVALID or MODEL_DIGEST_MISMATCH with the file.
 */
export async function loadModels(directory: string): Promise<ModelRegistry> {
  const folders = readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && existsSync(join(directory, entry.name, 'card.json')),
  );
  const found = folders.map((entry) => ({ folder: join(directory, entry.name), card: readCard(join(directory, entry.name)) }));
  const runner = onnxRunner(found);
  const models = new Map<string, LoadedModel>();
  for (const { folder, card } of found) {
    verified(folder, card.background.file, card.background.sha256);
    models.set(card.name, {
      card,
      digest: card.artifact.sha256,
      file: 'file' in card.artifact ? join(folder, card.artifact.file) : null,
      scorer: scorerOf({ folder, card }, runner),
      background: readOnce(folder, card),
      backgroundId: card.background.sha256.slice(0, 12),
    });
  }
  return { models, close: () => runner.close() };
}

/** Throws MODEL_UNKNOWN, naming the models there are. */
export function modelNamed(registry: ModelRegistry, name: string): LoadedModel {
  const model = registry.models.get(name);
  if (!model)
    throw new AvicennaError(
      'MODEL_UNKNOWN',
      `No model '${name.slice(0, 60)}' is loaded; there are: ${[...registry.models.keys()].join(', ')}.`,
      'model',
    );
  return model;
}
