/** `avicenna token`: a development token, for servers of this data folder on this machine. */
import { AvicennaError } from '../errors.ts';
import { developmentToken, type TokenRole } from '../http/developmentTokens.ts';
import { line, note } from './output.ts';

export interface TokenOptions {
  readonly role: TokenRole;
  readonly subject?: string;
  readonly patient?: string;
  readonly site?: readonly string[];
  readonly scope?: string;
  readonly minutes: number;
  readonly data: string;
  readonly json?: boolean;
}

export async function tokenCommand({ data, site: sites, json, ...request }: TokenOptions): Promise<void> {
  if (request.role === 'PATIENT' && request.patient === undefined)
    throw new AvicennaError('BAD_USER_INPUT', "A patient's token names the patient: --patient DEMO-0001.", '--patient');
  const token = await developmentToken(data, { ...request, sites });
  const expiresAt = new Date(Date.now() + request.minutes * 60_000).toISOString();
  if (json) return line(JSON.stringify({ token, role: request.role, expiresAt, development: true }));
  note(`A development token for the role ${request.role}, until ${expiresAt}: taken on this machine only, by servers of this data folder.`);
  return line(token);
}
