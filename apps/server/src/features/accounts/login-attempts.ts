import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Queryable } from '@scriptorium/kernel';
import { query } from '../../platform/database.ts';
import { accountError } from './accounts.errors.ts';

/** A fixed window, which begins with the first attempt. */
const WINDOW_SECONDS = 900;
/** For one e-mail from one network: a person who has forgotten which of their passwords it was. */
const MAX_PER_EMAIL = 10;
/** For one network and all e-mails together: an office behind one address, not a list of leaked passwords. */
const MAX_PER_NETWORK = 100;

/** Gives the attempts back once the password was right. */
export type Forget = () => Promise<void>;

/**
 * Counts an attempt to sign in, before the password is looked at, so that attempts sent at the same time count as well.
 * In PostgreSQL and not in memory: a second server or a restart must not give anybody another set of attempts.
 *
 * @throws AppError `auth.too_many_attempts` with the seconds to wait
 */
export async function countAttempt(db: Queryable, email: string, ip: string): Promise<Forget> {
  const network = networkOf(ip);
  const pair = `pair:${digest(`${email}\n${network}`)}`;
  const all = `network:${network}`;
  const rows = await query<{ key: string; attempts: number; wait_seconds: number }>(
    db,
    `INSERT INTO login_attempts AS a (key, attempts, expires_at)
     SELECT key, 1, now() + make_interval(secs => $2)
       FROM unnest($1::text[]) AS key
         ON CONFLICT (key) DO UPDATE
        SET attempts = CASE WHEN a.expires_at <= now() THEN 1 ELSE a.attempts + 1 END,
            expires_at = CASE WHEN a.expires_at <= now() THEN EXCLUDED.expires_at ELSE a.expires_at END
     RETURNING key, attempts, ceil(extract(epoch FROM expires_at - now()))::integer AS wait_seconds`,
    [[pair, all], WINDOW_SECONDS],
  );
  const over = rows.find(
    ({ key, attempts }) => attempts > (key === pair ? MAX_PER_EMAIL : MAX_PER_NETWORK),
  );
  if (over !== undefined) {
    throw accountError('auth.too_many_attempts', {
      detail: `There were too many attempts to sign in. The next one is possible in ${Math.ceil(over.wait_seconds / 60)} minutes.`,
      params: { minutes: Math.ceil(over.wait_seconds / 60) },
      retryAfter: over.wait_seconds,
    });
  }
  return async () => {
    await db.query(
      `UPDATE login_attempts
          SET attempts = CASE WHEN key = $1 THEN 0 ELSE GREATEST(attempts - 1, 0) END
        WHERE key IN ($1, $2)`,
      [pair, all],
    );
  };
}

/** One household has a whole /64 of IPv6 addresses, so that is what counts as one. */
export function networkOf(ip: string): string {
  const [address = ''] = ip.replace(/^::ffff:(?=\d+\.)/iu, '').split('%', 1);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** E-mails that were tried are not kept readable: some are of people who have no account here. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
