import type { Kernel } from '@scriptorium/kernel';
import type { FastifyRequest } from 'fastify';

/** Longer than this, proxies cut a silent connection. */
const LONGEST_WAIT_SECONDS = 30;

/** The seconds of `Prefer: wait=10` (RFC 7240, section 4.3), at most 30; 0 without it. A preference is never refused. */
export function preferredWait(request: FastifyRequest): number {
  const { prefer } = request.headers;
  const [, seconds = '0'] = /(?:^|[\s,;])wait\s*=\s*"?(\d{1,9})/iu.exec(String(prefer ?? '')) ?? [];
  return Math.min(LONGEST_WAIT_SECONDS, Number(seconds));
}

/** Returns when the job has ended, the seconds are over, or `signal` is aborted. */
export async function waitForEnd(
  kernel: Pick<Kernel, 'follow'>,
  jobId: number,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  for await (const _ of kernel.follow(jobId, 0, until));
}
