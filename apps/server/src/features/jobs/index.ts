export { createJobsFeature, type JobsOptions } from './jobs.routes.ts';
export { codedLabel, presentJob } from './present-job.ts';
export { readerGone } from './reader-gone.ts';
export { submissionOf } from './submission-of.ts';
export { preferredWait, waitForEnd } from './wait-for-end.ts';
