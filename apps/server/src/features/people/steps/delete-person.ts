import type { Caller } from '../../../platform/access.ts';
import { query } from '../../../platform/database.ts';
import { peopleError } from '../people.errors.ts';
import type { PeopleOptions } from '../people.options.ts';
import { lockPerson } from '../people.repo.ts';

/**
 * Deletes somebody with all that belongs to them, in one transaction: jobs are cancelled, their credits returned, and everything in the
 * database goes; files are due for the sweep, which comes within a minute. What stays are the facts of the ledger, under a number that
 * is never given again.
 *
 * One transaction rather than a mark and a purge that follows it: there is no user who is half there. Documents go by their reference to the
 * user, so this knows no table of any other feature; whoever submits a job for one meanwhile waits, and then finds it gone.
 *
 * @param isOwnWish the account's own user asks, and has shown the password
 * @throws AppError `user.not_found`, `user.is_owner`, `user.is_caller`
 */
export async function deletePerson(
  { kernel }: Pick<PeopleOptions, 'kernel'>,
  id: number,
  caller: Caller,
  { isOwnWish }: { readonly isOwnWish: boolean },
): Promise<void> {
  if (id === caller.id && !isOwnWish) {
    throw peopleError('user.is_caller', {
      detail: 'To delete your own account, confirm it with your password: POST /api/v1/me/delete.',
    });
  }
  await kernel.transaction(async (tx) => {
    const person = await lockPerson(tx, id, caller);
    if (person.role === 'owner') {
      throw peopleError('user.is_owner', {
        detail: `${person.email} is the owner, without whom nobody could run this installation.`,
      });
    }
    await kernel.deleteOwner(tx, id);
    await query(tx, 'DELETE FROM users WHERE id = $1', [id]);
  });
}
