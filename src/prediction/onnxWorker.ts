/**
 * The worker thread that runs ONNX files, so that inference never holds the event loop. One thread inside
 * onnxruntime: on two cores one was measured faster than two (26-30k against 11-18k rows/s).
 */
import { parentPort, workerData } from 'node:worker_threads';
import ort from 'onnxruntime-node';
import type { OnnxReply, OnnxRequest, OnnxStart } from './onnxProtocol.ts';

const port = parentPort;
const { files } = workerData as OnnxStart;
const reply = (message: OnnxReply, transfer: ArrayBuffer[] = []) => port?.postMessage(message, transfer);

/** onnxruntime's own lines on stderr: what it refuses comes back as an error. */
const FATAL = 4;

/** Rows given to onnxruntime in one run; more are run in slices, which bounds memory. */
const SLICE = 16_384;

const sessions = new Map(
  await Promise.all(
    files.map(async (model) => {
      const session = await ort.InferenceSession.create(model.file, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        logSeverityLevel: FATAL,
      });
      return [model.key, { session, model }] as const;
    }),
  ),
);

async function run({ ticket, key, columns, rows }: OnnxRequest): Promise<void> {
  const loaded = sessions.get(key);
  if (!loaded) throw new Error('unknown model');
  const { session, model } = loaded;
  const outputs: Float64Array[] = [];
  for (let from = 0; from < rows; from += SLICE) {
    const count = Math.min(SLICE, rows - from);
    const slice = columns.subarray(from * model.width, (from + count) * model.width);
    const result = await session.run({ [model.input]: new ort.Tensor('float32', slice, [count, model.width]) }, [
      ...new Set(model.outputs),
    ]);
    for (const [index, name] of model.outputs.entries()) {
      const data = result[name]?.data as Float32Array;
      const whole = outputs[index] ?? new Float64Array((data.length / count) * rows);
      whole.set(data, (data.length / count) * from);
      outputs[index] = whole;
    }
  }
  reply(
    { ticket, outputs },
    outputs.map(({ buffer }) => buffer as ArrayBuffer),
  );
}

port?.on('message', (request: OnnxRequest) => {
  run(request).catch((error: unknown) =>
    reply({ ticket: request.ticket, error: error instanceof Error ? error.message : 'inference failed' }),
  );
});
reply({ ready: true });
