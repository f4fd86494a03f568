import type { Pool } from 'pg';

/** What {@link writeHistory} has put into the database. */
export interface LongHistory {
  readonly jobs: number;
  /** Jobs with a higher number are open; each has {@link ACTIVE} of its chunks in the queue. */
  readonly ended: number;
  /** Of the jobs, one after the other. */
  readonly owners: number;
}

const CHUNKS_OF_A_JOB = 20;
const ACTIVE = 5;
/** The present: as large behind a short history as behind a long one. */
const OPEN_JOBS = 200;
/** What the sweep finds due, whatever the size of the rest. */
const DUE = 50;

/**
 * Writes what an installation looks like after so many chunks: all jobs have ended, over the last sixty days, but the newest, whose
 * tasks wait in the queue until {@link makeHistoryDue}. By SQL and without triggers: a million chunks take a minute.
 */
export async function writeHistory(pool: Pool, chunks: number): Promise<LongHistory> {
  const jobs = chunks / CHUNKS_OF_A_JOB;
  const history = { jobs, ended: jobs - OPEN_JOBS, owners: Math.ceil(jobs / 20) };
  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    for (const statement of statements(history)) await client.query(statement);
    for (const table of ['jobs', 'works', 'accounts']) {
      await client.query(
        `SELECT setval('kernel.${table}_id_seq', (SELECT max(id) FROM kernel.${table}))`,
      );
    }
    await client.query('ANALYZE');
  } finally {
    // Closed, with its setting, instead of given back.
    client.release(true);
  }
  return history;
}

function statements({ jobs, ended, owners }: LongHistory): string[] {
  const job = `generate_series(1, ${jobs}) AS j`;
  const chunk = `${job} CROSS JOIN generate_series(0, ${CHUNKS_OF_A_JOB - 1}) AS i`;
  const work = `((j - 1) * ${CHUNKS_OF_A_JOB} + i + 1)`;
  const at = `now() - (${jobs} - j) * interval '60 days' / ${jobs}`;
  const task = `('00000000-0000-4000-8000-' || lpad(${work}::text, 12, '0'))::uuid`;
  const isEnded = `j <= ${ended}`;
  return [
    `INSERT INTO kernel.jobs (id, submission, owner_id, pipeline, recipe_version, scope, subject, input, class, parallel,
            soft_limit_seconds, hard_limit_seconds, status, stage, progress_percent, total_chunks, done_chunks, last_seq,
            created_at, started_at, finished_at, log_reduced_at) OVERRIDING SYSTEM VALUE
     SELECT j, gen_random_uuid(), j % ${owners} + 1, 'toy', 1, 'owner:' || j % ${owners} + 1, 'book:' || j / 4, '{"words": []}',
            'bulk', ${ACTIVE}, 3600, 3600, CASE WHEN ${isEnded} THEN 'completed' ELSE 'processing' END,
            CASE WHEN ${isEnded} THEN 'ended' ELSE 'chunks' END, CASE WHEN ${isEnded} THEN 100 ELSE 15 END,
            ${CHUNKS_OF_A_JOB}, CASE WHEN ${isEnded} THEN ${CHUNKS_OF_A_JOB} ELSE 0 END, ${CHUNKS_OF_A_JOB},
            ${at}, ${at}, CASE WHEN ${isEnded} THEN ${at} END,
            CASE WHEN j BETWEEN ${DUE + 1} AND ${jobs / 2} THEN ${at} END
       FROM ${job}`,
    `INSERT INTO kernel.works (id, key, kind, pipeline, recipe_version, input, timeout_seconds, status, job_id, owner_id, task_id,
            result, created_at, finished_at) OVERRIDING SYSTEM VALUE
     SELECT ${work}, 'history:' || ${work}, 'chunk', 'toy', 1, jsonb_build_object('word', 'h' || ${work}), 60,
            CASE WHEN ${isEnded} THEN 'done' WHEN i < ${ACTIVE} THEN 'queued' ELSE 'idle' END, j, j % ${owners} + 1,
            CASE WHEN ${isEnded} OR i < ${ACTIVE} THEN ${task} END, CASE WHEN ${isEnded} THEN '"H"'::jsonb END, ${at},
            CASE WHEN ${isEnded} THEN ${at} END
       FROM ${chunk}`,
    `INSERT INTO kernel.works (id, key, kind, pipeline, recipe_version, input, timeout_seconds, status, job_id, owner_id, result,
            created_at, finished_at, unreferenced_since) OVERRIDING SYSTEM VALUE
     SELECT ${jobs * CHUNKS_OF_A_JOB} + i, 'forgotten:' || i, 'chunk', 'toy', 1, '{"word": "f"}', 60, 'done', 1, 1, '"F"', now(), now(), now() - interval '40 days'
       FROM generate_series(1, ${DUE}) AS i`,
    `INSERT INTO kernel.chunks (job_id, index, work_id, status, settled_at)
     SELECT j, i, ${work}, CASE WHEN ${isEnded} THEN 'done' WHEN i < ${ACTIVE} THEN 'active' ELSE 'waiting' END,
            CASE WHEN ${isEnded} THEN ${at} END
       FROM ${chunk}`,
    `INSERT INTO kernel.attempts (work_id, task_id, delivery, worker_id, is_alone, started_at, ended_at, outcome)
     SELECT ${work}, ${task}, 1, gen_random_uuid(), false, ${at}, ${at}, 'done' FROM ${chunk} WHERE ${isEnded}`,
    `INSERT INTO kernel.events (job_id, seq, type, at, data)
     SELECT j, i + 1, 'chunk.settled', ${at}, '{}' FROM ${chunk}`,
    `INSERT INTO kernel.memos (work_id, key, value, created_at)
     SELECT ${work}, 'call', '1', ${at} FROM ${chunk} WHERE i % 10 = 0`,
    `INSERT INTO kernel.artifacts (id, owner_id, work_id, name, media_type, size, sha256, blob, created_at, expires_at)
     SELECT gen_random_uuid(), j % ${owners} + 1, ${work}, 'a', 'text/plain', 1, repeat('0', 64), 'blob' || ${work}, ${at},
            CASE WHEN ${work} <= ${DUE * 10} THEN now() END
       FROM ${chunk}
      WHERE i % 10 = 0`,
    `INSERT INTO kernel.usages (id, work_id, task_id, delivery, job_id, owner_id, calls, tokens, at)
     SELECT gen_random_uuid(), ${work}, ${task}, 1, j, j % ${owners} + 1, 1, 100, ${at} FROM ${chunk} WHERE ${isEnded}`,
    `INSERT INTO kernel.accounts (kind, owner_id)
     SELECT kind, owner FROM generate_series(1, ${owners}) AS owner CROSS JOIN unnest(ARRAY['available', 'held']) AS kind`,
    `INSERT INTO kernel.holds (job_id, owner_id, amount, charged, created_at, expires_at, adopted_at, settled_at)
     SELECT j, j % ${owners} + 1, 100, 100, ${at}, ${at}, ${at}, ${at} FROM ${job} WHERE ${isEnded}`,
    `INSERT INTO kernel.charges (work_id, job_id, amount, at)
     SELECT ${work}, j, 1, ${at} FROM ${chunk} WHERE ${isEnded}`,
    `INSERT INTO kernel.entries (kind, from_account, to_account, amount, owner_id, job_id, at, available_after, held_after)
     SELECT kind, 1, 2, 1, j % ${owners} + 1, j, ${at}, 0, 0
       FROM ${job} CROSS JOIN unnest(ARRAY['hold', 'settle']) AS kind
      WHERE ${isEnded}`,
    `INSERT INTO pgboss.job (id, name, priority, data, retry_limit, expire_seconds, group_id, heartbeat_seconds, start_after,
            created_on, keep_until)
     SELECT ${task}, 'toy.v1', -1000000000, jsonb_build_object('workId', ${work}), 2000000000, 86399, j % ${owners} + 1, 10,
            now() + interval '1 day', now() - interval '1 day', now() + interval '300 days'
       FROM ${chunk}
      WHERE NOT ${isEnded}
        AND i < ${ACTIVE}`,
  ];
}

/** From now on the tasks of the history compete with those of the test. */
export async function makeHistoryDue(pool: Pool): Promise<void> {
  await pool.query(
    "UPDATE pgboss.job SET start_after = now() - interval '1 day' WHERE state = 'created'",
  );
}
