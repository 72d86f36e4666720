import { Worker } from 'node:worker_threads';
import { AvicennaError } from '../errors.ts';
import { workerUrl } from '../workerUrl.ts';
import type { OnnxReply, OnnxStart } from './onnxProtocol.ts';
import { NOTHING_MORE, type Scorer } from './scorer.ts';

/** The inference worker with all ONNX files of the registry; it starts with the first score asked of it. */
export class OnnxRunner {
  readonly #files: OnnxStart['files'];
  readonly #pending = new Map<number, { resolve: (outputs: readonly Float64Array[]) => void; reject: (error: Error) => void }>();
  #worker: Promise<Worker> | undefined;
  #tickets = 0;

  constructor(files: OnnxStart['files']) {
    this.#files = files;
  }

  #start(): Promise<Worker> {
    this.#worker ??= new Promise((resolve, reject) => {
      const worker = new Worker(workerUrl(import.meta.url, 'onnxWorker'), { workerData: { files: this.#files } satisfies OnnxStart });
      worker.on('message', (reply: OnnxReply) => {
        if ('ready' in reply) resolve(worker);
        else this.#settle(reply);
      });
      worker.on('error', (error) => {
        const failure = new AvicennaError('MODEL_INVALID', `The model cannot be run: ${error.message}`);
        reject(failure);
        for (const call of this.#pending.values()) call.reject(failure);
        this.#pending.clear();
      });
    });
    return this.#worker;
  }

  #settle(reply: Exclude<OnnxReply, { ready: true }>): void {
    const call = this.#pending.get(reply.ticket);
    this.#pending.delete(reply.ticket);
    if ('error' in reply) call?.reject(new AvicennaError('MODEL_INVALID', `The model cannot be run: ${reply.error}`));
    else call?.resolve(reply.outputs);
  }

  /** Loads the sessions, so that a file that onnxruntime refuses is found before the first question. */
  async warm(): Promise<void> {
    await this.#start();
  }

  /**
   * The outputs of a file for some rows: each `rows` x its width, row by row.
   * @throws AvicennaError MODEL_INVALID where onnxruntime refuses the file or the rows
   */
  async run(key: string, columns: Float32Array, rows: number): Promise<readonly Float64Array[]> {
    const worker = await this.#start();
    const ticket = ++this.#tickets;
    return new Promise((resolve, reject) => {
      this.#pending.set(ticket, { resolve, reject });
      worker.postMessage({ ticket, key, columns, rows }, [columns.buffer as ArrayBuffer]);
    });
  }

  /** A file whose outputs are the margin, the value and perhaps the spread. */
  scorer(key: string): Scorer {
    return {
      score: async (columns, rows) => {
        if (rows === 0) return { margin: new Float64Array(), value: new Float64Array() };
        const [margin = new Float64Array(), value = new Float64Array(), spread] = await this.run(key, new Float32Array(columns), rows);
        return { margin, value, ...(spread && { spread }) };
      },
      detail: () => NOTHING_MORE,
      close: () => this.close(),
    };
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.terminate();
  }
}
