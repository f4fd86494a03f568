import type { Clock } from 'pg-boss';
import type { Queryable } from '../db/queryable.ts';
import type { KernelLog } from '../log.ts';
import type { Resources } from '../resources.ts';
import { deleteExpiredWorks, reduceLogs } from '../store/retention.ts';
import { deleteOldWorkers } from '../store/workers.ts';
import { deleteDueArtifacts, knownBlobs } from './artifact-rows.ts';
import type { BlobFacts, BlobStore } from './blob-store.ts';
import type { FolderFacts } from './work-folders.ts';

type Sweeping = Pick<Resources, 'pool' | 'clock' | 'log' | 'files' | 'retention'>;

/** What a sweep removed. */
export interface Swept {
  /** Artifacts that were due. */
  readonly artifacts: number;
  /** Works that nothing had referred to for long. */
  readonly works: number;
  /** Event logs reduced to their first and last entry. */
  readonly logs: number;
  /** Work folders of attempts and uploads that are over. */
  readonly folders: number;
  /** Files in the store without a row. */
  readonly orphans: number;
}

const DUE_BATCH = 100;

/**
 * Removes due files: first the row, then the file. A crash in between leaves a file without a row, which is
 * what {@link sweepOrphans} looks for; the other way round would leave a row that promises a file which is gone.
 *
 * Any number of processes may sweep at once: a row is deleted by one of them, and removing a file twice does no harm. So no lock
 * is held while files are removed.
 *
 * @returns how many were removed
 */
export async function sweepDue({ pool, log, files }: Sweeping): Promise<number> {
  if (files === undefined) return 0;
  let swept = 0;
  for (;;) {
    const due = await deleteDueArtifacts(pool, DUE_BATCH);
    swept += await removeEach(due, log, 'An expired file', ({ blob }) => files.store.remove(blob));
    if (due.length < DUE_BATCH) return swept;
  }
}

/** Everything but {@link sweepDue}: it reads whole folders and tables, so it is done less often. */
export async function sweepRest(resources: Sweeping): Promise<Omit<Swept, 'artifacts'>> {
  const works = await deleteExpiredWorks(resources, resources.retention);
  const logs = await reduceLogs(resources, resources.retention);
  await deleteOldWorkers(resources.pool);
  const folders = await sweepFolders(resources);
  const orphans = await sweepOrphans(resources);
  return { works, logs, folders, orphans };
}

/** Longer than any code may go on after its abort, many times over. */
const OLDEST_DEAD_ATTEMPT_MS = 5 * 60_000;
/** Longer than any upload pauses and than any record takes after its files were moved. */
const OLDEST_UNCLAIMED_MS = 60 * 60_000;

/** Removes the folders of attempts that are over, of this machine. A process that was killed could not do it itself. */
async function sweepFolders({ pool, clock, log, files }: Sweeping): Promise<number> {
  if (files === undefined) return 0;
  const { folders } = files;
  const found: FolderFacts[] = [];
  for await (const folder of folders.list()) {
    const age = clock.now() - folder.modifiedAt.getTime();
    if (age > (folder.attempt === undefined ? OLDEST_UNCLAIMED_MS : OLDEST_DEAD_ATTEMPT_MS)) {
      found.push(folder);
    }
  }
  const running = await runningAttempts(pool, found);
  const over = found.filter((folder) => !running.has(folder.name));
  return await removeEach(over, log, 'A work folder of what is over', ({ name }) =>
    folders.remove(name),
  );
}

/**
 * Removes one after the other; what cannot be removed is left to the next sweep and keeps nothing else.
 *
 * @returns how many are gone
 */
async function removeEach<T extends object>(
  items: readonly T[],
  log: KernelLog,
  what: string,
  remove: (item: T) => Promise<void>,
): Promise<number> {
  let removed = 0;
  for (const item of items) {
    try {
      await remove(item);
      removed += 1;
      log.info(item, `${what} was removed`);
    } catch (error) {
      log.warn({ ...item, err: error }, `${what} could not be removed; it is tried again`);
    }
  }
  return removed;
}

/** Of these folders, those whose attempt holds its fence. Asked after they were listed: a claim comes before its folder. */
async function runningAttempts(
  db: Queryable,
  folders: readonly FolderFacts[],
): Promise<Set<string>> {
  const attempts = folders.flatMap(({ name, attempt }) =>
    attempt === undefined ? [] : [{ name, ...attempt }],
  );
  const { rows } = await db.query<{ name: string }>(
    `SELECT f.name
       FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::int[]) AS f (name, work_id, task_id, delivery)
       JOIN kernel.works w ON w.id = f.work_id
      WHERE w.status = 'running'
        AND w.task_id = f.task_id
        AND w.delivery = f.delivery`,
    [
      attempts.map((each) => each.name),
      attempts.map((each) => each.workId),
      attempts.map((each) => each.taskId),
      attempts.map((each) => each.delivery),
    ],
  );
  return new Set(rows.map((row) => row.name));
}

const ORPHAN_BATCH = 500;

/**
 * Removes files that no row knows: of refused records, of uploads whose transaction never came, of a sweep that was killed
 * between row and file. Only after an hour: a file comes into the store shortly before its row.
 */
async function sweepOrphans({ pool, clock, log, files }: Sweeping): Promise<number> {
  if (files === undefined) return 0;
  let swept = 0;
  for await (const blobs of oldBlobs(files.store, clock)) {
    const known = await knownBlobs(
      pool,
      blobs.map((blob) => blob.name),
    );
    const orphans = blobs.filter((blob) => !known.has(blob.name));
    swept += await removeEach(orphans, log, 'A file that no row knows', ({ name }) =>
      files.store.remove(name),
    );
  }
  return swept;
}

async function* oldBlobs(store: BlobStore, clock: Clock): AsyncGenerator<BlobFacts[]> {
  let batch: BlobFacts[] = [];
  for await (const blob of store.list()) {
    if (clock.now() - blob.modifiedAt.getTime() <= OLDEST_UNCLAIMED_MS) continue;
    batch.push(blob);
    if (batch.length < ORPHAN_BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
