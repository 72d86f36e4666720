import { chooseRole, chooseToken, type Session } from './session.ts';

interface AskingAsProps {
  readonly session: Session;
  readonly storage: Storage;
}

/** As whom the page asks: a role of those that this machine offers, or a token of an issuer. */
export function AskingAs({ session, storage }: AskingAsProps) {
  const { tokens, role, token } = session;
  if (tokens === null)
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          chooseToken(String(new FormData(event.currentTarget).get('token') ?? '').trim(), storage, window.location);
        }}
      >
        <label>
          Token <input name="token" type="password" autoComplete="off" defaultValue={token ?? ''} />
        </label>{' '}
        <button type="submit">Use</button>
      </form>
    );
  const chosen = tokens.find((one) => one.role === role);
  return (
    <label>
      Asking as{' '}
      <select value={role ?? ''} onChange={(event) => chooseRole(event.target.value, storage, window.location)}>
        {tokens.map((one) => (
          <option key={one.role} value={one.role}>
            {one.role.toLowerCase()}
          </option>
        ))}
      </select>{' '}
      <span>sees {chosen?.sees}</span>
    </label>
  );
}
