/** Events that could not be applied and were set aside, so that the rest could go on. A rebuild writes them again. */
import { type GraphStore, type Statement, statement } from '../graphStore.ts';

/** Where it failed: while it was written into the graph, or while the models were asked about it. */
export type FailedStep = 'PROJECT' | 'MONITOR';

export interface DeadLetter {
  readonly seq: string;
  /** Of the log: `patient.<surrogate>`. */
  readonly subject: string;
  readonly step: FailedStep;
  /** Code of the error; never its words, which may quote a patient. */
  readonly code: string;
  readonly at: string;
}

/** What is not written into a record is counted there: its answers say so. */
export function setAside({ subject, ...letter }: DeadLetter): Statement[] {
  const patient = subject.replace(/^patient\./, '');
  const written = statement(
    'deadLetter.write',
    'MERGE (d:DeadLetter {seq: $seq}) SET d.subject = $subject, d.step = $step, d.code = $code, d.at = $at',
    { ...letter, subject },
  );
  const counted = statement('deadLetter.count', 'MATCH (p:Patient {id: $patient}) SET p.setAside = coalesce(p.setAside, 0) + 1', {
    patient,
  });
  return letter.step === 'PROJECT' ? [written, counted] : [written];
}

/** How many there are, by the step that failed. */
export async function deadLetters(store: GraphStore): Promise<Readonly<Record<FailedStep, number>>> {
  const rows = await store.read<{ step: FailedStep; n: number }>(
    statement('deadLetter.all', 'MATCH (d:DeadLetter) RETURN d.step AS step, count(d) AS n'),
  );
  return { PROJECT: 0, MONITOR: 0, ...Object.fromEntries(rows.map(({ step, n }) => [step, Number(n)])) };
}

/** Events that the graph does not show because they could not be written. */
export async function setAsideSeqs(store: GraphStore): Promise<string[]> {
  const rows = await store.read<{ seq: string }>(
    statement('deadLetter.unwritten', "MATCH (d:DeadLetter) WHERE d.step = 'PROJECT' RETURN d.seq AS seq"),
  );
  return rows.map(({ seq }) => seq);
}
