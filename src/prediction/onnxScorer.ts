import { Worker } from 'node:worker_threads';
import { AvicennaError } from '../errors.ts';
import { workerUrl } from '../workerUrl.ts';
import type { OnnxFile, OnnxQuestion, OnnxReply } from './onnxProtocol.ts';
import { NOTHING_MORE, type Scorer } from './scorer.ts';

type Outputs = readonly Float64Array[];

interface Call {
  /** File that is asked, for errors. */
  readonly path: string;
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (error: Error) => void;
}

/** The inference worker of a registry's ONNX files; it starts with the first question, and a file is opened with its first. */
export class OnnxRunner {
  readonly #pending = new Map<number, Call>();
  readonly #opened = new Map<string, Promise<unknown>>();
  #worker: Worker | undefined;
  #tickets = 0;
  #idle: (() => void) | undefined;

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerUrl(import.meta.url, 'onnxWorker'));
    this.#worker = worker;
    worker.on('message', (reply: OnnxReply) => this.#settle(reply));
    worker.on('error', (error) => this.#lose(worker, error));
    return worker;
  }

  #settle(reply: OnnxReply): void {
    const call = this.#pending.get(reply.ticket);
    this.#pending.delete(reply.ticket);
    if ('error' in reply) call?.reject(new AvicennaError(reply.code, reply.error, call.path));
    else call?.resolve(reply.outputs);
    if (this.#pending.size === 0) this.#idle?.();
  }

  /** What waited for the worker fails; the next question starts another. */
  #lose(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    this.#opened.clear();
    for (const { path, reject } of this.#pending.values())
      reject(new AvicennaError('MODEL_INVALID', `The model cannot be run: ${error.message}`, path));
    this.#pending.clear();
    this.#idle?.();
  }

  #ask(path: string, question: OnnxQuestion, transfer: ArrayBuffer[] = []): Promise<Outputs> {
    const worker = this.#start();
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#pending.set(ticket, { path, resolve, reject });
      worker.postMessage({ ticket, ...question }, transfer);
    });
  }

  /** Opens a file once; a failure is not kept. */
  #open(file: OnnxFile): Promise<unknown> {
    const known = this.#opened.get(file.path);
    if (known) return known;
    const opening = this.#ask(file.path, { open: file });
    this.#opened.set(file.path, opening);
    opening.catch(() => this.#opened.delete(file.path));
    return opening;
  }

  /** Scores by a file whose outputs are the margin, the value and perhaps the spread. */
  scorer(file: OnnxFile): Scorer {
    return {
      check: async () => {
        await this.#open(file);
      },
      score: async (columns, rows) => {
        if (rows === 0) return { margin: new Float64Array(), value: new Float64Array() };
        await this.#open(file);
        const floats = new Float32Array(columns);
        const outputs = await this.#ask(file.path, { path: file.path, columns: floats, rows }, [floats.buffer]);
        const [margin = new Float64Array(), value = new Float64Array(), spread] = outputs;
        return { margin, value, ...(spread && { spread }) };
      },
      detail: () => NOTHING_MORE,
    };
  }

  /** Ends the worker when it has answered what it was asked. */
  async close(): Promise<void> {
    if (this.#pending.size > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    const worker = this.#worker;
    this.#worker = undefined;
    this.#opened.clear();
    await worker?.terminate();
  }
}
