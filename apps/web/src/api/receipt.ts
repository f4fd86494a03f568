import { isTerminalStatus, routes, type CallResult, type Job } from '@scriptorium/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { query } from './queries.ts';

/** A hold of nothing, as for work by rules, is no business with credits. */
function withoutEmptyHold(receipt: CallResult<typeof routes.credits.receipt>) {
  return receipt.credits?.held === 0 ? { ...receipt, credits: null } : receipt;
}

/**
 * What a job used and what it cost; asked for again when the job's own figures or its state change. Until the receipt of its end has
 * come, an ended job has none: what the one before says of charges was not settled.
 */
export function useReceipt(job: Job | undefined) {
  const options = query(routes.credits.receipt, { params: { id: job?.id ?? 0 } });
  const isOpen = job !== undefined && !isTerminalStatus(job.status);
  return useQuery({
    ...options,
    enabled: job !== undefined,
    queryKey: [...options.queryKey, job?.status, job?.llm_calls],
    select: withoutEmptyHold,
    ...(isOpen && { placeholderData: keepPreviousData }),
  });
}
