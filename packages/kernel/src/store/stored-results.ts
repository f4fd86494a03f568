import type { Queryable } from '../db/queryable.ts';
import { KernelError } from '../errors.ts';
import type { PipelineRegistry } from '../pipeline.ts';
import { workKey } from '../works/key.ts';

/** Parts as a job of this owner would plan them. */
export interface PartsInQuestion {
  readonly pipeline: string;
  readonly ownerId: number;
  /** As in the job's request. */
  readonly scope?: string;
  readonly generation?: number;
  readonly inputs: readonly unknown[];
}

/**
 * Which parts have a result already, so that a job would find them done: for estimates, and for what a job has to hold. It may change
 * at once: a part that is in flight now is done a moment later.
 *
 * @returns one answer an input, in their order
 */
export async function findStoredResults(
  db: Queryable,
  pipelines: PipelineRegistry,
  { pipeline: name, ownerId, scope, generation = 0, inputs }: PartsInQuestion,
): Promise<boolean[]> {
  const pipeline = pipelines.newest(name);
  if (pipeline === undefined) {
    throw new KernelError('job.unknown_pipeline', `There is no pipeline "${name}".`, {
      pipeline: name,
    });
  }
  const keys = inputs.map((input) =>
    workKey({
      scope: scope ?? `owner:${ownerId}`,
      pipeline: name,
      recipeVersion: pipeline.recipeVersion,
      input,
      generation,
    }),
  );
  const { rows } = await db.query<{ key: string }>(
    `SELECT key FROM kernel.works WHERE key = ANY ($1) AND status = 'done'`,
    [keys],
  );
  const stored = new Set(rows.map(({ key }) => key));
  return keys.map((key) => stored.has(key));
}
