/** The encoders that a card's `history` may name. */
import { AvicennaError } from '../../errors.ts';
import type { ModelCard } from '../card.ts';
import { DosingEncoder } from './dosingHistory.ts';
import type { HistoryEncoder } from './encoder.ts';
import { HourlyEncoder } from './hourly.ts';

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
