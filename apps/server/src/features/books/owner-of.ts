import type { Caller } from '../../platform/access.ts';

/** The caller as the owner of a job. */
export function ownerOf({ id, role }: Caller) {
  return { id, isPremium: role !== 'member' };
}
