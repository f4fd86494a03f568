import type { ModelRequest } from '../../packages/testkit/src/model-server/index.ts';
import type { Pool } from 'pg';
import type { Fault } from './nemesis.ts';
import { CHAPTERS, type Shelf } from './people.ts';

/** Statements that find what must not be: any row is a breach. */
const NEVER: Readonly<Record<string, string>> = {
  'a job is open': `SELECT id FROM kernel.jobs WHERE finished_at IS NULL`,
  'a job has no terminal event, or several': `
    SELECT j.id FROM kernel.jobs j
     WHERE 1 <> (SELECT count(*) FROM kernel.events e
                  WHERE e.job_id = j.id AND e.type IN ('job.completed', 'job.failed', 'job.cancelled'))`,
  'a log has a hole': `
    SELECT j.id FROM kernel.jobs j
     WHERE j.last_seq <> (SELECT count(*) FROM kernel.events e WHERE e.job_id = j.id)`,
  'progress fell in a log': `
    SELECT job_id FROM (SELECT job_id, (data ->> 'progress_percent')::int
                               - lag((data ->> 'progress_percent')::int) OVER (PARTITION BY job_id ORDER BY seq) AS step
                          FROM kernel.events) steps
     WHERE step < 0`,
  'a work was recorded twice': `
    SELECT work_id FROM kernel.attempts WHERE outcome = 'done' GROUP BY work_id HAVING count(*) > 1`,
  'an attempt never ended': `SELECT work_id FROM kernel.attempts WHERE ended_at IS NULL`,
  'a work is in the queue for nobody': `SELECT id FROM kernel.works WHERE status IN ('queued', 'running')`,
  'a task is left in the queue': `SELECT id FROM pgboss.job WHERE state < 'completed' AND name <> 'kernel.settle'`,
  'the credits do not sum to zero': `SELECT sum(balance) FROM kernel.accounts HAVING sum(balance) <> 0`,
  'somebody is below zero': `SELECT id FROM kernel.accounts WHERE owner_id IS NOT NULL AND balance < 0`,
  'a hold of an ended job is not settled': `
    SELECT h.job_id FROM kernel.holds h JOIN kernel.jobs j ON j.id = h.job_id WHERE h.settled_at IS NULL`,
  'a hold has another number of settlements than one': `
    SELECT h.job_id FROM kernel.holds h
     WHERE h.settled_at IS NOT NULL AND h.amount > 0
       AND 1 <> (SELECT count(*) FROM kernel.entries e WHERE e.job_id = h.job_id AND e.kind = 'settle')`,
  'credits are held without a job': `
    SELECT id FROM kernel.accounts a
     WHERE kind = 'held'
       AND balance <> COALESCE((SELECT sum(amount) FROM kernel.holds h
                                 WHERE h.owner_id = a.owner_id AND h.settled_at IS NULL), 0)`,
  'a quote is not in its chapter': `
    SELECT d.work_id FROM descriptions d
      JOIN description_sets s ON s.work_id = d.work_id
      JOIN chapters c ON c.book_id = s.book_id AND c.number = s.chapter
     WHERE strpos(c.text, d.quote) = 0`,
  'a completed novel has missing sentences': `
    SELECT id FROM kernel.jobs
     WHERE pipeline = 'novels' AND status = 'completed' AND gaps = '[]'
       AND ((output -> 'audit' ->> 'missing')::int <> 0 OR (output -> 'audit' ->> 'doubled')::int <> 0)`,
  'a file of a book or a novel has no row': `
    SELECT b.id FROM books b LEFT JOIN kernel.artifacts a ON a.id = b.original_id WHERE a.id IS NULL
     UNION ALL
    SELECT n.id FROM novels n LEFT JOIN kernel.artifacts a ON a.id = n.artifact_id WHERE a.id IS NULL`,
};

/** Every breach of a promise that the database shows after a storm. */
export async function checkDatabase(pool: Pool): Promise<string[]> {
  const breaches: string[] = [];
  for (const [what, sql] of Object.entries(NEVER)) {
    const { rows } = await pool.query(sql);
    if (rows.length > 0) breaches.push(`${what}: ${JSON.stringify(rows.slice(0, 5))}`);
  }
  return breaches;
}

/** Jobs that were accepted and are not there. */
export async function checkAccepted(pool: Pool, accepted: ReadonlySet<number>): Promise<string[]> {
  const { rows } = await pool.query<{ id: number }>(
    `SELECT wanted.id
       FROM unnest($1::bigint[]) AS wanted (id)
       LEFT JOIN kernel.jobs j ON j.id = wanted.id
      WHERE j.id IS NULL`,
    [[...accepted]],
  );
  return rows.map(({ id }) => `job ${id} was accepted and is lost`);
}

/** Verdicts as people were told, and the descriptions that were promised with the upload. */
export async function checkBooks(pool: Pool, { books }: Shelf): Promise<string[]> {
  const breaches: string[] = [];
  for (const [bookId, verdicts] of books) {
    const { rows } = await pool.query<{ number: number; is_service: boolean; is_there: boolean }>(
      `SELECT c.number, c.effective_class = 'service' AS is_service, s.work_id IS NOT NULL AS is_there
         FROM chapters c
         LEFT JOIN current_description_sets s ON s.book_id = c.book_id AND s.chapter = c.number
        WHERE c.book_id = $1
        ORDER BY c.number`,
      [bookId],
    );
    if (rows.length !== CHAPTERS) breaches.push(`book ${bookId} has ${rows.length} chapters`);
    for (const { number, is_service: isService, is_there: isThere } of rows) {
      const expected = verdicts.get(number) ?? number === 1;
      if (isService !== expected) {
        breaches.push(
          `book ${bookId}, chapter ${number}: service is ${isService}, not ${expected}`,
        );
      }
      // Whoever corrects a page back and forth may leave it unprepared; those that nobody touched were promised.
      const isPromised = !expected && !verdicts.has(number) && number >= 2 && number <= 6;
      if (isPromised && !isThere)
        breaches.push(`book ${bookId}, chapter ${number} lacks its descriptions`);
    }
  }
  return breaches;
}

/** Of a novel with a poisoned part everything else is there, and nothing else of anybody has been set aside. */
export async function checkPoison(pool: Pool, { poisoned }: Shelf): Promise<string[]> {
  const { rows: innocent } = await pool.query<{ id: number; kind: string }>(
    `SELECT w.id, w.kind
       FROM kernel.works w
      WHERE w.status = 'quarantined'
        AND NOT EXISTS (SELECT FROM kernel.chunks c JOIN kernel.jobs j ON j.id = c.job_id
                         WHERE c.work_id = w.id AND j.subject = ANY ($1))`,
    [[...poisoned]],
  );
  const { rows: jobs } = await pool.query<{
    id: number;
    status: string;
    gaps: string;
    done: number;
  }>(
    `SELECT id, status, gaps::text, done_chunks AS done FROM kernel.jobs WHERE subject = ANY ($1)`,
    [[...poisoned]],
  );
  const wrong = jobs.filter(
    ({ status, gaps, done }) =>
      status !== 'completed' || done !== 2 || !gaps.includes('work.quarantined'),
  );
  return [
    ...innocent.map(({ id, kind }) => `the innocent ${kind} ${id} was set aside`),
    ...wrong.map((job) => `the poisoned job came to ${JSON.stringify(job)}`),
  ];
}

/**
 * Calls beyond the distinct ones, and how many there may be: one for each that may have been in flight at a fault, and one for each
 * answer that was none.
 */
export function checkCalls(
  requests: readonly ModelRequest[],
  { inFlight, modelFaults }: { inFlight: number; modelFaults: number },
): { again: number; allowed: number; breaches: string[] } {
  const distinct = new Set(requests.map(({ prompt }) => prompt)).size;
  const again = requests.length - distinct;
  const aborted = requests.filter(({ isAborted }) => isAborted).length;
  const allowed = inFlight + modelFaults + aborted;
  const breaches = again > allowed ? [`${again} calls were made again, of ${allowed} allowed`] : [];
  return { again, allowed, breaches };
}

/**
 * Seconds from a kill until each interrupted work ran again. Not of one that somebody let go after the kill: if it is wanted later, that
 * is another beginning.
 */
export async function recoveries(pool: Pool, faults: readonly Fault[]): Promise<number[]> {
  const seconds: number[] = [];
  for (const { at, workIds } of faults) {
    const { rows } = await pool.query<{ seconds: number }>(
      `SELECT extract(epoch FROM min(next.started_at) - $2::timestamptz)::float8 AS seconds
         FROM kernel.attempts hit
         JOIN kernel.attempts next ON next.work_id = hit.work_id AND next.started_at > $2
        WHERE hit.work_id = ANY ($1)
          AND hit.started_at <= $2
          AND hit.ended_at > $2
          AND hit.outcome = 'crashed'
        GROUP BY hit.work_id`,
      [workIds, at],
    );
    seconds.push(...rows.map((row) => row.seconds));
  }
  return seconds;
}
