/** Divides work over worker threads and hands on the results in the order of the work, so many at a time. */
import { Worker } from 'node:worker_threads';

/** Work for a worker, and a buffer to answer in: buffers go to and fro and are never copied. */
export interface ThreadMessage<T> {
  readonly work: T;
  readonly room: ArrayBuffer;
}

export interface ThreadWork<T> {
  /** The worker's file. It answers every message with one Uint8Array, in order, and gives its buffer away. */
  readonly worker: URL;
  /** What every worker starts with. */
  readonly start: unknown;
  readonly threads: number;
  /** Heap of a worker in megabytes, over which it ends with an error. Without one garbage is left for long: 30 MB more. */
  readonly heapMb: number;
  readonly batches: readonly T[];
  /** Takes a result and is done with its bytes when it returns; workers wait for it. */
  readonly take: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/** Messages that a worker has before it: one that it works on and the next. */
const AHEAD = 2;
/** Results that may wait for one before them, for each worker. */
const ROOM = 4;
/** Room for new objects in a worker. With 16 two workers took 45 MB more and no less time (npm run bench:genotype). */
const YOUNG_MB = 4;

class Pool<T> {
  readonly #work: ThreadWork<T>;
  /** Numbers of the batches that each worker has before it. */
  readonly #open = new Map<Worker, number[]>();
  readonly #results = new Map<number, Uint8Array<ArrayBuffer>>();
  readonly #free: ArrayBuffer[] = [];
  #next = 0;
  #taken = 0;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(work: ThreadWork<T>) {
    this.#work = work;
    for (let count = 0; count < work.threads; count += 1) this.#open.set(this.#startWorker(), []);
  }

  async run(): Promise<void> {
    try {
      this.#fill();
      while (this.#taken < this.#work.batches.length) {
        const bytes = await this.#result(this.#taken);
        await this.#work.take(bytes);
        this.#free.push(bytes.buffer);
        this.#taken += 1;
        this.#fill();
      }
    } finally {
      await Promise.all([...this.#open.keys()].map((worker) => worker.terminate()));
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#work.worker, {
      workerData: this.#work.start,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: this.#work.heapMb },
    });
    worker.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
      const batch = this.#open.get(worker)?.shift();
      if (batch !== undefined) this.#results.set(batch, bytes);
      this.#fill();
      this.#wake();
    });
    worker.on('error', (error) => this.#fail(error instanceof Error ? error.message : 'unknown reason'));
    worker.on('messageerror', () => this.#fail('a message could not be read'));
    worker.on('exit', (code) => this.#fail(`exit code ${code}`));
    return worker;
  }

  #fail(reason: string): void {
    this.#failure ??= new Error(`A worker thread ended early (${reason}): the samples after the last one given are not done.`);
    this.#wake();
  }

  #fill(): void {
    const waiting = ROOM * this.#work.threads;
    for (let ahead = 1; ahead <= AHEAD; ahead += 1) {
      for (const [worker, open] of this.#open) {
        if (open.length >= ahead || this.#next >= this.#work.batches.length || this.#next >= this.#taken + waiting) continue;
        open.push(this.#next);
        const room = this.#free.pop() ?? new ArrayBuffer(0);
        worker.postMessage({ work: this.#work.batches[this.#next], room }, [room]);
        this.#next += 1;
      }
    }
  }

  async #result(batch: number): Promise<Uint8Array<ArrayBuffer>> {
    for (;;) {
      const bytes = this.#results.get(batch);
      this.#results.delete(batch);
      if (bytes) return bytes;
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Throws where a worker ends early or `take` throws: no batch is ever left out. */
export async function inThreads<T>(work: ThreadWork<T>): Promise<void> {
  await new Pool(work).run();
}
