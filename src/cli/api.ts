/** Calls of the running API by the commands that go through it. */
import { AvicennaError, ERROR_CODES, type ErrorCode } from '../errors.ts';

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const codeOf = (code: string | undefined): ErrorCode => (code && code in ERROR_CODES ? (code as ErrorCode) : 'BAD_USER_INPUT');

/** Asks with the token in AVICENNA_TOKEN, where there is one. Throws SERVER_UNREACHABLE, or the API's own error with its code. */
export async function callApi<T>(url: string, query: string, variables: Record<string, unknown>): Promise<T> {
  const token = process.env['AVICENNA_TOKEN'];
  let answer: Answer<T>;
  try {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    answer = (await response.json()) as Answer<T>;
  } catch {
    throw new AvicennaError('SERVER_UNREACHABLE', 'No server answers there.', url);
  }
  const [error] = answer.errors ?? [];
  if (error || !answer.data) throw new AvicennaError(codeOf(error?.extensions?.code), error?.message ?? 'The server gave no data.', url);
  return answer.data;
}
