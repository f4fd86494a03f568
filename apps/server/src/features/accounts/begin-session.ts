import type { Session } from '@scriptorium/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Config } from '../../config.ts';
import { SESSION_COOKIE } from '../../platform/access.ts';
import { newToken, type AccessTokens } from './accounts.tokens.ts';
import { insertSession } from './sessions.repo.ts';
import { toUser, type UserRow } from './users.repo.ts';

export interface SessionResources {
  readonly pool: Pool;
  readonly config: Pick<Config, 'publicUrl' | 'accessTokenSeconds' | 'refreshTokenSeconds'>;
  readonly accessTokens: AccessTokens;
}

/** The cookie that holds the refresh token; sent to the routes below /auth alone. */
export const REFRESH_COOKIE = 'scriptorium_refresh';
const REFRESH_PATH = '/api/v1/auth';

/** Signs somebody in. */
export async function beginSession(
  resources: SessionResources,
  user: UserRow,
  isCookie: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session> {
  const refreshToken = newToken();
  const sessionId = await insertSession(resources.pool, {
    userId: user.id,
    tokenHash: refreshToken.hash,
    lifetimeSeconds: resources.config.refreshTokenSeconds,
  });
  request.log.info({ user: user.id, session: sessionId }, 'signed in');
  const tokens = { refreshToken: refreshToken.text, sessionId };
  return toSession(resources, user, tokens, isCookie, request, reply);
}

/** The answer of every route that signs somebody in; in cookie mode the tokens are out of reach of scripts. */
export async function toSession(
  { config, accessTokens }: SessionResources,
  user: UserRow,
  { refreshToken, sessionId }: { readonly refreshToken: string; readonly sessionId: number },
  isCookie: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session> {
  const accessToken = await accessTokens.sign({ userId: user.id, sessionId });
  const session: Session = {
    user: toUser(user),
    token_type: 'Bearer',
    expires_in: config.accessTokenSeconds,
  };
  if (!isCookie) return { ...session, access_token: accessToken, refresh_token: refreshToken };
  const common = {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https' || (config.publicUrl?.startsWith('https:') ?? false),
  } as const;
  reply.setCookie(SESSION_COOKIE, accessToken, {
    ...common,
    path: '/',
    maxAge: config.accessTokenSeconds,
  });
  reply.setCookie(REFRESH_COOKIE, refreshToken, {
    ...common,
    path: REFRESH_PATH,
    maxAge: config.refreshTokenSeconds,
  });
  return session;
}

/** Makes a browser forget its session. */
export function clearCookies(reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, { path: '/' });
  reply.clearCookie(REFRESH_COOKIE, { path: REFRESH_PATH });
}
