import { ApiError, createClient, routes, type Client, type Session } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A client that is let in until `end` is called. */
export interface SignedIn extends AsyncDisposable {
  readonly client: Client;
  readonly getToken: () => Promise<string>;
}

/** An access token is exchanged this long before it expires, so that none expires on its way. */
const EARLY_MS = 60_000;

/**
 * Signs in with a password and keeps the session alive for as long as it is needed, which for a long document is longer than
 * an access token lives. Disposing of it ends the session.
 */
export async function signIn(address: string, { email, password }: Credentials): Promise<SignedIn> {
  const open = createClient({ baseUrl: address });
  let session = tokensOf(await open.call(routes.auth.login, { body: { email, password } }));
  let renewal: Promise<void> | undefined;
  const renew = async () => {
    const body = { refresh_token: session.refresh };
    try {
      session = tokensOf(await open.call(routes.auth.refresh, { body }));
    } finally {
      renewal = undefined;
    }
  };
  const getToken = async () => {
    // Refresh tokens are good for one use: whoever comes meanwhile waits for the same exchange.
    if (performance.now() > session.expiresAt - EARLY_MS) await (renewal ??= renew());
    return session.access;
  };
  return {
    client: createClient({ baseUrl: address, getToken }),
    getToken,
    [Symbol.asyncDispose]: async () => {
      try {
        await open.call(routes.auth.logout, { body: { refresh_token: session.refresh } });
      } catch (error) {
        // The server may be gone before us. The session then ends when it has not been used for long.
        if (!(error instanceof ApiError)) throw error;
      }
    },
  };
}

function tokensOf(session: Session) {
  const { access_token: access, refresh_token: refresh, expires_in: seconds } = session;
  if (access === undefined || refresh === undefined) {
    throw new CliError('cli.no_tokens', 'The server let us in but sent no tokens.');
  }
  return { access, refresh, expiresAt: performance.now() + seconds * 1000 };
}
