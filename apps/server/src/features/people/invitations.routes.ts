import { routes } from '@scriptorium/contract';
import { toMillicredits } from '@scriptorium/kernel';
import type { FastifyInstance } from 'fastify';
import { route } from '../../platform/routes.ts';
import { newToken } from '../accounts/index.ts';
import {
  insertInvitation,
  listInvitations,
  presentInvitation,
  revokeInvitation,
} from './invitations.repo.ts';
import { peopleError } from './people.errors.ts';
import { linkTo, type PeopleOptions } from './people.options.ts';
import { register } from './steps/register.ts';

/** How people come in. */
export function addInvitationRoutes(app: FastifyInstance, options: PeopleOptions): void {
  const { pool, accounts } = options;

  route(app, routes.people.invite, async ({ body, user, request }) => {
    const token = newToken();
    const row = await insertInvitation(pool, {
      tokenHash: token.hash,
      email: body.email,
      role: body.role,
      millicredits: toMillicredits(body.credits),
      createdBy: user.id,
      days: body.expires_in_days,
    });
    request.log.info({ by: user.id, invitation: row.id, role: row.role }, 'invitation made');
    return {
      invitation: presentInvitation(row),
      url: linkTo(options, request, `/invitation/${token.text}`),
    };
  });

  route(app, routes.people.invitations, async () => ({
    invitations: (await listInvitations(pool)).map(presentInvitation),
  }));

  route(app, routes.people.revokeInvitation, async ({ params }) => {
    const row = await revokeInvitation(pool, params.id);
    if (row === undefined) {
      throw peopleError('invitation.not_found', {
        detail: `There is no invitation ${params.id}.`,
      });
    }
    if (row.used_at !== null) {
      throw peopleError('invitation.used', {
        detail: `The invitation ${params.id} was used on ${row.used_at.toISOString().slice(0, 10)}. Disable the user instead.`,
      });
    }
  });

  route(app, routes.self.register, async ({ body, request, reply }) => {
    const user = await register(options, body, request.ip);
    request.log.info({ user: user.id, role: user.role }, 'account opened');
    return await accounts.beginSession(user, body.cookie, request, reply);
  });
}
