import type { ShorteningModel } from '@scriptorium/contract';
import type { JobRow } from '@scriptorium/kernel';
import { assembleResult, inputOf } from '../assemble-result.ts';
import { chooseModel, layerOf } from '../choose-model.ts';
import { novelError } from '../novels.errors.ts';
import type { NovelsOptions } from '../novels.options.ts';
import { readNovel } from '../novels.repo.ts';
import { startJob, type StartRequest } from './start-job.ts';

export interface RedoRequest {
  readonly jobId: number;
  readonly owner: StartRequest['owner'];
  /** Absent: all that are over the limit. */
  readonly sentenceIds: readonly number[] | undefined;
  readonly model: ShorteningModel | undefined;
  readonly submission: string;
}

/**
 * Does some sentences of an ended job again, as a job whose result is whole: everything else is found done under its key.
 *
 * @throws AppError `novel.job_open`, `novel.nothing_to_redo`, `novel.no_model`
 */
export async function redoSentences(
  { db, kernel, shorteners }: NovelsOptions,
  { jobId, owner, sentenceIds, model, submission }: RedoRequest,
): Promise<JobRow> {
  const job = await kernel.job(jobId, owner.id);
  const { layers, maxWords, novelId } = inputOf(job);
  if (job.finished_at === null) {
    throw novelError('novel.job_open', {
      detail: `Job ${job.id} is ${job.status}. Wait for its end, or cancel it; what it has made stays.`,
    });
  }
  const choice = chooseModel(shorteners, model);
  const { sentences } = await assembleResult({ db, kernel }, job.id, owner.id);
  const wanted = new Set(sentenceIds);
  const again = sentences.filter(({ id, label }) =>
    sentenceIds === undefined ? label === 'over_limit' : wanted.has(id),
  );
  if (again.length === 0) {
    throw novelError('novel.nothing_to_redo', {
      detail:
        sentenceIds === undefined
          ? `No sentence of job ${jobId} is over the limit. Name others in sentence_ids to have them done again.`
          : `None of the ${sentenceIds.length} sentences that are named is in the novel of job ${jobId}.`,
    });
  }
  const novel = await readNovel(db, novelId, owner.id);
  const layer = { ...layerOf(choice), sentenceIds: again.map(({ id }) => id) };
  return await startJob(kernel, {
    db,
    novel,
    owner,
    maxWords,
    layers: [...layers, layer],
    submission,
    retryOf: { id: job.id, retryCount: job.retry_count },
  });
}
