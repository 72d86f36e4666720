/** A worker thread that plays games: it loads the models that it is asked about itself, and builds their tables once. */
import { parentPort } from 'node:worker_threads';
import { AvicennaError } from '../errors.ts';
import { OnnxRunner } from '../prediction/onnxScorer.ts';
import { type LoadedModel, loadFolder } from '../prediction/registry.ts';
import type { GameReply, GameRequest } from './gameProtocol.ts';
import { modelGame } from './modelGame.ts';

const port = parentPort;

interface Held {
  readonly cardDigest: string;
  readonly model: LoadedModel;
  readonly runner: OnnxRunner;
}

/** By folder, the one asked last at the end: a new version in the same folder takes the place of the old one and its tables. */
const held = new Map<string, Held>();
const MOST_HELD = 16;

async function release(folder: string): Promise<void> {
  const old = held.get(folder);
  held.delete(folder);
  await old?.runner.close();
}

async function load({ folder, cardDigest }: GameRequest): Promise<LoadedModel> {
  const runner = new OnnxRunner();
  const model = await loadFolder(folder, runner);
  // The runner begins with its first row: until then there is nothing to close.
  if (model.cardDigest !== cardDigest)
    throw new AvicennaError('MODEL_DIGEST_MISMATCH', 'The folder holds another version of the model by now.', folder);
  await release(folder);
  held.set(folder, { cardDigest, model, runner });
  const [oldest] = held.keys();
  if (held.size > MOST_HELD && oldest !== undefined) await release(oldest);
  return model;
}

/** Requests are answered one after the other: a model is loaded once, whoever asks. */
async function modelOf(request: GameRequest): Promise<LoadedModel> {
  const { folder, cardDigest } = request;
  const known = held.get(folder);
  if (known?.cardDigest !== cardDigest) return load(request);
  held.delete(folder);
  held.set(folder, known);
  return known.model;
}

async function answer(request: GameRequest): Promise<GameReply> {
  const { ticket, row, space, interactions } = request;
  try {
    return { ticket, game: await modelGame(await modelOf(request), row, space, interactions) };
  } catch (error) {
    if (error instanceof AvicennaError) return { ticket, code: error.code, message: error.message, at: error.at };
    return { ticket, code: null, message: error instanceof Error ? error.message : 'no reason given', at: undefined };
  }
}

let last: Promise<unknown> = Promise.resolve();
port?.on('message', (request: GameRequest) => {
  last = last.then(async () => port.postMessage(await answer(request)));
});
