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
  #closing: Promise<void> | undefined;
  #idle: () => void = () => undefined;

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
      this.#drop(reply.ticket);
      call?.resolve(reply);
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error('its thread has ended')));
    return worker;
  }

  #drop(ticket: number): void {
    this.#pending.delete(ticket);
    if (this.#pending.size === 0) this.#idle();
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#onLoss();
    for (const [ticket, { reject }] of [...this.#pending]) {
      this.#drop(ticket);
      reject(error);
    }
  }

  /** Rejects with what ended the thread, where something did, and after `close`. */
  ask(question: Question<Request>, transfer: TransferListItem[] = []): Promise<Reply> {
    if (this.#closing) return Promise.reject(new Error('its thread was closed'));
    const worker = this.#start();
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#pending.set(ticket, { resolve, reject });
      try {
        worker.postMessage({ ticket, ...question }, transfer);
      } catch (error) {
        this.#drop(ticket);
        reject(error as Error);
      }
    });
  }

  /** Ends the thread when it has answered what it was asked. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    if (this.#pending.size > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
