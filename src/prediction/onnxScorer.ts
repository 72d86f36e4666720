import { AvicennaError } from '../errors.ts';
import { Calls } from '../workerCalls.ts';
import { workerUrl } from '../workerUrl.ts';
import { gathered } from './gathered.ts';
import type { OnnxFile, OnnxQuestion, OnnxReply, OnnxRequest } from './onnxProtocol.ts';
import { NOTHING_MORE, type Scorer } from './scorer.ts';

type Outputs = readonly Float64Array[];

/** The inference worker of a registry's ONNX files; it starts with the first question, and a file is opened with its first. */
export class OnnxRunner {
  readonly #opened = new Map<string, Promise<unknown>>();
  readonly #calls = new Calls<OnnxRequest, OnnxReply>(workerUrl(import.meta.url, 'onnxWorker'), () => this.#opened.clear());

  async #ask(path: string, question: OnnxQuestion, transfer: ArrayBuffer[] = []): Promise<Outputs> {
    const reply = await this.#calls.ask(question, transfer).catch((error: Error) => {
      throw new AvicennaError('MODEL_INVALID', `The model cannot be run: ${error.message}`, path);
    });
    if ('error' in reply) throw new AvicennaError(reply.code, reply.error, path);
    return reply.outputs;
  }

  /** Opens a file once; a failure is not kept. */
  #open(file: OnnxFile): Promise<unknown> {
    const known = this.#opened.get(file.path);
    if (known) return known;
    const opening = this.#ask(file.path, { open: file, keep: true });
    this.#opened.set(file.path, opening);
    opening.catch(() => this.#opened.delete(file.path));
    return opening;
  }

  /** Scores by a file whose outputs are the margin, the value and perhaps the spread. */
  scorer(file: OnnxFile): Scorer {
    const score = gathered(async (columns, rows) => {
      await this.#open(file);
      const floats = new Float32Array(columns);
      const outputs = await this.#ask(file.path, { path: file.path, columns: floats, rows }, [floats.buffer]);
      const [margin = new Float64Array(), value = new Float64Array(), spread] = outputs;
      return { margin, value, ...(spread && { spread }) };
    });
    return {
      check: async (keep) => {
        await (keep ? this.#open(file) : this.#ask(file.path, { open: file, keep }));
      },
      score: async (columns, rows) => (rows === 0 ? { margin: new Float64Array(), value: new Float64Array() } : score(columns, rows)),
      detail: () => NOTHING_MORE,
    };
  }

  /** Ends the worker when it has answered what it was asked. */
  async close(): Promise<void> {
    await this.#calls.close();
    this.#opened.clear();
  }
}
