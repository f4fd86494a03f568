import { routes } from '@scriptorium/contract';
import type { FastifyInstance } from 'fastify';
import { route } from '../../platform/routes.ts';
import type { PeopleOptions } from './people.options.ts';
import { readSettings, setHistoryDays } from './settings.repo.ts';
import { deletePerson } from './steps/delete-person.ts';

/** What people decide about their own account. */
export function addSettingsRoutes(app: FastifyInstance, options: PeopleOptions): void {
  const { pool, accounts, config } = options;

  route(app, routes.self.settings, ({ user }) =>
    readSettings(pool, user.id, config.userQuotaBytes),
  );

  route(app, routes.self.changeSettings, async ({ body, user }) => {
    if (body.history_days !== undefined) await setHistoryDays(pool, user.id, body.history_days);
    return await readSettings(pool, user.id, config.userQuotaBytes);
  });

  route(app, routes.self.remove, async ({ body, user, request, reply }) => {
    await accounts.confirmPassword(user.id, body.password, request.ip);
    await deletePerson(options, user.id, user, { isOwnWish: true });
    request.log.info({ user: user.id }, 'account deleted by its user');
    accounts.clearCookies(reply);
  });
}
