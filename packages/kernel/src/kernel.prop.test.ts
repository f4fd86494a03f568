import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectNone } from './testing/expect-none.ts';
import {
  Actors,
  resultOf,
  type Action,
  type CallEnding,
  type Command,
  type KnownJob,
} from './testing/actors.ts';

const RUNS = Number(process.env['PROP_RUNS'] ?? 25);
/** A run takes about a second; a counterexample needs a minute more to become a short one. */
const LIMIT_MS = 60_000 + RUNS * 4000;

const place = fc.nat({ max: 7 });
const ending = fc.constantFrom<CallEnding[]>('done', 'failed', 'throw', 'retry after');

/** Few words, so that jobs share their works; seconds around a lease, so that some are lost and some are kept. */
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('submit'),
      owner: fc.constantFrom(1, 2),
      words: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), {
        minLength: 1,
        maxLength: 6,
      }),
      // With four, which is all that run at once, tasks stand behind those at work.
      parallel: fc.constantFrom(5, 4, 1),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('end'),
      call: place,
      how: ending,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('elapse'),
      seconds: fc.constantFrom(1, 2, 5, 12),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill'), process: place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('freeze'), process: place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('thaw') }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('oversleep'), process: place, how: ending }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop'), process: place }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel'), job: place }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('retry'), job: place, replay: fc.boolean() }),
  },
);

const commands: fc.Arbitrary<Command[]> = fc.array(
  fc
    .tuple(action, fc.boolean())
    .map(([each, isHurried]): Command => Object.assign({}, each, { isHurried })),
  { minLength: 1, maxLength: 25, size: 'max' },
);

/** What no transaction may leave behind: each query finds the rows that break its sentence. */
const NEVER = {
  'a job whose counters are not those of its parts': `
    SELECT j.id, j.status, j.total_chunks, j.done_chunks, j.failed_chunks, j.skipped_chunks
      FROM kernel.jobs j
      LEFT JOIN kernel.chunks c ON c.job_id = j.id
     GROUP BY j.id
    HAVING (j.total_chunks, j.done_chunks, j.failed_chunks, j.skipped_chunks)
           <> (count(c.index), count(c.index) FILTER (WHERE c.status = 'done'),
               count(c.index) FILTER (WHERE c.status = 'failed'), count(c.index) FILTER (WHERE c.status = 'skipped'))`,
  'a log with a gap': `
    SELECT j.id, j.last_seq, array_agg(e.seq ORDER BY e.seq)
      FROM kernel.jobs j
      LEFT JOIN kernel.events e ON e.job_id = j.id
     GROUP BY j.id
    HAVING count(e.seq) <> j.last_seq OR min(e.seq) <> 1 OR max(e.seq) <> j.last_seq OR count(e.seq) = 0`,
  'a percentage that falls': `
    SELECT *
      FROM (SELECT job_id, seq, (data ->> 'progress_percent')::int AS percent,
                   lag((data ->> 'progress_percent')::int) OVER (PARTITION BY job_id ORDER BY seq) AS percent_before
              FROM kernel.events) AS e
     WHERE percent < percent_before`,
  'a count of parts that falls': `
    SELECT *
      FROM (SELECT job_id, seq, (data ->> 'processed_chunks')::int AS parts,
                   lag((data ->> 'processed_chunks')::int) OVER (PARTITION BY job_id ORDER BY seq) AS parts_before
              FROM kernel.events) AS e
     WHERE parts < parts_before`,
  "an end that is not the last event, or not the job's": `
    SELECT e.job_id, e.seq, e.type, j.status, j.last_seq
      FROM kernel.events e
      JOIN kernel.jobs j ON j.id = e.job_id
     WHERE (e.type IN ('job.completed', 'job.failed', 'job.cancelled'))
           <> (e.seq = j.last_seq AND j.finished_at IS NOT NULL)
        OR (e.seq = j.last_seq AND j.finished_at IS NOT NULL AND e.type <> 'job.' || j.status)`,
  'two works of one word and owner': `
    SELECT owner_id, input FROM kernel.works WHERE kind = 'chunk' GROUP BY owner_id, input HAVING count(*) > 1`,
  'a work that was done twice, or is done and was not, or was and is not': `
    SELECT w.id, w.kind, w.status, count(a.outcome) FILTER (WHERE a.outcome = 'done') AS done
      FROM kernel.works w
      LEFT JOIN kernel.attempts a ON a.work_id = w.id
     GROUP BY w.id
    HAVING count(a.outcome) FILTER (WHERE a.outcome = 'done') <> (w.status = 'done')::int`,
  'a work whose counters are not those of its attempts': `
    SELECT w.id, w.kind, w.status, w.attempts, w.crashes, array_agg(a.outcome)
      FROM kernel.works w
      LEFT JOIN kernel.attempts a ON a.work_id = w.id
     GROUP BY w.id
    HAVING w.attempts <> count(a.task_id) OR w.crashes <> count(a.task_id) FILTER (WHERE a.outcome = 'crashed')`,
  'a work in the queue without a task there': `
    SELECT w.id, w.kind, w.status
      FROM kernel.works w
     WHERE w.status IN ('queued', 'running')
       AND NOT EXISTS (SELECT FROM pgboss.job t WHERE t.id = w.task_id AND t.state < 'completed')`,
  'a part that waits for a work which has ended, and no task to settle it': `
    SELECT c.job_id, c.index, w.status
      FROM kernel.chunks c
      JOIN kernel.works w ON w.id = c.work_id
     WHERE c.status = 'active'
       AND w.status NOT IN ('queued', 'running')
       AND NOT EXISTS (SELECT FROM pgboss.job t
                        WHERE t.name = 'kernel.settle' AND t.state < 'completed' AND (t.data ->> 'workId')::int = w.id)`,
  'a job with parts of which none goes on': `
    SELECT j.id
      FROM kernel.jobs j
     WHERE j.stage = 'chunks'
       AND NOT EXISTS (SELECT FROM kernel.chunks c WHERE c.job_id = j.id AND c.status = 'active')`,
};

/** What must not be there when all is over. */
const NOT_AT_THE_END = {
  'a job that has not ended': `SELECT * FROM kernel.jobs WHERE finished_at IS NULL`,
  'a completed job of which no part is done': `
    SELECT * FROM kernel.jobs WHERE status = 'completed' AND done_chunks = 0 AND total_chunks > 0`,
  'an open part': `SELECT * FROM kernel.chunks WHERE settled_at IS NULL`,
  'a work that is still wanted': `SELECT * FROM kernel.works WHERE status IN ('queued', 'running')`,
  'an attempt without an end': `SELECT * FROM kernel.attempts WHERE ended_at IS NULL`,
  "a part that is done without a result, or with somebody else's": `
    SELECT c.job_id, c.index, j.owner_id, w.status, w.result
      FROM kernel.chunks c
      JOIN kernel.jobs j ON j.id = c.job_id
      JOIN kernel.works w ON w.id = c.work_id
     WHERE c.status = 'done'
       AND w.result #>> '{}' IS DISTINCT FROM upper(w.input ->> 'word') || '@' || j.owner_id`,
  'a task that is still in the queue': `SELECT id, name, state, data FROM pgboss.job WHERE state < 'completed'`,
};

/** What there is of a job, of which its caller has a memory of its own. */
interface StoredJob {
  readonly id: number;
  readonly status: string;
  readonly owner_id: number;
  readonly output: { shouted: string } | null;
  readonly gaps: readonly { index: number; code: string }[];
}

function expectPromisesKept(known: readonly KnownJob[], stored: readonly StoredJob[]): void {
  expect(stored.map((job) => job.id)).toEqual(known.map((job) => job.id).sort((a, b) => a - b));
  for (const { id, owner, words, isCancelled } of known) {
    const job = stored.find((each) => each.id === id);
    expect(job).toMatchObject({ id, owner_id: owner });
    expect({ id, isCancelled: job?.status === 'cancelled' }).toEqual({ id, isCancelled });
    if (job?.status !== 'completed') continue;
    const missing = new Map(job.gaps.map((gap) => [gap.index, `[${gap.code}]`]));
    const shouted = words.map((word, index) => missing.get(index) ?? resultOf(word, owner));
    expect({ id, ...job.output }).toEqual({ id, shouted: shouted.join(' ') });
  }
}

async function expectOrder({ under: { pool }, jobs }: Actors): Promise<void> {
  await expectNone(pool, { ...NEVER, ...NOT_AT_THE_END });
  const { rows } = await pool.query<StoredJob>(
    'SELECT id, status, owner_id, output, gaps FROM kernel.jobs ORDER BY id',
  );
  expectPromisesKept(jobs, rows);
}

test(
  'whatever callers and processes do to one another, every job ends once, whole or with its gaps named, and nothing is left over',
  { timeout: LIMIT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (script) => {
        const actors = await Actors.start();
        try {
          for (const command of script) {
            await actors.act(command);
            await expectNone(actors.under.pool, NEVER);
          }
          await actors.drain();
          await expectOrder(actors);
          expect(actors.errors()).toEqual([]);
        } finally {
          await actors.close();
        }
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: LIMIT_MS - 30_000, markInterruptAsFailure: true },
    );
  },
);
