import { randomUUID } from 'node:crypto';
import { routes } from '@scriptorium/contract';
import { toMillicredits } from '@scriptorium/kernel';
import type { FastifyInstance } from 'fastify';
import { route, type Feature } from '../../platform/routes.ts';
import { presentEntry } from '../credits/index.ts';
import { submissionOf } from '../jobs/index.ts';
import { addInvitationRoutes } from './invitations.routes.ts';
import { peopleErrors } from './people.errors.ts';
import { linkTo, type PeopleOptions } from './people.options.ts';
import { listPeople, lockPerson, readPerson } from './people.repo.ts';
import { addSettingsRoutes } from './settings.routes.ts';
import { changePerson } from './steps/change-person.ts';
import { deletePerson } from './steps/delete-person.ts';
import { grantCredits } from './steps/grant-credits.ts';

/** The people of an installation: who is in, by whose invitation, with which role, quota and credits. */
export function createPeopleFeature(options: PeopleOptions): Feature {
  return {
    name: 'people',
    errors: peopleErrors,
    register(app) {
      addAdministration(app, options);
      addInvitationRoutes(app, options);
      addSettingsRoutes(app, options);
    },
  };
}

function addAdministration(app: FastifyInstance, options: PeopleOptions): void {
  const { pool, kernel, accounts, config } = options;

  route(app, routes.people.list, ({ query }) => listPeople(pool, query, config.userQuotaBytes));

  route(app, routes.people.get, ({ params }) => readPerson(pool, params.id, config.userQuotaBytes));

  route(app, routes.people.change, async ({ params, body, user, request }) => {
    await changePerson(options, params.id, body, user);
    request.log.info({ by: user.id, user: params.id, change: body }, 'user changed');
    return await readPerson(pool, params.id, config.userQuotaBytes);
  });

  route(app, routes.people.grant, async ({ params, body, user, request }) => {
    await readPerson(pool, params.id, null);
    const entry = await grantCredits(kernel, pool, {
      ownerId: params.id,
      amount: toMillicredits(body.credits),
      by: user.id,
      reference: submissionOf(request, user.id) ?? randomUUID(),
      ...(body.note === undefined ? {} : { note: body.note }),
    });
    return presentEntry(entry);
  });

  route(app, routes.people.passwordLink, async ({ params, user, request }) => {
    // The link is as good as the password: an administrator with the owner's would be the owner.
    await lockPerson(pool, params.id, user);
    const { token, expiresAt } = await accounts.issuePasswordLink(params.id);
    request.log.info({ by: user.id, user: params.id }, 'link for a new password made');
    return {
      url: linkTo(options, request, `/reset-password/${token}`),
      expires_at: expiresAt.toISOString(),
    };
  });

  route(app, routes.people.remove, async ({ params, user, request }) => {
    await deletePerson(options, params.id, user, { isOwnWish: false });
    request.log.info({ by: user.id, user: params.id }, 'user deleted');
  });
}
