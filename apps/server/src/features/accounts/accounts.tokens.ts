import { createHash, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { queryOne } from '../../platform/database.ts';
import type { Queryable } from '@scriptorium/kernel';
import { accountError } from './accounts.errors.ts';

/** A secret for its holder, and the hash under which it is stored. */
export interface OpaqueToken {
  readonly text: string;
  readonly hash: Buffer;
}

/** 256 random bits after a prefix that tells people, and scanners for leaked secrets, what it is. */
export function newToken(prefix = ''): OpaqueToken {
  const text = `${prefix}${randomBytes(32).toString('base64url')}`;
  return { text, hash: hashToken(text) };
}

export function hashToken(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** What an access token says. */
export interface AccessClaims {
  readonly userId: number;
  readonly sessionId: number;
}

/** What a token that was checked says. */
export interface CheckedClaims extends AccessClaims {
  readonly expiresAt: Date;
}

/** Signs and checks access tokens. */
export interface AccessTokens {
  sign(claims: AccessClaims): Promise<string>;
  /** @throws AppError `auth.token_expired` or `auth.token_invalid` */
  verify(token: string): Promise<CheckedClaims>;
}

// Fixed here and checked by name (RFC 8725): a token never gets to choose how it is verified.
const ALGORITHM = 'HS256';
const ISSUER = 'scriptorium';
const AUDIENCE = 'scriptorium/api';
const TYPE = 'at+jwt';

/**
 * Access tokens under the key in the database, which the first server of an installation makes and all of them share. HS256
 * rather than a key pair: nobody but these servers ever checks a token.
 */
export async function openAccessTokens(
  db: Queryable,
  lifetimeSeconds: number,
): Promise<AccessTokens> {
  const key = await sharedSecret(db, 'access-token-hs256');
  return {
    sign: ({ userId, sessionId }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(String(userId))
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(`${lifetimeSeconds}s`)
        .sign(key),
    verify: async (token) => {
      const { payload } = await jwtVerify<{ sid: number; exp: number }>(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['sub', 'sid', 'exp'],
      }).catch(refuse);
      const expiresAt = new Date(payload.exp * 1000);
      return { userId: Number(payload.sub), sessionId: payload.sid, expiresAt };
    },
  };
}

function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) {
    throw accountError('auth.token_expired', {
      detail:
        'The access token has expired. Get a new one with the refresh token, or sign in again.',
      cause: error,
    });
  }
  if (error instanceof errors.JOSEError) {
    throw accountError('auth.token_invalid', {
      detail: 'The access token was not made by this server, or was changed. Sign in again.',
      cause: error,
    });
  }
  throw error;
}

/** Two servers that start together agree on one value: the second waits for the first one's row. */
async function sharedSecret(db: Queryable, name: string): Promise<Buffer> {
  await db.query(
    `INSERT INTO secrets (name, value)
     VALUES ($1, $2)
     ON CONFLICT (name) DO NOTHING`,
    [name, randomBytes(32)],
  );
  const row = await queryOne<{ value: Buffer }>(db, 'SELECT value FROM secrets WHERE name = $1', [
    name,
  ]);
  if (row === undefined) throw new Error(`The secret ${name} was deleted while the server started`);
  return row.value;
}
