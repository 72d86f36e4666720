/**
 * After a switch of the knowledge release: every recorded call is made again under it, from the bases that were recorded
 * or the alleles that were stated, and recorded as a new event. What `knowledgeDiff` announced then holds.
 */

import { systemActor } from '../access/actor.ts';
import { Noted } from '../access/audit/noted.ts';
import type { GeneCall } from '../genotypes/call.ts';
import type { KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { underRelease } from '../knowledge/underRelease.ts';
import type { Decision, PatientContext } from '../patients/commands/decision.ts';
import type { PatientRecord } from '../patients/record.ts';
import { otherReleases, patientsOfOtherReleases } from '../store/cypher/otherReleases.ts';
import type { OpenPlatform } from './openPlatform.ts';

const RENEWAL = systemActor('knowledge-release');

type Snapshots = ReadonlyMap<string, KnowledgeSnapshot>;

/** Calls of other releases made again, by the file that they came from. */
function renewed({ calls, sexAtBirth }: PatientRecord, now: KnowledgeSnapshot, before: Snapshots): Map<string | null, GeneCall[]> {
  const found = new Map<string | null, GeneCall[]>();
  for (const { call, release, fileDigest } of calls) {
    const from = before.get(release);
    const again = from && underRelease(call, from, now, sexAtBirth === 'MALE' ? { sex: 'male' } : {});
    if (again) found.set(fileDigest, [...(found.get(fileDigest) ?? []), again]);
  }
  return found;
}

async function renewPatient(platform: OpenPlatform, patient: string, before: Snapshots): Promise<void> {
  const { intake, knowledge } = platform;
  const release = knowledge.release.name;
  const [record] = await platform.readerFor(RENEWAL, new Noted()).byIds([patient]);
  if (!record) return;
  for (const fileDigest of renewed(record, knowledge, before).keys()) {
    const decide = (context: PatientContext): Decision => {
      const calls = renewed(context.record, knowledge, before).get(fileDigest) ?? [];
      return { event: { type: 'genotype.imported', payload: { sample: null, fileDigest, release, calls } }, observedAt: context.now };
    };
    const input = { release, fileDigest };
    const idempotencyKey = `renew-${release}-${fileDigest ?? 'stated'}`.slice(0, 128);
    await intake.submit({ actor: RENEWAL, idempotencyKey, name: 'renewCalls', input }, patient, decide);
  }
}

/**
 * Goes through all patients with calls of another release. Ends early where `stopped` says so; a later start goes on.
 * @returns how many patients had their calls made again
 */
export async function renewCalls(platform: OpenPlatform, stopped: () => boolean = () => false): Promise<number> {
  const { store, knowledge, releases } = platform;
  const before = new Map<string, KnowledgeSnapshot>();
  for (const { release } of await store.read<{ release: string }>(otherReleases(knowledge.release.name))) {
    const snapshot = await releases.named(release);
    if (snapshot) before.set(release, snapshot);
  }
  let done = 0;
  let after = '';
  while (before.size > 0 && !stopped()) {
    const rows = await store.read<{ id: string }>(patientsOfOtherReleases([...before.keys()], after));
    for (const { id } of rows) {
      if (stopped()) return done;
      await renewPatient(platform, id, before);
      after = id;
      done += 1;
    }
    if (rows.length === 0) break;
  }
  return done;
}
