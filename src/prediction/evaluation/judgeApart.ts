/** Judging in a thread of its own: a bootstrap takes seconds, and other requests do not wait for it. */
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

export function judgeApart(task: JudgeTask): Promise<Judgement> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl(import.meta.url, 'judgeApart'), { workerData: { kind: KIND, task } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread && (workerData as { kind?: string } | null)?.kind === KIND) {
  const { card, judged, sample, groupings, draws, seed } = (workerData as { task: JudgeTask }).task;
  parentPort?.postMessage(judge(card, judged, sample, groupings, new Draws(sample.people, draws, seed)));
}
