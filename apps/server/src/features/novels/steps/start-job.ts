import type { JobRow, Kernel, Tx } from '@scriptorium/kernel';
import { queryOne } from '../../../platform/database.ts';
import { novelNotFound } from '../novels.errors.ts';
import { NOVELS_PIPELINE, type NovelsInput } from '../novels.pipeline.ts';
import { subjectOf, type NovelRow } from '../novels.repo.ts';
import type { Layer } from '../plan-novel.ts';
import { divisionOf } from '../windows.ts';

export interface StartRequest {
  readonly novel: Pick<NovelRow, 'id' | 'page_count'>;
  readonly owner: { readonly id: number; readonly isPremium: boolean };
  readonly maxWords: number;
  readonly layers: readonly Layer[];
  /** Equal for a repeated request. */
  readonly submission: string;
  /** The job that this one does some of again. */
  readonly retryOf?: { readonly id: number; readonly retryCount: number };
  /** The job id that credits are held under already, or how many to hold now. Absent: rules, which cost nothing. */
  readonly credits?: { readonly confirmedJobId: number } | { readonly hold: number };
}

/**
 * Accepts a job on a novel, with its credits, in one transaction.
 *
 * @throws AppError `novel.not_found`; KernelError `credit.insufficient` and those of a confirmation that cannot be used
 */
export async function startJob(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  request: StartRequest,
): Promise<JobRow> {
  const { novel, owner, maxWords, layers, submission, retryOf } = request;
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
    input: { novelId: novel.id, maxWords, layers: [...layers] } satisfies NovelsInput,
    subject: subjectOf(novel.id),
    class: 'interactive',
    parallel: divisionOf(novel.page_count).parallel,
    submission,
    ...(retryOf === undefined ? {} : { retryOf }),
  });
}
