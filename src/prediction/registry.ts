/** The models of a folder: every version that loads, and why another does not. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AvicennaError } from '../errors.ts';
import type { ModelCard } from './card.ts';
import { equationOf, equationScorer } from './equations/catalogue.ts';
import { isBound } from './features.ts';
import type { CheckedRow } from './inputs.ts';
import { folderName, type ModelFolder, readBackground, readFolder, readVerified } from './modelFolder.ts';
import { OnnxRunner } from './onnxScorer.ts';
import type { Scorer } from './scorer.ts';
import { newerFirst } from './versions.ts';

/** A model that may be served: its card, its digest verified, its background encoded. */
export interface LoadedModel {
  readonly folder: string;
  readonly card: ModelCard;
  /** SHA-256 of the card. */
  readonly cardDigest: string;
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

/** A folder whose model does not load. */
export interface UnfitModel {
  readonly folder: string;
  /** The card's, or the folder's where the card cannot be read. */
  readonly name: string;
  /** Null where the card cannot be read. */
  readonly version: string | null;
  readonly error: AvicennaError;
}

export interface ModelRegistry {
  /** By name, the version that answers where none is asked for: the newest that is no candidate. */
  readonly models: ReadonlyMap<string, LoadedModel>;
  /** By name, every version, newest first. */
  readonly versions: ReadonlyMap<string, readonly LoadedModel[]>;
  readonly unfit: readonly UnfitModel[];
  /** Waits for what is being answered. */
  close(): Promise<void>;
}

export const isCandidate = ({ card }: LoadedModel) => card.status === 'CANDIDATE';

/** Reads once, whoever asks; a failure is not kept. */
function readOnce(found: ModelFolder): LoadedModel['background'] {
  let rows: Promise<CheckedRow[]> | undefined;
  return () => {
    rows ??= readBackground(found).catch((error: unknown) => {
      rows = undefined;
      throw error;
    });
    return rows;
  };
}

async function scorerOf({ folder, card }: ModelFolder, runner: OnnxRunner): Promise<Scorer> {
  const { artifact } = card;
  if ('equation' in artifact) return equationScorer(card, equationOf(card, artifact.equation, join(folder, 'card.json')));
  const { margin, value, spread } = artifact.outputs;
  const path = join(folder, artifact.file);
  await readVerified(path, artifact.sha256);
  return runner.scorer({
    path,
    sha256: artifact.sha256,
    opset: artifact.opset,
    input: artifact.input,
    outputs: [margin, value, ...(spread === undefined ? [] : [spread])],
    width: card.columns.length,
  });
}

async function loadFound(found: ModelFolder, runner: OnnxRunner, open: boolean): Promise<LoadedModel> {
  const { folder, card, cardDigest } = found;
  const scorer = await scorerOf(found, runner);
  for (const named of [card.background, card.covers, card.interval?.calibration])
    if (named) await readVerified(join(folder, named.file), named.sha256);
  const background = readOnce(found);
  const asked = isBound(card.name);
  if (open) await Promise.all([scorer.check(asked), asked ? background() : undefined]);
  return {
    folder,
    card,
    cardDigest,
    digest: card.artifact.sha256,
    file: 'file' in card.artifact ? join(folder, card.artifact.file) : null,
    scorer,
    background,
    backgroundId: card.background.sha256.slice(0, 12),
  };
}

/** One model by itself. Throws MODEL_INVALID or MODEL_DIGEST_MISMATCH. */
export async function loadFolder(folder: string, runner: OnnxRunner): Promise<LoadedModel> {
  return loadFound(await readFolder(folder), runner, false);
}

type Tried = { readonly model: LoadedModel } | UnfitModel;

/** A model's folder, loaded or told why not. */
async function tryFolder(folder: string, runner: OnnxRunner, open: boolean): Promise<Tried> {
  let name = folderName(folder);
  let version: string | null = null;
  try {
    const found = await readFolder(folder);
    ({ name, version } = found.card);
    return { model: await loadFound(found, runner, open) };
  } catch (error) {
    if (!(error instanceof AvicennaError)) throw error;
    return { folder, name, version, error };
  }
}

const newestFirst = (a: LoadedModel, b: LoadedModel) => newerFirst(a.card.version, b.card.version);

/** Every version by name; of two folders with the same version neither is taken. */
function byVersion(tried: readonly Tried[]): Pick<ModelRegistry, 'versions' | 'unfit'> {
  const unfit = tried.filter((one) => 'error' in one);
  const loaded = tried.filter((one) => 'model' in one);
  const versions = new Map<string, LoadedModel[]>();
  for (const { model } of loaded) {
    const { folder } = model;
    const { name, version } = model.card;
    const twin = loaded.find((other) => other.model !== model && other.model.card.name === name && other.model.card.version === version);
    if (twin) {
      const error = new AvicennaError(
        'MODEL_INVALID',
        `'${name}' ${version} is in ${folderName(twin.model.folder)} too.`,
        join(folder, 'card.json'),
      );
      unfit.push({ folder, name, version, error });
    } else versions.set(name, [...(versions.get(name) ?? []), model].sort(newestFirst));
  }
  return { versions, unfit };
}

export interface LoadOptions {
  /** Opens every file too, as a server does before it answers; what a patient record can ask stays open, with its background read. */
  readonly open?: boolean;
}

/**
 * Loads every model under `directory`: each folder with a card is one version of one. What does not fit its card is not loaded
 * and is listed as unfit, with MODEL_INVALID or MODEL_DIGEST_MISMATCH and the file.
 * @throws AvicennaError CONFIG_INVALID where the directory cannot be read
 */
export async function loadModels(directory: string, { open = false }: LoadOptions = {}): Promise<ModelRegistry> {
  const entries = await readdir(directory).catch(() => {
    throw new AvicennaError('CONFIG_INVALID', 'The folder of models cannot be read.', directory);
  });
  const folders = entries
    .map((name) => join(directory, name))
    .filter((folder) => existsSync(join(folder, 'card.json')))
    .sort();
  const runner = new OnnxRunner();
  const tried = await Promise.all(folders.map((folder) => tryFolder(folder, runner, open))).catch(async (error: unknown) => {
    await runner.close();
    throw error;
  });
  const { versions, unfit } = byVersion(tried);
  const inForce = [...versions].flatMap(([name, all]) => {
    const model = all.find((one) => !isCandidate(one));
    return model ? [[name, model] as const] : [];
  });
  return { models: new Map(inForce), versions, unfit, close: () => runner.close() };
}

/** A model that does not load, as it is told outside. */
export interface Degraded {
  readonly model: string;
  /** Null where the card cannot be read. */
  readonly version: string | null;
  /**
   * Version that answers instead: the same, as it was loaded before its files were spoilt, or the one in force; null where none
   * does, or where a newer one answers anyway.
   */
  readonly instead: string | null;
  readonly code: string;
  readonly message: string;
}

/** What answers where an unfit model would have; null where nothing does, or where a newer version does anyway. */
export function insteadOf({ models, versions }: ModelRegistry, { name, version }: UnfitModel): string | null {
  // A file was spoilt after it was loaded: what was loaded still answers.
  if (versions.get(name)?.some(({ card }) => card.version === version)) return version;
  const inForce = models.get(name)?.card.version ?? null;
  return inForce === null || (version !== null && newerFirst(version, inForce) > 0) ? null : inForce;
}

export function describeUnfit(registry: ModelRegistry, unfit: UnfitModel): Degraded {
  const { name, version, error } = unfit;
  return { model: name, version, instead: insteadOf(registry, unfit), code: error.code, message: error.message };
}

const versionText = (model: LoadedModel) => `${model.card.version}${isCandidate(model) ? ' (candidate)' : ''}`;

/**
 * The version in force, or the one asked for.
 * @throws AvicennaError MODEL_UNKNOWN, naming those that there are; where its folder is unfit, what is wrong with it
 */
export function modelNamed({ models, versions, unfit }: ModelRegistry, name: string, version: string | null = null): LoadedModel {
  const all = versions.get(name) ?? [];
  const model = version === null ? models.get(name) : all.find(({ card }) => card.version === version);
  if (model) return model;
  const spoilt = unfit.find((one) => one.name === name && (version === null || one.version === version));
  if (spoilt) throw spoilt.error;
  const asked = `${name.slice(0, 60)}${version === null ? '' : ` ${version.slice(0, 20)}`}`;
  const there = all.length > 0 ? `of ${name} there are: ${all.map(versionText).join(', ')}` : `there are: ${[...models.keys()].join(', ')}`;
  throw new AvicennaError('MODEL_UNKNOWN', `No model '${asked}' is loaded; ${there}.`, 'model');
}
