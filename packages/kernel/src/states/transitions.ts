/**
 * Every status a job, a chunk or a work can have, and every way from one to the next.
 *
 * This table is the only source of the guards: each statement that changes a status takes its `SET` and its `WHERE`
 * from {@link move}, so a transition that is not listed here cannot be written. Terminal statuses have no
 * way out. ARCHITECTURE.md's diagrams are generated from it and checked by a test.
 */
export const TRANSITIONS = {
  job: {
    /** The plan's first attempt has begun. */
    start: { from: ['pending'], to: 'processing' },
    /** The merge was recorded and at least one part has a result. */
    complete: { from: ['processing'], to: 'completed' },
    /** The plan or the merge failed, or no part has a result. */
    fail: { from: ['pending', 'processing'], to: 'failed' },
    /** A person, or the deletion of what it worked on, ended it. */
    cancel: { from: ['pending', 'processing'], to: 'cancelled' },
  },
  chunk: {
    /** Its work is in the queue, at work, or was joined. */
    release: { from: ['waiting'], to: 'active' },
    finish: { from: ['waiting', 'active'], to: 'done' },
    fail: { from: ['waiting', 'active'], to: 'failed' },
    /** The job's time was over before it started or ended. */
    skip: { from: ['waiting', 'active'], to: 'skipped' },
  },
  work: {
    /** Somebody wants it: a task is put into the queue. A failed work gets its chance again. */
    enqueue: { from: ['idle', 'failed'], to: 'queued' },
    /** A person decided that a quarantined work may run again, once somebody wants it. */
    replay: { from: ['quarantined'], to: 'idle' },
    /** Another task replaces the one in the queue: higher priority, or the task was lost. */
    resend: { from: ['queued', 'running'], to: 'queued' },
    /** A worker took it. From `running`: the previous attempt's process died. */
    claim: { from: ['queued', 'running'], to: 'running' },
    /** It asks for a later time, failed with tries left, or was given back by a worker that stops. */
    postpone: { from: ['running'], to: 'queued' },
    finish: { from: ['running'], to: 'done' },
    fail: { from: ['running'], to: 'failed' },
    /** Its third crash alone. */
    quarantine: { from: ['running'], to: 'quarantined' },
    /** Nobody waits for it any more. */
    letGo: { from: ['queued', 'running'], to: 'idle' },
  },
} as const satisfies Record<string, Record<string, { from: readonly string[]; to: string }>>;

export type Entity = keyof typeof TRANSITIONS;
export type Transition<E extends Entity> = keyof (typeof TRANSITIONS)[E];

export type JobStatus = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';
export type ChunkStatus = 'waiting' | 'active' | 'done' | 'failed' | 'skipped';
export type WorkStatus = 'idle' | 'queued' | 'running' | 'done' | 'failed' | 'quarantined';

/** The two halves of a guarded `UPDATE`. */
export interface Move {
  /** For `SET`: `status = 'done'`. */
  readonly set: string;
  /** For `WHERE`, on the table's alias: `w.status IN ('running')`. */
  readonly when: (alias: string) => string;
}

/** The guard of one transition, as SQL built from constants only. */
export function move<E extends Entity>(entity: E, transition: Transition<E>): Move {
  const table: Record<string, { from: readonly string[]; to: string }> = TRANSITIONS[entity];
  const rule = table[String(transition)];
  if (rule === undefined) throw new Error(`No transition ${entity}.${String(transition)}`);
  const statuses = rule.from.map((status) => `'${status}'`).join(', ');
  return { set: `status = '${rule.to}'`, when: (alias) => `${alias}.status IN (${statuses})` };
}

/** True for a job that has ended: it never changes again. */
export function isTerminal(status: JobStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
