import { routes, type Role } from '@scriptorium/contract';
import { say, tell, type Context } from '../context.ts';
import { invitationTable } from './people-tables.ts';
import { asPerson } from './sign-in-as-person.ts';

export interface InviteOptions {
  readonly email?: string;
  readonly role?: Exclude<Role, 'owner'>;
  readonly credits?: number;
}

/** Makes an invitation, and prints its link. */
export function invite(body: InviteOptions, context: Context): Promise<number> {
  return asPerson(context, async (client) => {
    const made = await client.call(routes.people.invite, { body, signal: context.signal });
    tell(context, made);
    const { email, expires_at: expiresAt } = made.invitation;
    const whom = email === null ? 'whoever has it' : email;
    say(context, [
      made.url,
      `Opens one account for ${whom}, until ${expiresAt.slice(0, 10)}. It is not shown again.`,
    ]);
    return 0;
  });
}

/** Lists invitations, newest first. */
export function listInvitations(context: Context): Promise<number> {
  return asPerson(context, async (client) => {
    const list = await client.call(routes.people.invitations, { signal: context.signal });
    tell(context, list);
    say(
      context,
      list.invitations.length === 0
        ? ['There are no invitations. Make one with: scriptorium invite']
        : invitationTable(list.invitations),
    );
    return 0;
  });
}
