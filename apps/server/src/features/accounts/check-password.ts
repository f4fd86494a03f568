import type { Pool } from 'pg';
import { accountError } from './accounts.errors.ts';
import { verifyNobody, verifyPassword } from './accounts.passwords.ts';
import { countAttempt } from './login-attempts.ts';
import { findUserByEmail, findUserWithPassword, type UserRow } from './users.repo.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/**
 * The user with this e-mail and this password.
 *
 * @throws AppError `auth.invalid_credentials`, `auth.too_many_attempts`, `auth.account_disabled`
 */
export async function checkCredentials(
  pool: Pool,
  { email, password }: Credentials,
  ip: string,
): Promise<UserRow> {
  const forget = await countAttempt(pool, email, ip);
  const user = await findUserByEmail(pool, email);
  const isRight =
    user === undefined
      ? await verifyNobody(password)
      : await verifyPassword(password, user.password_hash);
  if (user === undefined || !isRight) {
    throw accountError('auth.invalid_credentials', {
      detail: 'No account has this e-mail and this password.',
    });
  }
  await forget();
  // Told only to somebody who knows the password: anybody else learns nothing about the account.
  assertEnabled(user);
  return user;
}

/** @throws AppError `auth.account_disabled` */
export function assertEnabled({ email, disabled_at: disabledAt }: UserRow): void {
  if (disabledAt === null) return;
  throw accountError('auth.account_disabled', {
    detail: `The account ${email} was disabled on ${disabledAt.toISOString().slice(0, 10)}. Ask the owner of this installation.`,
    params: { email },
  });
}

/**
 * Asks somebody who is signed in for the password once more; attempts count like those to sign in, or a session that was left open
 * would be a place to guess it.
 *
 * @throws AppError `auth.wrong_password`, `auth.too_many_attempts`
 */
export async function confirmPassword(
  pool: Pool,
  userId: number,
  password: string,
  ip: string,
): Promise<UserRow> {
  const user = await findUserWithPassword(pool, userId);
  if (user === undefined) throw new Error(`The user ${userId} was deleted meanwhile`);
  const forget = await countAttempt(pool, user.email, ip);
  if (!(await verifyPassword(password, user.password_hash))) {
    throw accountError('auth.wrong_password', {
      detail: 'This is not the password of the account. Nothing was changed.',
    });
  }
  await forget();
  return user;
}
