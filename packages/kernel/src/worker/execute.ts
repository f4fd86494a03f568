import type { KernelFiles } from '../artifacts/kernel-files.ts';
import { findJob } from '../store/job-row.ts';
import type { Queryable } from '../db/queryable.ts';
import { refuseInTransaction } from '../db/transaction.ts';
import { failed, type Outcome, type Pipeline, type Plan, type WorkContext } from '../pipeline.ts';
import type { Claim } from '../store/claim-works.ts';
import { auditGaps, readSettledChunks } from './settled-chunks.ts';

/**
 * Runs the pipeline's code for one claimed work, outside of any transaction, and returns what it came to. Throws what
 * the pipeline throws.
 */
export async function execute(
  db: Queryable,
  files: KernelFiles | undefined,
  pipeline: Pipeline,
  claim: Claim,
  ctx: WorkContext,
): Promise<Outcome<unknown>> {
  refuseInTransaction("run a pipeline's code");
  switch (claim.kind) {
    case 'chunk':
      return await pipeline.runChunk(claim.input, ctx);
    case 'plan': {
      const plan = await pipeline.plan(await inputOf(db, claim), ctx);
      checkCeilings(plan);
      return { kind: 'done', result: plan };
    }
    case 'merge': {
      const [input, gaps] = await Promise.all([inputOf(db, claim), auditGaps(db, claim.jobId)]);
      const chunks = readSettledChunks(db, files, claim.jobId, pipeline.mergedMember);
      const merged = await pipeline.merge(chunks, input, ctx);
      return {
        kind: 'done',
        result: { output: merged.output, gaps: [...gaps, ...(merged.gaps ?? [])] },
      };
    }
    default:
      return failed('work.unknown_kind', `This process cannot run a "${String(claim.kind)}".`);
  }
}

/** A bug in a plan is the plan's failure, with a reason; in the record it would be nobody's. */
function checkCeilings({ chunks }: Plan<unknown>): void {
  for (const [index, { ceiling = 0 }] of chunks.entries()) {
    if (Number.isSafeInteger(ceiling) && ceiling >= 0) continue;
    throw new RangeError(
      `The ceiling of part ${index} is ${ceiling}: it is to be a whole number of millicredits, 0 or more.`,
    );
  }
}

async function inputOf(db: Queryable, claim: Claim): Promise<unknown> {
  const job = await findJob(db, claim.jobId, null);
  if (job === undefined) throw new Error(`The job ${claim.jobId} of a running work is gone.`);
  return job.input;
}
