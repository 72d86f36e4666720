/**
 * The worker thread that runs ONNX files, so that inference never holds the event loop. One thread inside
 * onnxruntime: on two cores one was measured faster than two (26-30k against 11-18k rows/s).
 */

import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import ort from 'onnxruntime-node';
import { sha256Of } from '../sha256.ts';
import { misfits, mismatch, opsetOf } from './onnxFile.ts';
import type { OnnxCode, OnnxFile, OnnxReply, OnnxRequest } from './onnxProtocol.ts';

const port = parentPort;

/** onnxruntime's own lines on stderr: what it refuses comes back as an error. */
const FATAL = 4;

/** Rows given to onnxruntime in one run; more are run in slices, which bounds memory. */
const SLICE = 16_384;

interface Opened {
  readonly session: ort.InferenceSession;
  readonly file: OnnxFile;
}

class Refusal extends Error {
  readonly code: OnnxCode;

  constructor(code: OnnxCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** By path. */
const opened = new Map<string, Opened>();

/** The session is made of the very bytes whose digest was compared. */
async function open(file: OnnxFile, keep: boolean): Promise<void> {
  const bytes = await readFile(file.path);
  const digest = sha256Of(bytes);
  if (file.sha256 !== null && digest !== file.sha256) throw new Refusal('MODEL_DIGEST_MISMATCH', mismatch(digest, file.sha256));
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: FATAL });
  const wrong = misfits(file, opsetOf(bytes), { inputs: session.inputMetadata, outputs: session.outputNames });
  if (wrong.length === 0 && keep) opened.set(file.path, { session, file });
  else await session.release();
  if (wrong.length > 0) throw new Refusal('MODEL_INVALID', `The file does not fit its card: ${wrong.join('; ')}.`);
}

async function run(path: string, columns: Float32Array, rows: number): Promise<Float64Array[]> {
  const { session, file } = opened.get(path) as Opened;
  const names = [...new Set(file.outputs)];
  const outputs: Float64Array[] = [];
  for (let from = 0; from < rows; from += SLICE) {
    const count = Math.min(SLICE, rows - from);
    const slice = columns.subarray(from * file.width, (from + count) * file.width);
    const result = await session.run({ [file.input]: new ort.Tensor('float32', slice, [count, file.width]) }, names);
    for (const [index, name] of file.outputs.entries()) {
      const data = result[name]?.data as Float32Array;
      const whole = outputs[index] ?? new Float64Array((data.length / count) * rows);
      whole.set(data, (data.length / count) * from);
      outputs[index] = whole;
    }
  }
  return outputs;
}

async function answer(request: OnnxRequest): Promise<OnnxReply> {
  const { ticket } = request;
  try {
    if ('path' in request) return { ticket, outputs: await run(request.path, request.columns, request.rows) };
    await open(request.open, request.keep);
    return { ticket, outputs: [] };
  } catch (error) {
    if (error instanceof Refusal) return { ticket, code: error.code, error: error.message };
    return {
      ticket,
      code: 'MODEL_INVALID',
      error: `The model cannot be run: ${error instanceof Error ? error.message : 'no reason given'}`,
    };
  }
}

port?.on('message', async (request: OnnxRequest) => {
  const reply = await answer(request);
  port.postMessage(reply, 'outputs' in reply ? reply.outputs.map(({ buffer }) => buffer as ArrayBuffer) : []);
});
