/** What one actor may ask over time, in the cost of operations (graphql/limits.ts): many that are cheap cost a server as much as one that is dear. */
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { AvicennaError } from '../errors.ts';

export interface BudgetOptions {
  /** At most in hand: what may be asked at once after a pause. */
  readonly most: number;
  /** Comes back in a second. */
  readonly perSecond: number;
}

/** Fifty of the costliest operations at once, and two a second on: far more than a page that a person looks at. */
const DEFAULT: BudgetOptions = { most: 1_000_000, perSecond: 40_000 };
const MOST_ACTORS = 10_000;

interface Purse {
  readonly left: number;
  readonly at: number;
}

export class Budget {
  readonly #options: BudgetOptions;
  readonly #purses = new LRUCache<string, Purse>({ max: MOST_ACTORS });

  constructor(options: BudgetOptions = DEFAULT) {
    this.#options = options;
  }

  #left(actor: string, now: number): number {
    const { most, perSecond } = this.#options;
    const before = this.#purses.get(actor) ?? { left: most, at: now };
    return Math.min(most, before.left + ((now - before.at) / 1000) * perSecond);
  }

  /** Takes what an answer cost more than was counted beforehand, also where that is more than the actor has in hand; gives back what it cost less. */
  settle(actor: string, more: number, now = Date.now()): void {
    this.#purses.set(actor, { left: Math.min(this.#options.most, this.#left(actor, now) - more), at: now });
  }

  /** Takes the cost from what the actor has in hand. The error where that is less, and nothing is taken. */
  spend(actor: string, cost: number, now = Date.now()): GraphQLError | undefined {
    const { perSecond } = this.#options;
    const left = this.#left(actor, now);
    if (cost <= left) {
      this.#purses.set(actor, { left: left - cost, at: now });
      return undefined;
    }
    const seconds = Math.ceil((cost - left) / perSecond);
    const originalError = new AvicennaError('BUDGET_SPENT', `You have asked too much in a short time: again in ${seconds} s.`);
    return new GraphQLError(originalError.message, {
      originalError,
      extensions: { http: { status: 429, headers: new Map([['retry-after', String(seconds)]]) } },
    });
  }
}
