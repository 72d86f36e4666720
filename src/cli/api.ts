/** Calls of the running API by the commands that go through it. */
import { AvicennaError } from '../errors.ts';

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Throws SERVER_UNREACHABLE, or the API's own error with its code. */
export async function callApi<T>(url: string, query: string, variables: Record<string, unknown>): Promise<T> {
  let answer: Answer<T>;
  try {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    answer = (await response.json()) as Answer<T>;
  } catch {
    throw new AvicennaError('SERVER_UNREACHABLE', 'No server answers there.', url);
  }
  const [error] = answer.errors ?? [];
  if (error || !answer.data)
    throw new AvicennaError(
      error?.extensions?.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_USER_INPUT',
      error?.message ?? 'The server gave no data.',
      url,
    );
  return answer.data;
}
