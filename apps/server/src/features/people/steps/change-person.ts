import type { Caller } from '../../../platform/access.ts';
import { peopleError } from '../people.errors.ts';
import type { PeopleOptions } from '../people.options.ts';
import { lockPerson, updatePerson, type PersonChange } from '../people.repo.ts';
import { cancelJobsOf } from './cancel-jobs.ts';

/**
 * Sets what an administrator decides about somebody. Whoever is disabled is out at once: sessions end, keys are refused, and what is
 * being made is cancelled, which returns its credits.
 *
 * @throws AppError `user.not_found`, `user.is_owner`, `user.is_caller`
 */
export async function changePerson(
  { kernel, accounts, pool }: Pick<PeopleOptions, 'kernel' | 'accounts' | 'pool'>,
  id: number,
  change: PersonChange,
  caller: Caller,
): Promise<void> {
  await kernel.transaction(async (tx) => {
    const person = await lockPerson(tx, id, caller);
    if (person.role === 'owner' && (change.role !== undefined || change.is_disabled === true)) {
      throw peopleError('user.is_owner', {
        detail: `${person.email} is the owner: an installation has one, who can neither be disabled nor get another role.`,
      });
    }
    if (id === caller.id && change.is_disabled === true) {
      throw peopleError('user.is_caller', {
        detail: 'You cannot disable your own account. Another administrator can.',
      });
    }
    await updatePerson(tx, id, change);
    if (change.is_disabled === true) await accounts.endSessions(tx, id);
  });
  if (change.is_disabled === true) await cancelJobsOf({ kernel, pool }, id, caller.id);
}
