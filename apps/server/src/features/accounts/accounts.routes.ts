import { routes, type Scope, type Session } from '@scriptorium/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { assertSameOrigin } from '../../platform/access.ts';
import { route, type Feature } from '../../platform/routes.ts';
import { accountError, accountErrors } from './accounts.errors.ts';
import { hashPassword } from './accounts.passwords.ts';
import { hashToken, newToken } from './accounts.tokens.ts';
import {
  beginSession,
  clearCookies,
  REFRESH_COOKIE,
  toSession,
  type SessionResources,
} from './begin-session.ts';
import { checkCredentials, type Credentials } from './check-password.ts';
import { serveFirstPage } from './first-page.ts';
import { insertApiKey, listApiKeys, revokeApiKey, toApiKey } from './keys.repo.ts';
import { addPasswordRoutes } from './password.routes.ts';
import { endSession, rotateRefreshToken } from './sessions.repo.ts';
import { addSessionRoutes } from './sessions.routes.ts';
import { claimOwnership, findUser, isClaimable, toUser, type UserRow } from './users.repo.ts';

/** Signing in and out, sessions, passwords, and API keys. */
export function accountsFeature(resources: SessionResources): Feature {
  return {
    name: 'accounts',
    errors: accountErrors,
    async register(app) {
      await serveFirstPage(app);
      route(app, routes.auth.login, async ({ body, request, reply }) => {
        const user = await checkCredentials(resources.pool, body, request.ip);
        return beginSession(resources, user, body.cookie, request, reply);
      });
      route(app, routes.auth.claim, async ({ body, request, reply }) => {
        const owner = await claim(resources.pool, body);
        return beginSession(resources, owner, body.cookie, request, reply);
      });
      route(app, routes.auth.refresh, ({ body, request, reply }) =>
        refresh(resources, body.refresh_token, request, reply),
      );
      route(app, routes.auth.logout, async ({ body, request, reply }) => {
        const shown = shownToken(body.refresh_token, request);
        if (shown !== undefined) await endSession(resources.pool, hashToken(shown));
        clearCookies(reply);
      });
      route(app, routes.auth.me, async ({ user }) => {
        const row = await findUser(resources.pool, user.id);
        if (row === undefined) throw new Error(`The user ${user.id} was deleted meanwhile`);
        return { user: toUser(row), scopes: [...user.scopes] };
      });
      route(app, routes.apiKeys.list, async ({ user }) => {
        const rows = await listApiKeys(resources.pool, user.id);
        return { api_keys: rows.map(toApiKey) };
      });
      route(app, routes.apiKeys.create, ({ body, user }) =>
        createApiKey(resources.pool, user.id, body),
      );
      route(app, routes.apiKeys.revoke, async ({ params, user }) => {
        if (await revokeApiKey(resources.pool, params.id, user.id)) return;
        throw accountError('api_key.not_found', {
          detail: `There is no API key ${params.id} among yours.`,
        });
      });
      addPasswordRoutes(app, resources);
      addSessionRoutes(app, resources);
    },
  };
}

async function claim(pool: Pool, body: Credentials & { readonly token: string }): Promise<UserRow> {
  const tokenHash = hashToken(body.token);
  // Looked at first, so that a guess does not cost the server a password hash.
  if (await isClaimable(pool, tokenHash)) {
    const passwordHash = await hashPassword(body.password);
    const owner = await claimOwnership(pool, { tokenHash, email: body.email, passwordHash });
    if (owner !== undefined) return owner;
  }
  throw accountError('auth.claim_invalid', {
    detail:
      'The one-time link was used, is older than a day, or there is an owner already. Start the server again to get a new one.',
  });
}

async function refresh(
  resources: SessionResources,
  sent: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session> {
  const shown = shownToken(sent, request);
  const next = newToken();
  const rotation =
    shown === undefined
      ? undefined
      : await rotateRefreshToken(resources.pool, {
          shown: hashToken(shown),
          next: next.hash,
          lifetimeSeconds: resources.config.refreshTokenSeconds,
        });
  if (rotation?.verdict === 'reused') {
    request.log.warn(
      { user: rotation.id, session: rotation.session_id },
      'a refresh token was used twice; its session was ended',
    );
    throw accountError('auth.refresh_reused', {
      detail:
        'This refresh token was used before, so somebody else may have it. The session was ended; sign in again.',
    });
  }
  if (rotation?.verdict !== 'good') {
    throw accountError('auth.refresh_invalid', {
      detail:
        'The refresh token is unknown or has expired, or its session has ended. Sign in again.',
    });
  }
  const tokens = { refreshToken: next.text, sessionId: rotation.session_id };
  return toSession(resources, rotation, tokens, sent === undefined, request, reply);
}

/** From the body, or from the cookie when a page of this server asks. */
function shownToken(sent: string | undefined, request: FastifyRequest): string | undefined {
  if (sent !== undefined) return sent;
  const cookie = request.cookies[REFRESH_COOKIE];
  if (cookie !== undefined) assertSameOrigin(request);
  return cookie;
}

async function createApiKey(
  pool: Pool,
  userId: number,
  { name, scopes }: { readonly name: string; readonly scopes: readonly Scope[] },
) {
  const key = newToken('sk_');
  const row = await insertApiKey(pool, {
    userId,
    name,
    prefix: key.text.slice(0, 10),
    keyHash: key.hash,
    scopes: [...new Set(scopes)],
  });
  return { api_key: toApiKey(row), key: key.text };
}
