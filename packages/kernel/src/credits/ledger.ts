import type { Queryable } from '../db/queryable.ts';
import type { Tx } from '../db/transaction.ts';
import { NOW } from '../store/sql.ts';
import { InsufficientCreditError } from './errors.ts';
import type { Millicredits } from './millicredits.ts';

export type EntryKind = 'grant' | 'hold' | 'settle' | 'release';

/** Every way credits take, from one account to the next. Taking a grant back is the first one in reverse. */
const WAYS = {
  grant: { from: 'issued', to: 'available' },
  hold: { from: 'available', to: 'held' },
  settle: { from: 'held', to: 'revenue' },
  release: { from: 'held', to: 'available' },
} as const satisfies Record<EntryKind, { from: string; to: string }>;

interface NewEntry {
  readonly kind: EntryKind;
  readonly ownerId: number;
  /** Negative: against the usual way. */
  readonly amount: Millicredits;
  readonly jobId?: number;
  readonly reference?: string;
  readonly by?: number;
  readonly note?: string;
}

/** What somebody gives, or with a negative amount takes back. */
export interface CreditGrant {
  readonly ownerId: number;
  readonly amount: Millicredits;
  /** Who gives. */
  readonly by: number;
  readonly note?: string;
  /** Drawn before the first try: a grant that is repeated with it changes nothing. */
  readonly reference: string;
}

/**
 * Gives credits. An owner's accounts begin with the first grant, so all that follows finds them.
 *
 * @throws InsufficientCreditError if more is taken back than is available
 */
export async function grantCredits(tx: Tx, grant: CreditGrant): Promise<void> {
  const { ownerId, amount } = grant;
  if (!Number.isSafeInteger(amount) || amount === 0) {
    throw new RangeError(`A grant is a whole number of millicredits and not 0: ${amount} is not.`);
  }
  await tx.query(
    `INSERT INTO kernel.accounts (kind, owner_id)
     VALUES ('issued', NULL), ('revenue', NULL), ('available', $1), ('held', $1)
         ON CONFLICT DO NOTHING`,
    [ownerId],
  );
  const available = await lockAvailable(tx, ownerId);
  const { rowCount } = await tx.query('SELECT FROM kernel.entries WHERE reference = $1', [
    grant.reference,
  ]);
  if (rowCount !== 0) return;
  if (available + amount < 0) throw new InsufficientCreditError(-amount, available);
  await postEntry(tx, { kind: 'grant', ...grant });
}

/**
 * What the owner can spend, which nobody changes until the transaction ends. Both accounts of the owner are locked, by id: the
 * next entry wants both.
 */
export async function lockAvailable(tx: Tx, ownerId: number): Promise<Millicredits> {
  const { rows } = await tx.query<{ kind: string; balance: Millicredits }>(
    'SELECT kind, balance FROM kernel.accounts WHERE owner_id = $1 ORDER BY id FOR UPDATE',
    [ownerId],
  );
  return rows.find((row) => row.kind === 'available')?.balance ?? 0;
}

/** Writes one entry; the balances follow by the table's own trigger, which locks what it changes by id. */
export async function postEntry(tx: Tx, entry: NewEntry): Promise<void> {
  const way = WAYS[entry.kind];
  const [from, to] = entry.amount < 0 ? [way.to, way.from] : [way.from, way.to];
  const { rowCount } = await tx.query(
    `INSERT INTO kernel.entries (kind, from_account, to_account, amount, owner_id, job_id, reference, made_by, note, at)
     SELECT $1, source.id, target.id, $4, $5, $6, $7, $8, $9, ${NOW}
       FROM kernel.accounts source, kernel.accounts target
      WHERE source.kind = $2
        AND target.kind = $3
        AND (source.owner_id IS NULL OR source.owner_id = $5)
        AND (target.owner_id IS NULL OR target.owner_id = $5)`,
    [
      entry.kind,
      from,
      to,
      Math.abs(entry.amount),
      entry.ownerId,
      entry.jobId ?? null,
      entry.reference ?? null,
      entry.by ?? null,
      entry.note ?? null,
    ],
  );
  if (rowCount !== 1) throw new Error(`The owner ${entry.ownerId} has no accounts.`);
}

export interface CreditBalance {
  /** The sum of the other two. */
  readonly balance: Millicredits;
  /** Set aside for jobs and for confirmations. */
  readonly held: Millicredits;
  /** What can be spent. */
  readonly available: Millicredits;
}

export async function readBalance(db: Queryable, ownerId: number): Promise<CreditBalance> {
  const { rows } = await db.query<CreditBalance>(
    `SELECT COALESCE(sum(balance), 0)::bigint AS balance,
            COALESCE(sum(balance) FILTER (WHERE kind = 'held'), 0)::bigint AS held,
            COALESCE(sum(balance) FILTER (WHERE kind = 'available'), 0)::bigint AS available
       FROM kernel.accounts
      WHERE owner_id = $1`,
    [ownerId],
  );
  return rows[0] ?? { balance: 0, held: 0, available: 0 };
}
