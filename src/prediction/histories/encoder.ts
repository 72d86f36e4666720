/** The encoders that a card's `history` may name. */
import { AvicennaError } from '../../errors.ts';
import type { ModelCard } from '../card.ts';
import type { CheckedRow } from '../inputs.ts';
import { DosingEncoder } from './dosingHistory.ts';
import { HourlyEncoder } from './hourly.ts';

/** Makes the columns of all rows of one subject, which are given in time order. */
export interface HistoryEncoder {
  /**
   * Whether an answer rests on rows after its own: all rows of a subject are gathered from the whole table then, and a row
   * that cannot be told to whom it belongs spoils the subjects beside it.
   */
  readonly needsAllRows: boolean;
  /** As many rows as are given, in their order; a row with problems stays as it is and is no part of the history. */
  encode(rows: readonly CheckedRow[]): CheckedRow[];
}

/**
 * The encoder of a card; null where each row stands for itself.
 * @throws AvicennaError MODEL_INVALID where a column is nothing that the encoder can make
 */
export function encoderOf(card: ModelCard): HistoryEncoder | null {
  if (!card.history) return null;
  try {
    return card.history.encoder === 'hourly' ? new HourlyEncoder(card, card.history) : new DosingEncoder(card, card.history);
  } catch (error) {
    throw new AvicennaError('MODEL_INVALID', (error as Error).message, card.name);
  }
}
