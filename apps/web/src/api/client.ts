import { createClient, routes } from '@scriptorium/contract';

/** Told when the session has ended and cannot be renewed. */
type SignedOutListener = () => void;

let signedOut: SignedOutListener = () => {};

/** The app decides where a person goes who is signed out; the client only knows that it happened. */
export function onSignedOut(listener: SignedOutListener): void {
  signedOut = listener;
}

let renewal: Promise<boolean> | undefined;

/**
 * Renews the session by its cookie; false when it has ended. All requests of this tab wait for one renewal, and a lock of the
 * browser lets one tab at a time do it.
 *
 * @throws TypeError, as of a server that cannot be reached, where it says nothing of the session: it stops, or is asked too often
 */
export function renewSession(): Promise<boolean> {
  renewal ??= navigator.locks
    .request('scriptorium.renewal', async () => {
      const answer = await fetch(routes.auth.refresh.path, { method: 'POST' });
      if (answer.status === 429 || answer.status >= 500) {
        throw new TypeError(`The session could not be renewed: ${answer.status}`);
      }
      return answer.ok;
    })
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

/** Sends a request with the session's cookie; when that has expired, renews it and sends the request once more. */
async function sendWithSession(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const answer = await fetch(input, init);
  const { pathname } = new URL(answer.url, location.origin);
  if (answer.status !== 401 || pathname.startsWith('/api/v1/auth/')) return answer;
  if (await renewSession()) return fetch(input, init);
  signedOut();
  return answer;
}

/** The API of this server, as the person who is signed in. */
export const api = createClient({ baseUrl: location.origin, fetch: sendWithSession });
