export { api } from './client.ts';
export { useLiveJob } from './live/use-live-job.ts';
export type { JobState, Link } from './live/job-channel.ts';
export { keyOf, markStale, query, refresh, useAction } from './queries.ts';
export { useReceipt } from './receipt.ts';
export { sessionQuery, useUser } from './session.ts';
