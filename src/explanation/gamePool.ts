/**
 * Explanations are played in threads of their own, so that tables and enumerations do not hold the event loop. A model always
 * goes to the same thread, by its folder, which keeps its tables.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { AvicennaError } from '../errors.ts';
import { Calls } from '../workerCalls.ts';
import { workerUrl } from '../workerUrl.ts';
import type { GameReply, GameRequest } from './gameProtocol.ts';
import type { Game } from './games/enumeration.ts';
import { modelGame, type Play } from './modelGame.ts';

/** One core is left to the requests. */
const THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));

const placeOf = (folder: string) => createHash('sha256').update(folder).digest().readUInt32BE(0) % THREADS;

function read(reply: GameReply): Game {
  if ('game' in reply) return reply.game;
  if (reply.code !== null) throw new AvicennaError(reply.code, reply.message, reply.at);
  throw new Error(reply.message);
}

/** A thread and whoever waits for it: games are given to it one by one, so that one that is given up before its turn is never played. */
class Table {
  readonly #calls = new Calls<GameRequest, GameReply>(workerUrl(import.meta.url, 'gameWorker'));
  #last: Promise<unknown> = Promise.resolve();

  ask(question: Omit<GameRequest, 'ticket'>, signal: AbortSignal | undefined): Promise<GameReply> {
    const answer = this.#last.then(() => {
      signal?.throwIfAborted();
      return this.#calls.ask(question);
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  close(): Promise<void> {
    return this.#calls.close();
  }
}

export class GamePool {
  readonly #tables = Array.from({ length: THREADS }, () => new Table());

  /** The same as `modelGame`, elsewhere. A model that was replaced on disk meanwhile is played here, by what was loaded of it. */
  readonly play: Play = async (model, row, space, interactions = false, signal = undefined) => {
    const { folder, cardDigest } = model;
    const table = this.#tables[placeOf(folder)] as Table;
    try {
      return read(await table.ask({ folder, cardDigest, row, space, interactions }, signal));
    } catch (error) {
      if (error instanceof AvicennaError && error.code.startsWith('MODEL_')) return modelGame(model, row, space, interactions);
      throw error;
    }
  };

  async close(): Promise<void> {
    await Promise.all(this.#tables.map((table) => table.close()));
  }
}
