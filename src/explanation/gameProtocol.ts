/** What the main thread and the workers that play games say to each other. */
import type { ErrorCode } from '../errors.ts';
import type { Game } from './games/enumeration.ts';
import type { OutputSpace } from './modelGame.ts';

export interface GameRequest {
  readonly ticket: number;
  readonly folder: string;
  /** Of the card of the model that answered: the folder may hold another by now. */
  readonly cardDigest: string;
  readonly row: Float64Array;
  readonly space: OutputSpace;
  readonly interactions: boolean;
}

export type GameReply =
  | { readonly ticket: number; readonly game: Game }
  | { readonly ticket: number; readonly code: ErrorCode | null; readonly message: string; readonly at: string | undefined };
