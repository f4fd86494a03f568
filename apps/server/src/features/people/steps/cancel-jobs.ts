import { TransitionError, type Kernel, type Queryable } from '@scriptorium/kernel';
import { openJobsOf } from '../people.repo.ts';

/** Cancels what is being made for a user, each job in a transaction of its own; what they hold is returned. */
export async function cancelJobsOf(
  { kernel, pool }: { readonly kernel: Kernel; readonly pool: Queryable },
  userId: number,
  cancelledBy: number,
): Promise<void> {
  for (const jobId of await openJobsOf(pool, userId)) {
    try {
      await kernel.cancel(jobId, userId, cancelledBy);
    } catch (error) {
      // It has ended by itself meanwhile.
      if (!(error instanceof TransitionError)) throw error;
    }
  }
}
