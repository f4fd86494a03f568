import type { Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { drawJobId, reserveCredits, type Hold, type Reservation } from './holds.ts';
import { grantCredits, readBalance, type CreditBalance, type CreditGrant } from './ledger.ts';
import {
  readEntries,
  readReceipt,
  type CreditEntry,
  type EntryPage,
  type Receipt,
} from './statement.ts';

/**
 * Credits of owners: a ledger of double entry. All amounts are millicredits, thousandths of a credit.
 *
 * A job is given credits with its `submit`: by the number of a reservation (`id`), or at once (`credits`).
 */
export interface KernelCredits {
  /**
   * Gives credits, or with a negative amount takes back.
   *
   * @throws InsufficientCreditError if more is taken back than is available
   */
  grant(tx: Tx, grant: CreditGrant): Promise<void>;
  balance(ownerId: number): Promise<CreditBalance>;
  /** Newest first. */
  entries(ownerId: number, page: EntryPage): Promise<CreditEntry[]>;
  /** @throws JobNotFoundError */
  receipt(jobId: number, ownerId: number | null): Promise<Receipt>;
  /** The number of a job to come, for {@link reserve}. Drawn before the transaction, so that a second run of it holds nothing more. */
  drawJobId(): Promise<number>;
  /**
   * Holds credits for a job to come, for 30 minutes unless told otherwise.
   *
   * @throws InsufficientCreditError
   */
  reserve(tx: Tx, reservation: Reservation): Promise<Hold>;
}

export function createKernelCredits({ pool }: Pick<Resources, 'pool'>): KernelCredits {
  return {
    grant: grantCredits,
    balance: (ownerId) => readBalance(pool, ownerId),
    entries: (ownerId, page) => readEntries(pool, ownerId, page),
    receipt: (jobId, ownerId) => readReceipt(pool, jobId, ownerId),
    drawJobId: () => drawJobId(pool),
    reserve: reserveCredits,
  };
}
