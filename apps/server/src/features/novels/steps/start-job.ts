import type { JobRow, Kernel, Queryable } from '@scriptorium/kernel';
import { queryOne } from '../../../platform/database.ts';
import { creditsNeeded } from '../estimate.ts';
import { novelNotFound } from '../novels.errors.ts';
import type { NovelsInput } from '../novels.pipeline.ts';
import { NOVELS_PIPELINE } from '../pipeline-name.ts';
import { subjectOf } from '../novels.repo.ts';
import { planNovel, type Layer, type PlannedNovel } from '../plan-novel.ts';
import { divisionOf } from '../windows.ts';

export interface StartRequest {
  readonly db: Queryable;
  readonly novel: PlannedNovel;
  readonly owner: { readonly id: number; readonly isPremium: boolean };
  readonly maxWords: number;
  readonly layers: readonly [Layer, ...Layer[]];
  /** Equal for a repeated request. */
  readonly submission: string;
  /** The number under which credits are held already. Without one they are held now. */
  readonly confirmedJobId?: number | undefined;
  /** The job that this one does some of again. */
  readonly retryOf?: { readonly id: number; readonly retryCount: number };
}

/**
 * Accepts a job on a novel, with the credits that it may need at most, in one transaction. Parts whose results are stored need
 * none, and a job of such parts alone holds nothing.
 *
 * @throws AppError `novel.not_found`; KernelError `credit.insufficient` and those of a confirmation that cannot be used
 */
export async function startJob(
  kernel: Pick<Kernel, 'submit' | 'transaction' | 'storedResults'>,
  request: StartRequest,
): Promise<JobRow> {
  const { db, novel, owner, maxWords, submission, retryOf, confirmedJobId } = request;
  const layers: [Layer, ...Layer[]] = [...request.layers];
  const parts = await planNovel(db, novel, { maxWords, layers });
  const credits = await creditsNeeded(kernel, owner.id, parts);
  return await kernel.transaction(async (tx) => {
    // Held until the job is there: whoever deletes the novel waits, and then finds the job.
    const present = await queryOne(
      tx,
      'SELECT 1 FROM novels WHERE id = $1 AND owner_id = $2 FOR KEY SHARE',
      [novel.id, owner.id],
    );
    if (present === undefined) throw novelNotFound(novel.id);
    return await kernel.submit(tx, {
      pipeline: NOVELS_PIPELINE,
      ownerId: owner.id,
      isPremium: owner.isPremium,
      input: { novelId: novel.id, maxWords, layers } satisfies NovelsInput,
      subject: subjectOf(novel.id),
      class: 'interactive',
      parallel: divisionOf(novel.page_count).parallel,
      submission,
      ...(confirmedJobId === undefined ? {} : { id: confirmedJobId }),
      ...(credits === 0 ? {} : { credits }),
      ...(retryOf === undefined ? {} : { retryOf }),
    });
  });
}
