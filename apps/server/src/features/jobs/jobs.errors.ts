import { defineErrors } from '@scriptorium/contract';

/** Most of them are thrown by the kernel; the platform shows an error of a package once its code is declared. */
export const jobErrors = defineErrors({
  'admission.quota_exceeded': { status: 413, title: 'This would exceed your share of the storage' },
  'admission.too_many_jobs': { status: 429, title: 'Too many jobs have not ended' },
  'artifact.lost': { status: 410, title: 'The file is gone from the store' },
  'artifact.not_found': { status: 404, title: 'There is no such file' },
  'disk.full': { status: 507, title: 'The disk of the server is full' },
  'job.not_found': { status: 404, title: 'There is no such job' },
  'job.submission_taken': { status: 409, title: 'The idempotency key belongs to another request' },
  'kernel.not_allowed_now': { status: 409, title: 'The status of the job does not allow this' },
});
