/** Questions to a worker thread and its answers, by ticket. The thread starts with the first question, and again after it was lost. */
import { type TransferListItem, Worker } from 'node:worker_threads';

interface Ticketed {
  readonly ticket: number;
}

interface Pending<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Leaves out the ticket of each member of a union. */
type Question<T> = T extends unknown ? Omit<T, 'ticket'> : never;

export class Calls<Request extends Ticketed, Reply extends Ticketed> {
  readonly #file: URL;
  /** Told when a thread is lost: what it had been told before is gone. */
  readonly #onLoss: () => void;
  readonly #pending = new Map<number, Pending<Reply>>();
  #worker: Worker | undefined;
  #tickets = 0;
  #idle: (() => void) | undefined;

  constructor(file: URL, onLoss: () => void = () => undefined) {
    this.#file = file;
    this.#onLoss = onLoss;
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#file);
    this.#worker = worker;
    worker.on('message', (reply: Reply) => {
      const call = this.#pending.get(reply.ticket);
      this.#pending.delete(reply.ticket);
      call?.resolve(reply);
      if (this.#pending.size === 0) this.#idle?.();
    });
    worker.on('error', (error) => this.#lose(worker, error));
    return worker;
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    this.#onLoss();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#idle?.();
  }

  /** Rejects with what ended the thread, where something did. */
  ask(question: Question<Request>, transfer: TransferListItem[] = []): Promise<Reply> {
    const worker = this.#start();
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#pending.set(ticket, { resolve, reject });
      worker.postMessage({ ticket, ...question }, transfer);
    });
  }

  /** Ends the thread when it has answered what it was asked. */
  async close(): Promise<void> {
    if (this.#pending.size > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
