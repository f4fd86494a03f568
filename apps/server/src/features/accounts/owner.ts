import type { Pool } from 'pg';
import type { Config } from '../../config.ts';
import type { Log } from '../../platform/log.ts';
import { hashPassword } from './accounts.passwords.ts';
import { newToken } from './accounts.tokens.ts';
import { findOwner, insertClaimToken, insertUser } from './users.repo.ts';

const CLAIM_HOURS = 24;

/**
 * Makes sure that somebody can become, or is, the owner. Servers that start together make one owner between them: the
 * database allows no second one.
 *
 * @returns the one-time link that makes whoever opens it the owner; undefined if there is an owner
 */
export async function ensureOwner({
  pool,
  config,
  log,
  baseUrl,
}: {
  readonly pool: Pool;
  readonly config: Pick<Config, 'owner' | 'publicUrl'>;
  readonly log: Log;
  readonly baseUrl: string;
}): Promise<string | undefined> {
  const owner = await findOwner(pool);
  if (owner !== undefined) {
    if (config.owner !== undefined && config.owner.email !== owner.email) {
      log.warn(
        { owner: owner.email, configured: config.owner.email },
        'OWNER_EMAIL has no effect: there is an owner already',
      );
    }
    return undefined;
  }
  if (config.owner !== undefined) {
    const { email, password } = config.owner;
    const passwordHash = await hashPassword(password);
    const created = await insertUser(pool, { email, passwordHash, role: 'owner' });
    if (created !== undefined) log.info({ owner: email }, 'owner created');
    return undefined;
  }
  const token = newToken();
  await insertClaimToken(pool, token.hash, CLAIM_HOURS);
  // Not logged: logs are kept and sent elsewhere, and whoever opens the link owns the installation.
  return `${config.publicUrl ?? baseUrl}/first/${token.text}`;
}
