import type { Estimate, ShorteningModel } from '@scriptorium/contract';
import type { JobRow } from '@scriptorium/kernel';
import { assembleResult, inputOf } from '../assemble-result.ts';
import { chooseModel, layerOf } from '../choose-model.ts';
import { estimateNovel } from '../estimate.ts';
import { assertEnded, novelError } from '../novels.errors.ts';
import type { NovelsOptions } from '../novels.options.ts';
import { readNovel } from '../novels.repo.ts';
import type { Layer } from '../plan-novel.ts';
import { startJob, type StartRequest } from './start-job.ts';

/** What is to be done again. */
export interface RedoChoice {
  readonly jobId: number;
  /** Absent: all that are over the limit. */
  readonly sentenceIds: readonly number[] | undefined;
  readonly model: ShorteningModel | undefined;
}

export interface RedoRequest extends RedoChoice {
  readonly owner: StartRequest['owner'];
  readonly submission: string;
}

/**
 * Does some sentences of an ended job again, as a job whose result is whole: everything else is found done under its key.
 *
 * @throws AppError `novel.job_open`, `novel.nothing_to_redo`, `novel.no_model`
 */
export async function redoSentences(
  options: NovelsOptions,
  { owner, submission, ...choice }: RedoRequest,
): Promise<JobRow> {
  const { db, kernel } = options;
  const { job, ...plan } = await planRedo(options, choice, owner.id);
  return await startJob(kernel, {
    db,
    ...plan,
    owner,
    submission,
    retryOf: { id: job.id, retryCount: job.retry_count },
  });
}

/** What {@link redoSentences} will take; throws what it throws. */
export async function estimateRedo(
  options: NovelsOptions,
  { ownerId, ...choice }: RedoChoice & { readonly ownerId: number },
): Promise<Estimate> {
  const { novel, maxWords, layers } = await planRedo(options, choice, ownerId);
  const request = { novel, ownerId, maxWords, layers, scope: 'again' } as const;
  const { estimate } = await estimateNovel(options, request);
  return estimate;
}

/** The new job: all passes of the one before, and one more over the sentences. */
async function planRedo(
  { db, kernel, shorteners }: NovelsOptions,
  { jobId, sentenceIds, model }: RedoChoice,
  ownerId: number,
) {
  const job = await kernel.job(jobId, ownerId);
  const { layers: before, maxWords, novelId } = inputOf(job);
  assertEnded(job);
  const choice = chooseModel(shorteners, model);
  const { sentences } = await assembleResult({ db, kernel }, job.id, ownerId);
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
  const novel = await readNovel(db, novelId, ownerId);
  const layer: Layer = { ...layerOf(choice), sentenceIds: again.map(({ id }) => id) };
  const layers: [Layer, ...Layer[]] = [...before, layer];
  return { job, novel, maxWords, layers };
}
