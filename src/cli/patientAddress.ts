/** A patient as a command is given one: by the hospital's identifier or by the global id. */
import type { PatientReader } from '../access/patientReader.ts';
import { AvicennaError } from '../errors.ts';
import { fromGlobalId } from '../graphql/ids.ts';
import type { PatientRecord } from '../patients/record.ts';
import { callApi } from './api.ts';

const UNKNOWN = 'No patient has that identifier or id.';

/** The record in the graph of this process. Throws NOT_FOUND with the place. */
export async function patientInGraph(reader: PatientReader, patient: string, at: string): Promise<PatientRecord> {
  const found = (await reader.byIdentifier(patient)) ?? (await byGlobalId(reader, patient));
  if (!found) throw new AvicennaError('NOT_FOUND', UNKNOWN, at);
  return found;
}

async function byGlobalId(reader: PatientReader, id: string): Promise<PatientRecord | null> {
  try {
    const { type, key } = fromGlobalId(id, '');
    return type === 'Patient' ? ((await reader.byIds([key]))[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** The global id, from a running server. Throws NOT_FOUND with the place. */
export async function patientAtServer(url: string, patient: string, at: string): Promise<string> {
  const byIdentifier = 'query Find($identifier: String!) { patient(identifier: $identifier) { id } }';
  const byId = 'query Node($id: ID!) { node(id: $id) { ... on Patient { id } } }';
  const asked = await orNull(callApi<{ patient: { id: string } | null }>(url, byIdentifier, { identifier: patient }));
  if (asked?.patient) return asked.patient.id;
  const node = await orNull(callApi<{ node: { id?: string } | null }>(url, byId, { id: patient }));
  if (node?.node?.id) return node.node.id;
  throw new AvicennaError('NOT_FOUND', UNKNOWN, at);
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AvicennaError && (error.code === 'NOT_FOUND' || error.code === 'BAD_USER_INPUT')) return null;
    throw error;
  }
}
