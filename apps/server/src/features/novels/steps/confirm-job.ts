import type { Estimate, ShorteningModel } from '@scriptorium/contract';
import { chooseModel, layerOf } from '../choose-model.ts';
import { estimateNovel } from '../estimate.ts';
import type { NovelsOptions } from '../novels.options.ts';
import { readNovel } from '../novels.repo.ts';

export interface ConfirmRequest {
  readonly novelId: number;
  readonly ownerId: number;
  readonly maxWords: number;
  readonly model: ShorteningModel | undefined;
}

export interface Confirmation {
  readonly jobId: number;
  readonly estimate: Estimate;
  /** Millicredits. */
  readonly held: number;
  readonly expiresAt: Date;
}

/**
 * Estimates a job, and holds what it may cost at most, for 30 minutes.
 *
 * @throws AppError `novel.not_found`, `novel.no_model`; KernelError `credit.insufficient`
 */
export async function confirmJob(
  { db, kernel, shorteners }: NovelsOptions,
  { novelId, ownerId, maxWords, model }: ConfirmRequest,
): Promise<Confirmation> {
  const novel = await readNovel(db, novelId, ownerId);
  const choice = chooseModel(shorteners, model);
  const { estimate, amount } = await estimateNovel(
    { db, kernel },
    { novel, ownerId, maxWords, layers: [layerOf(choice)], scope: 'novel' },
  );
  const jobId = await kernel.credits.drawJobId();
  const note = `${novel.title}, at most ${maxWords} words a sentence`;
  const { expiresAt } = await kernel.transaction((tx) =>
    kernel.credits.reserve(tx, { jobId, ownerId, amount, note }),
  );
  return { jobId, estimate, held: amount, expiresAt };
}
