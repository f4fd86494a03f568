import { toCredits, type CreditEntry, type Receipt } from '@scriptorium/kernel';

/** A line of a statement in the words of the contract. */
export function presentEntry(entry: CreditEntry) {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    kind: entry.kind,
    amount: toCredits(entry.amount),
    available_after: toCredits(entry.available_after),
    held_after: toCredits(entry.held_after),
    job_id: entry.job_id,
    note: entry.note,
  };
}

const MICROS = 1_000_000;

export function presentReceipt(receipt: Receipt) {
  const { jobId, calls, tokens, models, credits, costMicros } = receipt;
  const names = models.map(({ model }) => model).filter((model) => model !== null);
  return {
    job_id: jobId,
    calls,
    tokens,
    engine: names.length === 0 ? null : names.join(' + '),
    credits:
      credits === null
        ? null
        : {
            held: toCredits(credits.held),
            settled: credits.settled === null ? null : toCredits(credits.settled),
            returned: credits.returned === null ? null : toCredits(credits.returned),
          },
    cost_usd: costMicros === null ? null : costMicros / MICROS,
  };
}
