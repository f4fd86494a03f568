import type { JobRow, Kernel, Queryable } from '@scriptorium/kernel';
import { inputOf } from './assemble-result.ts';
import { creditsNeeded } from './estimate.ts';
import { readNovel } from './novels.repo.ts';
import { NOVELS_PIPELINE } from './pipeline-name.ts';
import { planNovel } from './plan-novel.ts';

/** Millicredits that a retry of a job may need at most: a new job has a hold of its own. 0 for jobs of other pipelines. */
export async function retryCredits(
  { db, kernel }: { readonly db: Queryable; readonly kernel: Pick<Kernel, 'storedResults'> },
  job: Pick<JobRow, 'id' | 'owner_id' | 'pipeline' | 'subject' | 'input'>,
): Promise<number> {
  if (job.pipeline !== NOVELS_PIPELINE) return 0;
  const { novelId, maxWords, layers } = inputOf(job);
  const novel = await readNovel(db, novelId, job.owner_id);
  const parts = await planNovel(db, novel, { maxWords, layers });
  return await creditsNeeded(kernel, job.owner_id, parts);
}
