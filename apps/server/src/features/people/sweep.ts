import type { PeopleOptions } from './people.options.ts';
import { query } from '../../platform/database.ts';
import { sweepInvitations } from './invitations.repo.ts';
import { listHistoryDays } from './settings.repo.ts';
import { cancelJobsOf } from './steps/cancel-jobs.ts';

/**
 * What people have asked for that takes time: history that is older than its owner wants goes, and so do old invitations. A job that a
 * request of somebody's has submitted while the account was being disabled is cancelled.
 */
export async function sweepPeople({
  pool,
  kernel,
}: Pick<PeopleOptions, 'pool' | 'kernel'>): Promise<void> {
  await sweepInvitations(pool);
  for (const { id, history_days: days } of await listHistoryDays(pool)) {
    await kernel.deleteHistory(id, days);
  }
  const disabled = await query<{ id: number }>(
    pool,
    `SELECT u.id
       FROM users u
      WHERE u.disabled_at IS NOT NULL
        AND EXISTS (SELECT FROM kernel.jobs j WHERE j.owner_id = u.id AND j.finished_at IS NULL)`,
  );
  for (const { id } of disabled) await cancelJobsOf({ pool, kernel }, id, id);
}
