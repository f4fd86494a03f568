import type { Pool } from 'pg';
import type { Config } from '../../config.ts';
import type { AccessWatch, Authenticate, Caller, Credential } from '../../platform/access.ts';
import type { Log } from '../../platform/log.ts';
import type { Feature } from '../../platform/routes.ts';
import type { Session } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accountError } from './accounts.errors.ts';
import { AccessWatcher } from './access-watch.ts';
import { accountsFeature } from './accounts.routes.ts';
import { beginSession, clearCookies } from './begin-session.ts';
import { confirmPassword } from './check-password.ts';
import { hashToken, newToken, openAccessTokens, type AccessTokens } from './accounts.tokens.ts';
import { useApiKey } from './keys.repo.ts';
import { ensureOwner } from './owner.ts';
import { putPasswordLink } from './password-links.repo.ts';
import { endSessionsOf, useSession } from './sessions.repo.ts';
import { sweepExpired } from './sweep.repo.ts';
import { insertStreamTicket, spendStreamTicket } from './tickets.repo.ts';
import type { UserRow } from './users.repo.ts';

/** Life of a ticket: enough for a page to open its stream, too short for one that leaks. */
const TICKET_SECONDS = 60;

export interface StreamTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

export { hashPassword } from './accounts.passwords.ts';
export { hashToken, newToken } from './accounts.tokens.ts';
export { countAttempt } from './login-attempts.ts';
export { toUser, type UserRow } from './users.repo.ts';

/** Life of a one-time link for a new password. */
const PASSWORD_LINK_HOURS = 24;

/** Who may come in. */
export interface Accounts {
  readonly feature: Feature;
  readonly authenticate: Authenticate;
  /**
   * Called once at the start, when the server listens at `baseUrl`: makes the owner from the configuration, or returns a
   * one-time link with which somebody becomes the owner, as long as there is none.
   */
  ensureOwner(baseUrl: string): Promise<string | undefined>;
  /** Ends connections that stay open when their callers may not go on. */
  readonly access: AccessWatch;
  /**
   * A one-time ticket for the event stream of a job, which is no longer good than what it was asked for with. Whoever calls
   * this has checked that the job is the caller's.
   */
  issueStreamTicket(caller: Caller, jobId: number): Promise<StreamTicket>;
  /** Signs somebody in whom another feature has recognised, such as by an invitation. */
  beginSession(
    user: UserRow,
    isCookie: boolean,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Session>;
  /** Makes a browser forget its session. */
  clearCookies(reply: FastifyReply): void;
  /** @throws AppError `auth.wrong_password`, `auth.too_many_attempts` */
  confirmPassword(userId: number, password: string, ip: string): Promise<void>;
  /** A one-time token with which the user sets a new password; it replaces the one before. */
  issuePasswordLink(userId: number): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /** Signs a user out everywhere, in the transaction that disables the account. */
  endSessions(db: Queryable, userId: number): Promise<void>;
  /** Deletes tokens, sessions and counters that have expired; to be called now and then. */
  sweep(): Promise<void>;
}

/** Opens the feature on a migrated database. */
export async function openAccounts(options: {
  readonly pool: Pool;
  readonly config: Config;
  readonly log: Log;
}): Promise<Accounts> {
  const { pool, config, log } = options;
  const accessTokens = await openAccessTokens(pool, config.accessTokenSeconds);
  const resources = { pool, config, accessTokens };
  return {
    feature: accountsFeature(resources),
    authenticate: (credential) =>
      recognise(pool, accessTokens, credential, config.accessTokenSeconds),
    ensureOwner: (baseUrl) => ensureOwner({ pool, config, log, baseUrl }),
    access: new AccessWatcher({ db: pool, log }),
    issueStreamTicket: async (caller, jobId) => {
      const { text, hash } = newToken();
      const ticket = { tokenHash: hash, caller, jobId, lifetimeSeconds: TICKET_SECONDS };
      return { ticket: text, expiresAt: await insertStreamTicket(pool, ticket) };
    },
    beginSession: (user, isCookie, request, reply) =>
      beginSession(resources, user, isCookie, request, reply),
    clearCookies,
    confirmPassword: async (userId, password, ip) =>
      void (await confirmPassword(pool, userId, password, ip)),
    issuePasswordLink: async (userId) => {
      const { text, hash } = newToken();
      const link = { userId, tokenHash: hash, hours: PASSWORD_LINK_HOURS };
      return { token: text, expiresAt: await putPasswordLink(pool, link) };
    },
    endSessions: (db, userId) => endSessionsOf(db, userId, 'disabled'),
    sweep: () => sweepExpired(pool),
  };
}

async function recognise(
  pool: Pool,
  accessTokens: AccessTokens,
  credential: Credential,
  lifetimeSeconds: number,
): Promise<Caller> {
  const { kind, value } = credential;
  // A stream that was opened with one of these is looked at again as often as one that was opened with a token.
  const expiresAt = new Date(Date.now() + lifetimeSeconds * 1000);
  if (kind === 'ticket') return { ...(await byTicket(pool, value, credential.jobId)), expiresAt };
  if (kind === 'key' || (kind === 'bearer' && value.startsWith('sk_'))) {
    return { ...(await byKey(pool, value)), expiresAt };
  }
  return byAccessToken(pool, accessTokens, value, kind === 'cookie' ? 'cookie' : 'token');
}

/**
 * The signature keeps made-up tokens away from the database; the row makes signing out, disabling a user and a change of role
 * effective at once instead of after the token's 15 minutes. One look-up by primary keys a request is what that costs.
 */
async function byAccessToken(
  pool: Pool,
  accessTokens: AccessTokens,
  token: string,
  via: 'token' | 'cookie',
): Promise<Caller> {
  const claims = await accessTokens.verify(token);
  const role = await useSession(pool, claims);
  if (role === undefined) {
    throw accountError('auth.session_ended', {
      detail:
        'The session has ended: it was signed out, or the account was disabled. Sign in again.',
    });
  }
  const { userId: id, sessionId, expiresAt } = claims;
  return { id, role, scopes: ['read', 'write', 'account'], via, expiresAt, sessionId };
}

async function byKey(pool: Pool, key: string): Promise<Caller> {
  const holder = await useApiKey(pool, hashToken(key));
  if (holder === undefined) {
    throw accountError('auth.key_invalid', {
      detail: `The API key ${key.slice(0, 10)}… is unknown or was revoked, or its user is disabled.`,
    });
  }
  const { user_id: id, key_id: keyId, role, scopes } = holder;
  return { id, role, scopes, via: 'key', keyId };
}

async function byTicket(pool: Pool, ticket: string, jobId: number): Promise<Caller> {
  const holder = await spendStreamTicket(pool, { tokenHash: hashToken(ticket), jobId });
  if (holder === undefined) {
    throw accountError('auth.ticket_invalid', {
      detail: `The ticket was used, is older than ${TICKET_SECONDS} seconds, or is for another job. Get a new one for every connection.`,
    });
  }
  const { user_id: id, role, session_id: sessionId, key_id: keyId } = holder;
  return {
    id,
    role,
    scopes: ['read'],
    via: 'ticket',
    ...(sessionId === null ? {} : { sessionId }),
    ...(keyId === null ? {} : { keyId }),
  };
}
