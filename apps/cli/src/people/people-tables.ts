import type { Person, routes } from '@scriptorium/contract';
import type { z } from 'zod';
import { clip, count, pad, paint, plain } from '../terminal/text.ts';

export type Invitation = z.output<
  (typeof routes.people.invitations.responses)[200]
>['invitations'][number];

/** Users, one a line. */
export function userTable(users: readonly Person[]): string[] {
  const head = userRow(['user', 'role', 'credits', 'held', 'storage', 'jobs', 'seen']);
  return [paint.faint(head), ...users.map((user) => describeUser(user))];
}

function describeUser(user: Person): string {
  const { credits, storage, last_seen_at: seenAt } = user;
  const line = userRow([
    plain(user.email),
    user.is_disabled ? 'disabled' : user.role,
    count(credits.available),
    count(credits.held),
    megabytes(storage.used_bytes),
    String(user.open_jobs),
    seenAt === null ? 'never' : day(seenAt),
  ]);
  return user.is_disabled ? paint.faint(line) : line;
}

function userRow([
  user = '',
  role = '',
  credits = '',
  held = '',
  storage = '',
  jobs = '',
  seen = '',
]: string[]) {
  return [
    pad(clip(user, 26), 26),
    pad(role, 8),
    pad(credits, 9, 'right'),
    pad(held, 7, 'right'),
    pad(storage, 9, 'right'),
    pad(jobs, 4, 'right'),
    seen,
  ].join(' ');
}

/** Invitations, one a line. */
export function invitationTable(invitations: readonly Invitation[]): string[] {
  const head = invitationRow(['no.', 'for', 'role', 'credits', 'state']);
  return [
    paint.faint(head),
    ...invitations.map((each) =>
      invitationRow([
        String(each.id),
        plain(each.email ?? 'whoever has the link'),
        each.role,
        count(each.credits),
        stateOf(each),
      ]),
    ),
  ];
}

function invitationRow([id = '', email = '', role = '', credits = '', state = '']: string[]) {
  return [
    pad(id, 4, 'right'),
    pad(clip(email, 28), 28),
    pad(role, 8),
    pad(credits, 9, 'right'),
    state,
  ].join('  ');
}

function stateOf(invitation: Invitation): string {
  const { used_at: usedAt, revoked_at: revokedAt, expires_at: expiresAt } = invitation;
  if (usedAt !== null) return `used ${day(usedAt)}`;
  if (revokedAt !== null) return `revoked ${day(revokedAt)}`;
  const isOver = Date.parse(expiresAt) <= Date.now();
  return isOver ? `expired ${day(expiresAt)}` : `good until ${day(expiresAt)}`;
}

function day(timestamp: string): string {
  return timestamp.slice(0, 10);
}

function megabytes(bytes: number): string {
  return `${count(Math.round(bytes / 100_000) / 10)} MB`;
}
