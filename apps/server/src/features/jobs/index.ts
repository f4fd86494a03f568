export { createJobsFeature } from './jobs.routes.ts';
export { presentJob } from './present-job.ts';
export { readerGone } from './reader-gone.ts';
