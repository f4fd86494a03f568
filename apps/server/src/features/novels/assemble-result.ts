import type { Audit, NovelResult, SentenceLabel, ShortenedSentence } from '@scriptorium/contract';
import type { JobView, Kernel, Queryable } from '@scriptorium/kernel';
import {
  auditOf,
  chunkResultSchema,
  overlay,
  shareWithinLimit,
  type ChunkResult,
  type ShortItem,
} from './audit.ts';
import { codeOfNote } from '../../platform/recognise.ts';
import { novelError } from './novels.errors.ts';
import { novelsInputSchema } from './novels.pipeline.ts';
import { NOVELS_PIPELINE } from './pipeline-name.ts';
import { novelIdOf, readEdits, readNovel, readSentences } from './novels.repo.ts';

export interface ResultSources {
  readonly db: Queryable;
  readonly kernel: Pick<Kernel, 'job' | 'results'>;
}

/**
 * All that a job has made so far, over the source: a sentence without an answer stands as it was and is labelled `missing`, what a
 * person wrote counts more than what an engine did.
 *
 * @throws JobNotFoundError, AppError `novel.not_a_novel_job`, `novel.not_found`
 */
export async function assembleResult(
  { db, kernel }: ResultSources,
  jobId: number,
  ownerId: number,
): Promise<NovelResult> {
  const job = await kernel.job(jobId, ownerId);
  const { novelId, maxWords, layers } = inputOf(job);
  const novel = await readNovel(db, novelId, ownerId);
  const results: ChunkResult[] = [];
  for await (const chunk of kernel.results(jobId, ownerId)) {
    if (chunk.status === 'done') results.push(chunkResultSchema.parse(chunk.result));
  }
  const items = overlay(results);
  const edits = await readEdits(db, novelId, maxWords);
  const source = await readSentences(db, novelId, { fromPage: 1, toPage: novel.page_count });
  const sentences = source.map(({ id, page, text, starts }): ShortenedSentence => {
    const edited = edits.get(id);
    const answer = items.get(id) ?? { label: 'missing' as const, sentences: [text] };
    return {
      ...answer,
      ...codedNotes(items.get(id)),
      ...(edited === undefined ? {} : { label: 'edited' as const, sentences: edited }),
      id,
      page,
      source: text,
      is_paragraph_start: starts !== undefined,
      is_heading: starts === 'heading',
    };
  });
  const engines = [...new Set(layers.map(({ engine }) => engine))];
  return {
    job_id: jobId,
    novel_id: novelId,
    title: novel.title,
    language: novel.language,
    sentence_length_limit: maxWords,
    engine: engines.join(' + '),
    is_offline: layers.every(({ model }) => model === 'offline'),
    is_partial: job.status !== 'completed' || job.gaps.length > 0,
    gaps: job.gaps.map(({ index, code, message }) => ({ index, code, message })),
    audit: withEdits(auditOf(results, source.length), sentences),
    sentences,
  };
}

function codedNotes(answer: ShortItem | undefined): Pick<ShortenedSentence, 'notes_coded'> {
  const { notes } = answer ?? {};
  return notes === undefined ? {} : { notes_coded: notes.map((note) => codeOfNote(note) ?? null) };
}

/** The request of a job of this pipeline. */
export function inputOf(job: Pick<JobView, 'id' | 'pipeline' | 'input' | 'subject'>) {
  if (job.pipeline !== NOVELS_PIPELINE || novelIdOf(job.subject) === undefined) {
    throw novelError('novel.not_a_novel_job', {
      detail: `Job ${job.id} belongs to the pipeline ${job.pipeline}; only jobs on novels have sentences.`,
    });
  }
  return novelsInputSchema.parse(job.input);
}

/** The labels as they are shown; what was proved about the answers stays. */
function withEdits(audit: Audit, sentences: readonly ShortenedSentence[]): Audit {
  const labels: Partial<Record<SentenceLabel, number>> = {};
  for (const { label } of sentences) labels[label] = (labels[label] ?? 0) + 1;
  return { ...audit, labels, share_within_limit: shareWithinLimit(labels, audit.expected) };
}
