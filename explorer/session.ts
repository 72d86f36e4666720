/** As whom this window asks. Kept for the window only: with it goes the token. */

/** A token that a server on this machine offers, one for each role. */
export interface DemoToken {
  readonly role: string;
  readonly sees: string;
  readonly token: string;
}

const ROLE = 'avicenna:role';
const TOKEN = 'avicenna:token';

/** The demo tokens of the server; null where it takes the tokens of an issuer. */
async function offered(page: Location): Promise<readonly DemoToken[] | null> {
  try {
    const response = await fetch(new URL('demo-tokens', page.href));
    return response.ok ? ((await response.json()) as readonly DemoToken[]) : null;
  } catch {
    return null;
  }
}

export interface Session {
  readonly tokens: readonly DemoToken[] | null;
  /** The role that was chosen, of those offered. */
  readonly role: string | null;
  readonly token: string | null;
}

export async function openSession(page: Location, storage: Storage): Promise<Session> {
  const tokens = await offered(page);
  if (!tokens) return { tokens, role: null, token: storage.getItem(TOKEN) };
  const chosen = tokens.find(({ role }) => role === storage.getItem(ROLE)) ?? tokens[0];
  return { tokens, role: chosen?.role ?? null, token: chosen?.token ?? null };
}

/** Asks from now on in another role: the page begins anew, so that nothing of the one before is left on it. */
export function chooseRole(role: string, storage: Storage, page: Location): void {
  storage.clear();
  storage.setItem(ROLE, role);
  page.reload();
}

export function chooseToken(token: string, storage: Storage, page: Location): void {
  storage.clear();
  if (token !== '') storage.setItem(TOKEN, token);
  page.reload();
}

const bearing = (token: string | null): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {});

export const headersOf = ({ token }: Session) => bearing(token);

/** The schema is told to those who write queries; in the explorer whoever looks on sees it too. */
export const headersForSchema = ({ tokens, token }: Session) => bearing(tokens?.find(({ role }) => role === 'CLINICIAN')?.token ?? token);
