import type { Queryable } from '@scriptorium/kernel';
import type { AccessEnd, AccessWatch, Caller } from '../../platform/access.ts';
import { query } from '../../platform/database.ts';
import type { Log } from '../../platform/log.ts';

/** "Within a few seconds" of a revocation; of all processes, since each looks at the one database. */
const LOOK_MS = 2000;

type Shown = Pick<Caller, 'id' | 'sessionId' | 'keyId'>;

interface Watched {
  readonly shown: Shown;
  readonly listeners: Set<() => void>;
}

export interface AccessWatcherOptions {
  readonly db: Queryable;
  readonly log: Pick<Log, 'debug'>;
  /** Default: 2 s. */
  readonly lookMs?: number;
}

/**
 * Whoever is let in is looked at again for as long as their connection is open: the session or the key, and the user. One query a
 * tick for all connections of this process, with one row a session or key however many streams it has opened; none while
 * nobody watches anything. (Rejected: telling the other processes of each revocation. A message that is lost would leave a stream
 * open, so this look would be needed all the same.)
 */
export class AccessWatcher implements AccessWatch {
  readonly #options: AccessWatcherOptions;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(options: AccessWatcherOptions) {
    this.#options = options;
  }

  watch(caller: Caller, onEnd: (end: AccessEnd) => void): () => void {
    const { expiresAt } = caller;
    const key = [caller.id, caller.sessionId, caller.keyId].join(':');
    const watched = this.#watched.get(key) ?? { shown: caller, listeners: new Set() };
    const stop = () => {
      clearTimeout(expiry);
      watched.listeners.delete(revoke);
      if (watched.listeners.size === 0 && this.#watched.get(key) === watched) {
        this.#watched.delete(key);
      }
      if (this.#watched.size === 0) this.#rest();
    };
    const end = (why: AccessEnd) => {
      stop();
      onEnd(why);
    };
    const revoke = () => end('revoked');
    const expiry =
      expiresAt === undefined
        ? undefined
        : setTimeout(() => end('expired'), expiresAt.getTime() - Date.now());
    watched.listeners.add(revoke);
    this.#watched.set(key, watched);
    this.#timer ??= setInterval(() => void this.#tick(), this.#options.lookMs ?? LOOK_MS);
    return stop;
  }

  async look(): Promise<void> {
    const all = [...this.#watched.values()];
    const ended = await findEnded(
      this.#options.db,
      all.map(({ shown }) => shown),
    );
    for (const place of ended) for (const revoke of all[place]?.listeners ?? []) revoke();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.look();
    } catch (error) {
      this.#options.log.debug(
        { err: error },
        'Open streams were not looked at; the next tick does',
      );
    } finally {
      this.#isLooking = false;
    }
  }
}

/** The places of those who are not let in any more. */
async function findEnded(db: Queryable, shown: readonly Shown[]): Promise<number[]> {
  if (shown.length === 0) return [];
  const rows = await query<{ place: number }>(
    db,
    `SELECT (c.place - 1)::int AS place
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS c (user_id, session_id, key_id, place)
       LEFT JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
       LEFT JOIN sessions s ON s.id = c.session_id AND s.revoked_at IS NULL
       LEFT JOIN api_keys k ON k.id = c.key_id AND k.revoked_at IS NULL
      WHERE u.id IS NULL
         OR (c.session_id IS NOT NULL AND s.id IS NULL)
         OR (c.key_id IS NOT NULL AND k.id IS NULL)`,
    [
      shown.map(({ id }) => id),
      shown.map(({ sessionId }) => sessionId ?? null),
      shown.map(({ keyId }) => keyId ?? null),
    ],
  );
  return rows.map(({ place }) => place);
}
