import { routes } from '@scriptorium/contract';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { route } from '../../platform/routes.ts';
import { accountError } from './accounts.errors.ts';
import { hashPassword } from './accounts.passwords.ts';
import { hashToken } from './accounts.tokens.ts';
import { beginSession, type SessionResources } from './begin-session.ts';
import { assertEnabled, confirmPassword } from './check-password.ts';
import { findPasswordLink, replacePassword, resetPassword } from './password-links.repo.ts';
import { toUser, type UserRow } from './users.repo.ts';

/** A new password, by the old one or by a one-time link. Either signs out everywhere else; API keys, which have no password, stay. */
export function addPasswordRoutes(app: FastifyInstance, resources: SessionResources): void {
  const { pool } = resources;

  route(app, routes.self.changePassword, async ({ body, user, request }) => {
    const row = await confirmPassword(pool, user.id, body.current_password, request.ip);
    const passwordHash = await hashPassword(body.password);
    await replacePassword(pool, { userId: user.id, passwordHash, keepSession: user.sessionId });
    request.log.info({ user: user.id }, 'password changed');
    return toUser(row);
  });

  route(app, routes.self.resetPassword, async ({ body, request, reply }) => {
    const user = await reset(pool, body);
    request.log.info({ user: user.id }, 'password set by a one-time link');
    return beginSession(resources, user, body.cookie, request, reply);
  });
}

async function reset(
  pool: Pool,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<UserRow> {
  const tokenHash = hashToken(token);
  // Looked at first, so that a guess does not cost the server a password hash.
  const user = await findPasswordLink(pool, tokenHash);
  if (user !== undefined) {
    // The link stays good for when the account is enabled again.
    assertEnabled(user);
    const passwordHash = await hashPassword(password);
    if (await resetPassword(pool, { tokenHash, passwordHash })) return user;
  }
  throw accountError('auth.link_invalid', {
    detail:
      'The one-time link was used, is older than a day, or was replaced by a newer one. Ask an administrator for another.',
  });
}
