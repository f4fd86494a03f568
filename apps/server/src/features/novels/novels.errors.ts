import { defineErrors } from '@scriptorium/contract';
import type { JobRow } from '@scriptorium/kernel';
import { errorFactory } from '../../platform/errors.ts';

export const novelErrors = defineErrors({
  'novel.not_found': { status: 404, title: 'There is no such novel' },
  'novel.no_file': { status: 400, title: 'No PDF was handed in' },
  'novel.deleted_meanwhile': { status: 409, title: 'The novel was deleted meanwhile' },
  'novel.not_a_novel_job': { status: 404, title: 'The job makes nothing of this kind' },
  'novel.sentence_not_found': { status: 404, title: 'The novel has no such sentence' },
  'novel.no_model': { status: 409, title: 'No model is configured' },
  'novel.nothing_to_redo': { status: 409, title: 'There is nothing to do again' },
  'novel.job_open': { status: 409, title: 'The job has not ended' },
});

export const novelError = errorFactory(novelErrors);

/** Says the same of a novel that is not there and of another user's. */
export function novelNotFound(novelId: number) {
  return novelError('novel.not_found', {
    detail: `There is no novel ${novelId} among your novels. GET /api/v1/novels lists them.`,
  });
}

/** @throws AppError `novel.job_open` */
export function assertEnded(job: Pick<JobRow, 'id' | 'status' | 'finished_at'>): void {
  if (job.finished_at !== null) return;
  throw novelError('novel.job_open', {
    detail: `Job ${job.id} is ${job.status}. Wait for its end, or cancel it; what it has made stays.`,
  });
}

export function noFile(field: string) {
  return novelError('novel.no_file', {
    detail: `The form has no file. Send the PDF in the field "${field}" of multipart/form-data.`,
  });
}
