/** Batches of a scorer that cannot run two at once: what is asked while a batch is on its way goes together as the next. */
import type { Scores } from './scorer.ts';

export type Score = (columns: Float64Array, rows: number) => Promise<Scores>;

interface Call {
  readonly columns: Float64Array;
  readonly rows: number;
  readonly resolve: (scores: Scores) => void;
  readonly reject: (error: unknown) => void;
}

/** Of one batch that is put together; a call with more is a batch by itself. */
const MOST_ROWS = 16_384;

function joined(calls: readonly Call[]): Float64Array {
  const [first] = calls;
  if (first && calls.length === 1) return first.columns;
  const all = new Float64Array(calls.reduce((length, { columns }) => length + columns.length, 0));
  let at = 0;
  for (const { columns } of calls) {
    all.set(columns, at);
    at += columns.length;
  }
  return all;
}

/** Each call's part of what was answered to all. */
function part({ margin, value, spread }: Scores, from: number, rows: number): Scores {
  const own = (all: Float64Array) => all.subarray(from, from + rows);
  return { margin: own(margin), value: own(value), ...(spread && { spread: own(spread) }) };
}

/** Asks `score` for one batch at a time. The calls of one turn of the event loop go together from the start. */
export function gathered(score: Score): Score {
  const waiting: Call[] = [];
  let running = false;

  function nextBatch(): Call[] {
    let room = MOST_ROWS;
    const tooMany = waiting.findIndex(({ rows }) => {
      room -= rows;
      return room < 0;
    });
    return waiting.splice(0, tooMany < 0 ? waiting.length : Math.max(1, tooMany));
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const calls = nextBatch();
      try {
        const scores = await score(
          joined(calls),
          calls.reduce((sum, { rows }) => sum + rows, 0),
        );
        let from = 0;
        for (const { rows, resolve } of calls) {
          resolve(part(scores, from, rows));
          from += rows;
        }
      } catch (error) {
        for (const { reject } of calls) reject(error);
      }
    }
    running = false;
  }

  return (columns, rows) =>
    new Promise((resolve, reject) => {
      waiting.push({ columns, rows, resolve, reject });
      if (running) return;
      running = true;
      queueMicrotask(run);
    });
}
