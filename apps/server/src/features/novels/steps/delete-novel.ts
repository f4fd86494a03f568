import type { Kernel, Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../../platform/database.ts';
import { readNovel, subjectOf } from '../novels.repo.ts';

/**
 * Deletes a novel: its jobs are stopped and go with all that only they refer to, its original becomes due for the sweeper, its rows go.
 *
 * Whether it is there is asked before the transaction, which may be run again after a lost connection and then finds its own work
 * done.
 *
 * @throws AppError `novel.not_found`, also for another user's novel
 */
export async function deleteNovel(
  { db, kernel }: { readonly db: Queryable; readonly kernel: Kernel },
  novelId: number,
  ownerId: number,
): Promise<void> {
  await readNovel(db, novelId, ownerId);
  await kernel.transaction(async (tx) => {
    const row = await queryOne(
      tx,
      'SELECT 1 FROM novels WHERE id = $1 AND owner_id = $2 FOR UPDATE',
      [novelId, ownerId],
    );
    if (row === undefined) return;
    await kernel.deleteJobs(tx, { ownerId, subject: subjectOf(novelId) });
    await query(tx, 'DELETE FROM novels WHERE id = $1', [novelId]);
  });
}
