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
  readonly model: Promise<LoadedModel>;
}

/** By folder: a new version in the same folder takes the place of the old one and its tables. */
const held = new Map<string, Held>();

async function load({ folder, cardDigest }: GameRequest): Promise<LoadedModel> {
  const model = await loadFolder(folder, new OnnxRunner());
  if (model.cardDigest === cardDigest) return model;
  throw new AvicennaError('MODEL_DIGEST_MISMATCH', 'The folder holds another version of the model by now.', folder);
}

function modelOf(request: GameRequest): Promise<LoadedModel> {
  const { folder, cardDigest } = request;
  const known = held.get(folder);
  if (known?.cardDigest === cardDigest) return known.model;
  const model = load(request);
  held.set(folder, { cardDigest, model });
  model.catch(() => {
    if (held.get(folder)?.model === model) held.delete(folder);
  });
  return model;
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

port?.on('message', async (request: GameRequest) => port.postMessage(await answer(request)));
