import type { Queryable } from '../db/queryable.ts';
import { NOW } from '../store/sql.ts';

/** A provider that names a longer time is asked again after a day: a mistake in a header must not stop it for ever. */
const MAX_SECONDS = 86_400;

/** Why a provider is not called now, and for how many whole seconds more. */
export interface Pause {
  readonly seconds: number;
  readonly reason: string;
}

/** Nobody calls the provider for `seconds`, in no process. Of several pauses the one that ends last stands. */
export async function pauseProvider(
  db: Queryable,
  provider: string,
  seconds: number,
  reason: string,
): Promise<void> {
  await db.query(
    `INSERT INTO kernel.provider_pauses AS p (provider, ends_at, reason)
     VALUES ($1, ${NOW} + make_interval(secs => $2), $3)
         ON CONFLICT (provider) DO UPDATE
        SET ends_at = EXCLUDED.ends_at, reason = EXCLUDED.reason
      WHERE p.ends_at < EXCLUDED.ends_at`,
    [provider, Math.min(seconds, MAX_SECONDS), reason],
  );
}

export async function readPause(db: Queryable, provider: string): Promise<Pause | undefined> {
  const { rows } = await db.query<Pause>(
    `SELECT ceil(extract(epoch FROM ends_at - ${NOW}))::int AS seconds, reason
       FROM kernel.provider_pauses
      WHERE provider = $1
        AND ends_at > ${NOW}`,
    [provider],
  );
  return rows[0];
}
