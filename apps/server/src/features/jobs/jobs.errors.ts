import { defineErrors } from '@scriptorium/contract';

/** Most of them are thrown by the kernel; the platform shows an error of a package once its code is declared. */
export const jobErrors = defineErrors({
  'admission.too_many_jobs': { status: 429, title: 'Too many jobs have not ended' },
  'job.not_found': { status: 404, title: 'There is no such job' },
  'job.submission_taken': { status: 409, title: 'The idempotency key belongs to another request' },
  'kernel.not_allowed_now': { status: 409, title: 'The status of the job does not allow this' },
});
