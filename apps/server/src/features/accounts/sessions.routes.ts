import { routes } from '@scriptorium/contract';
import type { FastifyInstance } from 'fastify';
import { route } from '../../platform/routes.ts';
import { accountError } from './accounts.errors.ts';
import { clearCookies, type SessionResources } from './begin-session.ts';
import { endSessionById, endSessionsOf, listSessions } from './sessions.repo.ts';

/** Where the caller is signed in, and out again. */
export function addSessionRoutes(app: FastifyInstance, { pool }: SessionResources): void {
  route(app, routes.self.sessions, async ({ user }) => {
    const rows = await listSessions(pool, user.id);
    return {
      sessions: rows.map((row) => ({
        id: row.id,
        created_at: row.created_at.toISOString(),
        last_used_at: row.last_used_at?.toISOString() ?? null,
        is_current: row.id === user.sessionId,
      })),
    };
  });

  route(app, routes.self.endSession, async ({ params, user, reply }) => {
    if (!(await endSessionById(pool, params.id, user.id))) {
      throw accountError('session.not_found', {
        detail: `There is no session ${params.id} among yours, or it has ended.`,
      });
    }
    if (params.id === user.sessionId) clearCookies(reply);
  });

  route(app, routes.self.endSessions, async ({ user, reply }) => {
    await endSessionsOf(pool, user.id, 'ended');
    clearCookies(reply);
  });
}
