/** Servers that are written to and followed while they come and go. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type RiskStep, riskChanges } from '../../src/client/riskStream.ts';
import type { Envelope } from '../../src/events/envelope.ts';
import { fromGlobalId } from '../../src/graphql/ids.ts';
import { RISK_EVENT_TYPE } from '../../src/monitoring/riskEvent.ts';
import { ask } from './commandLine.ts';

/** Addresses as they are at the moment: a server that is started again has another. */
export type Addresses = () => readonly string[];

/** A subscriber stays at one server for so long. */
const STAY_MS = 3000;
const ATTEMPTS = 400;
const FIND = 'query Find($identifier: String!) { patient(identifier: $identifier) { id } }';
const OBSERVE = `mutation Observe($input: RecordObservationsInput!) {
  recordObservations(input: $input) { eventId userErrors { message } }
}`;

export async function demoPatients(url: string, identifiers: readonly string[]): Promise<string[]> {
  const found = await Promise.all(identifiers.map((identifier) => ask<{ patient: { id: string } }>(url, FIND, { identifier })));
  return found.map(({ patient }) => patient.id);
}

interface Answer {
  readonly recordObservations: { readonly eventId: string | null; readonly userErrors: readonly { readonly message: string }[] };
}

/** Records a body weight, which the warfarin dose depends on, at one server, in one call. */
export async function weighOnce(
  url: string,
  patientId: string,
  idempotencyKey: string,
  weight: number,
  observedAt = new Date().toISOString(),
): Promise<Answer['recordObservations']> {
  const observations = [{ code: '29463-7', value: weight, unit: 'kg', observedAt }];
  return (await ask<Answer>(url, OBSERVE, { input: { idempotencyKey, patientId, observations } })).recordObservations;
}

/** The same at whichever server answers, again and again with one key; gives the event's id. */
export async function weigh(addresses: Addresses, patientId: string, key: string, weight: number, first = 0): Promise<string> {
  const observedAt = new Date().toISOString();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const urls = addresses();
    const answer = await weighOnce(urls[(first + attempt) % urls.length] ?? '', patientId, key, weight, observedAt).catch(() => null);
    const { eventId, userErrors } = answer ?? { eventId: null, userErrors: [] };
    if (eventId) return eventId;
    if (userErrors[0]) throw new Error(`refused: ${userErrors[0].message}`);
    await pause(50);
  }
  throw new Error('no server took the observation');
}

/** Writers that weigh patients at all servers until they are told to stop; `acknowledged` is given the ids as they come. */
export async function weighUntil(
  stopped: () => boolean,
  addresses: Addresses,
  patients: readonly string[],
  name: string,
  acknowledged: string[],
): Promise<void> {
  const write = async (patient: string, writer: number) => {
    for (let count = 0; !stopped(); count += 1) {
      const weight = 50 + ((count * 7 + writer) % 60);
      acknowledged.push(await weigh(addresses, patient, `${name}-${writer}-${count}-key`, weight, writer + count));
    }
  };
  await Promise.all(patients.flatMap((patient, index) => [write(patient, index), write(patient, index + patients.length)]));
}

/** Waits until `more` have been acknowledged besides those that were, however slow the machine is. */
export async function grown(acknowledged: readonly string[], more: number): Promise<void> {
  for (const enough = acknowledged.length + more; acknowledged.length < enough; ) await pause(5);
}

/** Follows the patients at one server after another, resuming with the last cursor, until `signal` aborts. */
export async function follow(addresses: Addresses, patients: readonly string[], signal: AbortSignal, seen: RiskStep[]): Promise<void> {
  let after: string | undefined;
  for (let at = 1; !signal.aborted; at += 1) {
    const urls = addresses();
    const hop = new AbortController();
    const leave = () => hop.abort();
    signal.addEventListener('abort', leave);
    const timer = setTimeout(leave, STAY_MS);
    const stream = riskChanges({ url: urls[at % urls.length] ?? '', patientIds: patients, signal: hop.signal, ...(after && { after }) });
    for await (const step of stream) {
      after = step.cursor;
      if (step.event) seen.push(step);
      if (hop.signal.aborted) break;
    }
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}

/** The risk events that the log has of the patients of the acknowledged events, from the first of these on. */
export function toldSince(acknowledged: readonly string[], all: readonly Envelope[]): Envelope[] {
  const ids = new Set(acknowledged);
  const patients = new Set(all.filter(({ id }) => ids.has(id)).map(({ subject }) => subject));
  const first = all.findIndex(({ id }) => ids.has(id));
  return all.slice(first).filter(({ subject, type }) => patients.has(subject) && type === RISK_EVENT_TYPE);
}

/** Nothing that was acknowledged is missing in the log or there twice, and the subscriber was told all of it, in order, once. */
export function expectWhole(acknowledged: readonly string[], all: readonly Envelope[], seen: readonly RiskStep[]): void {
  const ids = new Set(all.map(({ id }) => id));
  expect(ids.size).toBe(all.length);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  const wanted = toldSince(acknowledged, all).map(({ id }) => id);
  const heard = seen.map(({ event }) => fromGlobalId(event?.id ?? '', 'id').key);
  expect(wanted.filter((id) => !heard.includes(id))).toEqual([]);
  expect(heard).toEqual(wanted);
}
