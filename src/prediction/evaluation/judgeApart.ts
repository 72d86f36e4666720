/** Judging in a thread of its own, one task after the other: a bootstrap takes seconds, and other requests do not wait for it. */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { workerUrl } from '../../workerUrl.ts';
import type { ModelCard } from '../card.ts';
import { type Judged, type Judgement, judge, type Levels } from './judge.ts';
import { Draws, type Sample } from './sample.ts';

export interface JudgeTask {
  readonly card: ModelCard;
  readonly judged: Judged;
  readonly sample: Sample;
  readonly groupings: readonly Levels[];
  readonly draws: number;
  readonly seed: number;
}

const KIND = 'judge';

async function run(task: JudgeTask): Promise<Judgement> {
  const worker = new Worker(workerUrl(import.meta.url, 'judgeApart'), { workerData: { kind: KIND, task } });
  const ended = once(worker, 'exit').then(() => {
    throw new Error('the thread that judges has ended');
  });
  const [judgement] = await Promise.race([once(worker, 'message'), ended]);
  return judgement as Judgement;
}

let last: Promise<unknown> = Promise.resolve();

export function judgeApart(task: JudgeTask): Promise<Judgement> {
  const next = last.then(() => run(task));
  last = next.catch(() => undefined);
  return next;
}

if (!isMainThread && (workerData as { kind?: string } | null)?.kind === KIND) {
  const { card, judged, sample, groupings, draws, seed } = (workerData as { task: JudgeTask }).task;
  parentPort?.postMessage(judge(card, judged, sample, groupings, new Draws(sample.people, draws, seed)));
}
