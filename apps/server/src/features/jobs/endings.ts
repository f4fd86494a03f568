import { JobNotFoundError, type Kernel } from '@scriptorium/kernel';
import type { AccessEnd } from '../../platform/access.ts';

/** Why a log ends before the job's last event, other than that its reader is slow or the server stops. */
export type LogEnd = AccessEnd | 'deleted';

interface Ending {
  /** With which a socket is closed. */
  readonly closeCode: number;
  readonly code: string;
  readonly message: string;
}

/** The same words on both ways. */
export const LOG_ENDS: Readonly<Record<LogEnd, Ending>> = {
  expired: {
    closeCode: 4401,
    code: 'auth.expired',
    message:
      'What this was opened with has expired. Open it again, with a token that is still good or a new ticket.',
  },
  revoked: {
    closeCode: 4403,
    code: 'auth.revoked',
    message:
      'What this was opened with is not good any more: the session has ended, the key was revoked, or the account is disabled or deleted. Sign in again.',
  },
  deleted: {
    closeCode: 4404,
    code: 'job.not_found',
    message: 'The job was deleted.',
  },
};

/** Whether a log that ended without its last event did so because its job is gone. */
export async function isGone(
  kernel: Pick<Kernel, 'job'>,
  jobId: number,
  ownerId: number,
): Promise<boolean> {
  try {
    await kernel.job(jobId, ownerId);
    return false;
  } catch (error) {
    if (error instanceof JobNotFoundError) return true;
    throw error;
  }
}
