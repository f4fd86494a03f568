import { Pool } from 'pg';
import type { TestApp } from './app.ts';

/**
 * What an operator looks after and no journey brings about in seconds: a day of work, a worker that fell silent, a part that took
 * its process down three times. Written as the processes that died would have left it.
 */
export interface Misfortunes extends AsyncDisposable {
  addSilentWorker(name: string): Promise<void>;
  removeWorker(name: string): Promise<void>;
  /** The first part of an ended job turns out to be deadly. */
  quarantinePartOf(jobId: number): Promise<void>;
  /** Jobs of somebody who is gone, over the last day, with a failed part here and there. */
  addDayOfWork(): Promise<void>;
}

export function openMisfortunes(app: TestApp): Misfortunes {
  const pool = new Pool({ connectionString: app.environment['DATABASE_URL'], max: 1 });
  return {
    async addSilentWorker(name) {
      await pool.query(
        `INSERT INTO kernel.workers (id, name, host, pid, slots, started_at, last_beat_at)
         VALUES (gen_random_uuid(), $1, 'mill', 4711, 4, now() - interval '3 hours', now() - interval '95 seconds')`,
        [name],
      );
    },
    async removeWorker(name) {
      await pool.query('DELETE FROM kernel.workers WHERE name = $1', [name]);
    },
    async quarantinePartOf(jobId) {
      await pool.query(
        `WITH deadly AS (
           UPDATE kernel.works
              SET status = 'quarantined', crashes = 3, result = NULL,
                  error = '{"code": "work.quarantined", "message": "The process died three times while it did this work alone, last with signal SIGKILL."}'
            WHERE id = (SELECT work_id FROM kernel.chunks WHERE job_id = $1 ORDER BY index LIMIT 1)
           RETURNING id
         )
         UPDATE kernel.chunks SET status = 'failed' FROM deadly WHERE work_id = deadly.id`,
        [jobId],
      );
    },
    async addDayOfWork() {
      await pool.query(
        `WITH work AS (
           INSERT INTO kernel.works (key, kind, pipeline, recipe_version, input, timeout_seconds, job_id, owner_id, created_at)
           VALUES ('of a day', 'chunk', 'books', 1, '0', 1, 0, 99, now())
           RETURNING id
         ), day AS (
           INSERT INTO kernel.jobs (submission, owner_id, pipeline, recipe_version, scope, input, class, parallel, soft_limit_seconds,
                                    hard_limit_seconds, status, stage, progress_percent, created_at, finished_at)
           SELECT gen_random_uuid(), 99, 'books', 1, 'owner:99', '[]', 'bulk', 1, 1, 1, 'completed', 'ended', 100,
                  now() - interval '1 day', now() - interval '15 minutes' * n
             FROM generate_series(1, 90) AS n
            WHERE n % 7 < 4
           RETURNING id, finished_at
         )
         INSERT INTO kernel.chunks (job_id, index, work_id, status, settled_at)
         SELECT day.id, i, work.id, CASE WHEN day.id % 9 = 0 AND i < 3 THEN 'failed' ELSE 'done' END, day.finished_at
           FROM day, work, generate_series(0, 4 + (day.id % 20)::int) AS i`,
      );
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}
