/**
 * The clock of every kernel statement: the queue's own, so that the queue and the kernel agree on what "now" is, and
 * so that a test can drive both.
 */
export const NOW = 'pgboss.job_now()';
