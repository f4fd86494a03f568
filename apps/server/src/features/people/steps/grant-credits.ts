import type { CreditEntry, CreditGrant, Kernel, Queryable } from '@scriptorium/kernel';
import { queryOne } from '../../../platform/database.ts';

/**
 * Grants credits, and gives the line of the statement that says so. Repeated with the same reference, it is the same line.
 *
 * @throws KernelError `credit.insufficient` where more is taken back than is available
 */
export async function grantCredits(
  kernel: Kernel,
  db: Queryable,
  grant: CreditGrant,
): Promise<CreditEntry> {
  await kernel.transaction((tx) => kernel.credits.grant(tx, grant));
  const row = await queryOne<{ id: number }>(
    db,
    'SELECT id FROM kernel.entries WHERE reference = $1 AND owner_id = $2',
    [grant.reference, grant.ownerId],
  );
  const before = (row?.id ?? 0) + 1;
  const [entry] = await kernel.credits.entries(grant.ownerId, { limit: 1, before });
  if (entry === undefined) throw new Error(`The grant ${grant.reference} was not written`);
  return entry;
}
