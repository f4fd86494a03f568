import { randomUUID } from 'node:crypto';
import type { Role } from '@scriptorium/contract';
import type { Kernel, Tx } from '@scriptorium/kernel';
import { queryOne } from '../../../platform/database.ts';
import { countAttempt, hashPassword, hashToken, type UserRow } from '../../accounts/index.ts';
import { findUsableInvitation, spendInvitation } from '../invitations.repo.ts';
import { peopleError } from '../people.errors.ts';
import type { PeopleOptions } from '../people.options.ts';

export interface Registration {
  readonly invitation?: string | undefined;
  readonly email: string;
  readonly password: string;
}

interface Newcomer {
  readonly email: string;
  readonly passwordHash: string;
  readonly tokenHash: Buffer | undefined;
  readonly reference: string;
}

/**
 * Opens an account: its row, the invitation that is spent, and the credits that come with it, all or nothing.
 *
 * @param ip attempts count like those to sign in: each costs the server a password hash, and tells whether an e-mail is taken
 * @throws AppError `auth.registration_closed`, `auth.invitation_invalid`, `auth.invitation_for_another`, `user.email_taken`,
 *   `auth.too_many_attempts`
 */
export async function register(
  { pool, kernel, config }: Pick<PeopleOptions, 'pool' | 'kernel' | 'config'>,
  { invitation, email, password }: Registration,
  ip: string,
): Promise<UserRow> {
  const tokenHash = invitation === undefined ? undefined : hashToken(invitation);
  if (tokenHash === undefined && config.registration === 'closed') {
    throw peopleError('auth.registration_closed', {
      detail: 'This installation takes new people by invitation alone. Ask its owner for one.',
    });
  }
  await countAttempt(pool, email, ip);
  // Looked at first, so that a guess does not cost the server a password hash.
  if (tokenHash !== undefined) assertUsable(await findUsableInvitation(pool, tokenHash), email);
  const newcomer = {
    email,
    tokenHash,
    passwordHash: await hashPassword(password),
    reference: randomUUID(),
  };
  return await kernel.transaction((tx) => openAccount(tx, kernel, newcomer));
}

async function openAccount(tx: Tx, kernel: Kernel, newcomer: Newcomer): Promise<UserRow> {
  const { email, passwordHash, tokenHash, reference } = newcomer;
  // Run again after its connection was lost, the transaction knows its own user by the salt.
  const earlier = await queryOne<UserRow>(
    tx,
    'SELECT id, email, role, disabled_at, created_at FROM users WHERE email = $1 AND password_hash = $2',
    [email, passwordHash],
  );
  if (earlier !== undefined) return earlier;
  const invitation = tokenHash && (await spendInvitation(tx, tokenHash));
  if (tokenHash !== undefined) assertUsable(invitation, email);
  const user = await insertNewcomer(tx, email, passwordHash, invitation?.role ?? 'member');
  if (invitation !== undefined && invitation.millicredits > 0) {
    await kernel.credits.grant(tx, {
      ownerId: user.id,
      amount: invitation.millicredits,
      by: invitation.created_by,
      note: 'With the invitation',
      reference,
    });
  }
  return user;
}

function assertUsable(invitation: { readonly email: string | null } | undefined, email: string) {
  if (invitation === undefined) {
    throw peopleError('auth.invitation_invalid', {
      detail: 'The invitation was used, revoked, or has expired. Ask for another one.',
    });
  }
  if (invitation.email !== null && invitation.email !== email) {
    throw peopleError('auth.invitation_for_another', {
      detail: `The invitation is not for ${email}. Use the address that it was sent to.`,
      params: { email },
    });
  }
}

async function insertNewcomer(
  tx: Tx,
  email: string,
  passwordHash: string,
  role: Role,
): Promise<UserRow> {
  const user = await queryOne<UserRow>(
    tx,
    `INSERT INTO users (email, password_hash, role)
     VALUES ($1, $2, $3)
         ON CONFLICT (email) DO NOTHING
     RETURNING id, email, role, disabled_at, created_at`,
    [email, passwordHash, role],
  );
  if (user !== undefined) return user;
  throw peopleError('user.email_taken', {
    detail: `Somebody has an account with ${email} already. Sign in, or ask an administrator for a new password.`,
    params: { email },
  });
}
