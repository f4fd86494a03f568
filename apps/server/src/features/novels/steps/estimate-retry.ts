import type { Estimate } from '@scriptorium/contract';
import { inputOf } from '../assemble-result.ts';
import { estimateNovel } from '../estimate.ts';
import { assertEnded } from '../novels.errors.ts';
import type { NovelsOptions } from '../novels.options.ts';
import { readNovel } from '../novels.repo.ts';

/**
 * What a retry of an ended job will take. It is the same job once more, so it is planned in the same way, and what is stored of it
 * is found done.
 *
 * @throws AppError `novel.job_open`, `novel.not_a_novel_job`
 */
export async function estimateRetry(
  { db, kernel }: Pick<NovelsOptions, 'db' | 'kernel'>,
  jobId: number,
  ownerId: number,
): Promise<Estimate> {
  const job = await kernel.job(jobId, ownerId);
  const { novelId, maxWords, layers } = inputOf(job);
  assertEnded(job);
  const novel = await readNovel(db, novelId, ownerId);
  const request = { novel, ownerId, maxWords, layers, scope: 'again' } as const;
  const { estimate } = await estimateNovel({ db, kernel }, request);
  return estimate;
}
