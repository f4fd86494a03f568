import type { Queryable } from '../db/queryable.ts';
import type { Tx } from '../db/transaction.ts';
import { NOW } from '../store/sql.ts';

/** A file that is in the store and waits for the row that makes it count. `size` in bytes. */
export interface NewArtifact {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly blob: string;
  /** Absent: as long as what it belongs to. */
  readonly keepSeconds?: number;
  /** The result of its work, too large for a row. */
  readonly isResult?: boolean;
}

/** Whose a file is and what it lives as long as. A work's files belong to whom the work was last done for. */
export interface Belonging {
  readonly ownerId: number;
  readonly workId?: number;
  readonly jobId?: number;
  readonly subject?: string;
}

/** Writes the rows of files in the transaction that makes them count. */
export async function insertArtifacts(
  tx: Tx,
  artifacts: readonly (NewArtifact & Belonging)[],
): Promise<void> {
  if (artifacts.length === 0) return;
  await tx.query(
    `INSERT INTO kernel.artifacts
            (id, owner_id, work_id, job_id, subject, is_result, name, media_type, size, sha256, blob, created_at,
             expires_at)
     SELECT n.id, COALESCE(w.owner_id, n.owner_id), n.work_id, n.job_id, n.subject, n.is_result, n.name, n.media_type,
            n.size, n.sha256, n.blob, ${NOW}, ${NOW} + n.keep_seconds * interval '1 second'
       FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::boolean[], $7::text[],
                   $8::text[], $9::bigint[], $10::text[], $11::text[], $12::float8[])
         AS n (id, owner_id, work_id, job_id, subject, is_result, name, media_type, size, sha256, blob, keep_seconds)
       LEFT JOIN kernel.works w ON w.id = n.work_id`,
    [
      artifacts.map((each) => each.id),
      artifacts.map((each) => each.ownerId),
      artifacts.map((each) => each.workId ?? null),
      artifacts.map((each) => each.jobId ?? null),
      artifacts.map((each) => each.subject ?? null),
      artifacts.map((each) => each.isResult ?? false),
      artifacts.map((each) => each.name),
      artifacts.map((each) => each.mediaType),
      artifacts.map((each) => each.size),
      artifacts.map((each) => each.sha256),
      artifacts.map((each) => each.blob),
      artifacts.map((each) => each.keepSeconds ?? null),
    ],
  );
}

/** A kept file as its reader sees it. */
export interface ArtifactFacts {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

/** Who wants to read: an owner, the operator (`null`), or a running work, which may read what its job's parts have put. */
export interface Reader {
  readonly ownerId: number | null;
  readonly jobId?: number;
}

/** A lease outlives its reader by at most this long. Renewed three times within it. */
export const LEASE_SECONDS = 60;

const LEASE = `leased_until = GREATEST(leased_until, ${NOW} + interval '${LEASE_SECONDS} seconds')`;

/**
 * Takes a lease on a file. One that is due or is somebody else's does not exist for the reader: the same statement looks and
 * takes, so nothing can happen in between.
 */
export async function leaseArtifact(
  db: Queryable,
  id: string,
  { ownerId, jobId }: Reader,
): Promise<(ArtifactFacts & { blob: string }) | undefined> {
  const { rows } = await db.query<ArtifactFacts & { blob: string }>(
    `UPDATE kernel.artifacts a
        SET ${LEASE}
      WHERE a.id = $1
        AND NOT a.is_result
        AND (a.expires_at IS NULL OR a.expires_at > ${NOW})
        AND ($2::bigint IS NULL
             OR a.owner_id = $2
             OR a.work_id IN (SELECT c.work_id FROM kernel.chunks c WHERE c.job_id = $3))
     RETURNING a.id, a.name, a.media_type AS "mediaType", a.size, a.sha256, a.blob`,
    [id, ownerId, jobId ?? null],
  );
  return rows[0];
}

/** Whoever has begun to read may end, also after the expiry. */
export async function renewLease(db: Queryable, id: string): Promise<void> {
  await db.query(`UPDATE kernel.artifacts SET ${LEASE} WHERE id = $1`, [id]);
}

/** A file whose row is gone and which is to be removed. */
export interface RemovedArtifact {
  readonly id: string;
  readonly ownerId: number;
  readonly name: string;
  readonly size: number;
  readonly blob: string;
}

/**
 * Deletes rows that are due and that nobody reads. Rows that somebody is just taking a lease on are left to the next sweep, and so
 * are those of another process's sweep.
 */
export async function deleteDueArtifacts(db: Queryable, limit: number): Promise<RemovedArtifact[]> {
  const { rows } = await db.query<RemovedArtifact>(
    `DELETE FROM kernel.artifacts
      WHERE id IN (SELECT id
                     FROM kernel.artifacts
                    WHERE expires_at <= ${NOW}
                      AND (leased_until IS NULL OR leased_until <= ${NOW})
                    ORDER BY expires_at
                    LIMIT $1
                      FOR UPDATE SKIP LOCKED)
     RETURNING id, owner_id AS "ownerId", name, size, blob`,
    [limit],
  );
  return rows;
}

/** Makes everything due that belongs to these works, jobs or document. For whoever deletes those, before it does. */
export async function expireArtifacts(
  tx: Tx,
  of: {
    workIds?: readonly number[];
    jobIds?: readonly number[];
    document?: { ownerId: number; subject: string };
  },
): Promise<void> {
  await tx.query(
    `UPDATE kernel.artifacts
        SET expires_at = LEAST(expires_at, ${NOW})
      WHERE work_id = ANY ($1)
         OR job_id = ANY ($2)
         OR (subject = $3 AND owner_id = $4)`,
    [of.workIds ?? [], of.jobIds ?? [], of.document?.subject ?? null, of.document?.ownerId ?? null],
  );
}

/** Makes all files of an owner due but those of works that are still there: somebody else refers to these. */
export async function expireOwner(tx: Tx, ownerId: number): Promise<void> {
  await tx.query(
    `UPDATE kernel.artifacts
        SET expires_at = LEAST(expires_at, ${NOW})
      WHERE owner_id = $1
        AND work_id IS NULL`,
    [ownerId],
  );
}

/** Of these names in the store, those that have a row. */
export async function knownBlobs(db: Queryable, blobs: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ blob: string }>(
    'SELECT blob FROM kernel.artifacts WHERE blob = ANY ($1)',
    [blobs],
  );
  return new Set(rows.map((row) => row.blob));
}

/** How much an owner's files take up, in bytes. */
export async function storedBytes(db: Queryable, ownerId: number): Promise<number> {
  const { rows } = await db.query<{ stored: number }>(
    'SELECT COALESCE(sum(size), 0)::bigint AS stored FROM kernel.artifacts WHERE owner_id = $1',
    [ownerId],
  );
  return rows[0]?.stored ?? 0;
}
